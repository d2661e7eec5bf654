package review

import (
	"bytes"
	"errors"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
)

// readHeaders are those that a reader sees and that the campaign decides.
var readHeaders = []string{"From", "Reply-To", "Subject"}

// message is a notice's message, taken apart.
type message struct {
	header     map[string]string // of readHeaders, decoded
	text, html string
}

func readMessage(raw []byte) (*message, error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	out := &message{header: map[string]string{}}
	for _, name := range readHeaders {
		value, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(name))
		if err != nil {
			value = m.Header.Get(name)
		}
		out.header[name] = value
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(kind, "multipart/") {
		return nil, errors.New("it has no two bodies")
	}
	return out, out.readBodies(multipart.NewReader(m.Body, params["boundary"]))
}

// readBodies reads the two bodies, which the reader of parts decodes.
func (m *message) readBodies(parts *multipart.Reader) error {
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		b, err := io.ReadAll(p)
		if err != nil {
			return err
		}
		body := strings.ReplaceAll(string(b), "\r\n", "\n")
		switch kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type")); {
		case kind == "text/plain" && m.text == "":
			m.text = body
		case kind == "text/html" && m.html == "":
			m.html = body
		}
	}
}

// The parts of a message in which something changed, beside its headers.
const (
	partText    = "text"
	partHTML    = "formatted page"
	partHeaders = "headers"
)

// differingPart is a part of two messages that differs, and where; the places
// are empty where no words do.
type differingPart struct {
	name   string
	places []PlaceChange
}

// differingParts returns in what two different messages differ. Where it is
// nothing that a reader sees, it is the headers.
func differingParts(was, is *message) []differingPart {
	var out []differingPart
	for _, name := range readHeaders {
		if a, b := was.header[name], is.header[name]; a != b {
			out = append(out, differingPart{name, []PlaceChange{{Words: wordEdits(a, b)}}})
		}
	}
	text := changesIn(plainBlocks(was.text), plainBlocks(is.text))
	if len(text) > 0 {
		out = append(out, differingPart{partText, text})
	} else if was.text != is.text {
		out = append(out, differingPart{name: partText})
	}
	if !sameHTML(was, is) {
		if page, more := beyond(was, is, text); more {
			out = append(out, differingPart{partHTML, page})
		}
	}
	if len(out) == 0 {
		out = append(out, differingPart{name: partHeaders})
	}
	return out
}

// beyond returns what changed in the formatted page and not in the text as well,
// and false where that is nothing. Where no words did, but the text has not
// changed either, there are no places.
func beyond(was, is *message, text []PlaceChange) (places []PlaceChange, more bool) {
	said := map[string]bool{}
	for i := range text {
		said[text[i].edits()] = true
	}
	for _, p := range changesIn(textBlocks([]byte(was.html)), textBlocks([]byte(is.html))) {
		if !said[p.edits()] {
			places = append(places, p)
		}
	}
	return places, len(places) > 0 || len(text) == 0
}

// edits is what was removed and added in a place, without what was kept around.
func (p *PlaceChange) edits() string {
	var b strings.Builder
	for _, w := range p.Words {
		if w.Op != Kept {
			b.WriteString(string(w.Op) + ": " + plainWords(w.Text) + "\n")
		}
	}
	return b.String()
}

// sameHTML reports whether two HTML bodies are the same but for the subject line,
// which is the title of both.
func sameHTML(was, is *message) bool {
	a, b := html.EscapeString(was.header["Subject"]), html.EscapeString(is.header["Subject"])
	return was.html == is.html || a != "" && strings.ReplaceAll(was.html, a, b) == is.html
}

// plainBlocks cuts plain text, in which a line of = or - stands below a
// heading.
func plainBlocks(text string) []TextBlock {
	var out []TextBlock
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case len(out) > 0 && strings.Trim(line, "=") == "":
			out[len(out)-1].Kind, out[len(out)-1].Level = Heading, 1
		case len(out) > 0 && strings.Trim(line, "-") == "":
			out[len(out)-1].Kind, out[len(out)-1].Level = Heading, 2
		case strings.HasPrefix(line, "- "):
			out = append(out, TextBlock{Kind: ListItem, Sentences: []Sentence{{Text: line[2:]}}})
		default:
			out = append(out, TextBlock{Kind: Paragraph, Sentences: []Sentence{{Text: line}}})
		}
	}
	return out
}
