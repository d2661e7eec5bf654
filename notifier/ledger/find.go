package ledger

import (
	"context"

	"breachmail/notifier"
)

// Traces are what somebody can be found by without their data being kept.
type Traces struct {
	Address  notifier.Trace
	Phone    notifier.Trace
	Accounts []notifier.Trace
}

// Has reports whether t is among the traces of that kind.
func (s *Traces) Has(of notifier.TraceOf, t notifier.Trace) bool {
	switch of {
	case notifier.TraceAddress:
		return s.Address == t
	case notifier.TracePhone:
		return s.Phone == t
	}
	for _, a := range s.Accounts {
		if a == t {
			return true
		}
	}
	return false
}

// Finder finds single people, also after they were purged.
type Finder interface {
	// Between returns the recipients with keys from low to high, both included, in
	// that order, at most limit.
	Between(ctx context.Context, low, high notifier.Key, limit int) ([]Row, error)
	// Of calls f for the recipients who have one of these keys, each once.
	Of(ctx context.Context, keys []notifier.Key, f func(Row) error) error
	// Find returns the recipients who have that trace, by id. Traces are short:
	// somebody else may have the same one. Whoever was planned without traces is
	// looked at one by one, with those that f gives.
	Find(ctx context.Context, of notifier.TraceOf, t notifier.Trace, f func(*notifier.Recipient) Traces) ([]Row, error)
	// History returns the evidence about one recipient, oldest first.
	History(ctx context.Context, k notifier.Key) ([]Evidence, error)
	// Claimed returns the claim of that recipient which has no outcome yet, nil
	// where there is none.
	Claimed(ctx context.Context, k notifier.Key) (*notifier.Claim, error)
	// Late calls f for everything that AddLate listed.
	Late(ctx context.Context, f func(Late) error) error
	// LateOf returns what AddLate listed for one recipient.
	LateOf(ctx context.Context, k notifier.Key) ([]Late, error)
}
