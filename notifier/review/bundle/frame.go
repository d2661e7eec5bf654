package bundle

import (
	"bytes"
	"html"
	"html/template"
	"strings"
	"unicode/utf8"
)

// srcdoc is an attribute that holds a whole document for a frame. Only what
// would end the attribute, or be taken for another character, is escaped: the
// page holds many of these. The frame is sandboxed, and the page's policy holds
// in it as well.
func srcdoc(document []byte) template.HTMLAttr {
	return template.HTMLAttr(`srcdoc="` + attribute.Replace(string(document)) + `"`) //nolint:gosec // escaped for a quoted attribute
}

var attribute = strings.NewReplacer("&", "&amp;", `"`, "&quot;", "\x00", "\uFFFD")

// document is a publication as a page of its own, with a style or without.
func (p Publication) document(style string) []byte {
	var b bytes.Buffer
	b.WriteString("<!doctype html>\n<html lang=\"" + html.EscapeString(p.Language) + "\">\n<head>\n<meta charset=\"utf-8\">\n" +
		"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n" +
		"<title>" + html.EscapeString(capital(p.Words())) + "</title>\n" + style + "</head>\n<body>\n")
	b.Write(bytes.TrimSpace(p.HTML))
	b.WriteString("\n</body>\n</html>\n")
	return b.Bytes()
}

// frameStyle is for a publication in its frame on the page.
const frameStyle = `<meta name="color-scheme" content="light dark">
<style>:root{color-scheme:light dark}body{margin:16px;font:16px/1.5 system-ui,sans-serif;overflow-wrap:break-word}</style>
`

// Framed is a publication as it stands in a frame on the page.
func (p Publication) Framed() []byte { return p.document(frameStyle) }

// head returns a message's header.
func head(message []byte) string {
	h, _, _ := bytes.Cut(message, []byte("\r\n\r\n"))
	return strings.ReplaceAll(string(h), "\r\n", "\n")
}

// tall guesses the height in pixels that a notice needs in a frame in which a
// line holds about that many characters: a frame without scripts cannot say.
func tall(text []byte, perLine int) int {
	height := 80
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		switch n := utf8.RuneCount(line); {
		case len(bytes.Trim(line, "-=")) == 0: // empty, or the line under a heading
			height += 12
		default:
			height += 25 * (1 + n/perLine)
		}
	}
	return height
}
