package review

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/notice"
	"breachmail/templates"
)

// campaign is what lint tests start from: the built-in templates and law, an
// incident with everything in it, in English and Spanish. Tests change it and
// then lint it.
type campaign struct {
	notice.Options
	config string
	law    string
	change func(*Material)
}

// lawOf returns what the built-in law data says of some states, or all of it, as
// if counsel had compared what was not verified.
func lawOf(states ...string) string {
	var b strings.Builder
	for line := range bytes.Lines(jurisdiction.BuiltIn()) {
		state, _, _ := strings.Cut(string(line), ",")
		if len(state) != 2 || len(states) == 0 || slices.Contains(states, state) {
			b.Write(bytes.Replace(line, []byte(","+jurisdiction.Memory+"\n"), []byte(","+jurisdiction.Counsel+"\n"), 1))
		}
	}
	return b.String()
}

// everywhere makes the notices to all states reach somebody, in every wording.
func (c *campaign) everywhere() {
	c.law = lawOf()
	c.change = also(c.change, func(m *Material) { m.Reached = append(m.Reached, everybody(m.Notices, m.Law)...) })
}

func newCampaign(t testing.TB) *campaign {
	t.Helper()
	c := &campaign{Options: testOptions(), law: lawOf(jurisdiction.Federal, "MA")}
	c.Templates = fstest.MapFS{}
	c.builtIn(t, "layout.html", baseEnglish, baseSpanish, "massachusetts.en.md", "massachusetts.es.md")
	i := &c.Incident
	i.Occurred.To = i.Occurred.From.AddDate(0, 0, 2)
	i.Discovered = i.Occurred.From.AddDate(0, 0, 3)
	i.Affected, i.LawEnforcementDelay, i.Parent = "2,000,000", "no", "Northwind Holdings"
	i.Services = "We pay for one year of credit monitoring for everyone who wants it."
	i.Contact.Post = "Northwind Mobile, Privacy, 1 Example Street, Springfield"
	c.Translations = map[string]notice.Translation{"es": {
		Subject: "Aviso de violación de datos", SignerTitle: "Directora ejecutiva", Hours: "todos los días, de 8 a. m. a 8 p. m.",
		WhatHappened:   "Alguien ajeno a la empresa usó mal una de nuestras interfaces y leyó información sobre las cuentas de algunos clientes.",
		WhatWeAreDoing: "Cerramos la entrada, y ahora se revisa cada solicitud.",
		WhatYouCanDo:   "Puede cambiar el PIN de su cuenta en cualquier tienda o por teléfono.",
		Services:       "Pagamos un año de vigilancia de crédito a quien lo quiera.",
		Involved:       []string{"nombre", "código postal", "número de teléfono", "correo electrónico", "número de cuenta", "tipo de cuenta"},
	}}
	c.config = "campaign: aug-2018\nsender:\n  subject: Notice of Data Breach\nincident:\n  what_happened: " + i.WhatHappened + "\n  what_we_are_doing: " + i.WhatWeAreDoing +
		"\n  what_you_can_do: " + i.WhatYouCanDo + "\n  services: " + i.Services +
		"\n  translations:\n    es:\n      services: " + c.Translations["es"].Services + "\n      what_you_can_do: " + c.Translations["es"].WhatYouCanDo + "\nholds: []\n"
	return c
}

// builtIn adds built-in templates. Those for everybody are in few tests, since
// they take as long as the notices.
func (c *campaign) builtIn(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		b, err := fs.ReadFile(templates.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		c.file(name, func(string) string { return string(b) })
	}
}

// publish adds the texts for everybody.
func (c *campaign) publish(t testing.TB) {
	t.Helper()
	c.builtIn(t, "website.en.md", "website.es.md", "call-center.en.md", "call-center.es.md")
}

// english leaves the campaign the notices in English.
func (c *campaign) english() {
	c.Translations = map[string]notice.Translation{}
	files := maps.Clone(c.Templates.(fstest.MapFS))
	maps.DeleteFunc(files, func(name string, _ *fstest.MapFile) bool { return strings.HasSuffix(name, ".es.md") })
	c.Templates = files
}

// base leaves the campaign the base notice in English, which is quick to judge.
func (c *campaign) base() {
	c.english()
	c.law = lawOf(jurisdiction.Federal)
	files := maps.Clone(c.Templates.(fstest.MapFS))
	delete(files, "massachusetts.en.md")
	c.Templates = files
}

// file changes one of the templates.
func (c *campaign) file(name string, change func(string) string) {
	files := maps.Clone(c.Templates.(fstest.MapFS))
	var old string
	if f := files[name]; f != nil {
		old = string(f.Data)
	}
	files[name] = &fstest.MapFile{Data: []byte(change(old))}
	c.Templates = files
}

// add appends a paragraph to a template.
func (c *campaign) add(name, paragraph string) {
	c.file(name, func(s string) string { return strings.TrimRight(s, "\n") + "\n\n" + paragraph + "\n" })
}

// replace exchanges a piece of a template that has to be there.
func (c *campaign) replace(t testing.TB, name, old, with string) {
	t.Helper()
	c.file(name, func(s string) string {
		if !strings.Contains(s, old) {
			t.Fatalf("%s has no %q", name, old)
		}
		return strings.ReplaceAll(s, old, with)
	})
}

// fact appends a fact to the law data, in the place of what it says so far.
func (c *campaign) fact(state, fact, value string) {
	var out []string
	for line := range strings.Lines(c.law) {
		if !strings.HasPrefix(line, state+","+fact+",") {
			out = append(out, line)
		}
	}
	c.law = strings.TrimRight(strings.Join(out, ""), "\n") + "\n" + state + "," + fact + "," + value + ",counsel,2026-11,,counsel\n"
}

func (c *campaign) material(t testing.TB) Material {
	t.Helper()
	law, err := jurisdiction.Parse("law.csv", []byte(c.law))
	if err != nil {
		t.Fatal(err)
	}
	c.Law = law
	bare := c.Options
	bare.Incident.NotInvolved = nil
	bare.Translations = map[string]notice.Translation{}
	for l, tr := range c.Translations {
		tr.NotInvolved = nil
		bare.Translations[l] = tr
	}
	m := Material{
		Notices: mustCompile(t, c.Options), Law: law,
		Held: func(string) bool { return true },
		From: "notices@example.com", ReplyTo: "privacy@example.com",
		Incident: c.Incident, Translations: c.Translations, Day: time.Date(2018, 8, 24, 9, 0, 0, 0, time.UTC),
		Sources: []Source{{"campaign.yaml", []byte(c.config)}, {"law.csv", []byte(c.law)}},
	}
	if m.Bare = m.Notices; len(c.Incident.NotInvolved) > 0 {
		m.Bare = mustCompile(t, bare)
	}
	for name, f := range c.Templates.(fstest.MapFS) {
		m.Sources = append(m.Sources, Source{"templates/" + name, bytes.Clone(f.Data)})
	}
	for _, v := range m.Notices.Variants() {
		if v.State == "" {
			m.Reached = append(m.Reached, Reach{Variant: v, State: "unknown", People: 1000})
		}
	}
	if c.change != nil {
		c.change(&m)
	}
	return m
}

func mustCompile(t testing.TB, o notice.Options) *notice.Notice {
	t.Helper()
	n, err := notice.Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// everybody is somebody of each state in each language, with each kind of
// account.
func everybody(n *notice.Notice, law *jurisdiction.Law) []Reach {
	var out []Reach
	for _, state := range law.States() {
		if state == jurisdiction.Federal {
			continue
		}
		for _, language := range n.Languages() {
			for _, types := range []string{"prepaid", "postpaid", "both"} {
				out = append(out, Reach{State: state, Variant: n.Variant(state, language, types), People: 7})
			}
		}
	}
	return out
}

// toState makes one state's notice in English reach somebody.
func (c *campaign) toState(state string) {
	c.change = also(c.change, func(m *Material) {
		m.Reached = append(m.Reached, Reach{State: state, Variant: m.Notices.Variant(state, "en", "both"), People: 12})
	})
}

func also(a, b func(*Material)) func(*Material) {
	return func(m *Material) {
		if a != nil {
			a(m)
		}
		b(m)
	}
}

func (c *campaign) lint(t testing.TB) []Finding {
	t.Helper()
	list, err := Lint(c.material(t))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// writeConfig gives a campaign the campaign.yaml that its facts are from.
func writeConfig(c *campaign) {
	i := &c.Incident
	quote := func(list []string) string { return `["` + strings.Join(list, `", "`) + `"]` }
	c.config = fmt.Sprintf(`campaign: aug-2018
sender:
  from: %q
  reply_to: privacy@example.com
  subject: Notice of Data Breach
incident:
  company: %s
  parent_company: %s
  signed_by: {name: %s, title: %s}
  occurred:
    from: %s
    to: %s
  discovered: %s
  notice_date: %s
  affected: 2000000
  law_enforcement_delay: no
  what_happened: |
    %s
  data_involved: %s
  what_we_are_doing: |
    %s
  # what_you_can_do: not this one
  what_you_can_do: >-
    %s
  services: %s
  contact:
    phone: %s
    hours: %s
    web: %s
    post: %s
  translations:
`, c.Sender.From, i.Company, i.Parent, i.SignedBy.Name, i.SignedBy.Title, i.Occurred.From.Format(time.DateOnly), i.Occurred.To.Format(time.DateOnly),
		i.Discovered.Format(time.DateOnly), i.NoticeDate.Format(time.DateOnly), strings.ReplaceAll(i.WhatHappened, ". ", ".\n    "),
		quote(i.Involved), i.WhatWeAreDoing, strings.ReplaceAll(i.WhatYouCanDo, " You can", "\n    You can"), i.Services, i.Contact.Phone, i.Contact.Hours, i.Contact.Web, i.Contact.Post)
	t := c.Translations["es"]
	c.config += fmt.Sprintf(`    es:
      subject: %s
      signer_title: %s
      hours: %s
      what_happened: %s
      what_we_are_doing: %s
      what_you_can_do: %s
      services: %s
      data_involved:
      - %s
`, t.Subject, t.SignerTitle, t.Hours, t.WhatHappened, t.WhatWeAreDoing, t.WhatYouCanDo, t.Services, strings.Join(t.Involved, "\n      - "))
}
