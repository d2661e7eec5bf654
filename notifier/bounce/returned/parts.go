package returned

import (
	"bytes"
	"errors"
	"io"
	"net/textproto"
	"strings"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // makes the charsets known to go-message
	"golang.org/x/net/html"
)

// Bounds of what is read of one message.
const (
	maxDepth  = 8
	maxParts  = 64
	maxBlocks = 64
	maxText   = 64 << 10 // of each part that is read, and of all texts together
)

// reading is a message taken apart.
type reading struct {
	o    Options
	head textproto.MIMEHeader
	body []byte // as it stands there

	blocks   []textproto.MIMEHeader // of message/delivery-status (RFC 3464)
	feedback textproto.MIMEHeader   // of message/feedback-report (RFC 5965)
	returned textproto.MIMEHeader   // the header of the returned message
	receipt  textproto.MIMEHeader   // of message/disposition-notification (RFC 8098)

	text   []byte // what is written for people
	html   []byte // the same, where it stands there as HTML, without its tags
	parts  int
	broken bool // its parts could not all be told apart
}

// read takes a message apart.
func read(raw []byte, o Options) *reading {
	m := &reading{o: o}
	if m.head, m.body = fields(bytes.TrimLeft(raw, "\r\n")); len(m.head) == 0 {
		m.body = raw
	}
	mimeFields := map[string][]string{}
	for _, name := range []string{"Content-Type", "Content-Transfer-Encoding"} {
		if v := m.head.Get(name); v != "" {
			mimeFields[name] = []string{v}
		}
	}
	whole, _ := message.New(message.HeaderFromMap(mimeFields), bytes.NewReader(m.body))
	m.part(whole, 0)
	if len(bytes.TrimSpace(m.text)) == 0 {
		m.text = m.html
	}
	if m.broken && m.blocks == nil && m.feedback == nil {
		m.salvage()
	}
	return m
}

// part reads one part and those within it. A message that is returned is not
// gone into: what it has within is ours, or somebody else's, and no report.
func (m *reading) part(e *message.Entity, depth int) {
	if m.parts++; m.parts > maxParts || depth > maxDepth {
		return
	}
	kind, _, err := e.Header.ContentType()
	if err != nil {
		kind, _, _ = strings.Cut(kind, ";")
		m.broken = m.broken || strings.HasPrefix(strings.ToLower(kind), "multipart/")
	}
	if parts := e.MultipartReader(); parts != nil {
		m.within(parts, depth)
		return
	}
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case "message/delivery-status", "message/global-delivery-status":
		if m.blocks == nil {
			m.blocks = blocks(content(e))
		}
	case "message/feedback-report":
		if m.feedback == nil {
			m.feedback, _ = fields(bytes.TrimLeft(content(e), "\r\n"))
		}
	case "message/disposition-notification", "message/global-disposition-notification":
		m.receipt, _ = fields(bytes.TrimLeft(content(e), "\r\n"))
	case "message/rfc822", "message/rfc822-headers", "text/rfc822-headers", "text/rfc822", "message/global", "message/global-headers":
		if m.returned == nil {
			m.returned, _ = fields(bytes.TrimLeft(content(e), "\r\n"))
		}
	case "text/html":
		m.html = bounded(m.html, untagged(content(e)))
	case "text/plain", "text", "":
		m.text = bounded(m.text, content(e))
	}
}

func (m *reading) within(parts message.MultipartReader, depth int) {
	for m.parts <= maxParts {
		e, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return
		case e == nil:
			m.broken = true
			return
		}
		m.part(e, depth+1) // an error beside a part: of its charset, or of its encoding
	}
}

// content reads a part, and of a damaged one what can be read.
func content(e *message.Entity) []byte {
	b, _ := io.ReadAll(io.LimitReader(e.Body, maxText))
	return b
}

// bounded appends b to text as far as there is room.
func bounded(text, b []byte) []byte {
	if len(text) > 0 {
		text = append(text, '\n')
	}
	return append(text, b[:min(len(b), max(maxText-len(text), 0))]...)
}

// blocks reads the fields of a message/delivery-status: first those about the
// message, then those about each recipient, with empty lines between.
func blocks(b []byte) []textproto.MIMEHeader {
	all := []textproto.MIMEHeader{}
	for len(all) < maxBlocks {
		if b = bytes.TrimLeft(b, "\r\n \t"); len(b) == 0 {
			break
		}
		var h textproto.MIMEHeader
		if h, b = fields(b); len(h) > 0 {
			all = append(all, h)
		}
	}
	return all
}

// untagged is the text of HTML, with a line for each element.
func untagged(b []byte) []byte {
	var out []byte
	hidden := false
	for t := html.NewTokenizer(bytes.NewReader(b)); ; {
		switch t.Next() {
		case html.ErrorToken:
			return out
		case html.TextToken:
			if text := bytes.TrimSpace(t.Text()); !hidden && len(text) > 0 {
				out = append(append(out, text...), ' ')
			}
		case html.StartTagToken, html.EndTagToken:
			name, _ := t.TagName()
			switch string(name) {
			case "style", "script", "title":
				hidden = !hidden
			case "p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "pre":
				out = append(out, '\n')
			}
		}
	}
}

// salvage reads a report whose parts could not be told apart, because its
// boundary is missing or wrong or it was cut off: the fields that one has,
// wherever a line begins with them.
func (m *reading) salvage() {
	raw := m.body[:min(len(m.body), maxText)]
	if len(m.text) == 0 {
		m.text = raw
	}
	if !bytes.Contains(raw, []byte("Final-Recipient:")) && !bytes.Contains(raw, []byte("Final-recipient:")) {
		return
	}
	all := textproto.MIMEHeader{}
	for len(raw) > 0 {
		var h textproto.MIMEHeader
		h, raw = fields(raw)
		for _, name := range []string{
			"Reporting-Mta", "Original-Envelope-Id", "X-Postfix-Sender", "Final-Recipient", "Original-Recipient", "Action", "Status", "Diagnostic-Code",
		} {
			if v := h.Get(name); v != "" && all.Get(name) == "" {
				all.Set(name, v)
			}
		}
	}
	m.blocks = []textproto.MIMEHeader{all}
}
