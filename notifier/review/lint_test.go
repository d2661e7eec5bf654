package review

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier"
)

// What several wordings have in common is found once.
func TestLintFolds(t *testing.T) {
	c := newCampaign(t)
	c.add("notice.en.md", "See https://bit.ly/2abc.")
	c.add("notice.es.md", "Vea https://bit.ly/2abc.")
	list := c.lint(t)
	var got []string
	for _, f := range list {
		if f.Rule == RuleShortener {
			got = append(got, f.File+" "+f.Variant)
			if f.Variants != 3 {
				t.Errorf("%s is in %d wordings", f.File, f.Variants)
			}
		}
	}
	want := []string{"templates/notice.en.md notice-en-prepaid", "templates/notice.es.md notice-es-prepaid"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if !slices.IsSortedFunc(list, func(a, b Finding) int { return rank(a.Level) - rank(b.Level) }) {
		t.Errorf("errors do not come first:\n%s", lines(list))
	}
}

// An error that nobody would read is only a warning, until somebody would.
func TestLintReach(t *testing.T) {
	c := newCampaign(t)
	c.add("notice.en.md", "{{if eq .Types \"both\"}}\nPlease verify your account.\n{{end}}")
	only := func(types string) func(*Material) {
		return func(m *Material) {
			m.Reached = []Reach{{State: notifier.UnknownState, Variant: notifier.Variant{Template: "notice", Language: "en", Types: types}, People: 5}}
		}
	}
	for types, want := range map[string]Level{"both": Error, "prepaid": Warning} {
		c.change = only(types)
		list := c.lint(t)
		if len(list) != 1 || list[0].Level != want || list[0].Variant != "notice-en-both" || list[0].Variants != 1 ||
			strings.Contains(list[0].Text, "reaches nobody so far") != (want == Warning) {
			t.Errorf("%s: got\n%s", types, lines(list))
		}
		if got := len(Open(list)); (got == 1) != (want == Error) {
			t.Errorf("%s: %d are open", types, got)
		}
	}
}

// A wording that reaches somebody is judged even where the notice does not
// list it, and one that cannot be rendered is an error.
func TestLintUnlisted(t *testing.T) {
	c := newCampaign(t)
	c.change = func(m *Material) {
		m.Reached = []Reach{{State: "MA", Variant: notifier.Variant{Template: "notice", Language: "xx", Types: "both"}, People: 1}}
	}
	if _, err := Lint(c.material(t)); err == nil || !strings.Contains(err.Error(), "notice-xx-both") {
		t.Errorf("got %v", err)
	}
}

// A finding points at the line that has to be mended.
func TestLintPlaces(t *testing.T) {
	c := newCampaign(t)
	const sentence = "Please send us\nyour date of\nbirth, {{.Incident.Company}}."
	c.add("notice.en.md", sentence)
	c.Incident.WhatYouCanDo = "First.\n\nLog in and\nsee your **last** bill."
	c.config = "campaign: aug-2018\nincident:\n  what_you_can_do: |\n    First.\n\n    Log in and\n    see your **last** bill.\n"
	var line int
	c.file("notice.en.md", func(s string) string {
		line = 1 + strings.Count(s[:strings.Index(s, sentence)], "\n")
		return s
	})
	at := map[string]int{}
	for _, f := range c.lint(t) {
		if f.File != "templates/massachusetts.en.md" {
			at[f.File] = f.Line
		}
	}
	if want := map[string]int{"templates/notice.en.md": line, "campaign.yaml": 6}; !maps.Equal(at, want) {
		t.Errorf("got %v, want %v", at, want)
	}
}

// Comments of a template reach no reader, so nothing is found in them.
func TestPlacesSkipComments(t *testing.T) {
	p := newPlaces([]Source{{"templates/notice.en.md", []byte("{{/* one two\nthree four */}}\n\nfive one two three four\n")}})
	for fragment, want := range map[string]int{"one two": 4, "three four five": 1, "two three four six": 4, "": 1} {
		if file, line := p.find("templates/notice.en.md", []string{fragment}); file != "templates/notice.en.md" || line != want {
			t.Errorf("%q: got %s:%d", fragment, file, line)
		}
	}
}

func TestWaive(t *testing.T) {
	findings := func() []Finding {
		return []Finding{
			{Rule: RuleRequiredBlock, State: "NY", Level: Error}, {Rule: RuleRequiredBlock, State: "MD", Level: Error},
			{Rule: RuleDate, Level: Error}, {Rule: RuleShortener, Level: Error}, {Rule: RuleUrgency, Level: Warning},
		}
	}
	for _, c := range []struct {
		name    string
		waivers []Waiver
		open    []string
		err     string
	}{
		{"none", nil, []string{"required-block:NY", "required-block:MD", "date", "shortener"}, ""},
		{"one state", []Waiver{{RuleRequiredBlock, "NY", "agreed"}}, []string{"required-block:MD", "date", "shortener"}, ""},
		{"all states", []Waiver{{RuleRequiredBlock, "", "agreed"}, {RuleDate, "", "it is right"}}, []string{"shortener"}, ""},
		{"unknown rule", []Waiver{{RuleDate, "", "it is right"}, {"nonsense", "", "x"}}, nil, `there is no rule "nonsense"`},
		{"not to be waived", []Waiver{{RuleShortener, "", "we like it"}}, nil, "shortener cannot be waived"},
		{"without reason", []Waiver{{RuleDate, "", ""}}, nil, "has no reason"},
		{"meets nothing", []Waiver{{RuleDate, "", "it is right"}, {RuleRequiredBlock, "CA", "x"}}, nil, "no finding for the waiver of required-block:CA"},
	} {
		list := findings()
		err := Waive(list, c.waivers)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: got %v", c.name, err)
			}
			if !slices.Equal(list, findings()) {
				t.Errorf("%s: something was marked", c.name)
			}
			continue
		}
		var open []string
		for _, f := range Open(list) {
			open = append(open, f.Name())
		}
		if err != nil || !slices.Equal(open, c.open) {
			t.Errorf("%s: got %q, %v", c.name, open, err)
		}
	}
}

func TestWaivable(t *testing.T) {
	var not []string
	for _, r := range Rules {
		if !Waivable(r) {
			not = append(not, r)
		}
	}
	want := []string{RuleTODO, RuleShortener, RuleLinkText, RulePersonalLink, RuleFullNumber, RuleForeignAddress}
	if !slices.Equal(not, want) || Waivable("nonsense") {
		t.Errorf("got %q", not)
	}
}

func BenchmarkLint(b *testing.B) {
	c := newCampaign(b)
	c.everywhere()
	m := c.material(b)
	for b.Loop() {
		if _, err := Lint(m); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(m.Notices.Variants())), "wordings")
}

func BenchmarkJudge(b *testing.B) {
	c := newCampaign(b)
	c.everywhere()
	m := c.material(b)
	for b.Loop() {
		if _, err := Judge(m); err != nil {
			b.Fatal(err)
		}
	}
}
