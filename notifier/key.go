package notifier

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
)

// Key names a recipient in everything that is not personal: the first 128 bits
// of HMAC-SHA-256 under the campaign's secret.
type Key [16]byte

// keyAlphabet is Crockford's base32 in lower case: no i, l, o or u, so that a
// reference can be read out over the telephone.
const keyAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

var keyEncoding = base32.NewEncoding(keyAlphabet).WithPadding(base32.NoPadding)

// identity says what a key was made from, so that an account number can never
// be taken for an email address.
const (
	identityEmail   = "email"
	identityAccount = "account"
)

// KeyByEmail returns the key of the person of that name at that canonical
// email. Both must be in their canonical form (see package intake).
func KeyByEmail(secret []byte, email, name string) Key {
	return newKey(secret, identityEmail, email, name)
}

// KeyByAccount returns the key of the person of that name who has that account
// number and no usable email.
func KeyByAccount(secret []byte, number, name string) Key {
	return newKey(secret, identityAccount, number, name)
}

func newKey(secret []byte, parts ...string) Key {
	mac := hmac.New(sha256.New, secret)
	var b []byte
	for _, p := range parts {
		b = appendField(b[:0], p)
		mac.Write(b)
	}
	return Key(mac.Sum(nil)[:16])
}

// String returns the key's 26 characters.
func (k Key) String() string { return keyEncoding.EncodeToString(k[:]) }

// Reference returns the key's first ten characters as printed in the notice,
// for example "7K3FQ-9QXPA".
func (k Key) Reference() string {
	s := strings.ToUpper(k.String()[:10])
	return s[:5] + "-" + s[5:]
}

// ParseKey reads the 26 characters of a key in either case. It is an error
// when s is anything else.
func ParseKey(s string) (Key, error) {
	b, err := keyEncoding.DecodeString(strings.ToLower(s))
	if err != nil || len(b) != len(Key{}) || len(s) != 26 {
		return Key{}, fmt.Errorf("not a key: it has 26 characters of %s", keyAlphabet)
	}
	k := Key(b)
	if k.String() != strings.ToLower(s) {
		return Key{}, fmt.Errorf("not a key: its last character is not one a key can end with")
	}
	return k, nil
}
