package bundle

import (
	"time"

	"breachmail/notifier"
	"breachmail/notifier/review"
)

// PageData is what the preview page shows.
type PageData struct {
	Company       string
	Campaign      string
	Subject       string
	From          string
	IncidentDates string // in words, for example "August 20, 2018"
	Generated     time.Time

	Recipients int // Email + Postal
	Email      int
	Postal     int
	ByEmail    string   // who is told by email, in words
	Consent    string   // a sentence on states where the law data allow email only with consent; may be empty
	ByPost     []Reason // why the others are not, most people first
	Holds      []Hold
	States     []State // in the order to be shown; may be empty
	Federal    *State  // the rule that holds in the whole country, if any does

	TODOs    []review.Finding // places that are still to be filled in
	Findings []review.Finding // of Lint
	Samples  []PageSample

	Reading   review.Reading
	Checklist []review.StateChecklist
	Changes   *review.Changes // nil where nothing was approved before
	Elsewhere []Publication   // what is said on the website and at the call center
	Awkward   []Awkward
	Approvals []Approval // oldest first
	Needed    int        // how many people have to approve; 0 counts as 1
	MaySign   []string   // whose signature counts, each with the key; empty: no signature is asked for
	Statement string     // what counsel sends back to approve, one paragraph

	// Approved says that what stands on this page is approved already, for
	// example "approved already by Robin Chen, nothing changed since". It is
	// empty where it is not.
	Approved string

	// Real: the samples are made of real recipients. The bundle holds personal
	// data and says so.
	Real bool

	TextDigest notifier.Digest
	Batches    []Batch
	Code       notifier.Digest
	Command    string // the ready approve command line
}

// State is how many people live in one state, and by when its law wants them
// told, where that is known.
type State struct {
	Code     string // two letters, or notifier.UnknownState
	Name     string // for example "Massachusetts"; Code is shown where it is empty
	People   int    // Email + Postal where these are known
	Email    int    // told by email
	Postal   int    // told by post
	Deadline Deadline
	Status   string   // required or voluntary, as counsel marked it; else empty
	Passed   bool     // the last day is over
	Missed   bool     // it will be over before the last notice has left
	Also     []string // who else is to be told at this number of people
	Held     []string // the holds that keep these people back
	Doubt    string   // why the law may not be in force
}

// Reason is why people are told by post, and how many.
type Reason struct {
	Text   string
	People int
}

// Hold is a condition under which people may not be told yet.
type Hold struct {
	Name string
	Who  string    // in words: "everyone", or states
	Ends time.Time // the day on which it ends by itself; zero where a person ends it
	Over bool      // released, or ended
}

// Deadline is a legal date and where it was read. Where On is zero the law
// names no number of days, or nothing is known; Text may say which.
type Deadline struct {
	On         time.Time
	Text       string
	Source     string
	SourceDate string // empty where nobody knows
}

// PageSample is a sample and who gets a notice of that wording.
type PageSample struct {
	review.Sample
	People int

	// States is where they live, most people first. Where it is nil the page
	// takes the wording's own state, and for a wording of no state all those
	// that have no wording of their own.
	States []review.StatePeople
}

// Batch is one run of plan, with the digest of its list.
type Batch struct {
	Number     int
	Recipients int
	Digest     notifier.Digest
}

// Publication is a text that says elsewhere what the notice says.
type Publication struct {
	Name     string // website or call-center
	Language string
	File     string // the template
	Text     []byte
	HTML     []byte // a fragment, without html and body
}

// Awkward is a sample for a recipient whose data are unusual.
type Awkward struct {
	review.Sample
	Case string // in words: "no name"
}

// Approval is one that stands in the record.
type Approval struct {
	Number    int64 // of its row in the evidence
	By        string
	At        time.Time
	Code      notifier.Digest
	Note      string
	Proof     string   // hex SHA-256 of counsel's mail or signed document; may be empty
	Signed    string   // the key's fingerprint; empty: asserted by the operator, not signed
	Principal string   // whose key it is, as the file of signers has it; may be empty
	Waived    []string // rule and reason
	Current   bool     // it is about what stands on this page
	Wrong     string   // why it does not count, although it stands in the record

	// Statement and Signature are put into the bundle as files, byte by byte, so
	// that ssh-keygen can check them; empty where there are none.
	// FileNames says how they are named.
	Statement []byte
	Signature []byte
}
