package signature

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// secret is the passphrase of the encrypted keys here.
const secret = "correct horse"

func answer(string) ([]byte, error) { return []byte(secret), nil }

// generate makes a key by ssh-keygen.
func generate(t *testing.T, args ...string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "id")
	if said, ok := keygen(t, nil, append([]string{"-q", "-f", path, "-C", "ana@example.com"}, args...)...); !ok {
		t.Fatal(said)
	}
	return path
}

// TestLoadKeygen reads what ssh-keygen writes.
func TestLoadKeygen(t *testing.T) {
	for name, args := range map[string][]string{
		"ed25519":                {"-t", "ed25519", "-N", ""},
		"ed25519 encrypted":      {"-t", "ed25519", "-N", secret, "-a", "1"},
		"ecdsa":                  {"-t", "ecdsa", "-b", "384", "-N", ""},
		"ecdsa as PEM":           {"-t", "ecdsa", "-m", "PEM", "-N", ""},
		"ecdsa as PKCS8":         {"-t", "ecdsa", "-m", "PKCS8", "-N", ""},
		"rsa":                    {"-t", "rsa", "-b", "2048", "-N", ""},
		"rsa as PEM":             {"-t", "rsa", "-b", "2048", "-m", "PEM", "-N", ""},
		"rsa as PEM, encrypted":  {"-t", "rsa", "-b", "2048", "-m", "PEM", "-N", secret},
		"rsa encrypted, default": {"-t", "rsa", "-b", "2048", "-N", secret, "-a", "1"},
	} {
		t.Run(name, func(t *testing.T) {
			path := generate(t, args...)
			s, err := Load(path, answer)
			if err != nil {
				t.Fatal(err)
			}
			public, err := os.ReadFile(path + ".pub")
			if err != nil {
				t.Fatal(err)
			}
			signers := "ana@example.com " + string(public)
			if said, ok := accepts(t, signers, "ana@example.com", Namespace, sign(t, s), statement); !ok {
				t.Errorf("ssh-keygen refuses it: %s", said)
			}
		})
	}
}

func TestLoadEncrypted(t *testing.T) {
	path := generate(t, "-t", "ed25519", "-N", secret, "-a", "1")
	unread := generate(t, "-t", "ecdsa", "-m", "PKCS8", "-N", secret)
	given := []byte(secret)
	gone := errors.New("the terminal is gone")
	for _, c := range []struct {
		what, path, says string
		ask              func(string) ([]byte, error)
	}{
		{"nobody to ask", path, "nobody can be asked", nil},
		{"a wrong passphrase", path, "the passphrase is not that of this key", func(string) ([]byte, error) { return []byte("wrong"), nil }},
		{"no answer", path, gone.Error(), func(string) ([]byte, error) { return nil, gone }},
		{"a form that is not read", unread, "ssh-keygen -p -f " + unread, answer},
		{"the right one", path, "", func(asked string) ([]byte, error) {
			if asked != path {
				t.Errorf("asked for the passphrase of %s", asked)
			}
			return given, nil
		}},
	} {
		_, err := Load(c.path, c.ask)
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), secret)) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	if strings.Contains(string(given), "horse") {
		t.Error("the passphrase is still in memory")
	}
}

// dsa is a key of a type that signs nothing any more.
const dsa = `-----BEGIN DSA PRIVATE KEY-----
MIIBvAIBAAKBgQD9o0pHR91W3hFGGTu6Kaq3UUDLs6vBTEzFO+4I88K8nXsHhxru
uuC7OKhWP9WsgA1VVXz2Rhrii4V5Ch1ygpZCdXCHzKerqjmzCZFF3YAc04OiWymt
Y9fay/N3PUjMwR/h+BpS/5aZaOJ2qDhPHbeY4jQii2CoU/ElXSjc7S6+ewIVAJeF
uQzmAybbYzMJMbQ4houXsQZDAoGBAKMzD10QkI4S+IHx0Sbggij0d9FIx0PJuWh0
IwCvXiu5hv8CkylG4525m27Yfpgvpomnw7if76Mo83i8UbW+mGGgYeiYH09Wyftl
hhkDIDwEAdoA5bwylUQGIr2mlvY3RyPKkLkHLI1EH0q21v1z5FblJYk+/1iqXNdZ
ZpbW46l0AoGAOIdtUYF76w/yTXf4ctNxaVpghBMg+MBz0DRQCbvpPXJOjI1QZxzS
ErdRhtwCtXddaf2UOHI/RvnZ6pzmK54mIg45oAsj4So3EKz/URCWrd76lhfAGqEb
+o+t/HLlpqenf4zbRqZJLDtX2xOpLm7KfYEP8R+96OvvxPXk8zX8qS0CFQCUS2Fy
gw5SVAP65EEhezhoKkNUMA==
-----END DSA PRIVATE KEY-----
`

func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	private := keyFile(t, dir, made()["ed25519"])
	text, err := os.ReadFile(private)
	if err != nil {
		t.Fatal(err)
	}
	public := line(fresh(t).PublicKey())
	for _, c := range []struct{ path, says string }{
		{filepath.Join(dir, "none"), "there is no such key"},
		{dir, "cannot be read as a key"},
		{write(t, dir, "long", strings.Repeat("x", maxKey+1), 0o600), "far too long"},
		{write(t, dir, "other", "hello\n", 0o600), "is not a private key that can be read"},
		{write(t, dir, "half", string(text[:len(text)/2]), 0o600), "is not a private key that can be read"},
		{write(t, dir, "public", public, 0o644), "is a public key"},
		{write(t, dir, "private.pub", string(text), 0o600), "is not a public key"},
		{write(t, dir, "dsa", dsa, 0o600), "a key of type ssh-dss cannot sign an approval"},
		{write(t, dir, "sk", hardwareFile(t), 0o600), "then name " + filepath.Join(dir, "sk") + ".pub"},
	} {
		s, err := Load(c.path, answer)
		if err == nil || s != nil || !strings.HasPrefix(err.Error(), c.path+": ") || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %q", filepath.Base(c.path), err, c.says)
		}
	}
	if _, err := Load(filepath.Join(dir, "none"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestLoadRefusesOpenFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no such permissions on Windows")
	}
	path := keyFile(t, t.TempDir(), made()["ed25519"])
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o620, 0o644} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(path, nil); err == nil || !strings.Contains(err.Error(), "(chmod 600 "+path+")") {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path, nil); err != nil {
		t.Error(err)
	}
}

// TestUsable is about keys that no file here can hold.
func TestUsable(t *testing.T) {
	hardware := newToken(t)
	if err := usable(hardware.public); err != nil {
		t.Error(err)
	}
	for _, kind := range []string{"ssh-dss", ssh.KeyAlgoMLDSA44, "ssh-new"} {
		if err := usable(typed{hardware.public, kind}); err == nil || !strings.Contains(err.Error(), kind) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// typed is a key that says it is of another type.
type typed struct {
	ssh.PublicKey
	kind string
}

func (k typed) Type() string { return k.kind }
