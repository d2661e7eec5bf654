package notice

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"breachmail/templates"
)

// builtInFiles are the built-in templates, to be changed.
func builtInFiles(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	list, err := fs.Glob(templates.FS, "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range list {
		b, err := fs.ReadFile(templates.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		files[file] = &fstest.MapFile{Data: b}
	}
	return files
}

func published(t *testing.T, o Options) []Publication {
	t.Helper()
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	list, err := n.Publications()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// publishedNames names texts for everybody, for example "website.en".
func publishedNames(list []Publication) []string {
	var names []string
	for _, p := range list {
		names = append(names, p.Name+"."+p.Language)
	}
	return names
}

func TestGoldenPublications(t *testing.T) {
	rich := richOptions(t)
	rich.Extra = []string{"store"} // of no concern to them
	known := goldenPublications(t, "", published(t, stateOptions(t)))
	known = append(known, goldenPublications(t, "rich-", published(t, rich))...)
	bare := testOptions()
	bare.Incident.Contact = Contact{Post: bare.Incident.Contact.Post}
	bare.Incident.Occurred = Range{}
	bare.Incident.SignedBy.Title = ""
	known = append(known, goldenPublications(t, "bare-", published(t, bare))...)
	checkStale(t, publishedDir, known)
}

func goldenPublications(t *testing.T, prefix string, list []Publication) []string {
	t.Helper()
	var known []string
	for _, p := range list {
		name := prefix + p.Name + "." + p.Language
		golden(t, publishedDir, name+".txt", p.Text)
		golden(t, publishedDir, name+".html", p.HTML)
		known = append(known, name+".txt", name+".html")
	}
	return known
}

// Texts for everybody come in a fixed order, in the languages that are offered,
// and are no notices.
func TestPublicationsOrder(t *testing.T) {
	o := stateOptions(t)
	files := builtInFiles(t)
	o.Templates = files
	list := published(t, o)
	if got, want := publishedNames(list), []string{"website.en", "website.es", "call-center.en", "call-center.es"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, p := range list {
		if file := p.Name + "." + p.Language + ".md"; p.File != "templates/"+file || !bytes.Equal(p.Source, files[file].Data) {
			t.Errorf("%s.%s is of %s", p.Name, p.Language, p.File)
		}
	}

	files["website.ar.md"] = files["website.en.md"]
	files["notice.ar.md"] = files["notice.en.md"]
	o.Translations["ar"] = spanish()
	delete(files, "call-center.es.md")
	if got, want := publishedNames(published(t, o)), []string{"website.en", "website.ar", "website.es", "call-center.en"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}

	o.Translations = nil
	if got, want := publishedNames(published(t, o)), []string{"website.en", "call-center.en"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range n.Variants() {
		if isPublication(v.Template) {
			t.Errorf("%s is a variant", v)
		}
	}
}

// A campaign from before there were such texts has none.
func TestNoPublications(t *testing.T) {
	if list := published(t, withTemplate(t, "# N\n")); len(list) != 0 {
		t.Errorf("got %q", publishedNames(list))
	}
}

// withWebsite returns the test's options with that text for the website.
func withWebsite(t testing.TB, markdown string) Options {
	t.Helper()
	o := withTemplate(t, "# N\n")
	o.Templates.(fstest.MapFS)["website.en.md"] = &fstest.MapFile{Data: []byte(markdown)}
	return o
}

func TestPublicationErrors(t *testing.T) {
	for _, tt := range []struct{ markdown, want string }{
		{"# N\n\nDear {{.Name}}", "templates/website.en.md:3: a text for everybody cannot use .Name (it is the recipient's own; in .Name)"},
		{"{{if false}}\n{{$.Reference}}{{end}}", "templates/website.en.md:2: a text for everybody cannot use .Reference"},
		{"{{range .Accounts}}x{{end}}", "templates/website.en.md:1: a text for everybody cannot use .Accounts"},
		{"{{if eq .Types `both`}}x{{end}}", "a text for everybody cannot use .Types"},
		{"{{with .State}}x{{end}}", "a text for everybody cannot use .State"},
		{"{{.Extra.store}}", "a text for everybody cannot use .Extra (it is"},
		{"{{define `x`}}\n{{.Name}}{{end}}{{template `x` .}}", "templates/website.en.md:2: a text for everybody cannot use .Name"},
		{"{{if .Law.Count}}x{{end}}", "a text for everybody cannot use .Law (write .Laws, which is those of all states; in .Law.Count)"},
		{"\n{{.Nmae}}", "templates/website.en.md:2: there is no field .Nmae (in .Nmae)"},
		{"{{range .Laws}}\n{{.Name}}{{end}}", "templates/website.en.md:2: there is no field .Name"},
		{"{{range .Laws.Shared}}{{.Fax}}{{end}}", "there is no field .Fax"},
		{"{{with and . .}}\n{{.Name}}{{end}}", "templates/website.en.md:2: <.Name>: can't evaluate field Name"},
		{"\n{{.Contact.Phone}}", "templates/website.en.md:2: .Contact.Phone is empty here (write it inside {{if .Contact.Phone}}, or fill in incident.contact.phone)"},
		{"\n{{index .Laws 3}}", "templates/website.en.md:2: <index .Laws 3>: error calling index"},
		{"{{if .Laws}}", "templates/website.en.md:1: unexpected EOF"},
		{"x <b>y</b>", `templates/website.en.md: HTML is not allowed: "<b>"`},
		{"![x](https://example.com/x.png)", "templates/website.en.md: a picture is not allowed"},
		{"bm7act0zz", "may not stand in a template"},
	} {
		o := withWebsite(t, tt.markdown)
		o.Incident.Contact.Phone = ""
		t.Run(tt.markdown, func(t *testing.T) { wantError(t, o, tt.want) })
	}
}

// What is written wrongly is said of texts in languages that are not offered,
// too, and a draft is looked at like the rest.
func TestPublicationsAreTried(t *testing.T) {
	o := withWebsite(t, "# N\n")
	files := o.Templates.(fstest.MapFS)
	files["call-center.fr.md"] = &fstest.MapFile{Data: []byte("\n{{.Name}}")}
	wantError(t, o, "templates/call-center.fr.md:2: a text for everybody cannot use .Name")
	delete(files, "call-center.fr.md")
	wantNothing(t, o)

	o = withWebsite(t, "\n{{.Incident.Services}}")
	o.Draft = true
	wantError(t, o, "templates/website.en.md:2: .Incident.Services is empty here")
}

// A notice cannot use what only texts for everybody have.
func TestNoticeHasNoLaws(t *testing.T) {
	wantError(t, withTemplate(t, "{{range .Laws}}x{{end}}"), "templates/notice.en.md:1: there is no field .Laws")
}

// No state's notice can be a text for everybody.
func TestLawNamesPublication(t *testing.T) {
	o := stateOptions(t)
	o.Law = lawFrom(t, "MA,name,Massachusetts", "MA,template,website")
	wantError(t, o, "law.csv:3: MA asks for the template website, which is a text for everybody and no notice (give the notice's file another name)")
	o.Law = lawFrom(t, "MA,template,call-center")
	wantError(t, o, "law.csv:2: MA asks for the template call-center")
}

// A draft's texts read TODO where the facts are missing, in every language.
func TestDraftPublications(t *testing.T) {
	o := stateOptions(t)
	o.Incident, o.Translations, o.Draft = Incident{}, map[string]Translation{"es": {}}, true
	list := published(t, o)
	if len(list) != 4 {
		t.Fatalf("got %q", publishedNames(list))
	}
	for _, p := range list {
		if strings.Count(string(p.Text), missing) < 6 {
			t.Errorf("%s.%s: got\n%s", p.Name, p.Language, p.Text)
		}
	}
}

// What the incident says is text, or Markdown where it may be, and never more.
func TestPublicationsAreSafe(t *testing.T) {
	o := stateOptions(t)
	o.Incident.Company = `A <script>alert(1)</script> & "B"`
	o.Incident.WhatHappened = "Read **this**: {{.Name}} & [our page](javascript:alert(1))."
	o.Incident.Involved = []string{"<b>name</b>", "*stars*"}
	es := o.Translations["es"]
	es.Involved = []string{"nombre", "estrellas"}
	o.Translations["es"] = es
	for _, p := range published(t, o) {
		for _, bad := range []string{"<script", "<b>", "javascript:"} {
			if bytes.Contains(p.HTML, []byte(bad)) {
				t.Errorf("%s.%s: %q stands in\n%s", p.Name, p.Language, bad, p.HTML)
			}
		}
		if bytes.Contains(p.HTML, []byte("<body")) || !bytes.HasPrefix(p.HTML, []byte("<h1>")) {
			t.Errorf("%s.%s is no fragment:\n%.200s", p.Name, p.Language, p.HTML)
		}
		if p.Language != english {
			continue
		}
		if !bytes.Contains(p.HTML, []byte("Read <strong>this</strong>: {{.Name}} &amp;")) || !bytes.Contains(p.HTML, []byte("<li>the &lt;b&gt;name&lt;/b&gt;</li>")) {
			t.Errorf("%s.%s: got\n%s", p.Name, p.Language, p.HTML)
		}
		if !bytes.Contains(p.Text, []byte(o.Incident.Company)) || !bytes.Contains(p.Text, []byte("- the *stars*\n")) {
			t.Errorf("%s.%s: got\n%s", p.Name, p.Language, p.Text)
		}
	}
}

// How many are affected is said to nobody here: the law of some states asks for
// it in the notice, that of others forbids it.
func TestPublishedCount(t *testing.T) {
	for _, p := range published(t, stateOptions(t)) {
		if count := strings.Count(string(p.Text), "2,000,000"); count != 0 {
			t.Errorf("%s.%s names the number %d times", p.Name, p.Language, count)
		}
	}
}

// What was not involved is said only where counsel has confirmed it.
func TestPublishedNotInvolved(t *testing.T) {
	for _, p := range published(t, stateOptions(t)) {
		for _, claim := range []string{"was not involved", "no estuvo involucrada"} {
			if bytes.Contains(p.Text, []byte(claim)) {
				t.Errorf("%s.%s claims that something %s", p.Name, p.Language, claim)
			}
		}
	}
	for _, p := range published(t, richOptions(t)) {
		if !bytes.Contains(p.Text, []byte("was not involved:\n\n- passwords\n- payment cards\n")) {
			t.Errorf("%s.%s does not say what was not involved", p.Name, p.Language)
		}
	}
}

// Every office that a law asks for stands in each text, and stands there once.
func TestPublishedOffices(t *testing.T) {
	n := testStateNotice(t)
	list, err := n.Publications()
	if err != nil {
		t.Fatal(err)
	}
	all := n.laws.Any()
	if len(all.Bureaus) != 3 || len(all.Offices) < 8 {
		t.Fatalf("%d bureaus, %d offices", len(all.Bureaus), len(all.Offices))
	}
	for _, p := range list {
		for _, o := range slices.Concat(all.Bureaus, all.Offices) {
			for _, part := range []string{o.Name + ", ", o.Web + "\n"} {
				if count := strings.Count(string(p.Text), part); count != 1 {
					t.Errorf("%s.%s: %q stands there %d times", p.Name, p.Language, part, count)
				}
			}
		}
		for _, raw := range []string{"{{", "<no value>", missing, "bm7", "ZgotmplZ", "<ul>\n</ul>", "\n\n\n", "- \n"} {
			if bytes.Contains(p.Text, []byte(raw)) || raw != "\n\n\n" && bytes.Contains(p.HTML, []byte(raw)) {
				t.Errorf("%s.%s: %q stands in it", p.Name, p.Language, raw)
			}
		}
	}
}

// A line under a heading is as long as the heading, whatever stands in it.
func TestPublishedHeadings(t *testing.T) {
	o := withWebsite(t, "# {{.Incident.Company}}\n\n{{range .Laws}}\n## {{.State}}\n\nx\n{{end}}\n")
	want := "Northwind Mobile\n================\n\nMaryland\n--------\n\nx\n\nMassachusetts\n-------------\n\nx\n\nNew Mexico\n----------\n\nx\n\nOR\n--\n\nx\n"
	o.Law = someLaw(t)
	o.Templates.(fstest.MapFS)["massachusetts.en.md"] = &fstest.MapFile{Data: []byte("# N\n")}
	if list := published(t, o); string(list[0].Text) != want {
		t.Errorf("got %q", list[0].Text)
	}
}

// California's five headings stand in the website's text to the letter, in
// their order.
func TestPublishedTitles(t *testing.T) {
	for _, p := range published(t, stateOptions(t)) {
		if p.Name != Website {
			continue
		}
		rest := string(p.HTML)
		for _, h := range []string{"Notice of Data Breach", "What Happened", "What Information Was Involved", "What We Are Doing", "What You Can Do", "For More Information"} {
			var ok bool
			if _, rest, ok = strings.Cut(rest, h); !ok {
				t.Errorf("%s.%s: heading %q is missing or out of order", p.Name, p.Language, h)
			}
		}
	}
}

func TestLaws(t *testing.T) {
	l := someLaw(t)
	by := map[string]*Law{}
	for _, state := range l.States() {
		if law := newLaw(l, state); law != nil {
			by[state] = law
		}
	}
	names := func(l Laws) (list []string) {
		for _, law := range l {
			list = append(list, law.State)
		}
		return list
	}
	laws := newLaws(by, true)
	if got, want := names(laws), []string{"Maryland", "Massachusetts", "New Mexico", "OR"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := names(laws.Local()), names(laws); !slices.Equal(got, want) {
		t.Errorf("local are %q, want %q", got, want)
	}
	if got, want := names(newLaws(by, false).Local()), []string{"Maryland", "Massachusetts", "New Mexico"}; !slices.Equal(got, want) {
		t.Errorf("local without a count are %q, want %q", got, want)
	}
	if !by["OR"].Count {
		t.Error("a notice's own law was changed")
	}
	if all := laws.Any(); all.State != "" || len(all.Bureaus) != 3 || len(all.Offices) != 2 || !all.Freeze || !all.FCRA || !all.Count || !all.BureausByPhone || !all.PoliceReport || !all.ReportTheft || !all.FraudAlert {
		t.Errorf("got %+v", all)
	}
	if all := (Laws)(nil).Any(); all.Freeze || all.Offices != nil {
		t.Errorf("got %+v", all)
	}

	ftc, ag := Office{Name: "FTC"}, Office{Name: "AG"}
	a, b, c := &Law{State: "A", Offices: []Office{ag, ftc}}, &Law{State: "B", Offices: []Office{ftc}}, &Law{State: "C", Bureaus: []Office{{Name: "E"}}, Freeze: true}
	laws = Laws{a, b, c}
	if got := laws.Shared(); !slices.Equal(got, []Office{ftc}) {
		t.Errorf("shared are %v", got)
	}
	if got := laws.Own(a); !slices.Equal(got, []Office{ag}) {
		t.Errorf("own are %v", got)
	}
	if got := names(laws.Local()); !slices.Equal(got, []string{"A"}) || len(laws.Own(b)) != 0 || len(a.Offices) != 2 {
		t.Errorf("local are %q", got)
	}
}

// The address of a sender stands without its name.
func TestSenderAddress(t *testing.T) {
	for from, want := range map[string]string{
		"Northwind Mobile <notices@example.com>": "notices@example.com", "notices@example.com": "notices@example.com",
		`"Zoë, Inc." <z@example.com>`: "z@example.com", "nobody": "",
	} {
		if got := (Sender{From: from}).Address(); got != want {
			t.Errorf("%s: got %q", from, got)
		}
	}
}
