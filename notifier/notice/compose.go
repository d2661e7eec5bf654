package notice

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"breachmail/notifier"
)

// frame is what all messages in one language have in common, cut where a
// recipient's own parts go.
type frame struct {
	parts [7]string
	id    [2]string // what stands before and behind the key in a Message-ID
	size  int
}

// cuts are what the library is given for the recipient's own parts, as they
// stand in its message, in their order.
var cuts = [6]string{
	"To: <to@cut.invalid>\r\n", "Date: cut-date\r\n", "Message-ID: <cut@cut.invalid>\r\n",
	"X-Breachmail-Key: cut-key\r\n", "cut-text", "cut-html",
}

// newFrame has jordan-wright/email compose a message and cuts it. The subject
// stands under subjectKey in campaign.yaml.
func newFrame(campaign string, s Sender, subjectKey string) (frame, error) {
	e, err := newEmail(s, &mail.Address{Address: "to@cut.invalid"}, "cut-date", "<cut@cut.invalid>", "cut-key",
		[]byte("cut-text"), []byte("cut-html"))
	if err != nil {
		return frame{}, err
	}
	raw, err := e.Bytes()
	if err != nil {
		return frame{}, err
	}
	if raw, err = normalize(raw); err != nil {
		return frame{}, err
	}
	if !fits(raw) {
		return frame{}, fmt.Errorf("campaign.yaml: sender.from or %s has a word that is too long for a mail header", subjectKey)
	}
	f := frame{id: [2]string{"<" + campaign + ".", "@" + s.Hostname + ">"}, size: len(raw)}
	rest := string(raw)
	for i, c := range cuts {
		var ok bool
		if f.parts[i], rest, ok = strings.Cut(rest, c); !ok {
			return frame{}, fmt.Errorf("the composed message lacks %q", c)
		}
	}
	f.parts[6] = rest
	return f, nil
}

// header appends everything before the first body.
func (f *frame) header(dst []byte, to *mail.Address, key string, date time.Time) []byte {
	dst = append(dst, f.parts[0]...)
	dst = appendTo(dst, to)
	dst = append(dst, f.parts[1]...)
	dst = append(dst, "Date: "...)
	dst = date.UTC().AppendFormat(dst, time.RFC1123Z)
	dst = append(append(dst, "\r\n"...), f.parts[2]...)
	dst = appendHeader(dst, "Message-ID", f.id[0]+key+f.id[1])
	dst = append(dst, f.parts[3]...)
	dst = appendHeader(dst, "X-Breachmail-Key", key)
	return append(dst, f.parts[4]...)
}

// appendTo appends the To header. A name that cannot be folded into lines that
// mail servers take is left out; it still stands in the notice.
func appendTo(dst []byte, to *mail.Address) []byte {
	n := len(dst)
	dst = appendHeader(dst, "To", to.String())
	if !fits(dst[n:]) {
		bare := mail.Address{Address: to.Address}
		dst = appendHeader(dst[:n], "To", bare.String())
	}
	return dst
}

// Compose returns r's whole message. Date is its Date header, to the second;
// its time zone does not matter.
func (n *Notice) Compose(r *notifier.Recipient, date time.Time) (Message, error) {
	to := mail.Address{Address: wireAddress(r.Address.Reveal())}
	if err := checkAddress(to.Address); err != nil {
		return Message{}, err
	}
	var room [4]Account
	p, d, err := n.prepare(r, room[:])
	if err != nil {
		return Message{}, err
	}
	to.Name = headerName(d.Name)
	key := r.Key.String()
	if s := p.shapeOf(&d); s != nil {
		return p.fill(s, &d, &to, key, date), nil
	}
	text, html, err := p.render(&d)
	if err != nil {
		return Message{}, err
	}
	f := &p.edition.frame
	b := f.header(make([]byte, 0, f.size+2*(len(text)+len(html))), &to, key, date)
	b = appendQP(b, text)
	b = append(b, f.parts[5]...)
	b = appendQP(b, html)
	return newMessage(append(b, f.parts[6]...)), nil
}

// fill composes a message from its shape.
func (p *page) fill(s *shape, d *Data, to *mail.Address, key string, date time.Time) Message {
	w := writers.Get().(*writer)
	defer writers.Put(w)
	f := &p.edition.frame
	w.dst = f.header(w.dst[:0], to, key, date)
	w.body(s.text, d, false)
	w.dst = append(w.dst, f.parts[5]...)
	w.body(s.html, d, true)
	w.dst = append(w.dst, f.parts[6]...)
	return newMessage(bytes.Clone(w.dst))
}

var writers = sync.Pool{New: func() any { return new(writer) }}

// Message is one notice, ready for SMTP but for dot-stuffing: its lines end
// with CRLF.
type Message struct {
	Bytes  []byte
	Digest notifier.Digest // of Bytes
}

func newMessage(b []byte) Message { return Message{Bytes: b, Digest: sha256.Sum256(b)} }

// headerName is a name as it stands in To: without backslashes, which net/mail
// puts into encoded words as they are, where other programs stumble over them,
// and without what looks like an encoded word and would be decoded.
func headerName(s string) string { return headerNames.Replace(s) }

var headerNames = strings.NewReplacer(`\`, " ", "=?", "= ?")

var errAddress = errors.New("the address cannot stand in a header")

// checkAddress refuses what would make another header, or another address, of
// an address. Package intake has judged it before.
func checkAddress(s string) error {
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 || len(s) > 320 || !utf8.ValidString(s) || !notifier.CleanLine(s) {
		return errAddress
	}
	// Quotes would be quoted once more, spaces lost where a line is folded, and an
	// empty label is no name of a host.
	if strings.ContainsAny(s[:at], `"\@ `) || slices.Contains(strings.Split(s[at+1:], "."), "") {
		return errAddress
	}
	for _, r := range s[at+1:] {
		if r < 0x80 && r != '.' && !isDotAtom(string(r)) || r == '\uFFFD' {
			return errAddress
		}
	}
	return nil
}
