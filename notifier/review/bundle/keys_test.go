package bundle

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"golang.org/x/crypto/ssh"
)

func authorized(t *testing.T, public any) string {
	t.Helper()
	k, err := ssh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(k)))
}

func TestParseKeys(t *testing.T) {
	owner, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	hybrid, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ageKey, edKey, rsaKey := owner.Recipient().String(), authorized(t, public)+" counsel@example.com", authorized(t, &long.PublicKey)
	file := func(content string) string {
		path := filepath.Join(t.TempDir(), "keys.txt")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, c := range map[string]struct {
		list []string
		n    int
		err  string
	}{
		"none":             {nil, 0, ""},
		"age":              {[]string{" " + ageKey + "\n"}, 1, ""},
		"age, newer":       {[]string{hybrid.Recipient().String()}, 1, ""},
		"SSH":              {[]string{edKey, rsaKey}, 2, ""},
		"a file":           {[]string{file("# counsel\n\n" + ageKey + "\r\n" + edKey + "\n"), ageKey}, 3, ""},
		"empty":            {[]string{""}, 0, "key 1: this is no public key"},
		"damaged":          {[]string{ageKey, ageKey[:30]}, 0, "key 2: this age key is damaged"},
		"SSH, damaged":     {[]string{edKey[:40]}, 0, "key 1: this SSH key is damaged"},
		"SSH, other kind":  {[]string{authorized(t, &curve.PublicKey)}, 0, "SSH key of the kind ecdsa-sha2-nistp256"},
		"secret":           {[]string{owner.String()}, 0, "key 1: this is a secret key"},
		"a whole file":     {[]string{"# created: today\n" + owner.String() + "\n"}, 0, "key 1: this is a secret key"},
		"in small letters": {[]string{"'" + strings.ToLower(owner.String()) + "'"}, 0, "key 1: this is a secret key"},
		"secret in a file": {[]string{file("# mine\n" + owner.String())}, 0, "keys.txt:2: this is a secret key"},
		"secret SSH":       {[]string{file("-----BEGIN OPENSSH PRIVATE KEY-----\n")}, 0, "keys.txt:1: this is a secret key"},
		"no such file":     {[]string{"no/such/file"}, 0, "no key and no file of keys"},
		"a directory":      {[]string{t.TempDir()}, 0, "is not a file of keys"},
		"a file of none":   {[]string{file("# later\n")}, 0, "holds no key"},
		"other words":      {[]string{file(ageKey + "\nhello\n")}, 0, "keys.txt:2: this is no public key"},
	} {
		keys, err := ParseKeys(c.list)
		switch {
		case c.err == "" && (err != nil || len(keys) != c.n):
			t.Errorf("%s: %d keys, %v", name, len(keys), err)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%s: got %v, want %q", name, err, c.err)
		case err != nil && strings.Contains(err.Error(), owner.String()):
			t.Errorf("%s: the error shows the secret key", name)
		}
	}
}
