package bounce

import (
	"bytes"

	"breachmail/notifier"
)

// Status finds reply code and enhanced status at the beginning of what a server
// said: "550 5.1.1 no such user". 0 and "" where they do not stand there.
func Status(said string) (code int, enhanced string) { return status([]byte(said)) }

// IsEnhanced reports whether s is a status as in RFC 3463.
func IsEnhanced(s string) bool { return isEnhanced([]byte(s)) }

// Said returns what a server said as it is kept: one line, shortened.
func Said(s string) notifier.Line { return notifier.NewLine(shortened([]byte(s))) }

// status finds reply code and enhanced status in what a server said: "550 5.1.1
// no such user", "550-5.1.1 …", "5.1.1 …" (RFC 5321, 4.2; RFC 3463, 2).
func status(said []byte) (code int, enhanced string) {
	said = bytes.TrimLeft(said, " ")
	if len(said) >= 3 && (len(said) == 3 || said[3] == ' ' || said[3] == '-') {
		if n, ok := number(said[:3]); ok && n >= 200 && n < 600 {
			code, said = n, said[min(4, len(said)):]
		}
	}
	if word, _, _ := bytes.Cut(said, []byte(" ")); isEnhanced(word) {
		enhanced = string(word)
	}
	return code, enhanced
}

// isEnhanced reports whether b is class.subject.detail.
func isEnhanced(b []byte) bool {
	parts := bytes.Split(b[:min(len(b), 12)], []byte("."))
	if len(b) > 9 || len(parts) != 3 || len(parts[0]) != 1 || !bytes.ContainsAny(parts[0], "245") {
		return false
	}
	for _, p := range parts[1:] {
		if _, ok := number(p); !ok || len(p) > 3 {
			return false
		}
	}
	return true
}

// address reads an address up to its end, which is the byte before end, a byte
// within quotes not counting (RFC 5321, 4.1.2: a local part may be quoted).
func address(b []byte, end byte) (addr, rest []byte, ok bool) {
	quoted := false
	for i := 0; i < len(b); i++ {
		switch {
		case quoted && b[i] == '\\':
			i++
		case b[i] == '"':
			quoted = !quoted
		case !quoted && b[i] == end:
			return b[:i], b[i+1:], true
		}
	}
	return nil, b, false
}
