package notice

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// document is one notice's Markdown, read, with its actions kept aside.
type document struct {
	source  []byte
	root    ast.Node
	actions actions
	public  bool // it is a text for everybody
}

// readMarkdown reads a template whose actions are taken out and whose incident
// texts are put in.
func readMarkdown(src string, incident *Incident) (*document, error) {
	values := map[string]string{
		".Incident.WhatHappened":   incident.WhatHappened,
		".Incident.WhatWeAreDoing": incident.WhatWeAreDoing,
		".Incident.WhatYouCanDo":   incident.WhatYouCanDo,
		".Incident.Services":       incident.Services,
	}
	md, acts, err := takeActions(src, func(action string) (string, bool) {
		v, ok := values[strings.TrimPrefix(action, "$")]
		return strings.TrimSpace(v), ok
	})
	if err != nil {
		return nil, err
	}
	d := &document{actions: acts}
	d.root, d.source = parseMarkdown(md)
	d.liftActions(d.root)
	d.liftRanges(d.root)
	return d, refuseUnsafe(d.root, d.source)
}

func parseMarkdown(src string) (ast.Node, []byte) {
	source := []byte(src)
	return markdown(nil).Parser().Parse(text.NewReader(source)), source
}

// html returns the notice's HTML as a template.
func (d *document) html() (string, error) {
	var b bytes.Buffer
	if err := markdown(d.actions).Renderer().Render(&b, d.source, d.root); err != nil {
		return "", err
	}
	return d.actions.restore(b.String()), nil
}

// markdown is what of CommonMark a notice may use: no code, no quotations, no
// underlined headings, which plain sentences turn into by accident. HTML is
// read only to be refused.
func markdown(acts actions) goldmark.Markdown {
	p := parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewHTMLBlockParser(), 900),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewRawHTMLParser(), 400),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)
	md := goldmark.New(goldmark.WithParser(p))
	md.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(actionRenderer{acts}, 100)))
	return md
}

// refuseUnsafe reports the first piece of HTML or picture.
func refuseUnsafe(root ast.Node, source []byte) error {
	return ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.HTMLBlock:
			return ast.WalkStop, refusal("HTML", n.Lines().Value(source))
		case *ast.RawHTML:
			return ast.WalkStop, refusal("HTML", n.Segments.Value(source))
		case *ast.Image:
			return ast.WalkStop, refusal("a picture", n.Destination)
		}
		return ast.WalkContinue, nil
	})
}

func refusal(what string, where []byte) error {
	return &unsafeError{what, strings.TrimSpace(string(where))}
}

// unsafeError is a piece of Markdown that may stand in no text of ours.
type unsafeError struct{ what, where string }

func (e *unsafeError) Error() string {
	return fmt.Sprintf("%s is not allowed: %.60q (write plain Markdown)", e.what, e.where)
}

// actionNode is a block of control actions, such as {{if .Name}}.
type actionNode struct {
	ast.BaseBlock
	numbers []int
}

var kindAction = ast.NewNodeKind("Action")

// Kind implements ast.Node.
func (n *actionNode) Kind() ast.NodeKind { return kindAction }

// Dump implements ast.Node.
func (n *actionNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// liftActions turns paragraphs of nothing but control actions into action
// nodes, so that no <p> stands around them.
func (d *document) liftActions(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Type() != ast.TypeBlock {
			return
		}
		if c.Kind() == ast.KindParagraph || c.Kind() == ast.KindTextBlock {
			if numbers, ok := d.actions.control(string(c.Lines().Value(d.source))); ok {
				a := &actionNode{numbers: numbers}
				n.ReplaceChild(n, c, a)
				c = a
				continue
			}
		}
		d.liftActions(c)
	}
}

// liftRanges moves a range and its end that stand around one list into the
// list, so that the items are repeated and not the list.
func (d *document) liftRanges(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Kind() != ast.KindList {
			if c.Type() == ast.TypeBlock {
				d.liftRanges(c)
			}
			continue
		}
		before, ok1 := c.PreviousSibling().(*actionNode)
		after, ok2 := c.NextSibling().(*actionNode)
		if !ok1 || !ok2 || !d.only(before, "range ") || !d.firstIs(after, "end") {
			continue
		}
		n.RemoveChild(n, before)
		c.InsertBefore(c, c.FirstChild(), before)
		// What follows the end on its own line stays outside.
		end := &actionNode{numbers: after.numbers[:1]}
		c.AppendChild(c, end)
		if after.numbers = slices.Clone(after.numbers[1:]); len(after.numbers) == 0 {
			n.RemoveChild(n, after)
		}
	}
}

func (d *document) only(n *actionNode, prefix string) bool {
	return len(n.numbers) == 1 && d.firstIs(n, prefix)
}

func (d *document) firstIs(n *actionNode, prefix string) bool {
	return strings.HasPrefix(inner(d.actions[n.numbers[0]]), prefix)
}

// actionRenderer writes action nodes as their tokens.
type actionRenderer struct{ actions actions }

// RegisterFuncs implements renderer.NodeRenderer.
func (r actionRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindAction, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString(r.actions.tokens(n.(*actionNode).numbers))
		}
		return ast.WalkContinue, nil
	})
}

// tokens returns the tokens of the actions of those numbers, with their trim
// markers taken off for good.
func (a actions) tokens(numbers []int) string {
	var b strings.Builder
	for _, i := range numbers {
		a[i] = a.block(i)
		b.WriteString(a.token(i))
	}
	return b.String()
}
