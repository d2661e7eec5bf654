package notifier

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"
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
	identityReject  = "reject"
	identityTrace   = "trace "
	identityOwn     = "campaign"
)

// KeyByEmail returns the key of the person of that name at that canonical
// email. Both must be in their canonical form (see package intake).
func KeyByEmail(secret []byte, email, name string) Key {
	return NewKeyer(secret).ByEmail(email, name)
}

// KeyByAccount returns the key of the person of that name who has that account
// number and no usable email.
func KeyByAccount(secret []byte, number, name string) Key {
	return NewKeyer(secret).ByAccount(number, name)
}

// CampaignID names the campaign of that secret outside of it, in 32 hex digits.
// It tells nothing of the secret.
func CampaignID(secret []byte) string {
	id := NewKeyer(secret).key(identityOwn)
	return hex.EncodeToString(id[:])
}

// Keyer makes many keys under one secret. It is not safe for concurrent use.
type Keyer struct {
	mac hash.Hash
	buf []byte
}

// NewKeyer returns a Keyer.
func NewKeyer(secret []byte) *Keyer { return &Keyer{mac: hmac.New(sha256.New, secret)} }

// ByEmail is KeyByEmail.
func (k *Keyer) ByEmail(email, name string) Key { return k.key(identityEmail, email, name) }

// ByAccount is KeyByAccount.
func (k *Keyer) ByAccount(number, name string) Key { return k.key(identityAccount, number, name) }

func (k *Keyer) key(parts ...string) Key {
	k.mac.Reset()
	k.buf = k.buf[:0]
	for _, p := range parts {
		k.buf = appendField(k.buf, p)
	}
	k.mac.Write(k.buf)
	var sum [sha256.Size]byte
	return Key(k.mac.Sum(sum[:0])[:16])
}

// Mark names a row that was set aside, without its data: 128 bits of
// HMAC-SHA-256 under the campaign's secret.
type Mark [16]byte

// NewMark returns the mark of the row that stood on that line of a file of that
// base name and read like that. A corrected row is matched to its reject by it.
func NewMark(secret []byte, base string, line int, original Line) Mark {
	return Mark(NewKeyer(secret).key(identityReject, base, strconv.Itoa(line), original.clear))
}

// TraceOf is what a trace was made from.
type TraceOf string

// What people are found by. The values stand in every trace.
const (
	TraceAddress TraceOf = "email"
	TracePhone   TraceOf = "phone"
	TraceAccount TraceOf = "account"
)

// Trace is what somebody is found by once their data is gone: 40 bits of
// HMAC-SHA-256 under the campaign's secret. Two values have the same one once in
// 10^12. 0 is none.
type Trace uint64

// Trace returns that of a value, which must be in its canonical form (see package
// intake); none for an empty one.
func (k *Keyer) Trace(of TraceOf, value string) Trace {
	if value == "" {
		return 0
	}
	sum := k.key(identityTrace+string(of), value)
	var t Trace
	for _, c := range sum[:5] {
		t = t<<8 | Trace(c)
	}
	return max(t, 1)
}

// String returns the key's 26 characters.
func (k Key) String() string { return keyEncoding.EncodeToString(k[:]) }

// Reference returns the key's first ten characters as printed in the notice,
// for example "7K3FQ-9QXPA".
func (k Key) Reference() string {
	s := strings.ToUpper(k.String()[:10])
	return s[:5] + "-" + s[5:]
}

// ParseReference returns the lowest and the highest key with that reference,
// however it is written: in either case, with or without its hyphen or spaces, or
// with the letters that no reference has for the digits they look like.
func ParseReference(s string) (low, high Key, err error) {
	s = strings.Map(func(c rune) rune {
		switch c {
		case '-', ' ':
			return -1
		case 'o':
			return '0'
		case 'i', 'l':
			return '1'
		}
		return c
	}, strings.ToLower(s))
	if len(s) != 10 || strings.Trim(s, keyAlphabet) != "" {
		return low, high, fmt.Errorf("not a reference: it has ten characters of %s", keyAlphabet)
	}
	if low, err = ParseKey(s + strings.Repeat("0", 16)); err == nil {
		high, err = ParseKey(s + strings.Repeat("z", 15) + "w") // the last one stands for three bits
	}
	return low, high, err
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
