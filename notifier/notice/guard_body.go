package notice

import (
	"bytes"
	"html"
	"io"
	"mime/quotedprintable"
	"strings"

	"breachmail/notifier/internal/foreign"
)

// What may be wrong with the bodies.
const (
	wrongStatic = "its text is not the approved one"
	wrongOwn    = "its text is not this recipient's"
)

// checkShape compares the bodies with a shape: the lines that all have in
// common byte by byte, the others decoded and with the recipient's values.
func (g *guard) checkShape(s *shape) string {
	bodies, f := g.rest, &g.page.edition.frame
	what := g.checkChunks(s.text, false)
	if what == "" && !g.static(f.parts[5]) {
		what = wrongStatic
	}
	if what == "" {
		what = g.checkChunks(s.html, true)
	}
	if what == "" && string(g.rest) != f.parts[6] {
		what = wrongStatic
	}
	if what == "" {
		return ""
	}
	g.rest = bodies
	if text, page, ok := g.decode(); ok {
		if found := g.foreign(text, page); found != "" {
			return found
		}
	}
	return what
}

// checkChunks reads one body.
func (g *guard) checkChunks(chunks []chunk, isHTML bool) string {
	for i := range chunks {
		c := &chunks[i]
		if c.line == nil {
			if !bytes.HasPrefix(g.rest, c.encoded) {
				return wrongStatic
			}
			g.rest = g.rest[len(c.encoded):]
			continue
		}
		if !g.line() || !g.isLine(c.line, isHTML) || c.ends && !g.static("\r\n") {
			return wrongOwn
		}
	}
	return ""
}

// isLine reports whether the line that was read has the recipient's values
// where they belong.
func (g *guard) isLine(spans []span, isHTML bool) bool {
	line := g.value
	for _, s := range spans {
		if len(line) < len(s.static) || string(line[:len(s.static)]) != s.static {
			return false
		}
		line = line[len(s.static):]
		v := g.data.value(s.value)
		if isHTML {
			g.escaped = appendHTML(g.escaped[:0], v)
		} else {
			g.escaped = append(g.escaped[:0], v...)
		}
		if !bytes.HasPrefix(line, g.escaped) {
			return false
		}
		line = line[len(g.escaped):]
	}
	return len(line) == 0
}

// line decodes one line of quoted-printable (RFC 2045, section 6.7) and stops
// before its CRLF.
func (g *guard) line() bool {
	b, out := g.rest, g.value[:0]
	for {
		n := 0
		for n < len(b) && b[n] != '=' && b[n] != '\r' {
			n++
		}
		out, b = append(out, b[:n]...), b[n:]
		if len(b) == 0 || b[0] == '\r' {
			g.rest, g.value = b, out
			return true
		}
		if len(b) < 3 {
			return false
		}
		if b[1] != '\r' || b[2] != '\n' { // not a soft line break
			high, low := strings.IndexByte(upperHex, b[1]), strings.IndexByte(upperHex, b[2])
			if high < 0 || low < 0 {
				return false
			}
			out = append(out, byte(high<<4|low))
		}
		b = b[3:]
	}
}

// checkRendered compares the bodies with what the recipient's notice says when
// it is rendered on its own, and looks for what is not theirs.
func (g *guard) checkRendered() string {
	text, page, ok := g.decode()
	if !ok {
		return wrongStatic
	}
	if found := g.foreign(text, page); found != "" {
		return found
	}
	wantText, wantPage, err := g.page.render(&g.data)
	if err != nil || string(wantText) != text || string(wantPage) != page {
		return wrongOwn
	}
	return ""
}

// decode returns the two bodies as a mail program reads them, but for the ends
// of lines.
func (g *guard) decode() (text, page string, ok bool) {
	f := &g.page.edition.frame
	encodedText, rest, ok1 := bytes.Cut(g.rest, []byte(f.parts[5]))
	encodedPage, ok2 := bytes.CutSuffix(rest, []byte(f.parts[6]))
	if !ok1 || !ok2 {
		return "", "", false
	}
	var out [2]string
	for i, b := range [][]byte{encodedText, encodedPage} {
		decoded, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(b)))
		if err != nil {
			return "", "", false
		}
		out[i] = string(bytes.ReplaceAll(decoded, []byte("\r\n"), []byte("\n")))
	}
	return out[0], out[1], true
}

// foreign returns what of the two bodies is neither the recipient's nor in the
// approved text.
func (g *guard) foreign(text, page string) string {
	k := g.known()
	for _, s := range []string{text, html.UnescapeString(page)} {
		if found := k.foreign(s); found != "" {
			return "its text holds " + found
		}
	}
	return ""
}

// checkValues looks into the values that the recipient's row brought along for
// what is not theirs.
func (g *guard) checkValues() string {
	if found := g.foreignIn(g.data.Name); found != "" {
		return "its name holds " + found
	}
	for _, a := range g.data.Accounts {
		if found := g.foreignIn(a.LastFour); found != "" {
			return "its account number holds " + found
		}
	}
	for _, e := range g.data.extra {
		if found := g.foreignIn(e.text); found != "" {
			return "its column " + e.name + " holds " + found
		}
	}
	return ""
}

func (g *guard) foreignIn(value string) string {
	if isHarmless(value) {
		return ""
	}
	if foreign.HasLink(value) {
		return foreignLink
	}
	return g.known().foreign(value)
}
