package signature

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"

	"breachmail/notifier/internal/service"
)

// statement is what is signed here.
var statement = []byte("I approve what has the code 1f2e 3d4c 5b6a.\nAna Ruiz, General Counsel\n")

// made are private keys by type, which take a while to make.
var made = sync.OnceValue(func() map[string]crypto.PrivateKey {
	must := func(k any, err error) any {
		if err != nil {
			panic(err)
		}
		return k
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	return map[string]crypto.PrivateKey{
		"ed25519":   must(&ed, err),
		"ecdsa-256": must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)),
		"ecdsa-521": must(ecdsa.GenerateKey(elliptic.P521(), rand.Reader)),
		"rsa-3072":  must(rsa.GenerateKey(rand.Reader, 3072)),
	}
})

func signerOf(t testing.TB, key crypto.PrivateKey) ssh.Signer {
	t.Helper()
	s, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fresh is a key that nobody has seen.
func fresh(t testing.TB) ssh.Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signerOf(t, key)
}

// sign signs the statement.
func sign(t testing.TB, s ssh.Signer) (armored string) {
	t.Helper()
	armored, err := Sign(s, statement)
	if err != nil {
		t.Fatal(err)
	}
	return armored
}

// line is a key as the files of ssh-keygen have it.
func line(key ssh.PublicKey) string { return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key))) }

// write puts a file into dir and returns its path.
func write(t testing.TB, dir, name, text string, mode os.FileMode) (path string) {
	t.Helper()
	path = filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// keyFile writes a private key with its public half beside it.
func keyFile(t testing.TB, dir string, key crypto.PrivateKey) (path string) {
	t.Helper()
	block, err := ssh.MarshalPrivateKey(key, "ana@example.com")
	if err != nil {
		t.Fatal(err)
	}
	path = write(t, dir, "id", string(pem.EncodeToMemory(block)), 0o600)
	write(t, dir, "id.pub", line(signerOf(t, key).PublicKey())+"\n", 0o644)
	return path
}

// keygen runs ssh-keygen and returns what it says and whether it was content.
func keygen(t testing.TB, stdin []byte, args ...string) (said string, ok bool) {
	t.Helper()
	cmd := exec.Command(service.Need(t, "ssh-keygen"), args...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

// accepts reports whether ssh-keygen takes a signature for that of the
// principal, by a file of signers.
func accepts(t testing.TB, signers, principal, namespace, armored string, text []byte) (said string, ok bool) {
	t.Helper()
	dir := t.TempDir()
	return keygen(t, text, "-Y", "verify", "-f", write(t, dir, "signers", signers, 0o600), "-I", principal,
		"-n", namespace, "-s", write(t, dir, "sig", armored, 0o600))
}
