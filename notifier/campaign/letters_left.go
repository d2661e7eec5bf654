package campaign

import (
	"cmp"
	"context"
	"slices"

	"breachmail/notifier/ledger"
	"breachmail/notifier/report"
)

// StateLeft is how many people of a state still have to be told by letter, and by
// when its law wants them told, as far as law.csv knows. Counsel decides.
type StateLeft struct {
	State  string `json:"state"` // two letters, or "unknown"
	Name   string `json:"name"`
	People int64  `json:"people"`
	TellBy string `json:"tell_by"` // the last day; empty where the law names no number of days, or no clock has begun
	Words  string `json:"deadline"`
	Source string `json:"source"`
	Read   string `json:"source_date"`
	Passed bool   `json:"passed"` // the last day is over
}

// statesLeft says by when people are to be told where they live, the earliest day
// first, and states without one last.
func (c *Campaign) statesLeft(people map[string]int64) []StateLeft {
	list := []StateLeft{}
	for _, s := range c.describeLaw(people, &ahead{}) {
		list = append(list, StateLeft{State: s.State, Name: s.Name, People: s.People, TellBy: s.TellBy, Words: s.Words, Source: s.Source, Read: s.Read, Passed: s.Passed})
	}
	slices.SortStableFunc(list, func(a, b StateLeft) int {
		if (a.TellBy == "") != (b.TellBy == "") {
			return cmp.Compare(b.TellBy, a.TellBy) // none comes last
		}
		return cmp.Compare(a.TellBy, b.TellBy)
	})
	return list
}

// lettersLeft counts by state who still has to be told by letter.
func (c *Campaign) lettersLeft(ctx context.Context, r ledger.Reader) ([]StateLeft, error) {
	left := map[string]int64{}
	err := r.Cases(ctx, func(p ledger.Case) error {
		if c.lacksLetter(&p) {
			left[p.Recipient.State]++
		}
		return ctx.Err()
	})
	return c.statesLeft(left), err
}

func sortedReasons(count map[string]int64) []LetterReason {
	list := []LetterReason{}
	for _, r := range report.Sorted(count) {
		list = append(list, LetterReason{r.Name, r.Count})
	}
	return list
}
