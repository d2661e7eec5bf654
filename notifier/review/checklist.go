package review

import (
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
	Fact   jurisdiction.Fact // where it is asked, with source, date and confidence

	// Elsewhere are other wordings to people of the state that do not hold what
	// this one holds.
	Elsewhere []notifier.Variant
}

// Met reports whether nothing is missing, or nothing forbidden is there.
func (c *CheckItem) Met() bool {
	if c.Asks == jurisdiction.Forbidden {
		return len(c.Stands) == 0
	}
	return len(c.Lacks) == 0
}
