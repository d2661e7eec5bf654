package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// ends are what can become of a test message, as of a claim.
var ends = []notifier.Status{notifier.Accepted, notifier.Deferred, notifier.Refused, notifier.Unknown}

// RecordTest records what became of a test message and returns its evidence
// row. Neither claims nor recipients nor the tally are touched.
func (w *writer) RecordTest(_ context.Context, o notifier.Outcome, note ledger.TestNote) (int64, error) {
	if !slices.Contains(ends, o.Status) {
		return 0, fmt.Errorf("a test cannot end as %q", o.Status)
	}
	if strings.Contains(note.Domain, "@") {
		return 0, errors.New("the evidence of a test holds the reviewer's domain, not the address")
	}
	var seq int64
	err := w.do(func(t *tx) error {
		e, err := t.testRow(o, note)
		if err != nil {
			return err
		}
		err = t.append(e)
		seq = e.Seq
		return err
	})
	return seq, err
}

// testRow makes the row of a test: what is a recipient's is left out.
func (t *tx) testRow(o notifier.Outcome, note ledger.TestNote) (*ledger.Evidence, error) {
	o.Claim = notifier.Claim{Relay: o.Claim.Relay, At: o.Claim.At}
	if o.Claim.Relay != "" { // it may be the first that this relay is heard of
		if _, err := t.relayID(o.Claim.Relay); err != nil {
			return nil, err
		}
	}
	// Rows name a wording by its number in the plan.
	note.Variant = ""
	if _, planned := t.names.variant[o.Variant]; !planned {
		note.Variant, o.Variant = o.Variant, ""
	}
	b, err := json.Marshal(note)
	if err != nil {
		return nil, refuse(err)
	}
	return &ledger.Evidence{Kind: ledger.KindTest, Outcome: o, Note: string(b)}, nil
}
