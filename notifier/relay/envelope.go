package relay

import (
	"fmt"
	"strconv"
	"strings"

	"breachmail/notifier"
)

// offers are the extensions of EHLO that a transaction makes use of.
type offers struct {
	pipelining bool // RFC 2920
	utf8       bool // SMTPUTF8, RFC 6531
	eightBit   bool // 8BITMIME, RFC 6152
	dsn        bool // RFC 3461
	size       bool // RFC 1870
	sizeLimit  int  // bytes the relay takes at most; 0: it does not say, or has no limit
}

// offered reads them off the reply to EHLO.
func (s *Session) offered() offers {
	var o offers
	o.pipelining, _ = s.client.Extension("PIPELINING")
	o.utf8, _ = s.client.Extension("SMTPUTF8")
	o.eightBit, _ = s.client.Extension("8BITMIME")
	o.dsn, _ = s.client.Extension("DSN")
	var limit string
	o.size, limit = s.client.Extension("SIZE")
	if n, err := strconv.Atoi(strings.TrimSpace(limit)); err == nil && n > 0 {
		o.sizeLimit = n
	}
	o.pipelining = o.pipelining && !s.config.NoPipelining
	return o
}

// unfit says why a notice cannot be named to this relay at all, in words and
// as a verdict. A return path that cannot be put into a command is an error.
// What this relay lacks another one may have, which the mood says: it
// is for those who know whether there is another to try that one.
func (o *offers) unfit(env *notifier.Envelope) (verdict, string, error) {
	to := env.To.Reveal()
	switch {
	case !printable(env.From):
		return verdict{}, "", errReturnPath
	case to == "" || !notifier.CleanLine(to):
		return refused, "the address cannot be put into a command", nil
	case env.UTF8 && !o.utf8:
		return notCarried, "the address needs SMTPUTF8, which the relay does not offer", nil
	case !env.UTF8 && !printable(to):
		return refused, "the address is not ASCII", nil
	case o.sizeLimit > 0 && env.Size > o.sizeLimit:
		return setupTrouble, fmt.Sprintf("the notice has %d bytes, the relay takes %d", env.Size, o.sizeLimit), nil
	}
	return verdict{}, "", nil
}

// printable reports whether s is made of printable ASCII.
func printable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// appendCommands appends the envelope commands of the stages in at.
func (s *Session) appendCommands(b []byte, at stage, env *notifier.Envelope) []byte {
	if at&atReset != 0 && s.reset {
		b = append(b, "RSET\r\n"...)
	}
	if at&atMail != 0 {
		b = s.appendMail(b, env)
	}
	if at&atRcpt != 0 {
		b = append(append(append(b, "RCPT TO:<"...), env.To.Reveal()...), '>')
		if s.dsn {
			b = append(b, " NOTIFY=FAILURE,DELAY"...) // a report of success is what the 250 is for
		}
		b = append(b, "\r\n"...)
	}
	if at&atData != 0 {
		b = append(b, "DATA\r\n"...)
	}
	return b
}

// appendMail appends MAIL with the parameters that the relay understands.
func (o *offers) appendMail(b []byte, env *notifier.Envelope) []byte {
	b = append(append(append(b, "MAIL FROM:<"...), env.From...), '>')
	if o.size && env.Size > 0 {
		b = strconv.AppendInt(append(b, " SIZE="...), int64(env.Size), 10)
	}
	if env.UTF8 {
		b = append(b, " SMTPUTF8"...)
		if o.eightBit {
			b = append(b, " BODY=8BITMIME"...)
		}
	}
	if o.dsn {
		b = append(b, " RET=HDRS"...)
		if env.ID != "" {
			b = appendXtext(append(b, " ENVID="...), env.ID)
		}
	}
	return append(b, "\r\n"...)
}

// appendXtext appends s as xtext (RFC 3461, 4).
func appendXtext(b []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < '!' || c > '~' || c == '+' || c == '=' {
			b = append(b, '+', hex[c>>4], hex[c&15])
		} else {
			b = append(b, c)
		}
	}
	return b
}
