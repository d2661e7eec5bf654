package report

import (
	"fmt"
	"strings"
)

// standingWords say where people stand, in the order of the pictures.
var standingWords = [standings]string{
	ByEmail:   "email taken by the relay",
	ByLetter:  "letter sent",
	LetterDue: "letter still to be sent",
	Undecided: "unknown",
	Unsent:    "email still to be sent",
}

// standingKey says how a standing is drawn, and how many stand so.
type standingKey struct {
	Class, Words string
	People       int64
	Share        string
}

// keys are the standings that occur.
func (c *Counts) keys() []standingKey {
	var list []standingKey
	for i, n := range c.Standing {
		if n > 0 {
			list = append(list, standingKey{fmt.Sprintf("s%d", i), standingWords[i], n, share(n, c.People)})
		}
	}
	return list
}

// stripe is a bar that lies, cut by where people stand.
type stripe struct {
	Name, Title string
	People      int64
	Parts       []cut
	Sent        string // the share of those to whom a notice was sent
}

// cut is a part of a stripe.
type cut struct{ Class, X, W string }

// newStripe draws where people stand.
func newStripe(name string, c *Counts) stripe {
	s := stripe{Name: name, People: c.People, Sent: share(c.Standing[ByEmail]+c.Standing[ByLetter], c.People)}
	var words []string
	var before int64
	for i, n := range c.Standing {
		if n == 0 {
			continue
		}
		s.Parts = append(s.Parts, cut{fmt.Sprintf("s%d", i), percent(float64(before), float64(c.People)), percent(float64(n), float64(c.People))})
		words = append(words, Number(n)+" "+standingWords[i])
		before += n
	}
	s.Title = fmt.Sprintf("%s, %s: %s", name, people(c.People), strings.Join(words, ", "))
	return s
}

// mostDomainBars is how many domains the picture names.
const mostDomainBars = 15

func (c *Case) stateStripes() []stripe {
	var list []stripe
	for _, r := range c.StateRows() {
		list = append(list, newStripe(r.Name, &r.Counts))
	}
	return list
}

func (c *Case) domainStripes() []stripe {
	var list []stripe
	for _, d := range c.Tally.Domains(mostDomainBars) {
		name := d.Domain
		if name == "" {
			name = Many(d.Domains, "other domain", "other domains")
		}
		list = append(list, newStripe(name, &d.Counts))
	}
	return list
}
