package notice

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/mail"
	"net/textproto"
	"strings"

	"github.com/jordan-wright/email"
)

// boundary parts the two bodies. Quoted-printable never writes "=_", so no
// body can hold it (RFC 2045, section 6.7).
const boundary = "=_breachmail"

// What a message says it is, where mail servers replace its Message-ID: the
// notice of a key, or a test of a wording.
const (
	keyHeader  = "X-Breachmail-Key"
	testHeader = "X-Breachmail-Test"
)

// headerOrder is the order of the headers in every message. A notice has no
// testHeader, a test no keyHeader.
var headerOrder = []string{
	"From", "Reply-To", "To", "Subject", "Date", "Message-ID", "MIME-Version",
	"Auto-Submitted", keyHeader, testHeader, "Content-Type",
}

// newEmail returns a message for jordan-wright/email to compose.
func newEmail(s Sender, to *mail.Address, date, messageID, key string, text, html []byte) (*email.Email, error) {
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return nil, err
	}
	e := email.NewEmail()
	e.From = encodedAddress(from)
	e.To = []string{encodedAddress(to)}
	if s.ReplyTo != "" {
		e.ReplyTo = []string{s.ReplyTo}
	}
	e.Subject = s.Subject
	e.Text, e.HTML = text, html
	e.Headers.Set("Date", date)
	e.Headers.Set("Message-Id", messageID)
	e.Headers.Set("Auto-Submitted", "auto-generated")
	e.Headers.Set(keyHeader, key)
	return e, nil
}

// encodedAddress writes an address for the library, which cuts From and To at
// commas, also within quotes, and puts a second space behind each. Inside an
// encoded word it finds no comma; it decodes the word and writes the name as
// mail.Address does.
func encodedAddress(a *mail.Address) string {
	if !strings.Contains(a.Name, ",") {
		return a.String()
	}
	bare := mail.Address{Address: a.Address}
	return "=?utf-8?b?" + base64.StdEncoding.EncodeToString([]byte(a.Name)) + "?= " + bare.String()
}

// normalize gives a message of the library our order of headers, our boundary
// and folded lines, so that the same input gives the same bytes.
func normalize(raw []byte) ([]byte, error) {
	head, body, ok := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !ok {
		return nil, fmt.Errorf("the composed message has no body")
	}
	values := map[string]string{}
	for line := range strings.SplitSeq(unfold(string(head)), "\r\n") {
		name, value, _ := strings.Cut(line, ": ")
		values[textproto.CanonicalMIMEHeaderKey(name)] = value
	}
	_, random, ok := strings.Cut(values["Content-Type"], "boundary=")
	if !ok {
		return nil, fmt.Errorf("the composed message has no boundary")
	}
	values["Content-Type"] = `multipart/alternative; boundary="` + boundary + `"`
	var out []byte
	for _, name := range headerOrder {
		if v, ok := values[textproto.CanonicalMIMEHeaderKey(name)]; ok {
			out = appendHeader(out, name, v)
		}
	}
	out = append(out, "\r\n"...)
	return append(out, bytes.ReplaceAll(body, []byte("--"+random), []byte("--"+boundary))...), nil
}

func unfold(head string) string {
	return strings.ReplaceAll(strings.ReplaceAll(head, "\r\n ", " "), "\r\n\t", " ")
}

// foldAt is the longest line that folding leaves where it can: RFC 2047,
// section 2, asks for 76 where there are encoded words.
const foldAt = 76

// maxLine is the longest line of a message without its CRLF (RFC 5322, 2.1.1).
const maxLine = 998

// appendHeader appends one header, folded at its spaces.
func appendHeader(dst []byte, name, value string) []byte {
	dst = append(append(dst, name...), ':')
	column := len(name) + 1
	for len(value) > 0 {
		word := value
		if i := strings.IndexByte(value, ' '); i >= 0 {
			word = value[:i]
		}
		if column+1+len(word) > foldAt && len(word) > 0 {
			dst, column = append(dst, "\r\n"...), 0
		}
		dst = append(append(dst, ' '), word...)
		column += 1 + len(word)
		value = strings.TrimPrefix(value[len(word):], " ")
	}
	return append(dst, "\r\n"...)
}

// fits reports whether no line of a folded header is too long.
func fits(header []byte) bool {
	for line := range bytes.SplitSeq(header, []byte("\r\n")) {
		if len(line) > maxLine {
			return false
		}
	}
	return true
}
