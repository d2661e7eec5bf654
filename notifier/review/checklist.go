package review

import (
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

// StateChecklist is what the law of a state asks, as far as the law data know,
// and where the notice to its people has it.
type StateChecklist struct {
	StatePeople
	Variant   notifier.Variant    // the wording judged: the one that most of them get
	Voluntary bool                // counsel marked the notice to this state as voluntary
	Items     []CheckItem         // what is asked of the notice, in the order of a notice
	Facts     []jurisdiction.Fact // what else is known: deadline, regulators, email, records
}

// CheckItem is one thing that a law asks for, advises or forbids.
type CheckItem struct {
	Block  string            // one of jurisdiction.Blocks
	Words  string            // in words: "the date of the notice"
	Asks   string            // jurisdiction.Required, Advised or Forbidden
	Stands []string          // the words of the notice that meet it, or that are there though forbidden
	Lacks  []string          // what is missing
	Doubts []string          // words that counsel should read: they may be what is forbidden
	Note   string            // why nothing has to stand there, where nothing does; else empty
	Fact   jurisdiction.Fact // where it is asked, with source, date and confidence

	// Elsewhere are other wordings to people of the state that do not meet what
	// this one meets, or meet what it does not.
	Elsewhere []notifier.Variant
}

// Met reports whether nothing is missing, or nothing forbidden is there.
func (c *CheckItem) Met() bool {
	if c.Asks == jurisdiction.Forbidden {
		return len(c.Stands) == 0
	}
	return len(c.Lacks) == 0
}

// Checklist says for each state whose people are told what its law asks of the
// notice and where that stands, the one with the most people first, and last
// what holds in the whole country. It judges as Lint does.
func Checklist(m Material) ([]StateChecklist, error) {
	c := &checker{linter: newLinter(m), rendered: map[notifier.Variant][]*wording{}}
	var out []StateChecklist
	var all int64
	for state, people := range c.states() {
		all += people
		s, err := c.state(state, people)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b StateChecklist) int { return byPeople(a.StatePeople, b.StatePeople) })
	if m.Law == nil || len(otherFacts(m.Law, jurisdiction.Federal)) == 0 {
		return out, nil
	}
	return append(out, StateChecklist{
		StatePeople: StatePeople{jurisdiction.Federal, nameOf(m.Law, jurisdiction.Federal), int(all)},
		Voluntary:   m.Voluntary[jurisdiction.Federal],
		Facts:       otherFacts(m.Law, jurisdiction.Federal),
	}), nil
}
