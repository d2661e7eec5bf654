package notice

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"
)

// The texts for everybody. Their names are reserved: no notice can have them.
const (
	Website    = "website"     // what stands on the company's website
	CallCenter = "call-center" // what those who answer calls say
)

// publications are the names of all texts for everybody, in their order.
var publications = []string{Website, CallCenter}

func isPublication(template string) bool { return slices.Contains(publications, template) }

// Publication is a text for everybody, made from the same facts as the notices.
type Publication struct {
	Name     string // Website or CallCenter
	Language string // for example "en"
	File     string // as messages name it, for example "templates/website.en.md"
	Source   []byte // what that file holds
	Text     []byte // plain text, one line a paragraph
	HTML     []byte // the same as a fragment: headings, paragraphs, lists and no page around them
}

// Publications returns the texts for everybody in the languages that are
// offered: first that for the website, then that for the call center, in
// English before other languages. A campaign need not have any.
func (n *Notice) Publications() ([]Publication, error) {
	var list []Publication
	for _, p := range n.published {
		text, html, err := p.render(n.publicData(p))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.file, err)
		}
		list = append(list, Publication{
			Name: p.name.template, Language: p.name.language, File: p.file, Source: slices.Clone(p.source),
			Text: text, HTML: append(bytes.TrimSpace(html), '\n'),
		})
	}
	return list, nil
}

// PublicData is what a text for everybody may use. The comment on top of each
// of their templates says the same to those who write templates.
type PublicData struct {
	Language string
	Incident *Incident
	Contact  Contact // the incident's
	Sender   Sender
	Laws     Laws
}

var publicType = reflect.TypeFor[*PublicData]()

func (n *Notice) publicData(p *page) *PublicData {
	e := p.edition
	return &PublicData{p.name.language, &e.incident, e.incident.Contact, e.sender, n.laws}
}

// isPersonal reports whether notices have a field that texts for everybody have
// not: it differs from reader to reader.
func isPersonal(field string) bool {
	_, personal := dataType.Elem().FieldByName(field)
	if _, ok := dataType.MethodByName(field); ok {
		personal = true
	}
	_, public := publicType.Elem().FieldByName(field)
	return personal && !public
}

// checkPublicFields reports the first field of a text for everybody that does
// not exist, or is a recipient's own.
func checkPublicFields(trees []*parse.Tree) error {
	c := &fieldCheck{root: publicType, used: map[string]bool{}}
	return c.check(trees)
}

// bareLayout is what stands around a text for everybody: nothing.
const bareLayout = `{{template "` + Name + `" .}}`

// compilePublications compiles the texts for everybody and tries them out. Of
// those in a language that is not offered it only checks what they are written
// like.
func (n *Notice) compilePublications(files fs.FS, there map[pageName]string) error {
	n.laws = newLaws(n.law, n.editions[english].incident.Affected != "")
	for _, name := range slices.SortedFunc(maps.Keys(there), n.comparePublished) {
		p := &page{name: name, public: true, file: "templates/" + there[name], edition: n.editions[name.language]}
		if err := n.compilePage(p, files, bareLayout); err != nil {
			return err
		}
		if p.edition == nil {
			continue
		}
		if err := n.tryPublished(p); err != nil {
			return err
		}
		n.published = append(n.published, p)
	}
	return nil
}

// comparePublished orders texts for everybody as Publications returns them.
func (n *Notice) comparePublished(a, b pageName) int {
	return cmp.Or(
		cmp.Compare(slices.Index(publications, a.template), slices.Index(publications, b.template)),
		cmp.Compare(slices.Index(n.languages, a.language), slices.Index(n.languages, b.language)),
		strings.Compare(a.language, b.language),
	)
}

// tryPublished renders a text for everybody, so that nothing fails or is empty
// where it must not be.
func (n *Notice) tryPublished(p *page) error {
	d := n.publicData(p)
	if err := p.trial.Execute(io.Discard, d); err != nil {
		return templateError(err)
	}
	p.trial = nil
	if _, _, err := p.render(d); err != nil {
		return fmt.Errorf("%s: %w", p.file, err)
	}
	return nil
}
