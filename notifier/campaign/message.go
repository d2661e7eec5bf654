package campaign

import (
	"context"
	"fmt"
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// Message is a notice made again, to show what left.
type Message struct {
	EML    *string `json:"eml"`    // the message, where it was to be revealed
	Digest string  `json:"digest"` // its SHA-256
	Row    int64   `json:"row"`    // of the evidence that has the same digest
	Same   bool    `json:"same"`   // always: another digest is an error
}

// message makes the message of somebody's last accepted attempt again, or else
// that of the last of which bytes left. It is ErrDamaged when the evidence has
// another digest.
func (t *teller) message(ctx context.Context, k notifier.Key) (*Message, error) {
	rec, err := t.read(ctx, k)
	if err != nil {
		return nil, err
	}
	e := lastLeft(rec.history)
	if e == nil {
		return nil, fmt.Errorf("no row of the evidence has a digest of a message for %s: none was handed over, or its process died over it", k)
	}
	if t.purged != nil {
		return nil, hint(fmt.Errorf("the message cannot be made again: %w on %s", ledger.ErrPurged, t.purged.At.Local().Format("2006-01-02")),
			"its digest stays in the evidence, row %d: %s", e.Seq, e.Outcome.Digest)
	}
	text, same, err := t.c.remake(ctx, t.r, &rec.Recipient, &e.Outcome)
	if err != nil {
		return nil, err
	}
	if !same {
		return nil, hint(fmt.Errorf("%w: the message of %s made again is not the one that evidence row %d has the digest of: their data, or what was approved, was changed",
			ErrDamaged, k, e.Seq), "look with: %s; it was approved with %s, and another version may compose otherwise",
			t.c.Command("verify"), t.approvedWith(e.Outcome.Claim.Approval))
	}
	m := &Message{Digest: e.Outcome.Digest.String(), Row: e.Seq, Same: true}
	if t.reveal {
		eml := string(text)
		m.EML = &eml
	}
	return m, nil
}

// approvedWith returns the version of breachmail that recorded an approval.
func (t *teller) approvedWith(row int64) string {
	for i := range t.approvals {
		if a := &t.approvals[i]; a.Seq == row && a.Program != "" {
			return a.Program
		}
	}
	return "an older version"
}

// lastLeft returns the last accepted attempt with a digest, or else the last with
// one; nil where there is none.
func lastLeft(history []ledger.Evidence) *ledger.Evidence {
	var last *ledger.Evidence
	for i := range slices.Backward(history) {
		e := &history[i]
		if e.Kind != ledger.KindAttempt || e.Outcome.Digest == (notifier.Digest{}) {
			continue
		}
		if e.Outcome.Status == notifier.Accepted {
			return e
		}
		if last == nil {
			last = e
		}
	}
	return last
}
