package main

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier/export"
)

// secrets are the values of all accounts, by their first bytes.
type secrets struct {
	needles   map[[prefix]byte][]needle
	addresses []string
}

// needle is one value. whole values count only where no letter or digit stands
// beside them: short words are parts of other words.
type needle struct {
	kind, text string
	whole      bool
}

// prefix is the least a value must have to be looked for.
const prefix = 5

// readSecrets reads the values of every row, those set aside included.
func readSecrets(t *testing.T, file string) *secrets {
	t.Helper()
	r, err := export.Open(export.File{Name: file, Path: file}, export.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	s := &secrets{needles: map[[prefix]byte][]needle{}}
	rows := 0
	for {
		account, reject, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		rows++
		if reject != nil {
			account = reject.Row
			for _, cell := range strings.Split(reject.Line.Reveal(), ",") {
				s.add("a cell of a row set aside", strings.Trim(cell, `" `), true)
			}
		}
		s.addAccount(account.Name.Reveal(), account.Email.Reveal(), account.Phone.Reveal(), account.Number.Reveal())
	}
	if rows < 1000 {
		t.Fatalf("%s has only %d rows", file, rows)
	}
	return s
}

func (s *secrets) addAccount(name, email, phone, number string) {
	s.add("a name", name, true)
	s.add("an address", email, false)
	s.add("a local part", local(email), true)
	s.add("a phone number", phone, true)
	s.add("a phone number", digits(phone), true)
	s.add("an account number", number, true)
	if local(email) != "" {
		s.addresses = append(s.addresses, email)
	}
}

// common are values of the export that are also words of ours, or no values.
var common = []string{"postpaid", "prepaid", "no email"}

func (s *secrets) add(kind, text string, whole bool) {
	text = strings.ToLower(text)
	if len(text) < prefix || slices.Contains(common, text) || strings.Trim(text, "0123456789") == "" && len(text) < 7 {
		return
	}
	p := [prefix]byte([]byte(text[:prefix]))
	n := needle{kind, text, whole}
	if !slices.Contains(s.needles[p], n) {
		s.needles[p] = append(s.needles[p], n)
	}
}

// digits are the digits of s.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// in returns which values text holds, in any case, and numbers also when they
// are written with other separators.
func (s *secrets) in(text string) []string {
	text = strings.ToLower(text)
	found := s.scan(text)
	for _, f := range s.scan(closeUp(text)) {
		if !slices.Contains(found, f) {
			found = append(found, f)
		}
	}
	return found
}

func (s *secrets) scan(text string) []string {
	var found []string
	for i := 0; i+prefix <= len(text); i++ {
		for _, n := range s.needles[[prefix]byte([]byte(text[i:i+prefix]))] {
			if !strings.HasPrefix(text[i:], n.text) || n.whole && (i > 0 && isWord(text[i-1]) || i+len(n.text) < len(text) && isWord(text[i+len(n.text)])) {
				continue
			}
			if f := n.kind + ": " + n.text; !slices.Contains(found, f) {
				found = append(found, f)
			}
		}
	}
	return found
}

func isWord(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 0x80 }

// closeUp takes out what separates digits from each other in a phone number.
func closeUp(text string) string {
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if strings.IndexByte("-. ()", text[i]) >= 0 && len(b) > 0 && b[len(b)-1] >= '0' && b[len(b)-1] <= '9' {
			j := i
			for j < len(text) && strings.IndexByte("-. ()", text[j]) >= 0 {
				j++
			}
			if j < len(text) && text[j] >= '0' && text[j] <= '9' {
				i = j
			}
		}
		b = append(b, text[i])
	}
	return string(b)
}

// TestSearchFinds proves that the search can fail a test: what is planted is
// found, in whatever form, and what is not there is not.
func TestSearchFinds(t *testing.T) {
	values := readSecrets(t, northwind)
	if n := len(values.addresses); n < 1000 {
		t.Fatalf("only %d addresses were read", n)
	}
	for _, planted := range []string{
		"cannot reach jennifer.mensah247@example.org today",
		"550 <JENNIFER.MENSAH247@EXAMPLE.ORG>: no such user",
		"user=jennifer.mensah247 unknown",
		"dear Jennifer Mensah,",
		"dear Tuấn Wright, Jr.,",
		"call 615-555-0149", "call (615) 555 0149", "call 6155550149", "call 615.555.0149.",
		"account 901955993 is closed", "account=0452712257",
	} {
		if len(values.in(planted)) == 0 {
			t.Errorf("not found: %s", planted)
		}
	}
	for _, innocent := range []string{
		"", "export.csv:3: account_number is empty", "901955993127 rows", "x901955993", "time=2026-11-22T18:02:11.560Z",
		"053pjwcze3bppdq578bjg2p6hw", "<recipient>: no mailbox <recipient> here",
	} {
		if found := values.in(innocent); len(found) > 0 {
			t.Errorf("%q is said to hold %v", innocent, found)
		}
	}
}
