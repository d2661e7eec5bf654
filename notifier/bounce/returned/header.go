package returned

import (
	"bytes"
	"io"
	"mime"
	"net/mail"
	"net/textproto"
	"strings"
	"time"

	"github.com/emersion/go-message/charset"
)

// Bounds of one header, or one block of fields.
const (
	maxFields = 1 << 10
	maxField  = 16 << 10
	maxName   = 76
)

// fields reads fields up to an empty line and returns what stands behind it. A
// line that is none is passed over: a "From " line before the header, a line
// that a gateway has broken.
func fields(b []byte) (h textproto.MIMEHeader, rest []byte) {
	h = textproto.MIMEHeader{}
	name, n := "", 0
	for len(b) > 0 {
		var line []byte
		line, b = cutLine(b)
		switch {
		case len(line) == 0:
			return h, b
		case line[0] == ' ' || line[0] == '\t':
			if values := h[name]; name != "" && len(values[len(values)-1])+len(line) < maxField {
				values[len(values)-1] += " " + string(bytes.TrimSpace(line))
			}
			continue
		}
		var value string
		if name, value = field(line); name == "" {
			continue
		}
		if n++; n > maxFields {
			name = ""
			continue
		}
		h[name] = append(h[name], value)
	}
	return h, nil
}

// field reads one field's first line; no name where it is none.
func field(line []byte) (name, value string) {
	colon := bytes.IndexByte(line[:min(len(line), maxName+1)], ':')
	if colon <= 0 {
		return "", ""
	}
	bare := bytes.TrimRight(line[:colon], " \t")
	for _, c := range bare {
		if c <= ' ' || c >= 0x7f {
			return "", ""
		}
	}
	value = string(bytes.TrimSpace(line[colon+1:]))
	return textproto.CanonicalMIMEHeaderKey(string(bare)), value[:min(len(value), maxField)]
}

// cutLine returns the first line, without its end, and the others.
func cutLine(b []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(b, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), rest
}

// decoded decodes the encoded words of a field (RFC 2047); one that cannot be
// decoded stays as it is.
func decoded(s string) string {
	if !strings.Contains(s, "=?") {
		return s
	}
	words := mime.WordDecoder{CharsetReader: func(name string, r io.Reader) (io.Reader, error) { return charset.Reader(name, r) }}
	if text, err := words.DecodeHeader(s); err == nil {
		return text
	}
	return s
}

// dateOf reads a Date field, as a time that a calendar can show; zero where it
// is none.
func dateOf(s string) time.Time {
	at, err := mail.ParseDate(s)
	if err != nil {
		return time.Time{}
	}
	return sensible(at)
}

// sensible is a time in UTC, and zero where no mail can have been sent then: what
// comes back says what it likes.
func sensible(at time.Time) time.Time {
	if at.Year() < 1971 || at.Year() > 2200 {
		return time.Time{}
	}
	return at.UTC()
}

// bare takes the address out of a field such as From: the first one in <>, or
// else the first word with an @ in it.
func bare(s string) string {
	if _, after, ok := strings.Cut(s, "<"); ok {
		if inside, _, ok := strings.Cut(after, ">"); ok {
			return strings.TrimSpace(inside)
		}
	}
	for word := range strings.FieldsSeq(s) {
		if strings.Contains(word, "@") {
			return strings.Trim(word, `,;:"'()`)
		}
	}
	return ""
}

// local is what stands before the last @ of an address, in lower case.
func local(address string) string {
	return strings.ToLower(address[:max(strings.LastIndexByte(address, '@'), 0)])
}

// maxDomain is the longest domain (RFC 1035, 2.3.4).
const maxDomain = 253

// domain reads a host's name, as "dns; mx.example.com", "mx.example.com
// (192.0.2.1)" or the end of an address; empty where it is none.
func domain(s string) string {
	if _, after, ok := strings.Cut(s, ";"); ok {
		s = after
	}
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, " \t("); i >= 0 {
		s = s[:i]
	}
	s = strings.ToLower(strings.Trim(s[strings.LastIndexByte(s, '@')+1:], "<>."))
	if len(s) > maxDomain || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "" {
		return ""
	}
	return s
}
