package notice

import (
	"bytes"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"text/template"
	"text/template/parse"
	"time"

	"breachmail/notifier"
)

const layoutFile = "layout.html"

// page is one template in one language, compiled.
type page struct {
	name pageName
	text *template.Template
	html *htmltemplate.Template

	extra  []string // the names of further columns that it uses, sorted
	plain  bool     // its shapes may be rendered once; see checkFields
	shapes atomic.Pointer[map[shapeKey]*shape]
	adding sync.Mutex // held while shapes is replaced
}

// compilePage compiles one file, named template.LANG.md.
func (n *Notice) compilePage(files fs.FS, file string) (*page, error) {
	src, err := readSource(files, file)
	if err != nil {
		return nil, err
	}
	layout, err := readSource(files, layoutFile)
	if err != nil {
		return nil, err
	}
	parts := strings.Split(file, ".")
	p := &page{name: pageName{strings.Join(parts[:len(parts)-2], "."), parts[len(parts)-2]}}
	if err = n.checkSource(p, "templates/"+file, src, layout); err != nil {
		return nil, err
	}
	doc, err := readMarkdown(src, &n.incident)
	if err != nil {
		return nil, fmt.Errorf("templates/%s: %w", file, err)
	}
	if err := p.build(doc, layout); err != nil {
		return nil, fmt.Errorf("templates/%s: %w", file, err)
	}
	return p, n.tryOut(p, func(d *Data) error {
		if _, _, err := p.render(d); err != nil {
			return fmt.Errorf("templates/%s: %w", file, err)
		}
		return nil
	})
}

func readSource(files fs.FS, file string) (string, error) {
	b, err := fs.ReadFile(files, file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("templates/%s is missing", file)
	}
	return strings.ReplaceAll(string(b), "\r\n", "\n"), err
}

// checkSource takes the Markdown for a text template as it stands, since only
// there lines are the author's, and reports what would fail later.
func (n *Notice) checkSource(p *page, name, src, layout string) error {
	t, err := p.newText(name).Parse(src)
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
	if p.plain, p.extra, err = checkFields(trees, n.extra); err != nil {
		return err
	}
	return n.tryOut(p, func(d *Data) error { return templateError(t.Execute(io.Discard, d)) })
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
	layout := dateLayouts[p.name.language]
	if layout == "" {
		layout = time.DateOnly
	}
	return map[string]any{"date": func(t time.Time) string {
		if t.IsZero() {
			return missing // in a draft only; see Incident.check
		}
		return t.Format(layout)
	}}
}

// dateLayouts is how a day is written, by language; others get 2006-01-02.
var dateLayouts = map[string]string{"en": "January 2, 2006"}

// tryOut calls f with stand-ins of every kind.
func (n *Notice) tryOut(p *page, f func(*Data) error) error {
	for _, types := range []string{"prepaid", "postpaid", "both"} {
		for _, state := range []string{"", "NY"} {
			r := n.Sample(notifier.Variant{Template: p.name.template, Language: p.name.language, Types: types, State: state})
			d, err := n.newData(p, &r, nil)
			if err != nil {
				return err
			}
			for _, d := range d.gaps() {
				if err := f(&d); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// gaps returns d, and d without what a recipient may lack.
func (d *Data) gaps() []Data {
	nameless := *d
	nameless.Name = ""
	out := []Data{*d, nameless}
	if len(d.extra) == 0 {
		return out
	}
	blank := slices.Clone(d.extra)
	for i := range blank {
		blank[i].text = ""
	}
	for _, full := range out {
		full.extra = blank
		out = append(out, full)
	}
	return out
}

// render executes both templates.
func (p *page) render(d *Data) (text, html []byte, err error) {
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
	s := err.Error()
	if m := execPattern.FindStringSubmatch(s); m != nil {
		return fmt.Errorf("%s: %s: %s", m[1], m[2], m[3])
	}
	return errors.New(strings.TrimPrefix(strings.TrimPrefix(s, "html/"), "template: "))
}
