package ledger

import (
	"fmt"

	"breachmail/notifier"
)

// Rows accounts for the rows of all planned exports. A row that stands in for
// one set aside before counts in its place: Read is the sum of all exports'
// Rows less their Replaced, Rejected that of their Rejected less their Replaced.
type Rows struct {
	Read        int64 `json:"read"`
	Merged      int64 `json:"merged"`
	Rejected    int64 `json:"rejected"`
	AlreadyTold int64 `json:"already_told"`
}

// Recipients counts people by channel.
type Recipients struct {
	Total  int64 `json:"total"`
	Email  int64 `json:"email"`
	Postal int64 `json:"postal"`
}

// Notices counts email recipients by status.
type Notices struct {
	Pending  int64 `json:"pending"`
	InFlight int64 `json:"in_flight"`
	Deferred int64 `json:"deferred"`
	Accepted int64 `json:"accepted"`
	Refused  int64 `json:"refused"`
	Unknown  int64 `json:"unknown"`
	Bounced  int64 `json:"bounced"`
}

// Sum is the number of email recipients these notices are for.
func (n Notices) Sum() int64 {
	return n.Pending + n.InFlight + n.Deferred + n.Accepted + n.Refused + n.Unknown + n.Bounced
}

// Of returns the place where notices of that status are counted, nil for a
// status that is none.
func (n *Notices) Of(s notifier.Status) *int64 {
	switch s {
	case notifier.Pending:
		return &n.Pending
	case notifier.InFlight:
		return &n.InFlight
	case notifier.Deferred:
		return &n.Deferred
	case notifier.Accepted:
		return &n.Accepted
	case notifier.Refused:
		return &n.Refused
	case notifier.Unknown:
		return &n.Unknown
	case notifier.Bounced:
		return &n.Bounced
	}
	return nil
}

// WaveTotals is one wave's part of the account.
type WaveTotals struct {
	Name    string
	Notices Notices
}

// Totals is the account of a campaign.
type Totals struct {
	Rows       Rows
	Recipients Recipients
	Notices    Notices
	Waves      []WaveTotals // in sending order
	Begun      bool         // something was claimed once
	Unmarked   int64        // those of Rows.Rejected that were planned by a version without marks
}

// Check returns an error that names the first sum of DESIGN section 4, number
// 6, that does not hold.
func (t Totals) Check() error {
	if got := t.Recipients.Total + t.Rows.Merged + t.Rows.Rejected + t.Rows.AlreadyTold; t.Rows.Read != got {
		return fmt.Errorf("%w: %d rows were read, but recipients, merged, rejected and already told make %d", ErrDamaged, t.Rows.Read, got)
	}
	if got := t.Recipients.Email + t.Recipients.Postal; t.Recipients.Total != got {
		return fmt.Errorf("%w: there are %d recipients, but email and postal make %d", ErrDamaged, t.Recipients.Total, got)
	}
	if got := t.Notices.Sum(); t.Recipients.Email != got {
		return fmt.Errorf("%w: there are %d email recipients, but their notices make %d", ErrDamaged, t.Recipients.Email, got)
	}
	var waves int64
	for _, w := range t.Waves {
		waves += w.Notices.Sum()
	}
	if waves != t.Recipients.Email {
		return fmt.Errorf("%w: there are %d email recipients, but the waves hold %d", ErrDamaged, t.Recipients.Email, waves)
	}
	return nil
}
