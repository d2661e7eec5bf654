package campaign

import (
	"cmp"
	"slices"

	"breachmail/notifier"
)

// DescribeStates puts names and deadlines beside counts, most people first.
func (c *Campaign) DescribeStates(counts map[string]int64) []StateCount {
	var list []StateCount
	for state, n := range counts {
		s := StateCount{State: state, Name: c.Law.Name(state), People: n}
		if state == notifier.UnknownState {
			s.Name = "state unknown"
		}
		if d, ok := c.Law.Deadline(state, c.clocks()); ok {
			s.Deadline, s.Source, s.Read = d.On, d.Source, d.SourceDate
		}
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b StateCount) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.State, b.State))
	})
	return list
}
