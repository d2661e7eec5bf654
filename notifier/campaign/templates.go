package campaign

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/diff"
)

// How a campaign's template compares with the built-in one of its name.
const (
	TemplateBuiltIn = "as built in"
	TemplateChanged = "changed"
	TemplateOwn     = "the campaign's own"
	TemplateMissing = "missing"
)

// Template is a file in templates/.
type Template struct {
	Name  string // for example "notice.en.md"
	State string // one of the Template constants
}

// Templates are a campaign's templates beside the built-in ones. They can be
// looked at before campaign.yaml is complete.
type Templates struct {
	dir          string
	own, builtIn fstest.MapFS
}

// OpenTemplates reads the templates of the campaign in dir.
func OpenTemplates(dir string, builtIn fs.FS) (*Templates, error) {
	own, err := readTemplates(filepath.Join(dir, templatesDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, hint(fmt.Errorf("there are no templates in %s", dir), "make a campaign with: breachmail init DIR, and name it with -C DIR")
	}
	if err != nil {
		return nil, err
	}
	t := &Templates{dir: dir, own: own, builtIn: fstest.MapFS{}}
	return t, eachTemplate(builtIn, func(name string, b []byte) error {
		t.builtIn[name] = &fstest.MapFile{Data: b}
		return nil
	})
}

// List returns the templates by name.
func (t *Templates) List() []Template {
	names := maps.Clone(t.own)
	maps.Copy(names, t.builtIn)
	var list []Template
	for _, name := range slices.Sorted(maps.Keys(names)) {
		own, here := t.own[name]
		builtIn, known := t.builtIn[name]
		state := TemplateChanged
		switch {
		case !here:
			state = TemplateMissing
		case !known:
			state = TemplateOwn
		case bytes.Equal(own.Data, builtIn.Data):
			state = TemplateBuiltIn
		}
		list = append(list, Template{name, state})
	}
	return list
}

// Show returns a template as it stands in the campaign, or the built-in one.
func (t *Templates) Show(name string, builtIn bool) ([]byte, error) {
	from := t.own
	if builtIn {
		from = t.builtIn
	}
	if f, ok := from[name]; ok {
		return f.Data, nil
	}
	return nil, t.none(name)
}

// Diff returns how a template differs from the built-in one, as a unified
// diff; empty where it does not.
func (t *Templates) Diff(name string) ([]byte, error) {
	own, here := t.own[name]
	builtIn, known := t.builtIn[name]
	if !here && !known {
		return nil, t.none(name)
	}
	var a, b []byte
	from, to := "built in/"+name, filepath.Join(t.dir, templatesDir, name)
	if known {
		a = builtIn.Data
	}
	if here {
		b = own.Data
	}
	return diff.Diff(from, a, to, b), nil
}

func (t *Templates) none(name string) error {
	list := make([]string, 0, len(t.own))
	for _, f := range t.List() {
		list = append(list, f.Name)
	}
	return hint(fmt.Errorf("%w: there is no template %q", ErrUsage, name), "templates: %s", strings.Join(list, ", "))
}
