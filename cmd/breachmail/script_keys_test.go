package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"os"
	"strings"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"
)

// sshkey FILE PRINCIPAL [SIGNERS] makes an SSH key and puts its public half into
// SIGNERS.
func scriptSSHKey(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && (len(args) == 2 || len(args) == 3), "sshkey FILE PRINCIPAL [SIGNERS]")
	public, private, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	block, err := ssh.MarshalPrivateKey(private, "")
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), pem.EncodeToMemory(block), 0o600))
	if len(args) < 3 {
		return
	}
	key, err := ssh.NewPublicKey(public)
	ts.Check(err)
	old, err := os.ReadFile(ts.MkAbs(args[2]))
	if !os.IsNotExist(err) {
		ts.Check(err)
	}
	line := args[1] + " " + strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key))) + "\n"
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), append(old, line...), 0o600))
}

// agekey FILE NAME makes an age identity and puts its public half into $NAME.
func scriptAgeKey(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "agekey FILE NAME")
	id, err := age.GenerateX25519Identity()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(id.String()+"\n"), 0o600))
	ts.Setenv(args[1], id.Recipient().String())
}
