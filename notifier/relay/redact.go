package relay

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"breachmail/notifier"
)

// maxReply is how many bytes of a reply's text are kept.
const maxReply = 300

// placeholder stands where the recipient stood.
const placeholder = notifier.Concealed

// Redact returns what a server said about a notice, as it may be kept: without
// the recipient, whichever of their addresses stands there, on one line, and no
// longer than any reply that is kept.
func Redact(said string, recipient ...notifier.Address) string {
	b := appendClean(nil, []byte(said))
	for _, to := range recipient {
		if !to.IsZero() {
			f := formsOf(to)
			b = f.appendRedacted(nil, b)
		}
	}
	return cut(strings.TrimSpace(string(b)), maxReply)
}

// appendClean appends text without control characters and anything else that
// cannot be seen, in valid UTF-8; white space becomes a space. b may share
// text's array from the start.
func appendClean(b, text []byte) []byte {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == '\n' || c == '\t':
				b = append(b, ' ')
			case c >= ' ' && c != 0x7f:
				b = append(b, c)
			}
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		i += n
		if n > 1 && unicode.IsGraphic(r) {
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// cut returns at most n bytes of s, and no half rune.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// forms are the ways in which a relay may write a recipient's local part: as
// it stands, without its quotes, and without what follows a plus.
type forms [3]string

func formsOf(to notifier.Address) forms {
	address := to.Reveal()
	local := address
	if at := strings.LastIndexByte(address, '@'); at > 0 {
		local = address[:at]
	}
	f := forms{local}
	if bare := strings.Trim(local, `"`); bare != local {
		f[1] = strings.ReplaceAll(bare, `\`, "")
	}
	if base, _, tagged := strings.Cut(local, "+"); tagged {
		f[2] = base
	}
	return f
}

// appendRedacted appends text with the recipient taken out. What is replaced is
// the local part in any case, wherever it stands as a whole token, which is to
// say with no letter or digit beside it; and the domain behind it, whichever
// way that is written.
func (f *forms) appendRedacted(b, text []byte) []byte {
	inWord := false
	for i := 0; i < len(text); {
		if !inWord {
			if n := f.match(text[i:]); n > 0 {
				b, n = appendPlaceholder(b, text[i:], n)
				i += n
				continue
			}
		}
		r, n := utf8.DecodeRune(text[i:])
		b = append(b, text[i:i+n]...)
		inWord = wordRune(r)
		i += n
	}
	return b
}

// match returns how many bytes at the beginning of text are a form of the
// recipient, the longest, and stand alone.
func (f *forms) match(text []byte) int {
	longest := 0
	for _, form := range f {
		n := foldPrefix(text, form)
		if next, _ := utf8.DecodeRune(text[n:]); n > longest && !wordRune(next) {
			longest = n
		}
	}
	return longest
}

// appendPlaceholder appends the placeholder for the n bytes at the beginning of
// text, and returns how many bytes it stands for, domain and brackets included.
func appendPlaceholder(b, text []byte, n int) ([]byte, int) {
	if domain, ok := bytes.CutPrefix(text[n:], []byte("@")); ok {
		if end := bytes.IndexFunc(domain, func(r rune) bool { return !domainRune(r) }); end >= 0 {
			domain = domain[:end]
		}
		n += 1 + len(bytes.TrimRight(domain, ".-_:")) // not the sentence's full stop
	}
	if bytes.HasSuffix(b, []byte("<")) && n < len(text) && text[n] == '>' {
		b, n = b[:len(b)-1], n+1
	}
	return append(b, placeholder...), n
}

// wordRune reports whether r belongs to a word. The zero rune error, at the end
// of a text, does not.
func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// domainRune reports whether r may stand in a domain, an address literal or a
// port behind it.
func domainRune(r rune) bool { return wordRune(r) || strings.ContainsRune(".-_:[]", r) }

// foldPrefix returns how many bytes at the beginning of text are equal to form
// but for case, or 0.
func foldPrefix(text []byte, form string) int {
	n := 0
	for _, want := range form {
		if n >= len(text) {
			return 0
		}
		r, size := utf8.DecodeRune(text[n:])
		if r != want && unicode.ToLower(r) != unicode.ToLower(want) && unicode.ToUpper(r) != unicode.ToUpper(want) {
			return 0
		}
		n += size
	}
	return n
}
