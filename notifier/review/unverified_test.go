package review

import (
	"strings"
	"testing"

	"breachmail/notifier/jurisdiction"
)

// doubted makes the line of a fact in the law data one that nobody has verified,
// and returns its number.
func (c *campaign) doubted(t testing.TB, state, fact string) string {
	t.Helper()
	found := ""
	var out []string
	for line := range strings.Lines(c.law) {
		if strings.HasPrefix(line, state+","+fact+",") {
			found = line
			line = strings.TrimRight(line, "\n")
			line = line[:strings.LastIndex(line, ",")+1] + jurisdiction.Memory + "\n"
		}
		out = append(out, line)
	}
	if found == "" {
		t.Fatalf("%s has no %s", state, fact)
	}
	c.law = strings.Join(out, "")
	return lineIn(c.law, state+","+fact+",")
}

// ofRule returns the findings of one rule.
func ofRule(findings []Finding, rule string) []Finding {
	var out []Finding
	for _, f := range findings {
		if f.Rule == rule {
			out = append(out, f)
		}
	}
	return out
}

// Addresses that somebody would read and nobody has verified are one finding.
func TestUnverified(t *testing.T) {
	c := newCampaign(t)
	c.english()
	c.law = lawOf("US", "MD", "NY", "TX")
	maryland := c.doubted(t, "MD", jurisdiction.OfficeAttorneyGeneral)
	c.doubted(t, "NY", jurisdiction.OfficeAttorneyGeneral) // nobody there is told
	c.doubted(t, "TX", jurisdiction.OfficeAttorneyGeneral) // no notice names it
	equifax := c.doubted(t, "US", jurisdiction.OfficeEquifax)
	c.change = func(m *Material) {
		m.Reached = nil
		for state, people := range map[string]int64{"MD": 3, "NY": 0, "TX": 5} {
			m.Reached = append(m.Reached, Reach{State: state, Variant: m.Notices.Variant(state, "en", "both"), People: people})
		}
	}
	list := ofRule(c.lint(t), RuleUnverified)
	if len(list) != 1 {
		t.Fatalf("got\n%s", lines(list))
	}
	f := list[0]
	if f.At() != "law.csv:1" || f.Level != Warning || !f.Waivable || f.Name() != "unverified" || f.Variant != "" || f.Variants != 0 {
		t.Errorf("got %+v", f)
	}
	for _, want := range []string{"2 addresses", "law.csv:" + maryland + ", :" + equifax + " (", `"counsel"`} {
		if !strings.Contains(f.Text, want) {
			t.Errorf("it does not say %q: %s", want, f.Text)
		}
	}

	c.law = lawOf("US", "MD", "NY", "TX")
	if list := ofRule(c.lint(t), RuleUnverified); len(list) > 0 {
		t.Errorf("all are verified: got\n%s", lines(list))
	}
	c.doubted(t, "US", jurisdiction.OfficeFTC)
	if list := ofRule(c.lint(t), RuleUnverified); len(list) != 1 || !strings.HasPrefix(list[0].Text, "1 address of an office") {
		t.Errorf("got\n%s", lines(list))
	}
}

// Who is told is affected, so that fewer affected than told cannot be.
func TestAffected(t *testing.T) {
	for name, test := range map[string]struct {
		affected string
		people   int64
		want     string
	}{
		"more are told":  {"2,000,000", 2_000_001, "incident.affected says that 2,000,000 people are affected, and 2,000,001 people are planned to be told"},
		"all are told":   {"2,000,000", 2_000_000, ""},
		"some are told":  {"2,000,000", 5, ""},
		"not yet known":  {"2,000,000", 0, ""},
		"nothing said":   {"", 7, ""},
		"said in words":  {"some thousand", 7_000, ""},
		"one":            {"1", 2, "incident.affected says that 1 person is affected, and 2 people are planned to be told"},
		"with full stop": {"1.500", 1_501, "1,500 people are affected"},
	} {
		c := newCampaign(t)
		c.base()
		c.Incident.Affected = test.affected
		writeConfig(c)
		c.change = func(m *Material) { m.People = test.people }
		list := ofRule(c.lint(t), RuleAffected)
		if test.want == "" {
			if len(list) > 0 {
				t.Errorf("%s: got\n%s", name, lines(list))
			}
			continue
		}
		if len(list) != 1 || !strings.Contains(list[0].Text, test.want) || list[0].Level != Warning || !list[0].Waivable ||
			list[0].At() != "campaign.yaml:"+lineIn(c.config, "  affected:") {
			t.Errorf("%s: got\n%s", name, lines(list))
		}
	}
}
