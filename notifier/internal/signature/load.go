package signature

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"golang.org/x/crypto/ssh"
)

// maxKey is more than any key file has, in bytes.
const maxKey = 64 << 10

// Load returns the key of the file at path for Sign.
//
// A private key, in the format of OpenSSH or PEM, must be its owner's alone to
// read. For an encrypted one passphrase is asked, once, and what it returns is
// overwritten; where passphrase is nil such a key is refused. The path of a
// public key, which ends with ".pub", names a key that the agent at
// SSH_AUTH_SOCK holds; keys of hardware are used like that.
func Load(path string, passphrase func(path string) ([]byte, error)) (ssh.Signer, error) {
	if strings.ContainsAny(path, "\r\n") || strings.Contains(path, "PRIVATE KEY") {
		return nil, errors.New("that is a key itself, not the name of its file (change the key: it has been on a screen)")
	}
	file, mode, err := readKey(path)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(path, ".pub") {
		return loadPublic(path, file)
	}
	return loadPrivate(path, file, mode, passphrase)
}

// readKey reads a key file whole.
func readKey(path string) ([]byte, fs.FileMode, error) {
	f, err := os.Open(path) //nolint:gosec // the path is the operator's
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, fmt.Errorf("%s: there is no such key (ssh-keygen -t ed25519 makes one): %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	file, err := io.ReadAll(io.LimitReader(f, maxKey+1))
	switch {
	case err != nil:
		return nil, 0, fmt.Errorf("%s: cannot be read as a key: %w", path, err)
	case len(file) > maxKey:
		return nil, 0, fmt.Errorf("%s: is far too long for a key (check the path)", path)
	}
	return file, info.Mode(), nil
}

func loadPublic(path string, file []byte) (ssh.Signer, error) {
	key, _, _, _, err := ssh.ParseAuthorizedKey(file)
	if err != nil {
		return nil, fmt.Errorf("%s: is not a public key (name the file that ssh-keygen wrote)", path)
	}
	if err := usable(key); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s := &agentSigner{key: key, file: path, socket: os.Getenv(agentVariable)}
	return s, s.check()
}

func loadPrivate(path string, file []byte, mode fs.FileMode, passphrase func(string) ([]byte, error)) (ssh.Signer, error) {
	if _, _, _, _, err := ssh.ParseAuthorizedKey(file); err == nil {
		return nil, fmt.Errorf("%s: is a public key (name the private key, or, for a key in the agent, a file whose name ends with .pub)", path)
	}
	if runtime.GOOS != "windows" && mode.Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s: others may read this private key (chmod 600 %s)", path, path)
	}
	s, err := parsePrivate(path, file, passphrase)
	if err != nil {
		return nil, err
	}
	if err := usable(s.PublicKey()); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// parsePrivate reads a private key, encrypted or not.
func parsePrivate(path string, file []byte, passphrase func(string) ([]byte, error)) (ssh.Signer, error) {
	s, err := ssh.ParsePrivateKey(file)
	var locked *ssh.PassphraseMissingError
	switch {
	case err == nil:
		return s, nil
	case !errors.As(err, &locked):
		return nil, unreadable(path, err)
	case passphrase == nil:
		return nil, fmt.Errorf("%s: the key is encrypted, and nobody can be asked for its passphrase (run it in a terminal, set BREACHMAIL_KEY_PASSPHRASE, or ssh-add %s and name %s.pub)", path, path, path)
	}
	phrase, err := passphrase(path)
	if err != nil {
		return nil, fmt.Errorf("%s: no passphrase: %w", path, err)
	}
	defer clear(phrase)
	s, err = ssh.ParsePrivateKeyWithPassphrase(file, phrase)
	switch {
	case errors.Is(err, x509.IncorrectPasswordError):
		return nil, fmt.Errorf("%s: the passphrase is not that of this key (try again)", path)
	case err != nil:
		return nil, unreadable(path, err)
	}
	return s, nil
}

// unreadable says what is wrong with a private key. What the parser says is
// not told: it has seen the key.
func unreadable(path string, err error) error {
	switch what := err.Error(); {
	case strings.Contains(what, "unhandled key type"):
		return fmt.Errorf("%s: is not the whole key, as for a key of hardware, or of another type (ssh-add %s, then name %s.pub)", path, path, path)
	case strings.Contains(what, "ENCRYPTED PRIVATE KEY"):
		return fmt.Errorf("%s: is encrypted in a way that is not read here (ssh-keygen -p -f %s writes it anew)", path, path)
	}
	return fmt.Errorf("%s: is not a private key that can be read (name one that ssh-keygen wrote)", path)
}
