package intake

import (
	"fmt"
	"strings"
	"testing"

	"breachmail/notifier"
)

func TestSpoken(t *testing.T) {
	opts := Options{Languages: []string{"en", "es", "zh-Hant", "fil"}}
	for want, list := range map[string]string{
		"en": "en EN en_US en-GB English ENGLISH eng", "es": "es es-MX es_419 Spanish español Castellano spa", "zh-Hant": "zh-hant zh Chinese Mandarin zho chi",
		"fil": "fil tl Tagalog tgl", "en, missing": "vi VI vi-VN Vietnamese vie fr French de German haw pt_BR hmn",
		// What is no language asks for none.
		"en ": "MX klingon ACTIVE xx zz 7 es/en und und-US ?? \u200e",
	} {
		for _, s := range strings.Fields(list) {
			is := opts.spoken(s)
			if got := is.template + map[bool]string{true: ", missing"}[is.missing]; got != strings.TrimSpace(want) {
				t.Errorf("%q is %s, want %s", s, got, want)
			}
		}
	}
	for _, s := range []string{"", "vi", "English"} {
		if is := new(Options).spoken(s); is != (spoken{template: "en"}) {
			t.Errorf("without languages, %q is %v", s, is)
		}
	}
	for name := range languageNames {
		if (&Options{Languages: []string{"qaa"}}).spoken(strings.ToUpper(name)) != (spoken{"qaa", true}) {
			t.Errorf("%s is not read as a language", name)
		}
	}
}

func TestLanguageMissing(t *testing.T) {
	for _, c := range []struct {
		languages []string
		want      string
	}{
		{nil, ""}, {[]string{"en"}, "language_missing language 4 east.csv:3 aa-AA"}, {[]string{"en", "vi"}, "language_missing language 1 east.csv:5 Aaaaaa"},
		{[]string{"vi", "fr", "en"}, ""}, {[]string{"es", "vi", "fr"}, "language_missing language 1 east.csv:2 Aaaaaaa"},
	} {
		in, err := New(Options{Secret: []byte("s"), TempDir: t.TempDir(), Languages: c.languages})
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		for i, language := range []string{"English", "vi-VN", "Vietnamese", "French", "VIE", "", "N/A", "NA", "ACTIVE"} {
			a := row("Ann Lee", "97201", "", "a@example.com", "1", "pre", language)
			a.Source = notifier.Source{File: "east.csv", Line: i + 2}
			if _, err := in.Add(a); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, w := range in.Warnings() {
			got = append(got, fmt.Sprintf("%s %s %d %s:%d %s", w.Code, w.Field, w.Rows, w.First.File, w.First.Line, w.Example))
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("with %q\n%s\nwant\n%s", c.languages, strings.Join(got, "\n"), c.want)
		}
	}
}

// A column that holds something else does not fill the memory.
func TestManyLanguages(t *testing.T) {
	in, err := New(Options{Secret: []byte("s"), TempDir: t.TempDir(), Languages: []string{"en", "es"}})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	for i := range 2 * mostAsked {
		if is := in.spoken(fmt.Sprint(i)); is != (spoken{template: "en"}) {
			t.Fatal(is)
		}
	}
	if is := in.spoken("Spanish"); is.template != "es" || len(in.asked) != mostAsked {
		t.Errorf("%v, with %d remembered", is, len(in.asked))
	}
}
