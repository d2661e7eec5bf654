package review

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// document is a notice's HTML, taken apart.
type document struct {
	text     string // what a reader sees, one line a block, with links as plain text has them
	headings []string
	links    []link
	elements []element
	styles   []string // style sheets and style attributes
}

// link is an a or area element that leads somewhere.
type link struct{ to, words string }

// element is one element with its attributes, and its style beside them.
type element struct {
	name       string
	style      string
	attributes []html.Attribute
}

// readDocument reads HTML as browsers do, so nothing is an error.
func readDocument(src []byte) *document {
	d := &document{}
	root, err := html.Parse(bytes.NewReader(src))
	if err != nil {
		return d // only an error of the reader is one
	}
	var b strings.Builder
	d.read(root, &b)
	d.text = b.String()
	return d
}

// read takes in n and writes its text.
func (d *document) read(n *html.Node, b *strings.Builder) {
	switch n.Type {
	case html.TextNode:
		b.WriteString(strings.ReplaceAll(n.Data, "\n", " "))
		return
	case html.ElementNode:
		d.element(n)
	}
	switch n.DataAtom {
	case atom.Style:
		d.styles = append(d.styles, content(n))
		return
	case atom.Script, atom.Template:
		return
	case atom.Br, atom.Hr:
		b.WriteString("\n")
	}
	block := isBlock[n.DataAtom]
	if block {
		b.WriteString("\n")
	}
	from := b.Len()
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		d.read(c, b)
	}
	if n.Type == html.ElementNode {
		d.finish(n, b, b.String()[from:])
	}
	if block {
		b.WriteString("\n")
	}
}

// element keeps an element's attributes.
func (d *document) element(n *html.Node) {
	e := element{name: n.Data}
	for _, a := range n.Attr {
		if a.Key == "style" {
			d.styles = append(d.styles, a.Val)
			e.style = a.Val
			continue
		}
		e.attributes = append(e.attributes, a)
	}
	d.elements = append(d.elements, e)
}

// finish keeps headings and links, whose words are known only behind them.
func (d *document) finish(n *html.Node, b *strings.Builder, words string) {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		d.headings = append(d.headings, strings.Join(strings.Fields(words), " "))
	case atom.A, atom.Area:
		words = strings.Join(strings.Fields(words), " ")
		for _, a := range n.Attr {
			if a.Key != "href" {
				continue
			}
			d.links = append(d.links, link{to: strings.TrimSpace(a.Val), words: words})
			b.WriteString(shownBehind(words, a.Val))
		}
	}
}

// shownBehind is what plain text has behind a link's words: where it leads,
// unless they say it.
func shownBehind(words, to string) string {
	if words == to || "https://"+words == to {
		return ""
	}
	return " (" + to + ")"
}

// content returns the text right below n.
func content(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// isBlock are the elements that begin a line of their own.
var isBlock = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Aside: true, atom.Blockquote: true, atom.Body: true, atom.Caption: true,
	atom.Dd: true, atom.Details: true, atom.Div: true, atom.Dl: true, atom.Dt: true, atom.Fieldset: true, atom.Figcaption: true,
	atom.Figure: true, atom.Footer: true, atom.Form: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true,
	atom.H5: true, atom.H6: true, atom.Header: true, atom.Li: true, atom.Main: true, atom.Nav: true, atom.Ol: true,
	atom.P: true, atom.Pre: true, atom.Section: true, atom.Table: true, atom.Td: true, atom.Th: true, atom.Title: true,
	atom.Tr: true, atom.Ul: true,
}

// destinations returns where all links of a document lead.
func destinations(d *document) []string {
	var out []string
	for _, l := range d.links {
		out = append(out, l.to)
	}
	return out
}
