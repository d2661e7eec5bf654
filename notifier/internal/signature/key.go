package signature

import "golang.org/x/crypto/ssh"

// Key is what signs: a key in a file, or one that an agent holds.
type Key = ssh.Signer
