package unpack

import (
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

func TestKeys(t *testing.T) {
	k, other := newKey(t), newKey(t)
	pass, err := age.NewScryptRecipient("northwind")
	must(t, err)
	pass.SetWorkFactor(10)
	pq, err := age.GenerateHybridIdentity()
	must(t, err)

	toKey, toPass := k.binary(t, []byte(content)), encrypted(t, []byte(content), pass)
	secret := k.String()
	for _, c := range []struct {
		name     string
		file     []byte
		identity string   // "-": none
		words    []string // none: can be read
	}{
		{"the key", toKey, secret, nil},
		{"among others", toKey, other.String() + "\n# mine\n\n  " + secret + "  \n", nil},
		{"a key of the kind that withstands quantum computers", encrypted(t, []byte(content), pq.Recipient()), pq.String(), nil},
		{"no key", toKey, "-", []string{"is encrypted with age (name the key file with --identity FILE)"}},
		{"no key, armoured", k.armored(t, []byte(content)), "-", []string{"(name the key file with --identity FILE)"}},
		{"another key", toKey, other.String(), []string{"to another key"}},
		{"a passphrase", toPass, secret, []string{"passphrase, which cannot be used here", "encrypt it to a key"}},
		{"a passphrase, no key", toPass, "-", []string{"passphrase, which cannot be used here"}},
		{"an empty key file", toKey, "", []string{"the key file holds no key"}},
		{"only comments", toKey, "# " + secret + "\n", []string{"the key file holds no key"}},
		{"a broken key", toKey, "# mine\n" + secret[:len(secret)-3] + "XYZ\n", []string{"line 2 of the key file is not an age key"}},
		{"half a key", toKey, secret[:30], []string{"line 1 of the key file"}},
		{"any text", toKey, "hunter2", []string{"line 1 of the key file"}},
		{"one good line, one bad", toKey, secret + "\nhunter2", []string{"line 2 of the key file"}},
		{"a public key", toKey, k.Recipient().String(), []string{"holds a public key"}},
		{"an SSH key", toKey, "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2", []string{"SSH"}},
		{"a plugin", toKey, "AGE-PLUGIN-YUBIKEY-1HUNTER2", []string{"plugin"}},
		{"an encrypted key file", toKey, string(toPass), []string{"itself encrypted"}},
		{"an encrypted key file, armoured", toKey, string(k.armored(t, []byte(secret))), []string{"itself encrypted"}},
		{"two million lines", toKey, strings.Repeat("\n", 2_000_000) + "x", []string{"line 2000001"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			identity := []byte(c.identity)
			if c.identity == "-" {
				identity = nil
			}
			path := put(t, filepath.Join(t.TempDir(), "east.age"), c.file)
			got, _, err := readPath(path, identity)
			if c.words == nil {
				if err != nil || string(got) != content {
					t.Errorf("%q, %v", got, err)
				}
				return
			}
			checkError(t, err, ErrKey, path, c.words...)
			for _, piece := range []string{secret[16:26], "hunter2", "HUNTER2", "XYZ"} {
				if strings.Contains(err.Error(), piece) {
					t.Errorf("the error quotes the key: %v", err)
				}
			}
		})
	}
}

// Armour without line ends is refused before it is gathered in memory.
func TestArmorLine(t *testing.T) {
	k := newKey(t)
	spaced := append([]byte("\r\n  \n\n"), k.armored(t, []byte(content))...)
	path := filepath.Join(t.TempDir(), "east.age")
	if got, _, err := readPath(put(t, path, spaced), k.file()); err != nil || string(got) != content {
		t.Errorf("white space before the armour: %q, %v", got, err)
	}
	_, _, err := readPath(put(t, path, []byte(armorMagic+"\n"+strings.Repeat("A", 10<<20))), k.file())
	checkError(t, err, ErrDamaged, path)
}
