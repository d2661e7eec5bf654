package unpack

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// decrypt returns what in holds in clear. Nothing in its errors comes from the
// identity.
func decrypt(in io.Reader, armoured bool, identity []byte) (io.Reader, error) {
	ids, err := identities(identity)
	if err != nil {
		return nil, err
	}
	if armoured {
		in = armor.NewReader(&shortLines{r: in})
	}
	plain, err := age.Decrypt(in, ids...)
	var none *age.NoIdentityMatchError
	if errors.As(err, &none) {
		return nil, noMatch(none.StanzaTypes, identity != nil)
	}
	return plain, err
}

// noMatch says why no identity opened a file that is encrypted to stanzas.
func noMatch(stanzas []string, given bool) *Error {
	e := &Error{Kind: ErrKey}
	switch {
	case slices.Contains(stanzas, "scrypt"):
		e.What, e.Do = "is encrypted with a passphrase, which cannot be used here", "encrypt it to a key: age -r"
	case !given:
		e.What, e.Do = "is encrypted with age", "name the key file with --identity FILE"
	case !slices.ContainsFunc(stanzas, native):
		e.What, e.Do = "is encrypted to a kind of key that cannot be used here", "encrypt it to a key of age-keygen"
	default:
		e.What, e.Do = "is encrypted to another key", "name the right key file with --identity FILE"
	}
	return e
}

// native reports whether a key of age-keygen may open a stanza of this type.
func native(stanza string) bool { return stanza == "X25519" || stanza == "mlkem768x25519" }

// identities reads an identity file. Without one it returns an identity that
// opens nothing, for what the file is encrypted to shall be said all the same.
func identities(file []byte) ([]age.Identity, error) {
	var ids []age.Identity
	n := 0
	for line := range bytes.Lines(file) {
		n++
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		some, err := age.ParseIdentities(bytes.NewReader(line))
		if err != nil { // it may quote the key
			return nil, badIdentity(n, string(line))
		}
		ids = append(ids, some...)
	}
	switch {
	case file == nil:
		return []age.Identity{nobody{}}, nil
	case len(ids) == 0:
		return nil, &Error{Kind: ErrKey, What: "the key file holds no key", Do: "name the key file with --identity FILE"}
	}
	return ids, nil
}

// badIdentity says what line n of an identity file is by how it begins.
func badIdentity(n int, line string) *Error {
	e := &Error{Kind: ErrKey, What: fmt.Sprintf("line %d of the key file is not an age key", n), Do: "name a file of age-keygen with --identity"}
	for _, known := range []struct{ prefix, what, do string }{
		{ageMagic, "the key file is itself encrypted", "decrypt it first: age -d"},
		{armorMagic, "the key file is itself encrypted", "decrypt it first: age -d"},
		{"age1", "the key file holds a public key", "name the file with the secret key, AGE-SECRET-KEY-…"},
		{"AGE-PLUGIN-", "the key file holds the key of a plugin, which cannot be used here", "encrypt it to a key of age-keygen"},
		{"-----BEGIN ", "the key file holds an SSH or PEM key, which cannot be used here", "encrypt it to a key of age-keygen"},
	} {
		if strings.HasPrefix(line, known.prefix) {
			e.What, e.Do = known.what, known.do
			break
		}
	}
	return e
}

// nobody is an identity that opens nothing.
type nobody struct{}

// Unwrap implements age.Identity.
func (nobody) Unwrap([]*age.Stanza) ([]byte, error) { return nil, age.ErrIncorrectIdentity }

// judgeAge tells what err means. The last chunk of an age file does not open
// when it is cut off, so that near the end nobody can tell which it is.
func judgeAge(err error, in *source) *Error {
	switch {
	case isEnd(err):
		return truncated()
	case in.ended:
		return &Error{Kind: ErrDamaged, What: "the encrypted file is cut off or damaged", Do: getAgain}
	}
	return &Error{Kind: ErrDamaged, What: "the encrypted file was damaged or changed after it was encrypted", Do: getAgain}
}

// maxArmorLine is more than a line of armour has (64 characters), with room
// for the white space that may stand before it.
const maxArmorLine = 4 << 10

// shortLines refuses long lines, which the armour's reader would gather in
// memory.
type shortLines struct {
	r io.Reader
	n int // bytes in this line so far
}

// Read implements io.Reader.
func (s *shortLines) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	for _, c := range p[:n] {
		if s.n++; c == '\n' {
			s.n = 0
		}
		if s.n > maxArmorLine {
			return 0, errors.New("a line of the armour is too long")
		}
	}
	return n, err
}
