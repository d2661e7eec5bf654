package review

import (
	"slices"
	"strings"
	"testing"
)

// The texts for everybody are judged by the rules that make sense for them,
// whomever the notices reach.
func TestPublications(t *testing.T) {
	const website, calls, spanish = "website.en.md", "call-center.en.md", "website.es.md"
	for _, c := range []struct{ name, file, add, rule string }{
		{"TODO", website, "TODO", RuleTODO},
		{"TODO for agents", calls, "Say: TODO.", RuleTODO},
		{"date", website, "We have known since August 1, 2018.", RuleDate},
		{"toll-free", calls, "Our toll-free number is 206-555-0123.", RuleTollFree},
		{"denial", website, "Your passwords were not exposed.", RuleNotInvolved},
		{"denial for agents", calls, "Say that no passwords were stolen.", RuleNotInvolved},
		{"denial in Spanish", spanish, "No se filtraron contraseñas.", RuleNotInvolved},
		{"shortener", website, "See bit.ly/2abc.", RuleShortener},
		{"link text", website, "See [www.example.com](https://www.example.net/notice).", RuleLinkText},
		{"data request", website, "Please verify your account.", RuleDataRequest},
		{"asking for agents", calls, "Please verify your account.", ""},
		{"number", calls, "Jane has 206-555-0123.", RuleFullNumber},
		{"address", website, "Write to jane.doe@example.org.", RuleForeignAddress},
		{"urgency", website, "Act now.", ""},
		{"two links", website, "See https://www.example.com/a and https://www.example.com/b.", ""},
		{"nothing", website, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			camp := newCampaign(t)
			camp.publish(t)
			if c.file != spanish {
				camp.base()
			}
			camp.add(c.file, c.add)
			camp.change = func(m *Material) { m.Reached = nil }
			list := camp.lint(t)
			if c.rule == "" {
				if len(list) > 0 {
					t.Errorf("got\n%s", lines(list))
				}
				return
			}
			i := slices.IndexFunc(list, func(f Finding) bool { return f.Rule == c.rule })
			if i < 0 || list[i].Level != Error || list[i].Variant != strings.TrimSuffix(c.file, ".md") || list[i].Variants != 1 || list[i].File != "templates/"+c.file || list[i].Line < 2 {
				t.Errorf("got\n%s", lines(list))
			}
		})
	}
}

// What incident.data_not_involved says may be said to everybody.
func TestPublicationsDenyByTheIncident(t *testing.T) {
	c := newCampaign(t)
	c.publish(t)
	c.base()
	c.Incident.NotInvolved = []string{"passwords were not accessed"}
	if list := c.lint(t); len(list) > 0 {
		t.Errorf("got\n%s", lines(list))
	}
}
