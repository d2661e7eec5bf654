package review

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The kinds of a TextBlock.
const (
	Heading   = "heading"
	Paragraph = "paragraph"
	ListItem  = "item"
)

// textBlocks cuts what a reader of HTML sees into blocks, whose sentences have
// no origins yet. Links are written as plain text has them.
func textBlocks(src []byte) []TextBlock {
	root, err := html.Parse(bytes.NewReader(src))
	if err != nil {
		return nil // only an error of the reader is one
	}
	c := cutter{kind: Paragraph}
	c.walk(root)
	c.cut()
	return c.blocks
}

// cutter collects a page's blocks.
type cutter struct {
	blocks []TextBlock
	text   strings.Builder // of the block that has begun
	kind   string          // what it is
	level  int
}

// cut ends the block that has begun.
func (c *cutter) cut() {
	var list []Sentence
	for line := range strings.Lines(c.text.String()) {
		for _, s := range cutSentences(line) {
			list = append(list, Sentence{Text: s})
		}
	}
	c.text.Reset()
	if len(list) > 0 {
		c.blocks = append(c.blocks, TextBlock{Kind: c.kind, Level: c.level, Sentences: list})
	}
}

func (c *cutter) walk(n *html.Node) {
	if n.Type == html.TextNode {
		c.text.WriteString(strings.ReplaceAll(n.Data, "\n", " "))
		return
	}
	switch n.DataAtom {
	case atom.Head, atom.Style, atom.Script, atom.Template:
		return
	case atom.Br:
		c.text.WriteString("\n")
	case atom.A, atom.Area:
		c.link(n)
		return
	}
	if n.Type != html.ElementNode || !isBlock[n.DataAtom] && n.DataAtom != atom.Hr {
		c.children(n)
		return
	}
	c.cut()
	kind, level := c.kind, c.level
	c.enter(n)
	c.children(n)
	c.cut()
	c.kind, c.level = kind, level
}

func (c *cutter) children(n *html.Node) {
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.walk(child)
	}
}

// enter notes what the blocks inside n are.
func (c *cutter) enter(n *html.Node) {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		c.kind, c.level = Heading, int(n.Data[1]-'0')
	case atom.Li:
		c.kind, c.level = ListItem, 0
	}
}

// link writes a link's words, and where it leads.
func (c *cutter) link(n *html.Node) {
	from, before := c.text.Len(), len(c.blocks)
	c.children(n)
	if len(c.blocks) > before {
		from = 0 // it has blocks inside
	}
	words := strings.Join(strings.Fields(c.text.String()[from:]), " ")
	for _, a := range n.Attr {
		if a.Key == "href" {
			c.text.WriteString(shownBehind(words, a.Val))
		}
	}
}

// cutSentences parts a line at the ends of sentences, with nothing left out but
// spaces.
func cutSentences(line string) []string {
	var out []string
	line = strings.Join(strings.Fields(line), " ")
	for line != "" {
		n := sentenceEnd(line)
		out = append(out, line[:n])
		line = strings.TrimSpace(line[n:])
	}
	return out
}

// key tells a block from every other that reads differently.
func (b *TextBlock) key() string {
	var s strings.Builder
	s.WriteString(b.Kind + strconv.Itoa(b.Level))
	for i := range b.Sentences {
		s.WriteString("\n" + b.Sentences[i].Text)
	}
	return s.String()
}

// words returns a block's text on one line.
func (b *TextBlock) words() string {
	list := make([]string, len(b.Sentences))
	for i := range b.Sentences {
		list[i] = b.Sentences[i].Text
	}
	return strings.Join(list, " ")
}
