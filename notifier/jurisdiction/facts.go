package jurisdiction

import "slices"

// The facts that law.csv may hold about a state, beside one for each block that
// its notice must or must not have: see BlockPrefix.
const (
	FactName           = "name"            // the state's name
	FactStatute        = "statute"         // where the law stands
	FactStatus         = "status"          // where it is doubtful whether the law is in force, or whom it reaches
	FactDeadline       = "deadline"        // by when people are to be told, in our words
	FactDeadlineDays   = "deadline_days"   // the same in calendar days, where the law gives a number
	FactDeadlineClock  = "deadline_clock"  // what the days are counted from, one of the Clock constants
	FactRegulator      = "regulator"       // who else is to be told
	FactRegulatorFrom  = "regulator_from"  // from how many people of the state on
	FactRegulatorBy    = "regulator_by"    // and by when, in our words
	FactRegulatorFirst = "regulator_first" // who has to be told before the people are
	FactBureausFrom    = "bureaus_from"    // from how many people on the credit bureaus are to be told
	FactBureausBy      = "bureaus_by"      // and by when or on what condition, in our words
	FactEmail          = "email"           // who may be told by email, one of the Email constants
	FactEmailWords     = "email_words"     // the same in our words
	FactSubstitute     = "substitute"      // what is asked for where people cannot be reached
	FactRecords        = "records"         // what is to be kept, and how long
	FactTemplate       = "template"        // the template of its own that a notice to this state needs
)

// Offices that notices name. Their value is written as name, postal address,
// telephone and web address with " | " between; a part nobody knows is empty.
// Those of the whole country stand under the state Federal.
const (
	OfficeAttorneyGeneral = "attorney_general"
	OfficeConsumerAgency  = "consumer_agency"
	OfficeFTC             = "ftc"
	OfficeEquifax         = "equifax"
	OfficeExperian        = "experian"
	OfficeTransUnion      = "transunion"
)

// Federal is the state under which law.csv has what holds in the whole country.
const Federal = "US"

// What the days of a deadline are counted from.
const (
	ClockDiscovery     = "discovery"     // the breach was discovered
	ClockDetermination = "determination" // it was determined that a breach occurred
	ClockConfirmation  = "confirmation"  // the breach was confirmed
	ClockScopeEnded    = "scope_ended"   // its scope was found
)

// Whom a state's law allows to be told by email.
const (
	EmailAllowed = "allowed" // everyone with an address
	EmailPrimary = "primary" // those with whom the company mostly deals by email, and who agreed
	EmailConsent = "consent" // only who agreed
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
	Fact       string // one of the Fact or Office constants, or BlockPrefix and a block
	Value      string
	Source     string
	SourceDate string // year, month or day of the source; empty where nobody knows
	CheckedOn  string // when somebody last compared it with the source; empty where nobody knows
	Confidence string // Verified, Memory or Counsel
	Line       int    // in the file it was read from
}

// facts are the names of all facts but blocks, in the order in which they are
// shown.
var facts = []string{
	FactName, FactStatute, FactStatus, FactDeadline, FactDeadlineDays, FactDeadlineClock,
	FactRegulator, FactRegulatorFrom, FactRegulatorBy, FactRegulatorFirst, FactBureausFrom, FactBureausBy,
	FactEmail, FactEmailWords, FactSubstitute, FactRecords, FactTemplate,
	OfficeAttorneyGeneral, OfficeConsumerAgency, OfficeFTC, OfficeEquifax, OfficeExperian, OfficeTransUnion,
}

var offices = facts[slices.Index(facts, OfficeAttorneyGeneral):]
