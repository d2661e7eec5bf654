package notice

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"breachmail/notifier"
)

// A language is offered where there are both a template and the facts in it.
func TestLanguages(t *testing.T) {
	o := withTemplate(t, "# Notice\n")
	files := o.Templates.(fstest.MapFS)
	files["notice.es.md"] = &fstest.MapFile{Data: []byte("# Aviso\n\n{{date .Incident.NoticeDate}}\n")}
	files["notice.ar.md"] = files["notice.es.md"]
	files["notice.pt.md"] = files["notice.es.md"]
	files["other.zh.md"] = files["notice.es.md"]
	o.Translations = map[string]Translation{"es": spanish(), "ar": spanish()}
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := n.Languages(), []string{"en", "ar", "es"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for language, want := range map[string]string{"es": "Aviso\n=====\n\n24 de agosto de 2018\n", "ar": "Aviso\n=====\n\n2018-08-24\n"} {
		r := n.Sample(n.Variant("", language, "both"))
		if text, _, err := n.Render(&r); err != nil || string(text) != want {
			t.Errorf("%s: got %q, %v", language, text, err)
		}
	}
}

// Facts in a language for which there is no notice are a mistake.
func TestTranslationWithoutTemplate(t *testing.T) {
	o := withTemplate(t, "# Notice\n")
	o.Templates.(fstest.MapFS)["other.fr.md"] = &fstest.MapFile{Data: []byte("# Avis\n")}
	o.Translations = map[string]Translation{"fr": spanish()}
	wantError(t, o, "campaign.yaml: incident.translations.fr: templates/notice.fr.md is missing")
}

// What is written wrongly is said of templates nobody gets, too.
func TestLanguageNotOffered(t *testing.T) {
	o := withTemplate(t, "# Notice\n")
	files := o.Templates.(fstest.MapFS)
	files["notice.es.md"] = &fstest.MapFile{Data: []byte("# Aviso\n\n{{.Nmae}}\n")}
	wantError(t, o, "templates/notice.es.md:3: there is no field .Nmae")
	files["notice.es.md"] = &fstest.MapFile{Data: []byte("# Aviso\n\n{{if .Name}}\n")}
	wantError(t, o, "templates/notice.es.md:4: unexpected EOF")
}

// Each notice says and is sent with what its own language has.
func TestTranslation(t *testing.T) {
	o := stateOptions(t)
	o.Incident.NotInvolved, o.Incident.Services = []string{"passwords"}, "A year of credit monitoring, free."
	es := spanish()
	es.NotInvolved, es.Services = []string{"contraseñas"}, "Un año de supervisión, gratis."
	o.Translations["es"] = es
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	in := map[string][]string{
		"en": {"misused one of our interfaces", "*every* request", "change the PIN", "billing ZIP code", "passwords", "A year of", "8 a.m. to 8 p.m.", "Chief Executive Officer", "August 24, 2018"},
		"es": {"usó indebidamente una de nuestras", "*cada* solicitud", "cambiar el PIN", "código postal", "contraseñas", "Un año de", "8 a. m. a 8 p. m.", "Directora general", "24 de agosto de 2018"},
	}
	for language := range in {
		r := n.Sample(n.Variant("", language, "both"))
		text, _, err := n.Render(&r)
		if err != nil {
			t.Fatal(err)
		}
		for other, list := range in {
			for _, w := range list {
				if w = strings.ReplaceAll(w, "*", ""); strings.Contains(string(text), w) != (other == language) {
					t.Errorf("%s: %q of %s: the notice says\n%s", language, w, other, text)
				}
			}
		}
	}
}

func TestTranslationErrors(t *testing.T) {
	for _, tt := range []struct {
		change func(*Options, *Translation)
		want   string
	}{
		{func(_ *Options, es *Translation) { es.Subject = " " }, "campaign.yaml: incident.translations.es.subject is empty"},
		{func(_ *Options, es *Translation) { es.WhatHappened = "\n" }, "campaign.yaml: incident.translations.es.what_happened is empty"},
		{func(_ *Options, es *Translation) { es.WhatWeAreDoing = "" }, "campaign.yaml: incident.translations.es.what_we_are_doing is empty"},
		{func(_ *Options, es *Translation) { es.WhatYouCanDo = "" }, "campaign.yaml: incident.translations.es.what_you_can_do is empty"},
		{func(_ *Options, es *Translation) { es.Involved = nil }, "campaign.yaml: incident.translations.es.data_involved is empty"},
		{func(o *Options, _ *Translation) { o.Incident.Services = "x" }, "campaign.yaml: incident.translations.es.services is empty"},
		{func(_ *Options, es *Translation) { es.Services = "x" }, "campaign.yaml: incident.translations.es.services says what incident.services does not"},
		{func(o *Options, _ *Translation) { o.Incident.NotInvolved = []string{"a", "b"} }, "campaign.yaml: incident.translations.es.data_not_involved has 0 entries, but incident.data_not_involved has 2"},
		{func(_ *Options, es *Translation) { es.NotInvolved = []string{"a"} }, "campaign.yaml: incident.translations.es.data_not_involved has 1 entries, but incident.data_not_involved has 0"},
		{func(_ *Options, es *Translation) { es.WhatYouCanDo = "x <b>y</b>" }, "campaign.yaml: incident.translations.es.what_you_can_do: HTML is not allowed"},
		{func(_ *Options, es *Translation) { es.WhatHappened = "bm7act0zz" }, "campaign.yaml: incident.translations.es.what_happened: \"bm7act0zz\" may not stand in it"},
		{func(_ *Options, es *Translation) { es.Subject = "a\r\nBcc: b@example.com" }, "campaign.yaml: incident.translations.es.subject holds control characters"},
		{func(o *Options, es *Translation) { o.Translations["en"] = *es }, "campaign.yaml: incident.translations.en: what is said in English stands under incident itself"},
	} {
		o, es := stateOptions(t), spanish()
		tt.change(&o, &es)
		o.Translations["es"] = es
		wantError(t, o, tt.want)
	}
	o, es := stateOptions(t), spanish()
	es.Subject = repeat("x", 1200)
	o.Translations["es"] = es
	wantError(t, o, "campaign.yaml: sender.from or incident.translations.es.subject has a word that is too long for a mail header")
}

// A draft says TODO for what is not translated yet, whatever language the rest
// is in.
func TestTranslationDraft(t *testing.T) {
	o := stateOptions(t)
	o.Draft = true
	o.Incident.NotInvolved, o.Incident.Services = []string{"passwords", "PINs"}, "Something."
	o.Translations["es"] = Translation{WhatYouCanDo: "Llámenos.", NotInvolved: []string{"contraseñas"}}
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	r := n.Sample(n.Variant("", "es", "both"))
	text, _, err := n.Render(&r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n\nTODO\n\nEsto sucedió", "- contraseñas\n- TODO\n", "Llámenos."} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for _, english := range []string{"passwords", "PINs", "Something.", "misused"} {
		if strings.Contains(string(text), english) {
			t.Errorf("%q stands in\n%s", english, text)
		}
	}
	if len(o.Translations["es"].NotInvolved) != 1 {
		t.Error("the translation itself was changed")
	}
}

func TestDateIn(t *testing.T) {
	for _, tt := range []struct {
		language string
		day      time.Time
		want     string
	}{
		{"en", time.Date(2018, 8, 20, 0, 0, 0, 0, time.UTC), "August 20, 2018"},
		{"es", time.Date(2018, 8, 20, 0, 0, 0, 0, time.UTC), "20 de agosto de 2018"},
		{"es", time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC), "1 de enero de 2018"},
		{"es", time.Date(2018, 12, 31, 0, 0, 0, 0, time.UTC), "31 de diciembre de 2018"},
		{"fr", time.Date(2018, 8, 20, 0, 0, 0, 0, time.UTC), "2018-08-20"},
		{"es", time.Time{}, missing},
	} {
		if got := dateIn(tt.language, tt.day); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.language, got, tt.want)
		}
	}
}

// The same message, but for its subject, goes out in each language.
func TestSubject(t *testing.T) {
	n := testStateNotice(t)
	for language, want := range map[string]string{
		"en": "\r\nSubject: Notice of Data Breach\r\n", "es": "\r\nSubject: =?UTF-8?q?Aviso_de_filtraci=C3=B3n_de_datos?=\r\n",
	} {
		r := n.Sample(notifier.Variant{Template: Name, Language: language, Types: "both"})
		m, err := n.Compose(&r, sent)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(m.Bytes), want) {
			t.Errorf("%s: got\n%.600s", language, m.Bytes)
		}
	}
}

// What is offered may be Markdown like the incident's other texts, in every
// language.
func TestServicesAreMarkdown(t *testing.T) {
	o := stateOptions(t)
	o.Incident.Services = "A year of **free** monitoring.\n\n- call us\n- ask for it"
	es := o.Translations["es"]
	es.Services = "Un año de vigilancia **gratis**."
	o.Translations["es"] = es
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{"en": "<strong>free</strong> monitoring", "es": "<strong>gratis</strong>"} {
		r := n.Sample(n.Variant("MA", language, "both"))
		if _, html, err := n.Render(&r); err != nil || !strings.Contains(string(html), want) {
			t.Errorf("%s: %v\n%s", language, err, html)
		}
	}
	es.Services = "<b>gratis</b>"
	o.Translations["es"] = es
	wantError(t, o, "incident.translations.es.services: HTML is not allowed")
}
