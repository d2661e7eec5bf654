package report

import "time"

// Case is a whole campaign as its report shows it: what was done, for three
// readers. It holds no personal data.
type Case struct {
	Company  string
	Campaign string
	Subject  string
	Incident string // when it happened, in words
	At       time.Time
	Version  string // of breachmail
	Head     Head
	Phase    string
	Standing string // what the phase means

	Wrong []string // what does not agree, in words; empty where all does
	Notes []string // what else a reader has to know

	Rows       Rows
	Recipients RecipientCount
	Notices    Notices
	AlsoPostal bool // those told by email get a letter as well
	Purged     time.Time
	Bounces    Bounces
	Tally      *Tally

	Waves     []Wave
	Events    []Event
	Holds     []Hold
	Approvals []Approval
	Samples   []Sample
	Settled   int64             // notices that were settled as taken after their attempt
	Names     map[string]string // of states
	Deadlines []Deadline        // of the states that occur and have one
	Federal   *Deadline
	Tasks     []Task
	Owed      []string // what is still owed, a sentence each
	Packs     []string // states whose regulators have a folder

	Exports  []Source
	Batches  []Batch
	Listings []Listing
	Mailings []Mailing
	Tests    int64 // test messages to reviewers
	Verify   string
	ToVerify string // the same with the head of this report
}

// Head is where the evidence ended.
type Head struct {
	Rows        int64
	Chain       string // empty where there are no rows
	Epoch       int64
	First, Last time.Time
}

// Notices counts email recipients by status.
type Notices struct {
	Pending, InFlight, Deferred, Accepted, Refused, Unknown, Bounced int64
}

// Sum is the number of email recipients.
func (n Notices) Sum() int64 {
	return n.Pending + n.InFlight + n.Deferred + n.Accepted + n.Refused + n.Unknown + n.Bounced
}

// Bounces counts what came back.
type Bounces struct {
	Hard, Soft, Complaints, AutoReplies int64
	Read                                time.Time // when that was last looked for; zero: never
	Reads                               []BouncesRead
}

// BouncesRead is one time that bounces were read.
type BouncesRead struct {
	Row                                             int64
	At                                              time.Time
	Read, Hard, Soft, Complaints, AutoReplies, Kept int64
}

// Wave is a part of the plan.
type Wave struct {
	Name            string
	Total, Accepted int64
	State           string
}

// EventKind tells events apart.
type EventKind string

// The kinds of events.
const (
	EventStart EventKind = "start" // a run that sends began
	EventHalt  EventKind = "halt"
	EventClear EventKind = "clear" // a halt was taken back
	EventGate  EventKind = "gate"  // a gate was opened
	EventHold  EventKind = "hold"  // a hold ended
	EventOther EventKind = "other"
)

// Event is something that happened while notices were sent.
type Event struct {
	Row  int64 // of the evidence; 0 where it is none
	At   time.Time
	Kind EventKind
	Text string
}

// Hold is a hold, and when it ended.
type Hold struct {
	Name, Who, State string
	People           int64     // kept back now
	Ended            time.Time // zero: it stands, or nobody knows
	Row              int64     // of the release; 0: it ended by itself
}

// Approval is one approval.
type Approval struct {
	Row        int64
	By         string
	At         time.Time
	Code, Text string
	Batches    []int
	Signed     string
	Proof      string
	Note       string
	Wrong      string
	ReplacedBy int64
	Waivers    []Waiver
	Sent       int64 // notices that left under it and were taken
}

// Waiver is a finding that was waived.
type Waiver struct{ Name, Reason string }

// Sample is a wording as it was sent, with stand-in values.
type Sample struct {
	Wording  string
	Approval int64 // evidence row
	Sent     int64 // how many were taken by a relay; 0: none yet
	People   int64 // planned with it, where none was sent
	Subject  string
	From     string
	Text     string
	Lost     string // why it cannot be shown
}

// Deadline is the day by which the people of a state are to be told.
type Deadline struct {
	State, Name string
	On          string // 2018-09-19
	Words       string
	Source      string
	Read        string
}

// Task is something that is done outside of breachmail.
type Task struct {
	Name   string // as done takes it
	What   string
	State  string
	By     string // by when, in words
	When   string // on what condition
	Owed   bool   // the condition is met
	Source string
	Done   string // the day; empty: it is open
	Proof  string
	Note   string
	Row    int64
}

// Source is an export that was planned.
type Source struct {
	Name, Digest                                    string
	Batch                                           int
	Rows, Recipients, Merged, Rejected, AlreadyTold int64
}

// Batch is what one run of plan added.
type Batch struct {
	Number int
	People int64
	Digest string
	At     time.Time
}

// Listing is a list of people to be told by letter.
type Listing struct {
	Number int
	Row    int64
	At     time.Time
	People int64
	Digest string
}

// Mailing is letters that were sent.
type Mailing struct {
	Row                 int64
	On                  string
	At                  time.Time
	People, Again       int64
	File, Proof, Digest string
}
