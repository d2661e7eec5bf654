package notice

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"

	"breachmail/notifier"
)

// testSubject begins the subject of every test.
const testSubject = "[TEST] "

// testWords say in each language what a test is, of which company and wording.
var testWords = []struct{ language, words string }{
	{english, "This is a test of a notice of data breach from %s, in the wording %s: the data in it are made up, and nobody has to do anything."},
	{"es", "Esta es una prueba de un aviso de filtración de datos de %s, con la redacción %s: los datos que contiene son inventados, y nadie tiene que hacer nada."},
}

// testID is what may name a test.
var testID = regexp.MustCompile(`^[a-z0-9]+$`)

// ComposeTest returns the stand-in's notice of that variant as a test for a
// reviewer, and what SMTP is told about it. The message says on top that it is
// a test, in English and in the variant's language. Its Message-ID is
// <test.ID.CAMPAIGN@host>, with one dot more than any notice of the campaign
// has there, so that neither is taken for the other; it bears no key, and
// neither does its envelope. The same input gives the same bytes. Errors do not
// quote the address.
func (n *Notice) ComposeTest(v notifier.Variant, to notifier.Address, id string, date time.Time) (Message, notifier.Envelope, error) {
	fail := func(err error) (Message, notifier.Envelope, error) { return Message{}, notifier.Envelope{}, err }
	if !slices.Contains(n.Variants(), v) {
		return fail(fmt.Errorf("there is no wording %q to test", v.String()))
	}
	if !testID.MatchString(id) {
		return fail(fmt.Errorf("%q cannot name a test (small letters and digits can)", id))
	}
	address, err := reviewerAddress(to)
	if err != nil {
		return fail(err)
	}
	r := n.Sample(v)
	p, d, err := n.prepare(&r, nil)
	if err != nil {
		return fail(err)
	}
	text, page, err := p.render(&d)
	if err != nil {
		return fail(err)
	}
	lines := testLines(p.edition.incident.Company, v)
	m, err := n.composeTest(p, testedText(lines, text), testedPage(lines, page), &mail.Address{Address: address}, v.String(), id, date)
	if err != nil {
		return fail(err)
	}
	return m, notifier.Envelope{From: n.bounces[0] + n.bounces[1], To: notifier.NewAddress(address), UTF8: !isASCII(address)}, nil
}

// composeTest has jordan-wright/email compose a test.
func (n *Notice) composeTest(p *page, text, page []byte, to *mail.Address, variant, id string, date time.Time) (Message, error) {
	sender := p.edition.sender
	sender.Subject = testSubject + sender.Subject
	messageID := "<test." + id + "." + n.campaign + "@" + sender.Hostname + ">"
	e, err := newEmail(sender, to, date.UTC().Format(time.RFC1123Z), messageID, "", text, page)
	if err != nil {
		return Message{}, err
	}
	e.Headers.Del(keyHeader)
	e.Headers.Set(testHeader, variant)
	raw, err := e.Bytes()
	if err != nil {
		return Message{}, err
	}
	if raw, err = normalize(raw); err != nil {
		return Message{}, err
	}
	if !fits(raw) {
		return Message{}, errors.New("the test has a line that is too long for a mail header (shorten its name, or the address)")
	}
	return newMessage(raw), nil
}

// reviewerAddress returns the form of a reviewer's address that mail servers
// take. It is one plain address with nothing around it.
func reviewerAddress(to notifier.Address) (string, error) {
	s := to.Reveal()
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s || checkAddress(s) != nil {
		return "", errors.New("a reviewer's address is not a plain one such as name@example.com (write it without a name, quotes or brackets)")
	}
	return wireAddress(s), nil
}

// testLine says in a language that a message is a test.
type testLine struct{ language, words string }

// testLines returns what a test says on top of itself: in English, and in the
// variant's language where its words are known.
func testLines(company string, v notifier.Variant) []testLine {
	company = strings.Join(strings.Fields(company), " ")
	var lines []testLine
	for _, w := range testWords {
		if w.language == english || w.language == v.Language {
			lines = append(lines, testLine{w.language, fmt.Sprintf(w.words, company, v)})
		}
	}
	return lines
}

func testedText(lines []testLine, text []byte) []byte {
	var b bytes.Buffer
	for _, l := range lines {
		b.WriteString(l.words + "\n")
	}
	return append(append(b.Bytes(), '\n'), text...)
}

// beforeBody match what the first element of a page's body may stand behind,
// the best place first; a layout need not write out any of it.
var beforeBody = []*regexp.Regexp{
	tag(`<body`), tag(`</head`), tag(`<html`), tag(`<!doctype`),
}

// tag matches a tag, whatever stands in the quotes of its attributes.
func tag(begin string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)` + begin + `(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>`)
}

// testedPage returns a page whose body begins with those lines.
func testedPage(lines []testLine, page []byte) []byte {
	at := 0
	for _, before := range beforeBody {
		if m := before.FindIndex(page); m != nil {
			at = m[1]
			break
		}
	}
	var b bytes.Buffer
	b.WriteString("\n" + `<div role="note" style="margin:0 auto;padding:16px;max-width:600px;border-bottom:2px solid;font:bold 16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">` + "\n")
	for _, l := range lines {
		b.WriteString(`<p lang="` + l.language + `">` + html.EscapeString(l.words) + "</p>\n")
	}
	b.WriteString("</div>")
	return slices.Insert(slices.Clone(page), at, b.Bytes()...)
}
