package review

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier/jurisdiction"
)

// nothingSaid is a notice that has no block.
const nothingSaid = "Hello.\n\n{{.Reference}}\n"

// allBlocks is a law of Kansas that says the same of every block.
func allBlocks(c *campaign, value string) {
	c.law = lawOf(jurisdiction.Federal)
	c.fact("KS", "name", "Kansas")
	c.fact("KS", "template", "massachusetts") // the one that says who the parent company is
	c.fact("KS", "attorney_general", "Kansas Attorney General | 1 Example Street | 555-0101; toll-free 800-555-0102 | ag.example.org")
	c.fact("KS", "consumer_agency", "Kansas Consumers | | 555-555-0103 |")
	for _, b := range jurisdiction.Blocks {
		c.fact("KS", "block."+b, value)
	}
}

// blocksOf returns the blocks that findings of one level and kind are about.
func blocksOf(findings []Finding, level Level, forbidden bool) []string {
	var out []string
	for _, f := range findings {
		for block := range blockWords {
			if f.State == "KS" && f.Level == level && (f.Rule == RuleForbiddenBlock) == forbidden && isAbout(f.Text, block) && !slices.Contains(out, block) {
				out = append(out, block)
			}
		}
	}
	slices.Sort(out)
	return out
}

// complete is a template with every block: that of Massachusetts and the base
// one together.
func complete(c *campaign, language string) {
	files := map[string]string{}
	for _, name := range []string{"notice", "massachusetts"} {
		c.file(name+"."+language+".md", func(s string) string { files[name] = s; return s })
	}
	c.file("massachusetts."+language+".md", func(string) string {
		base := files["notice"]
		parent := "{{if .Incident.Parent}}\n" + map[string]string{"en": "We belong to", "es": "Pertenecemos a"}[language] + " {{.Incident.Parent}}.\n{{end}}\n"
		return base + "\n\n" + parent
	})
}

func TestBlocks(t *testing.T) {
	every := slices.Sorted(slices.Values(jurisdiction.Blocks))
	for _, language := range []string{"en", "es"} {
		reach := func(m *Material) {
			m.Reached = []Reach{{State: "KS", Variant: m.Notices.Variant("KS", language, "both"), People: 3}}
		}
		forbid := func(m *Material) {
			c := newCampaign(t)
			allBlocks(c, jurisdiction.Forbidden)
			m.Law = mustParse(t, c.law)
		}
		for _, c := range []struct {
			name, value string
			bare        bool
			level       Level
			want        []string
		}{
			{"required and there", jurisdiction.Required, false, Error, nil},
			{"required and missing", jurisdiction.Required, true, Error, every},
			{"advised and there", jurisdiction.Advised, false, Warning, nil},
			{"advised and missing", jurisdiction.Advised, true, Warning, every},
			{"forbidden and missing", jurisdiction.Forbidden, true, Error, nil},
			{"forbidden and there", jurisdiction.Forbidden, false, Error, every},
		} {
			t.Run(language+" "+c.name, func(t *testing.T) {
				camp := newCampaign(t)
				camp.Incident.Contact.Phone = "1-800-555-0100"
				allBlocks(camp, c.value)
				camp.change = reach
				if c.value == jurisdiction.Forbidden { // what no notice would have by itself
					allBlocks(camp, jurisdiction.Required)
					camp.change = also(reach, forbid)
				}
				complete(camp, language)
				if c.bare {
					camp.file("massachusetts."+language+".md", func(string) string { return nothingSaid })
				}
				got := camp.lint(t)
				if blocks := blocksOf(got, c.level, c.value == jurisdiction.Forbidden); !slices.Equal(blocks, c.want) {
					t.Errorf("got %q,\nwant %q:\n%s", blocks, c.want, lines(got))
				}
			})
		}
	}
}

func lines(findings []Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s:%d %s %s %s x%d: %s\n", f.File, f.Line, f.Level, f.Name(), f.Variant, f.Variants, f.Text)
	}
	return b.String()
}

func mustParse(t testing.TB, law string) *jurisdiction.Law {
	t.Helper()
	l, err := jurisdiction.Parse("law.csv", []byte(law))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// What the company does not have, it need not say where that is only advised.
func TestNothingToSay(t *testing.T) {
	for value, want := range map[string][]string{
		jurisdiction.Advised:  nil,
		jurisdiction.Required: {"mitigation", "parent_company"},
	} {
		c := newCampaign(t)
		allBlocks(c, value)
		complete(c, "en")
		c.Incident.Parent, c.Incident.Services, c.Translations = "", "", nil
		c.toState("KS")
		list := c.lint(t)
		level := map[string]Level{jurisdiction.Advised: Warning, jurisdiction.Required: Error}[value]
		if got := blocksOf(list, level, false); !slices.Equal(got, want) {
			t.Errorf("%s: got %q\n%s", value, got, lines(list))
		}
	}
}

func TestLawLevels(t *testing.T) {
	missing := func(c *campaign) {
		allBlocks(c, jurisdiction.Required)
		c.file("massachusetts.en.md", func(string) string { return nothingSaid })
	}
	reach := func(people int64) func(m *Material) {
		return func(m *Material) {
			m.Reached = []Reach{{State: "KS", Variant: m.Notices.Variant("KS", "en", "both"), People: people}}
		}
	}
	for _, c := range []struct {
		name   string
		change func(*Material)
		level  Level
		says   string
	}{
		{"reaches people", reach(4), Error, "Kansas requires"},
		{"reaches nobody", reach(0), Warning, "reaches nobody so far"},
		{"voluntary", also(reach(4), func(m *Material) { m.Voluntary = map[string]bool{"KS": true} }), Warning, "voluntary"},
	} {
		camp := newCampaign(t)
		missing(camp)
		camp.change = c.change
		got := camp.lint(t)
		i := slices.IndexFunc(got, func(f Finding) bool { return f.Rule == RuleTitle })
		if i < 0 || got[i].Level != c.level || !strings.Contains(got[i].Text, c.says) || !strings.Contains(got[i].Text, "law.csv:") ||
			got[i].File != "templates/massachusetts.en.md" || got[i].Line != 1 || got[i].State != "KS" {
			t.Errorf("%s: got\n%s", c.name, lines(got))
		}
	}
}

// The two cases of the law that everybody gets wrong.
func TestForbiddenByName(t *testing.T) {
	massachusetts := func(c *campaign, s string) { c.add("massachusetts.en.md", s) }
	var judged []string // states whose built-in notice was
	for _, c := range []struct {
		name, state string
		change      func(*campaign)
		level       Level
		says        string
	}{
		{"what happened", "MA", func(c *campaign) { massachusetts(c, "{{.Incident.WhatHappened}}") }, Error, "Massachusetts forbids describing what happened"},
		{"its heading", "MA", func(c *campaign) { massachusetts(c, "## What Happened") }, Error, "Massachusetts forbids describing what happened"},
		{"who did it", "MA", func(c *campaign) { massachusetts(c, "Hackers did it.") }, Error, "Massachusetts forbids describing what happened"},
		{"when", "MA", func(c *campaign) { massachusetts(c, "It goes back to {{date .Incident.Occurred.From}}.") }, Error, "Massachusetts forbids describing what happened"},
		{"in the subject", "MA", func(c *campaign) { c.Sender.Subject = "A stolen laptop: Notice of Data Breach" }, Error, "Massachusetts forbids describing what happened"},
		{"a count", "MA", func(c *campaign) { massachusetts(c, "It concerns 51,007 people in Massachusetts.") }, Error, "how many people"},
		{"a share", "MA", func(c *campaign) { massachusetts(c, "It concerns you and 41 others in Massachusetts.") }, Error, "how many people"},
		{"a count in words", "IL", func(c *campaign) { c.add("notice.en.md", "About two million of our customers are affected.") }, Error, "Illinois forbids saying how many people"},
		{"the count of the facts", "IL", func(c *campaign) { c.add("notice.en.md", "In all: {{.Incident.Affected}}.") }, Error, "Illinois forbids saying how many people"},
	} {
		camp := newCampaign(t)
		camp.english()
		camp.law = lawOf("US", "MA", "IL")
		camp.fact("MA", "block.nature", jurisdiction.Forbidden)
		camp.fact("MA", "block.count", jurisdiction.Forbidden)
		camp.fact("IL", "block.count", jurisdiction.Forbidden)
		camp.toState(c.state)
		if !slices.Contains(judged, c.state) {
			judged = append(judged, c.state)
			if list := beyondQuestions(camp.lint(t)); len(list) > 0 {
				t.Errorf("%s: the built-in notice has\n%s", c.state, lines(list))
			}
		}
		c.change(camp)
		list := camp.lint(t)
		if len(list) == 0 || list[0].Rule != RuleForbiddenBlock || list[0].Level != c.level || list[0].State != c.state || !strings.Contains(list[0].Text, c.says) {
			t.Errorf("%s: got\n%s", c.name, lines(list))
		}
	}
}

// beyondQuestions returns the findings but those that ask counsel to read what
// campaign.yaml adds to a notice that may not say what happened.
func beyondQuestions(findings []Finding) []Finding {
	return slices.DeleteFunc(findings, func(f Finding) bool {
		return f.Rule == RuleForbiddenBlock && f.Level == Warning && f.File == "campaign.yaml" && f.Line > 1
	})
}

func TestRegulatorFirst(t *testing.T) {
	c := newCampaign(t)
	c.fact("MA", jurisdiction.FactRegulatorFirst, "the Attorney General")
	c.toState("MA")
	if list := beyondQuestions(c.lint(t)); len(list) > 0 {
		t.Errorf("a hold covers it: got\n%s", lines(list))
	}
	held := c.change
	c.change = also(held, func(m *Material) { m.Held = nil })
	list := beyondQuestions(c.lint(t))
	if len(list) != 1 || list[0].Name() != "regulator-first:MA" || list[0].Level != Error || list[0].File != "campaign.yaml" || list[0].Line == 0 ||
		!strings.Contains(list[0].Text, "the Attorney General") || !list[0].Waivable || list[0].Variant != "" || list[0].Variants != 0 {
		t.Errorf("got\n%s", lines(list))
	}
	c.change = also(c.change, func(m *Material) { m.Reached[len(m.Reached)-1].People = 0 })
	if list := beyondQuestions(c.lint(t)); len(list) > 0 {
		t.Errorf("nobody lives there: got\n%s", lines(list))
	}
}

// The law data that comes along asks for nothing that the templates lack, in
// both languages.
func TestEveryState(t *testing.T) {
	c := newCampaign(t)
	c.publish(t)
	c.everywhere()
	m := c.material(t)
	states := map[string]bool{}
	for _, r := range m.Reached {
		states[r.State] = true
	}
	if len(states) < 54 {
		t.Errorf("there are %d states", len(states))
	}
	list, err := Lint(m)
	if list := beyondQuestions(slices.Clone(list)); err != nil || len(list) > 0 {
		t.Errorf("got %v\n%s", err, lines(list))
	}
	for _, f := range list {
		if f.State != "MA" {
			t.Errorf("counsel is asked of %s:\n%s", f.State, lines([]Finding{f}))
		}
	}
	if len(list) != 4 { // two texts in two languages
		t.Errorf("counsel is asked\n%s", lines(list))
	}
}
