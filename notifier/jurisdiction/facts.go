package jurisdiction

// The facts that law.csv may hold about a state.
const (
	FactName           = "name"            // the state's name
	FactStatute        = "statute"         // where the law stands
	FactDeadline       = "deadline"        // by when people are to be told, in our words
	FactDeadlineDays   = "deadline_days"   // the same in calendar days, where the law gives a number
	FactDeadlineClock  = "deadline_clock"  // what the days are counted from, one of the Clock constants
	FactRegulatorFirst = "regulator_first" // who has to be told before the people are
)

// What the days of a deadline are counted from.
const (
	ClockDiscovery     = "discovery"     // the breach was discovered
	ClockDetermination = "determination" // it was determined that a breach occurred
	ClockConfirmation  = "confirmation"  // the breach was confirmed
	ClockScopeEnded    = "scope_ended"   // its scope was found
)

// How far a fact was verified.
const (
	Verified = "verified" // a text was read
	Memory   = "memory"   // from general knowledge, to be checked
	Counsel  = "counsel"  // entered or confirmed by the campaign's counsel
)

// Fact is one line of law.csv.
type Fact struct {
	State      string // two letters
	Fact       string // one of the Fact constants
	Value      string
	Source     string
	SourceDate string // year, month or day of the source; empty where nobody knows
	CheckedOn  string // when somebody last compared it with the source; empty where nobody knows
	Confidence string // Verified, Memory or Counsel
	Line       int    // in the file it was read from
}
