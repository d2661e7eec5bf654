package review

import (
	"slices"
	"strings"
	"testing"
)

// Each difference of the built-in notices has a label that says what it is
// about, the same in both languages where it is known by its words.
func TestAbout(t *testing.T) {
	r, _ := readEverywhere(t)
	want := map[string]string{
		"The credit bureaus, which keep": "the credit bureaus",
		"Las agencias de crédito, que":   "the credit bureaus",
		"Federal Trade Commission, 600":  "the Federal Trade Commission's address",
		"Maryland Office of the":         "the attorney general's address",
		"New York State Attorney":        "the offices' addresses",
		"These offices have information": "where to get information",
		"Estas oficinas tienen":          "where to get information",
		"If you suspect identity theft,": "reporting identity theft",
		"In all, 2,000,000 people":       "how many are affected",
		"En total hay 2,000,000":         "how many are affected",
		"Your Rights in Massachusetts":   "Your Rights in Massachusetts",
		"Sus derechos en Massachusetts":  "Sus derechos en Massachusetts",
		"For Maryland Residents":         "the heading",
		"Para su estado: Maryland":       "the heading",
		"For Wyoming Residents":          "the bureaus by telephone",
		"The account concerned is:":      "the account type",
	}
	for _, l := range r.Languages {
		for _, d := range l.Differences {
			if n := len(strings.Fields(d.About)); n == 0 || n > 6 {
				t.Errorf("%q has %d words", d.About, n)
			}
			if len(d.Added) == 0 {
				continue
			}
			for begins, about := range want {
				if strings.HasPrefix(d.Added[0].words(), begins) {
					delete(want, begins)
					if d.About != about {
						t.Errorf("%s: got %q", begins, d.About)
					}
				}
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("nothing begins so: %q", want)
	}
}

func TestFirstWords(t *testing.T) {
	for s, want := range map[string]string{
		"one two three four five six":         "one two three four five six",
		"one two three four five, six. Two":   "one two three four five, six…",
		"one two (three four five six seven)": "one two",
		"(one two three four five six seven)": "(one two three four five six…",
	} {
		if got := firstWords(s); got != want {
			t.Errorf("%q: got %q", s, got)
		}
	}
}

// The notices and the texts for everybody are counted apart.
func TestReadingWords(t *testing.T) {
	c := newCampaign(t)
	c.base()
	before := read(t, c.material(t))
	c.publish(t)
	c.english()
	m := c.material(t)
	after := read(t, m)
	list, err := m.Notices.Publications()
	if err != nil || len(list) != 2 {
		t.Fatalf("there are %d texts, %v", len(list), err)
	}
	words := len(strings.Fields(string(slices.Concat(list[0].Text, []byte("\n"), list[1].Text))))
	if before.ElsewhereWords != 0 || after.ElsewhereWords != words || after.Words != before.Words {
		t.Errorf("got %d and %d words, then %d and %d", before.Words, before.ElsewhereWords, after.Words, after.ElsewhereWords)
	}
}
