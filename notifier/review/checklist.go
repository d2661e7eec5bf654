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

// CheckItem is one thing that a law asks for, advises or forbids. It is met,
// unmet or open.
type CheckItem struct {
	Block  string            // one of jurisdiction.Blocks
	Words  string            // in words: "the date of the notice", "describing what happened" where that is forbidden
	Asks   string            // jurisdiction.Required, Advised or Forbidden
	Stands []string          // the words of the notice that meet it, or that are there though forbidden
	Lacks  []string          // what is missing
	Doubts []string          // words that counsel should read: they may be what is forbidden
	Note   string            // why nothing has to stand there, or why it cannot be judged, where nothing does; else empty
	Fact   jurisdiction.Fact // where it is asked, with source, date and confidence

	// Offices are the lines of the law data that have the addresses a notice
	// names for it, where it is about offices.
	Offices []jurisdiction.Fact

	// Others are the other wordings to people of the state of which something
	// else is to be said than of this one.
	Others []OtherWording
}

// OtherWording is how a further wording to the people of a state stands to what
// their law asks. Where all is empty, it has what is asked for, or nothing of
// what is forbidden.
type OtherWording struct {
	Variant notifier.Variant
	Stands  []string // what is there though it is forbidden
	Lacks   []string // what is missing
	Doubts  []string // words that counsel should read
	Note    string   // why it cannot be judged; else empty
}

// Met reports whether all wordings to people of the state have what is asked
// for, or nothing of what is forbidden, as far as words show.
func (c *CheckItem) Met() bool { return !c.Unmet() && !c.Open() }

// Unmet reports whether something is missing in some wording to people of the
// state, or something forbidden is there.
func (c *CheckItem) Unmet() bool {
	forbidden := c.Asks == jurisdiction.Forbidden
	return len(c.Lacks) > 0 || forbidden && len(c.Stands) > 0 ||
		slices.ContainsFunc(c.Others, func(o OtherWording) bool { return len(o.Lacks) > 0 || len(o.Stands) > 0 })
}

// Open reports whether only reading shows if it is met: nothing is known to be
// wrong, and counsel has to look at Doubts, or at a wording whose language
// breachmail does not know.
func (c *CheckItem) Open() bool {
	return !c.Unmet() && (len(c.Doubts) > 0 || c.Note == unknownWords ||
		slices.ContainsFunc(c.Others, func(o OtherWording) bool { return len(o.Doubts) > 0 || o.Note != "" }))
}

// Checklist says for each state whose people are told what its law asks of the
// notice and where that stands, the one with the most people first, and last
// what holds in the whole country. It judges as Lint does; see Judge.
func Checklist(m Material) ([]StateChecklist, error) { return newLinter(m).checklist() }

func (l *linter) checklist() ([]StateChecklist, error) {
	c := &checker{l}
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
	if l.Law == nil || len(otherFacts(l.Law, jurisdiction.Federal)) == 0 {
		return out, nil
	}
	return append(out, StateChecklist{
		StatePeople: StatePeople{jurisdiction.Federal, nameOf(l.Law, jurisdiction.Federal), int(all)},
		Voluntary:   l.Voluntary[jurisdiction.Federal],
		Facts:       otherFacts(l.Law, jurisdiction.Federal),
	}), nil
}
