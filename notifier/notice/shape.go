package notice

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"breachmail/notifier"
)

// A shape is a notice in which only the recipient's name, reference, last four
// digits and texts of further columns are still missing. Whoever has the same
// variant, a name or none, the same types of accounts in the same order, and
// text in the same columns gets a notice of the same shape. A shape is rendered
// once, by the same templates, with marks in the place of the missing values;
// the lines without marks are encoded for good.
//
// That is right only where a value is printed as it is and escaped as HTML
// text is. The first is read from the templates (checkFields), the second is
// seen at the marks: they hold all characters that other places escape otherwise.
// Where either fails, every notice is rendered on its own.
type shape struct {
	text, html []chunk
}

// shapeKey is what a shape depends on, beside the template.
type shapeKey struct {
	types, state string
	named        bool
	accounts     int
	postpaid     uint8  // bit i: account i is postpaid
	filled       uint32 // bit i: column i that the page uses has text
}

// chunk is either lines that are encoded already, or one line that has marks.
type chunk struct {
	encoded []byte
	line    []span
	ends    bool // the line ends with CRLF
}

// span is text that stands in every notice, then one of the recipient's own
// values.
type span struct {
	static string
	value  int // valueName, valueReference, valueAccount+i, valueExtra+i; -1 for none
}

// The recipient's own values.
const (
	valueName = iota
	valueReference
	valueAccount                                   // the first account's; the others follow
	valueExtra   = valueAccount + maxShapeAccounts // the first column's; the others follow
)

const (
	maxShapeAccounts = 8
	maxShapeExtra    = 32
	maxShapes        = 1024 // a page
	markBegin        = `bm7q<&"'+ =>` + "`"
	markEnd          = `zz`
)

func mark(value int) string { return markBegin + strconv.Itoa(value) + markEnd }

// shapeOf returns d's shape, or nil where it has none.
func (p *page) shapeOf(d *Data) *shape {
	if !p.plain || len(d.Accounts) > maxShapeAccounts || len(d.extra) > maxShapeExtra {
		return nil
	}
	k := shapeKey{types: d.Types, state: d.State, named: d.Name != "", accounts: len(d.Accounts)}
	for i, a := range d.Accounts {
		switch {
		case a.LastFour == "":
			return nil
		case a.Type == string(notifier.Postpaid):
			k.postpaid |= 1 << i
		case a.Type != string(notifier.Prepaid):
			return nil
		}
	}
	for i, e := range d.extra {
		if e.text != "" {
			k.filled |= 1 << i
		}
	}
	if known := p.shapes.Load(); known != nil {
		if s, ok := (*known)[k]; ok {
			return s
		}
	}
	return p.addShape(k, d)
}

// addShape makes the shape of d and keeps it, be it nil.
func (p *page) addShape(k shapeKey, d *Data) *shape {
	p.adding.Lock()
	defer p.adding.Unlock()
	shapes := map[shapeKey]*shape{}
	if known := p.shapes.Load(); known != nil {
		if s, ok := (*known)[k]; ok || len(*known) >= maxShapes {
			return s
		}
		shapes = maps.Clone(*known)
	}
	shapes[k] = p.newShape(d)
	p.shapes.Store(&shapes)
	return shapes[k]
}

// newShape renders d with marks, or returns nil where that does not work.
func (p *page) newShape(d *Data) *shape {
	marked := *d
	marked.Reference = mark(valueReference)
	if d.Name != "" {
		marked.Name = mark(valueName)
	}
	marked.Accounts = make([]Account, len(d.Accounts))
	for i, a := range d.Accounts {
		marked.Accounts[i] = Account{LastFour: mark(valueAccount + i), Type: a.Type}
	}
	marked.extra = slices.Clone(d.extra)
	for i := range marked.extra {
		if e := &marked.extra[i]; e.text != "" {
			e.text = mark(valueExtra + i)
		}
	}
	text, html, err := p.render(&marked)
	if err != nil {
		return nil
	}
	s := new(shape)
	var ok1, ok2 bool
	s.text, ok1 = split(string(text), markBegin)
	s.html, ok2 = split(string(html), string(appendHTML(nil, markBegin)))
	if !ok1 || !ok2 {
		return nil
	}
	return s
}

// split cuts a body into chunks. It reports false when a mark was changed by
// something other than escaping it as HTML text.
func split(body, begin string) ([]chunk, bool) {
	if strings.Contains(body, "\r") || strings.Count(body, begin) != strings.Count(body, "bm7q") {
		return nil, false
	}
	var out []chunk
	for line := range strings.Lines(body) {
		text, ends := strings.CutSuffix(line, "\n")
		if strings.Contains(text, begin) {
			spans, ok := splitLine(text, begin)
			if !ok {
				return nil, false
			}
			out = append(out, chunk{line: spans, ends: ends})
			continue
		}
		if len(out) == 0 || out[len(out)-1].line != nil {
			out = append(out, chunk{})
		}
		last := &out[len(out)-1]
		last.encoded = appendQP(last.encoded, []byte(line))
	}
	return out, true
}

func splitLine(line, begin string) ([]span, bool) {
	var out []span
	for {
		static, rest, found := strings.Cut(line, begin)
		if !found {
			return append(out, span{static, -1}), true
		}
		number, rest, ok := strings.Cut(rest, markEnd)
		value, err := strconv.Atoi(number)
		if !ok || err != nil {
			return nil, false
		}
		out = append(out, span{static, value})
		line = rest
	}
}

// writer is where a message is put together.
type writer struct{ dst, line []byte }

// body appends a body's chunks with d's values in them.
func (w *writer) body(chunks []chunk, d *Data, html bool) {
	for i := range chunks {
		c := &chunks[i]
		if c.line == nil {
			w.dst = append(w.dst, c.encoded...)
			continue
		}
		w.line = w.line[:0]
		for _, s := range c.line {
			w.line = append(w.line, s.static...)
			if v := d.value(s.value); html {
				w.line = appendHTML(w.line, v)
			} else {
				w.line = append(w.line, v...)
			}
		}
		w.dst = appendQPLine(w.dst, w.line)
		if c.ends {
			w.dst = append(w.dst, "\r\n"...)
		}
	}
}

func (d *Data) value(i int) string {
	switch {
	case i < 0:
		return ""
	case i == valueName:
		return d.Name
	case i == valueReference:
		return d.Reference
	case i < valueExtra:
		return d.Accounts[i-valueAccount].LastFour
	default:
		return d.extra[i-valueExtra].text
	}
}

// appendHTML appends s as html/template writes it between tags.
func appendHTML(dst []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; c {
		case '"':
			dst = append(dst, "&#34;"...)
		case '&':
			dst = append(dst, "&amp;"...)
		case '\'':
			dst = append(dst, "&#39;"...)
		case '+':
			dst = append(dst, "&#43;"...)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
