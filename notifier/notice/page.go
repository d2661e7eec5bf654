package notice

import (
	"bytes"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"text/template"
	"text/template/parse"
	"time"
	"unicode/utf8"
)

const layoutFile = "layout.html"

// page is one template in one language, compiled.
type page struct {
	name    pageName
	public  bool   // it is a text for everybody
	file    string // as messages name it
	source  []byte // as it was read
	edition *edition
	text    *template.Template
	html    *htmltemplate.Template
	trial   *template.Template // see tryOut; nil once that is done

	extra    []string // the names of further columns that it uses, sorted
	plain    bool     // its shapes may be rendered once; see checkFields
	computed string   // where samples do not show all: the file and line
	shapes   atomic.Pointer[map[shapeKey]*shape]
	adding   sync.Mutex // held while shapes is replaced
}

// compilePage compiles a page. One in a language that is not offered is only
// looked at.
func (n *Notice) compilePage(p *page, files fs.FS, layout string) error {
	src, err := readSource(files, strings.TrimPrefix(p.file, "templates/"))
	if err != nil {
		return err
	}
	p.source = []byte(src)
	src = unixLines(src)
	if err := n.checkSource(p, src, layout); err != nil || p.edition == nil {
		return err
	}
	doc, err := readMarkdown(src, &p.edition.incident)
	if err != nil {
		return fmt.Errorf("%s: %w", p.file, err)
	}
	doc.public = p.public
	if err := p.build(doc, layout); err != nil {
		return fmt.Errorf("%s: %w", p.file, err)
	}
	return nil
}

func readSource(files fs.FS, file string) (string, error) {
	b, err := fs.ReadFile(files, file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("templates/%s is missing", file)
	}
	return string(b), err
}

func unixLines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// checkSource takes the Markdown for a text template as it stands, since only
// there lines are the author's, and reports what would fail later.
func (n *Notice) checkSource(p *page, src, layout string) error {
	t, err := p.newText(p.file).Parse(src)
	if err != nil {
		return templateError(err)
	}
	l, err := p.newText("templates/" + layoutFile).Parse(layout)
	if err != nil {
		return templateError(err)
	}
	if l.Lookup(Name) == nil && !strings.Contains(layout, `{{template "`+Name+`" .}}`) {
		return fmt.Errorf(`templates/%s: {{template "%s" .}} is missing`, layoutFile, Name)
	}
	var trees []*parse.Tree
	for _, tt := range append(t.Templates(), l.Templates()...) {
		if tt.Tree != nil {
			trees = append(trees, tt.Tree)
		}
	}
	if p.public {
		err = checkPublicFields(trees)
	} else {
		p.plain, p.computed, p.extra, err = checkFields(trees, n.extra)
	}
	if err != nil {
		return err
	}
	p.trial, err = newTrial(t, l)
	return err
}

// build makes the page's two templates.
func (p *page) build(doc *document, layout string) (err error) {
	if p.text, err = p.newText(Name).Parse(doc.text()); err != nil {
		return templateError(err)
	}
	body, err := doc.html()
	if err != nil {
		return err
	}
	p.html = htmltemplate.New(layoutFile).Funcs(p.funcs()).Option("missingkey=error")
	if _, err = p.html.Parse(layout); err != nil {
		return templateError(err)
	}
	_, err = p.html.New(Name).Parse(body)
	return templateError(err)
}

func (p *page) newText(name string) *template.Template {
	return template.New(name).Funcs(p.funcs()).Option("missingkey=error")
}

// funcs is what templates may call beside Go's own functions.
func (p *page) funcs() map[string]any {
	return map[string]any{
		"date":    func(t time.Time) string { return dateIn(p.name.language, t) },
		underline: func(line, under string) string { return strings.Repeat(line, utf8.RuneCountInString(under)) },
	}
}

// render executes both templates with a *Data, or a *PublicData where the page
// is public.
func (p *page) render(d any) (text, html []byte, err error) {
	var b bytes.Buffer
	if err := p.text.Execute(&b, d); err != nil {
		return nil, nil, templateError(err)
	}
	text = append(bytes.TrimSpace(b.Bytes()), '\n')
	var h bytes.Buffer
	if err := p.html.Execute(&h, d); err != nil {
		return nil, nil, templateError(err)
	}
	return text, h.Bytes(), nil
}

var execPattern = regexp.MustCompile(`^template: (.+?:\d+):\d+: executing ".*?" at (<.*?>): (.*)$`)

// templateError says in fewer words what template packages say.
func templateError(err error) error {
	if err == nil {
		return nil
	}
	if empty := (*emptyError)(nil); errors.As(err, &empty) {
		return empty
	}
	s := err.Error()
	if m := execPattern.FindStringSubmatch(s); m != nil {
		return fmt.Errorf("%s: %s: %s", m[1], m[2], m[3])
	}
	return errors.New(strings.TrimPrefix(strings.TrimPrefix(s, "html/"), "template: "))
}
