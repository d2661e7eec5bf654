package notice

import (
	"bytes"
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"breachmail/notifier"
	"breachmail/templates"
)

func TestVariant(t *testing.T) {
	o := stateOptions(t)
	o.Law = someLaw(t)
	files := fstest.MapFS{}
	for _, file := range []string{"notice.en.md", "notice.es.md", "massachusetts.en.md", layoutFile} {
		b, err := fs.ReadFile(templates.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		files[file] = &fstest.MapFile{Data: b}
	}
	o.Templates = files
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ state, language, want string }{
		{"MD", "en", "notice-en-both-MD"},
		{"MD", "es", "notice-es-both-MD"},
		{"MD", "fr", "notice-en-both-MD"},
		{"MD", "", "notice-en-both-MD"},
		{"MA", "en", "massachusetts-en-both-MA"},
		{"MA", "es", "massachusetts-en-both-MA"}, // there is no Spanish one
		{"AK", "es", "notice-es-both"},
		{"IL", "en", "notice-en-both"},
		{"US", "en", "notice-en-both"},
		{"", "en", "notice-en-both"},
		{notifier.UnknownState, "en", "notice-en-both"},
	} {
		if got := n.Variant(tt.state, tt.language, "both").String(); got != tt.want {
			t.Errorf("%s in %q: got %s, want %s", tt.state, tt.language, got, tt.want)
		}
	}
	var names []string
	for _, v := range n.Variants() {
		if v.Types == "both" {
			names = append(names, v.String())
		}
	}
	want := []string{
		"notice-en-both", "notice-es-both", "massachusetts-en-both-MA", "notice-en-both-MD", "notice-es-both-MD",
		"notice-en-both-NM", "notice-es-both-NM", "notice-en-both-OR", "notice-es-both-OR",
	}
	if !slices.Equal(names, want) || len(n.Variants()) != 3*len(want) {
		t.Errorf("got %q", names)
	}
}

// Without law there are the base notices and no others.
func TestVariantsWithoutLaw(t *testing.T) {
	n := testNotice(t)
	want := []notifier.Variant{variant("prepaid"), variant("postpaid"), variant("both")}
	if got := n.Variants(); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if got := n.Variant("MA", "es", "both"); got != variant("both") {
		t.Errorf("got %v", got)
	}
}

// A stand-in is somebody who gets the variant that it stands for.
func TestSampleIsOfItsVariant(t *testing.T) {
	n := testStateNotice(t)
	for _, v := range n.Variants() {
		r := n.Sample(v)
		if got := n.Variant(r.State, r.Language, notifier.TypesOf(r.Accounts)); got != v || r.Variant != v {
			t.Errorf("%s: the stand-in gets %s", v, got)
		}
	}
}

func TestSource(t *testing.T) {
	n := testStateNotice(t)
	for _, v := range n.Variants() {
		file, text := n.Source(v)
		want, err := fs.ReadFile(templates.FS, v.Template+"."+v.Language+".md")
		if err != nil || file != "templates/"+v.Template+"."+v.Language+".md" || !bytes.Equal(text, want) {
			t.Errorf("%s: got %s (%v)", v, file, err)
		}
	}
	if file, text := n.Source(notifier.Variant{Template: "other", Language: "en"}); file != "" || text != nil {
		t.Errorf("got %s", file)
	}

	crlf := "# N\r\n\r\n{{.Reference}}\r\n"
	n, err := Compile(withTemplate(t, crlf))
	if err != nil {
		t.Fatal(err)
	}
	if _, text := n.Source(variant("both")); string(text) != crlf {
		t.Errorf("got %q", text)
	}
}

func TestMissingTemplate(t *testing.T) {
	o := withTemplate(t, "# N\n")
	wantNothing(t, o)
	o.Law = someLaw(t)
	wantError(t, o, "law.csv: MA asks for the template massachusetts, but templates/massachusetts.en.md is missing")
	files := o.Templates.(fstest.MapFS)
	files["massachusetts.es.md"] = files["notice.en.md"]
	wantError(t, o, "law.csv: MA asks for the template massachusetts, but templates/massachusetts.en.md is missing")
	files["massachusetts.en.md"] = files["notice.en.md"]
	wantNothing(t, o)
}

func wantNothing(t *testing.T, o Options) {
	t.Helper()
	if _, err := Compile(o); err != nil {
		t.Error(err)
	}
}

// What each variant needs is seen before anything leaves, and not only what
// the base notice does.
func TestEveryVariantIsTried(t *testing.T) {
	o := stateOptions(t)
	files := fstest.MapFS{}
	if err := fs.WalkDir(templates.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(templates.FS, path)
		files[path] = &fstest.MapFile{Data: b}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	o.Templates = files
	wantNothing(t, o)
	for _, tt := range []struct{ file, markdown, want string }{
		{"notice.es.md", "\n\n{{if eq .State `WA`}}\n{{index .Accounts 9}}{{end}}", "templates/notice.es.md:4: <index .Accounts 9>"},
		{"massachusetts.es.md", "\n{{if eq .Types `both`}}{{index .Accounts 9}}{{end}}", "templates/massachusetts.es.md:2: <index .Accounts 9>"},
		{"notice.en.md", "{{if eq .State `WA`}}\n{{.Incident.Services}}{{end}}", "templates/notice.en.md:2: .Incident.Services is empty here"},
		{"notice.en.md", "\n{{.Law.State}}", "templates/notice.en.md:2: .Law.State is empty here (write it inside {{if .Law.State}})"},
	} {
		before := files[tt.file]
		files[tt.file] = &fstest.MapFile{Data: []byte(tt.markdown)}
		wantError(t, o, tt.want)
		files[tt.file] = before
	}
}

func BenchmarkCompile(b *testing.B) {
	o := stateOptions(b)
	for b.Loop() {
		if _, err := Compile(o); err != nil {
			b.Fatal(err)
		}
	}
}
