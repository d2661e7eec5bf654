package report

import (
	"cmp"
	"slices"
)

// mostDomains is how many domains are counted one by one. Ids are a fair sample,
// so a domain with many people is met long before there are so many.
const mostDomains = 20_000

// domain counts somebody by the domain of the address.
func (t *Tally) domain(p *Person, stands Standing, on string) {
	if p.Domain == "" {
		return
	}
	c := t.domains[p.Domain]
	if c == nil {
		if len(t.domains) >= mostDomains {
			t.others.Different++
			t.other.add(p, stands, on, "")
			return
		}
		c = &Counts{}
		t.domains[p.Domain] = c
	}
	c.add(p, stands, on, "")
}

// DomainCounts are the counts of a domain. Domains is how many are meant where it
// is more than one, at least.
type DomainCounts struct {
	Domain  string
	Domains int64
	Counts
}

// fewPeople is how many people have to share a domain before it is named: one with
// fewer may be somebody's own.
const fewPeople = 5

// Domains returns what was counted by domain, most people first: the largest, and
// all others together.
func (t *Tally) Domains(most int) []DomainCounts {
	var list []DomainCounts
	rest := DomainCounts{Domains: t.others.Different, Counts: t.other}
	for name, c := range t.domains {
		list = append(list, DomainCounts{Domain: name, Counts: *c})
	}
	slices.SortFunc(list, func(a, b DomainCounts) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Domain, b.Domain))
	})
	for i := range list {
		if i < most && list[i].People >= fewPeople {
			continue
		}
		rest.Domains++
		rest.sum(&list[i].Counts)
	}
	list = slices.DeleteFunc(list, func(d DomainCounts) bool { return d.People < fewPeople })
	list = list[:min(len(list), most)]
	if rest.People > 0 {
		list = append(list, rest)
	}
	return list
}
