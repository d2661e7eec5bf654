package notice

import (
	"bytes"
	"net/mail"
	"strings"
	"sync"
	"time"

	"breachmail/notifier"
)

// GuardError is why a message must not leave. It quotes no personal data.
type GuardError struct {
	Key  notifier.Key
	What string // for example "its name holds an email address that is not the recipient's"
}

func (e *GuardError) Error() string { return "guard: the notice of " + e.Key.String() + ": " + e.What }

// Guard checks a finished message and its envelope before they leave, given
// nothing but them and who they are for. Its error is a *GuardError: the
// message is not to or from whom it should be, is not what was approved, or
// holds an address or a number that is neither the recipient's nor in the
// approved text.
func (n *Notice) Guard(r *notifier.Recipient, e notifier.Envelope, m Message) error {
	g := guards.Get().(*guard)
	defer guards.Put(g)
	var err error
	if g.page, g.data, err = n.prepare(r, g.room[:]); err != nil {
		return &GuardError{r.Key, err.Error()} // such errors name a variant or a column
	}
	g.notice, g.recipient = n, r
	g.key, g.to = r.Key.String(), wireAddress(r.Address.Reveal())
	if what := g.check(e, m.Bytes); what != "" {
		return &GuardError{r.Key, what}
	}
	return nil
}

// guard reads one message from its beginning to its end.
type guard struct {
	notice    *Notice
	page      *page
	recipient *notifier.Recipient
	data      Data
	room      [4]Account // for data
	key, to   string

	rest           []byte // of the message
	value, escaped []byte // used again and again
}

var guards = sync.Pool{New: func() any { return new(guard) }}

// check returns what is wrong, and "" where nothing is.
func (g *guard) check(e notifier.Envelope, message []byte) string {
	if what := g.checkEnvelope(e); what != "" {
		return what
	}
	g.rest = message
	if what := g.checkHeader(); what != "" {
		return headerFault(message, what)
	}
	if s := g.page.shapeOf(&g.data); s != nil {
		if what := g.checkShape(s); what != "" {
			return what
		}
	} else if what := g.checkRendered(); what != "" {
		return what
	}
	return g.checkValues()
}

func (g *guard) checkEnvelope(e notifier.Envelope) string {
	from, before, behind := e.From, g.notice.bounces[0], g.notice.bounces[1]
	switch {
	case e.To.Reveal() != g.to || g.to == "":
		return "its envelope does not go to the recipient's address"
	case len(from) != len(before)+1+len(g.key)+len(behind),
		!strings.HasPrefix(from, before), from[len(before)] != '+',
		from[len(before)+1:len(from)-len(behind)] != g.key, !strings.HasSuffix(from, behind):
		return "the sender of its envelope does not hold its key"
	case e.UTF8 == isASCII(g.to):
		return "its envelope is wrong about whether the address needs SMTPUTF8"
	}
	return ""
}

// What may be wrong with a header.
const (
	wrongHeader = "its header is not the approved one"
	wrongTo     = "its To is not the recipient"
)

// checkHeader checks everything before the first body.
func (g *guard) checkHeader() string {
	f := &g.page.edition.frame
	if !g.static(f.parts[0]) {
		return wrongHeader
	}
	if v, ok := g.header("To"); !ok || !g.isTo(v) {
		return wrongTo
	}
	if !g.static(f.parts[1]) {
		return wrongHeader
	}
	if v, ok := g.header("Date"); !ok || !isDate(v) {
		return "its Date is no date"
	}
	if !g.static(f.parts[2]) {
		return wrongHeader
	}
	if v, ok := g.header("Message-ID"); !ok || !equalParts(v, f.id[0], g.key, f.id[1]) {
		return "its Message-ID does not hold its key"
	}
	if !g.static(f.parts[3]) {
		return wrongHeader
	}
	if v, ok := g.header("X-Breachmail-Key"); !ok || string(v) != g.key {
		return "its X-Breachmail-Key is not its key"
	}
	if !g.static(f.parts[4]) {
		return wrongHeader
	}
	return ""
}

// static reads what stands in every message.
func (g *guard) static(s string) bool {
	if len(g.rest) < len(s) || string(g.rest[:len(s)]) != s {
		return false
	}
	g.rest = g.rest[len(s):]
	return true
}

// header reads one header, unfolded.
func (g *guard) header(name string) (value []byte, ok bool) {
	if !g.static(name) || !g.static(":") {
		return nil, false
	}
	g.value = g.value[:0]
	for {
		i := bytes.IndexByte(g.rest, '\n')
		if i < 1 || g.rest[i-1] != '\r' {
			return nil, false
		}
		g.value = append(g.value, g.rest[:i-1]...)
		g.rest = g.rest[i+1:]
		if len(g.rest) == 0 || g.rest[0] != ' ' && g.rest[0] != '\t' {
			return bytes.TrimSpace(g.value), true
		}
	}
}

// isTo reports whether a To header is the recipient, with their name or none.
func (g *guard) isTo(v []byte) bool {
	name := headerName(g.data.Name)
	if equalParts(v, "<", g.to, ">") {
		return true
	}
	if isPlain(name) && !strings.ContainsAny(name, `"\`) && equalParts(v, `"`, name, `" <`, g.to, ">") {
		return true
	}
	list, err := mail.ParseAddressList(string(v))
	return err == nil && len(list) == 1 && list[0].Address == g.to && (list[0].Name == "" || list[0].Name == name)
}

func isDate(v []byte) bool {
	if len(v) != len(time.RFC1123Z) {
		return false
	}
	for i, c := range []byte("AAA, 00 AAA 0000 00:00:00 +0000") {
		letter, digit := v[i]|0x20 >= 'a' && v[i]|0x20 <= 'z', v[i] >= '0' && v[i] <= '9'
		if c == 'A' && !letter || c == '0' && !digit || c != 'A' && c != '0' && v[i] != c {
			return false
		}
	}
	return true
}

// equalParts reports whether b is those parts, one behind the other.
func equalParts(b []byte, parts ...string) bool {
	for _, p := range parts {
		if len(b) < len(p) || string(b[:len(p)]) != p {
			return false
		}
		b = b[len(p):]
	}
	return len(b) == 0
}

// headerFault says more about a header that is wrong, where it can.
func headerFault(message []byte, what string) string {
	head, _, _ := bytes.Cut(message, []byte("\r\n\r\n"))
	for _, name := range []string{"From", "To"} {
		count := 0
		for line := range bytes.SplitSeq(head, []byte("\r\n")) {
			if at := bytes.IndexByte(line, ':'); at > 0 && strings.EqualFold(string(line[:at]), name) {
				count++
			}
		}
		switch {
		case count == 0:
			return "it has no " + name + " header"
		case count > 1:
			return "it has more than one " + name + " header"
		}
	}
	return what
}
