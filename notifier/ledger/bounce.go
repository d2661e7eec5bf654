package ledger

import (
	"time"

	"breachmail/notifier"
)

// Bounce is one thing that came back about a recipient's notice: a bounce, a
// complaint, an answer that no person wrote.
type Bounce struct {
	Key      notifier.Key
	ID       notifier.Digest // the same ID is recorded once
	Cause    notifier.Cause  // CauseHard, CauseSoft, CauseComplaint or CauseAutoReply
	Code     int             // SMTP reply code, 0 where there is none
	Enhanced string          // RFC 3463 status, for example "5.1.1"
	Reply    string          // what it says, with the recipient taken out
	By       string          // what named the recipient, for example "verp"
	Came     time.Time       // by its own date; zero where it has none
}

// ByAddress is what matched a bounce that names nobody's key: the address, which
// anybody may know.
const ByAddress = "address"

// BounceNote is what the evidence of a bounce holds beside what it says. ID are
// the first sixteen bytes of the one it was recorded under, in hex.
type BounceNote struct {
	ID   string    `json:"id"`
	By   string    `json:"by"`
	Came time.Time `json:"came,omitzero"`
}

// BounceEffect is what recording a bounce did.
type BounceEffect string

// The effects.
const (
	BounceRepeated BounceEffect = "repeated" // it was recorded before
	BounceBounced  BounceEffect = "bounced"  // the recipient was accepted, unknown, or to be sent to again, and is bounced now
	BounceSettled  BounceEffect = "settled"  // the recipient was unknown: what came back or was answered was taken, so it is accepted
	BounceNoted    BounceEffect = "noted"    // the status stays as it was
	BounceUnsent   BounceEffect = "unsent"   // not recorded: this ledger knows of no notice to that recipient, or still has it in flight
)

// BouncesRead is one reading of what came back.
type BouncesRead struct {
	Sources     int       `json:"sources"`
	Read        int64     `json:"read"` // messages and events, those recorded before included
	Hard        int64     `json:"hard"` // recorded now; so are the next three
	Soft        int64     `json:"soft"`
	Complaints  int64     `json:"complaints"`
	AutoReplies int64     `json:"auto_replies"`
	Kept        int64     `json:"kept"` // what changed nothing, kept now for a person to look at
	At          time.Time `json:"-"`
}

// Fresh reports whether anything was recorded or kept apart.
func (b *BouncesRead) Fresh() bool {
	return b.Hard+b.Soft+b.Complaints+b.AutoReplies+b.Kept > 0
}

// Came counts what came back.
type Came struct {
	Hard        int64
	Soft        int64
	Complaints  int64
	AutoReplies int64
	Read        time.Time // when it was last looked for; zero: never
}

// Of returns the place where what came back with that cause is counted, nil for a
// cause that is none of them.
func (c *Came) Of(cause notifier.Cause) *int64 {
	switch cause {
	case notifier.CauseHard:
		return &c.Hard
	case notifier.CauseSoft:
		return &c.Soft
	case notifier.CauseComplaint:
		return &c.Complaints
	case notifier.CauseAutoReply:
		return &c.AutoReplies
	}
	return nil
}
