package campaign

import (
	"fmt"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/ledger"
	"breachmail/notifier/report"
	"breachmail/notifier/review/bundle"
)

// pageLaw puts on counsel's page where people live and how they are told, and
// what the laws of their states ask for.
func (c *Campaign) pageLaw(d *bundle.PageData, groups []ledger.Group, p *Previewed) {
	people, byPost, byEmail := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, g := range groups {
		people[g.State] += g.Count
		if g.Channel == notifier.Postal {
			byPost[g.Reason] += g.Count
		} else {
			byEmail[g.State] += g.Count
		}
	}
	d.ByEmail = "everyone with a usable address, as the company decided"
	if c.Config.Email.Basis == BasisStatute {
		d.ByEmail = "only where the state's law allows it for this person, as far as the law data know"
	} else {
		d.Consent = c.consent(byEmail)
	}
	for _, r := range report.Sorted(byPost) {
		d.ByPost = append(d.ByPost, bundle.Reason{Text: r.Name, People: int(r.Count)})
	}
	for i, h := range p.Status.Holds {
		d.Holds = append(d.Holds, bundle.Hold{Name: h.Name, Who: c.Config.Holds[i].Match.words(c.Law.Name), Ends: h.Ends.Time(), Over: h.State != holdHeld})
	}
	o := c.outlook(people, p.Status.Notices.Pending+p.Status.Notices.Deferred, p.Status.Holds)
	for i := range o.States {
		s := pageState(&o.States[i])
		s.Email = int(byEmail[s.Code])
		s.Postal = s.People - s.Email
		d.States = append(d.States, s)
	}
	if o.Federal != nil {
		s := pageState(o.Federal)
		d.Federal = &s
	}
}

// consent says for how many of those told by email the law data ask for consent
// to it, or nothing.
func (c *Campaign) consent(byEmail map[string]int64) string {
	var states, people int64
	for state, n := range byEmail {
		if c.Law.Email(state) == jurisdiction.EmailConsent {
			states++
			people += n
		}
	}
	if people == 0 {
		return ""
	}
	return fmt.Sprintf("In %s, with %s told by email here, the law data allow a notice by email only to those who agreed to it. "+
		"Whether that matters for a notice that the company gives by email on its own decision is for counsel to say.",
		Many(states, "state", "states"), Many(people, "person", "people"))
}

func pageState(s *StateLaw) bundle.State {
	state := bundle.State{
		Code: s.State, Name: s.Name, People: int(s.People), Status: s.Status,
		Passed: s.Passed, Missed: s.Missed, Held: s.Holds, Doubt: s.Doubt,
		Deadline: bundle.Deadline{On: s.Deadline, Text: s.Words, Source: s.Source, SourceDate: s.Read},
	}
	for _, duty := range s.Duties {
		if !duty.Met {
			continue
		}
		who := duty.Who
		if duty.First {
			who += ", before the people"
		}
		if duty.By != "" {
			who += fmt.Sprintf(" (%s)", duty.By)
		}
		state.Also = append(state.Also, who)
	}
	return state
}

// words says whom a match picks.
func (m Match) words(name func(state string) string) string {
	if m.All {
		return "everyone"
	}
	list := make([]string, len(m.State))
	for i, s := range m.State {
		if list[i] = name(s); list[i] == "" {
			list[i] = s
		}
	}
	return "people in " + strings.Join(list, ", ")
}
