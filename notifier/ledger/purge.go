package ledger

import (
	"context"
	"errors"
	"time"

	"breachmail/notifier"
)

// ErrPurged is what a ledger says without the personal data that was asked for.
var ErrPurged = errors.New("personal data was purged")

// Purge tells how personal data is removed.
type Purge struct {
	At        time.Time
	Trace     func(*notifier.Recipient) Traces // for those planned without; nil: they are found by key only
	ForgetKey bool                             // remove the traces, too
}

// Purged is the evidence that personal data was removed.
type Purged struct {
	People    int64     `json:"people"`               // whose data was removed
	Left      Notices   `json:"left"`                 // where their notices stood
	ForgotKey bool      `json:"forgot_key,omitempty"` // nobody is found by address or account number any more
	At        time.Time `json:"at"`
}

// Part tells what of a ledger is gone, or cannot be reached.
type Part interface {
	// Purged tells when personal data was removed, nil where it was not.
	Purged(ctx context.Context) (*Purged, error)
	// Reach counts those who would be come upon who looks for the pending, the
	// deferred and the unknown: not by their rows, but as a run finds them.
	Reach(ctx context.Context) (Notices, error)
	// Open calls f for every claim without outcome.
	Open(ctx context.Context, f func(notifier.Claim) error) error
	// Superseded calls f with the number of each row of evidence that another one
	// about the same recipient came after. It is false, and does nothing, for a
	// ledger of a version that did not keep this.
	Superseded(ctx context.Context, f func(seq int64) error) (bool, error)
}
