package review

import (
	"slices"
	"strings"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/notice"
)

// What only some readers of a wording get is judged as well, once.
func TestRareReaders(t *testing.T) {
	for name, c := range map[string]struct{ template, rule string }{
		"without a name":        {"{{if not .Name}}\nPlease verify your account.\n{{end}}", RuleDataRequest},
		"with many accounts":    {"{{if ge (len .Accounts) 2}}\nNo passwords were stolen.\n{{end}}", RuleNotInvolved},
		"with an empty column":  {"{{if not .Extra.plan}}\nSee bit.ly/2abc for more.\n{{end}}", RuleShortener},
		"with a filled column":  {"{{if .Extra.plan}}\nSee bit.ly/2abc for {{.Extra.plan}}.\n{{end}}", RuleShortener},
		"with several, by name": {"{{if gt (len .Accounts) 1}}\nPlease verify your account{{if .Name}}, {{.Name}}{{end}}.\n{{end}}", RuleDataRequest},
	} {
		t.Run(name, func(t *testing.T) {
			camp := newCampaign(t)
			camp.Extra = []string{"plan"}
			camp.add(baseEnglish, c.template)
			list := slices.DeleteFunc(camp.lint(t), func(f Finding) bool { return strings.HasPrefix(f.File, "templates/massachusetts") })
			if len(list) != 1 || list[0].Rule != c.rule || list[0].Level != Error || list[0].Variants != 3 {
				t.Errorf("got\n%s", lines(list))
			}
		})
	}
}

// A block that some readers would not see is lacking.
func TestRareReadersLackBlocks(t *testing.T) {
	c := newCampaign(t)
	c.fact("MA", "block.police_report", "required")
	c.file("massachusetts.en.md", func(s string) string {
		return "{{if .Name}}\n" + "You have the right to a police report.\n{{end}}\n\n{{.Reference}}\n"
	})
	c.toState("MA")
	if list := c.lint(t); !slices.ContainsFunc(list, func(f Finding) bool {
		return f.Name() == "required-block:MA" && strings.Contains(f.Text, "police report")
	}) {
		t.Errorf("got\n%s", lines(list))
	}
}

// A second link is pointed at where it was added, not where the page of the
// company stands.
func TestOneLinkPlace(t *testing.T) {
	c := newCampaign(t)
	c.config += "  contact:\n    web: https://www.example.com/notice\n"
	c.add(baseEnglish, "See https://www.example.com/other.")
	list := slices.DeleteFunc(c.lint(t), func(f Finding) bool { return f.Rule != RuleOneLink })
	if len(list) != 1 || list[0].File != "templates/notice.en.md" {
		t.Errorf("got\n%s", lines(list))
	}
}

// Stand-ins hold what their variant says, and tell one another apart.
func TestStandIns(t *testing.T) {
	n := testNotice(t)
	for _, types := range []string{"prepaid", "postpaid", "both"} {
		first := n.Sample(notifier.Variant{Template: notice.Name, Language: "en", Types: types})
		for _, r := range append(rareOnes(first), first) {
			other := twin(r)
			for i, a := range r.Accounts {
				if a.Number.Reveal() == other.Accounts[i].Number.Reveal() || a.Type != other.Accounts[i].Type {
					t.Errorf("%s: account %d is the twin's", types, i)
				}
				for _, b := range r.Accounts[i+1:] {
					if a.Number.Reveal() == b.Number.Reveal() {
						t.Errorf("%s: account %d is there twice", types, i)
					}
				}
			}
			if (r.Name.Reveal() == "") != (other.Name.Reveal() == "") || r.Key == other.Key {
				t.Errorf("%s: the twin of %s is %s", types, r.Key, other.Key)
			}
		}
	}
}
