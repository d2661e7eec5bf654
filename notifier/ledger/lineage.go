package ledger

import (
	"context"
	"errors"
	"time"

	"breachmail/notifier"
)

// ErrCopy is returned by Start for a ledger that is a copy of another one.
var ErrCopy = errors.New("this ledger is a copy")

// Start is the beginning of a run that sends.
type Start struct {
	Epoch   int64     `json:"epoch"`             // set by the store
	Verb    string    `json:"verb"`              // "send" or "resume"
	Program string    `json:"program,omitempty"` // the version of breachmail
	At      time.Time `json:"-"`
}

// Copy says of which ledger, and of which moment of it, this one is a copy.
type Copy struct {
	At   time.Time       `json:"at"`
	Seq  int64           `json:"seq"`
	Head notifier.Digest `json:"-"` // the chain value of row Seq
}

// Adoption is the decision to send from this ledger although it is a copy, or
// older than one that was used already.
type Adoption struct {
	Epoch    int64     `json:"epoch"`             // of this ledger from now on
	Because  string    `json:"because,omitempty"` // why, where logs did not show what was sent since
	Logs     []string  `json:"logs,omitempty"`    // base names of those that did
	Accepted int       `json:"accepted"`          // people whom the logs have as taken, beside those the ledger knew
	Bounced  int       `json:"bounced"`
	At       time.Time `json:"-"`
}

// Lineage tells whether a ledger is the one that was written last.
type Lineage interface {
	// Epoch returns that of the last Start or Adopt, 0 where there was none.
	Epoch(ctx context.Context) (int64, error)
	// Copied tells of what this ledger is a copy, nil where it is none.
	Copied(ctx context.Context) (*Copy, error)
	// At returns the chain value of an evidence row, and false where there is no
	// such row.
	At(ctx context.Context, seq int64) (notifier.Digest, bool, error)
}

// Verdict settles one unknown recipient: Accepted when the relay has the
// notice, Bounced when it had it and could not hand it on, Pending when it
// demonstrably has not, and, where it is Doubted, Unknown when nobody can tell.
type Verdict struct {
	Key     notifier.Key
	Status  notifier.Status
	Doubted bool   // settle a pending or deferred one, too: this ledger may be older than what was sent
	Note    string // what it was settled by: file and line, or a decision

	// What the relay's log says, where it does.
	Code     int
	Enhanced string
	Reply    string // with the recipient taken out
	RelayID  string
	At       time.Time // when it happened, by the log's clock
}
