package signature

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/crypto/ssh"
)

// Signers are the people who may sign approvals, and their keys, as a file of
// allowed signers names them (ssh-keygen(1), ALLOWED SIGNERS).
//
// It is read more strictly than ssh-keygen reads it, because signatures of two
// people must not be one person's: every key belongs to one person, every
// person is named, and nobody is known by two names.
type Signers struct {
	file    string
	entries []entry
}

// entry is one line of the file.
type entry struct {
	line  int
	names []string // of one person
	key   ssh.PublicKey
	options
}

// ParseSigners reads a file of allowed signers; name is what errors call it.
// They name the line, too. A line with several principals gives one person's
// names; all lines with keys of that person must begin with the same one.
func ParseSigners(name string, data []byte) (*Signers, error) {
	s := &Signers{file: name}
	n := 0
	for line := range bytes.Lines(data) {
		n++
		text := strings.Trim(string(line), blank+"\r\n")
		if text == "" || text[0] == '#' {
			continue
		}
		e, err := parseEntry(text)
		e.line = n
		if err == nil {
			err = s.add(e)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	if len(s.entries) == 0 {
		return nil, fmt.Errorf("%s: nobody is listed (one line for each signer: NAME ssh-ed25519 AAAA…)", name)
	}
	return s, nil
}

// add takes a line that names nobody else's key and nobody by a second name.
func (s *Signers) add(e entry) error {
	for _, old := range s.entries {
		if bytes.Equal(old.key.Marshal(), e.key.Marshal()) && old.names[0] != e.names[0] {
			return fmt.Errorf("the key %s is that of %q in line %d (each person signs with a key of their own)", Fingerprint(e.key), old.names[0], old.line)
		}
		for _, name := range e.names {
			if old.names[0] != e.names[0] && slices.ContainsFunc(old.names, func(n string) bool { return strings.EqualFold(n, name) }) {
				return fmt.Errorf("%q is one of the names in line %d, where %q comes first (begin with the same name in all lines of a person)", name, old.line, old.names[0])
			}
		}
	}
	s.entries = append(s.entries, e)
	return nil
}

// Keys returns all keys in the order of the file, each with its person: "NAME:
// SHA256:…".
func (s *Signers) Keys() []string {
	list := make([]string, len(s.entries))
	for i, e := range s.entries {
		list[i] = e.names[0] + ": " + Fingerprint(e.key)
	}
	return list
}

// Principals returns the people who are listed, each by the first name of
// their lines, in the order of the file.
func (s *Signers) Principals() []string {
	var list []string
	for _, e := range s.entries {
		if !slices.Contains(list, e.names[0]) {
			list = append(list, e.names[0])
		}
	}
	return list
}

// Principal returns who has the key and may sign approvals with it at that
// time: the first name of the key's line, which ssh-keygen -Y verify takes with
// -I. Two names it returns are two people. It is an error, which says why, for
// a key that is not listed, or not for approvals, or not at that time.
func (s *Signers) Principal(key ssh.PublicKey, at time.Time) (string, error) {
	err := fmt.Errorf("%s: the key %s is not listed (add a line for whoever has it, or sign with a key that is)", s.file, Fingerprint(key))
	for _, e := range s.entries {
		if !bytes.Equal(e.key.Marshal(), key.Marshal()) {
			continue
		}
		why := e.allows(at)
		if why == nil {
			return e.names[0], nil
		}
		err = fmt.Errorf("%s:%d: the key of %q %w", s.file, e.line, e.names[0], why)
	}
	return "", err
}

// parseEntry reads principals, options if there are any, type and key; what
// follows is a comment.
func parseEntry(text string) (entry, error) {
	var e entry
	names, rest, err := cutPrincipals(text)
	if err != nil {
		return e, err
	}
	if e.names, err = parseNames(names); err != nil {
		return e, err
	}
	if word, _ := cutWord(rest); !isKeyType(word) {
		var opts string
		if opts, rest, err = cutOptions(rest); err != nil {
			return e, err
		}
		if e.options, err = parseOptions(opts); err != nil {
			return e, err
		}
	}
	e.key, err = parseKey(rest)
	return e, err
}

// blank are the characters between the fields of a line.
const blank = " \t"

// cutWord cuts off what stands before the next blank.
func cutWord(s string) (word, rest string) {
	s = strings.TrimLeft(s, blank)
	i := strings.IndexAny(s, blank)
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i:]
}

// cutPrincipals cuts off the first field, which may stand in quotes.
func cutPrincipals(s string) (names, rest string, err error) {
	if !strings.HasPrefix(s, `"`) {
		names, rest = cutWord(s)
		return names, rest, nil
	}
	names, rest, ok := strings.Cut(s[1:], `"`)
	if !ok {
		return "", "", errors.New(`the quotation mark is not closed (write "NAME" ssh-ed25519 AAAA…)`)
	}
	return names, rest, nil
}

func parseNames(field string) ([]string, error) {
	names := strings.Split(field, ",")
	for _, n := range names {
		switch {
		case strings.TrimSpace(n) != n || n == "":
			return nil, fmt.Errorf("a name is empty, or begins or ends with a blank (write NAME,NAME ssh-ed25519 AAAA…)")
		case strings.ContainsAny(n, "*?!"):
			return nil, fmt.Errorf("%q is a pattern, not a person (write out who signs with this key)", n)
		case strings.ContainsAny(n, `"\`) || strings.ContainsFunc(n, func(r rune) bool { return !unicode.IsPrint(r) }):
			return nil, fmt.Errorf("the name %q holds characters that no name has (write it anew)", n)
		}
	}
	return names, nil
}

// isKeyType tells a type of key from options.
func isKeyType(word string) bool {
	return !strings.ContainsAny(word, `=",`) &&
		slices.ContainsFunc([]string{"ssh-", "sk-", "ecdsa-"}, func(p string) bool { return strings.HasPrefix(word, p) })
}

// parseKey reads type and key.
func parseKey(s string) (ssh.PublicKey, error) {
	kind, rest := cutWord(s)
	text, _ := cutWord(rest)
	if !isKeyType(kind) || text == "" {
		return nil, errors.New("there is no key (write NAME ssh-ed25519 AAAA…, as in the file that ends with .pub)")
	}
	blob, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("the key is cut off or damaged (copy it anew from the file that ends with .pub)")
	}
	key, err := ssh.ParsePublicKey(blob)
	if err != nil {
		return nil, fmt.Errorf("the key of type %s cannot be read (copy it anew from the file that ends with .pub)", kind)
	}
	if key.Type() != kind {
		return nil, fmt.Errorf("it says %s, but the key is of type %s (copy it anew from the file that ends with .pub)", kind, key.Type())
	}
	return key, usable(key)
}
