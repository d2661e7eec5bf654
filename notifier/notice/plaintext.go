package notice

import (
	"bufio"
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	markup "github.com/yuin/goldmark/renderer/html"
)

// text returns the notice's plain text as a template: one line a paragraph,
// which mail programs wrap to the reader's screen.
func (d *document) text() string {
	s := strings.TrimRight(d.blocks(d.root), "\n") + "\n"
	return d.actions.restore(s) // of which blocks may have added some
}

func (d *document) blocks(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		b.WriteString(d.block(c))
	}
	return b.String()
}

func (d *document) block(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Heading:
		return d.heading(n)
	case *ast.List:
		return d.list(n)
	case *ast.TextBlock:
		return d.inline(n) + "\n"
	case *ast.ThematicBreak:
		return "* * *\n\n"
	case *actionNode:
		return d.actions.tokens(n.numbers)
	default:
		return d.inline(n) + "\n\n"
	}
}

// heading underlines a heading, twice for the title.
func (d *document) heading(n *ast.Heading) string {
	line := "-"
	if n.Level == 1 {
		line = "="
	}
	s := d.inline(n)
	under := strings.Repeat(line, utf8.RuneCountInString(tokenPattern.ReplaceAllString(s, "")))
	for _, token := range tokenPattern.FindAllString(s, -1) {
		if field := inner(d.actions.restore(token)); d.isSameForAll(field) {
			under += d.add(fmt.Sprintf("{{%s %q %s}}", underline, line, field))
			continue
		}
		under += strings.Repeat(line, 10)
	}
	return s + "\n" + under + "\n\n"
}

// sameForAll matches the fields whose length all notices of a variant share: a
// line as long as the recipient's own values would be another shape for each.
var sameForAll = regexp.MustCompile(`^\$?\.(Law|Incident|Contact|Sender)(\.\w+)+$`)

// anyField matches what prints a field of any kind.
var anyField = regexp.MustCompile(`^\$?(\.\w+)+$`)

func (d *document) isSameForAll(action string) bool {
	return sameForAll.MatchString(action) || d.public && anyField.MatchString(action)
}

// underline is the function that draws the line under such a field.
const underline = "underline"

// add makes an action of the document's own and returns its token.
func (d *document) add(action string) string {
	d.actions = append(d.actions, action)
	return d.actions.token(len(d.actions) - 1)
}

func (d *document) list(n *ast.List) string {
	var b strings.Builder
	number := n.Start
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if a, ok := c.(*actionNode); ok {
			b.WriteString(d.actions.tokens(a.numbers))
			continue
		}
		marker := "- "
		if n.IsOrdered() {
			marker = strconv.Itoa(number) + ". "
			number++
		}
		item := strings.TrimRight(d.blocks(c), "\n")
		indent := strings.Repeat(" ", len(marker))
		b.WriteString(marker + strings.ReplaceAll(item, "\n", "\n"+indent) + "\n")
	}
	return b.String() + "\n"
}

// inline returns what stands within a block, without emphasis.
func (d *document) inline(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.WriteString(d.words(c))
		case *ast.AutoLink:
			b.Write(c.Label(d.source))
		case *ast.Link:
			b.WriteString(d.link(c))
		default:
			b.WriteString(d.inline(c))
		}
	}
	return b.String()
}

// words returns a piece of text as the HTML renderer would write it, unescaped.
func (d *document) words(n *ast.Text) string {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	markup.DefaultWriter.Write(w, n.Segment.Value(d.source))
	_ = w.Flush() // a bytes.Buffer takes everything
	s := html.UnescapeString(b.String())
	switch {
	case n.HardLineBreak():
		s += "\n"
	case n.SoftLineBreak():
		s += " "
	}
	return s
}

// link writes where a link leads behind its words, unless they say it.
func (d *document) link(n *ast.Link) string {
	words, to := d.inline(n), string(n.Destination)
	if words == to || "https://"+words == to {
		return to
	}
	return words + " (" + to + ")"
}
