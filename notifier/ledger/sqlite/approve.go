package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// Approve records an approval with what it binds and returns its evidence row.
func (w *writer) Approve(_ context.Context, a ledger.Approval, contents [][]byte) (int64, error) {
	pieces := make([]piece, len(contents))
	for i, c := range contents {
		p, err := pack(c)
		if err != nil {
			return 0, err
		}
		pieces[i] = p
	}
	var seq int64
	err := w.do(func(t *tx) error {
		for i := range pieces {
			if err := t.keep(&pieces[i]); err != nil {
				return err
			}
		}
		err := t.decision(ledger.KindApproval, a.At, a)
		seq = t.head.seq
		return err
	})
	return seq, err
}

// decisionRows follows evidenceColumns and selects the rows that are no attempts, or cannot be since they are
// about nobody, each with the chain value of the row before it.
const decisionRows = ", p.chain" + evidenceFrom + `LEFT JOIN attempts p ON p.seq = a.seq - 1
	WHERE a.seq IN (SELECT seq FROM attempts WHERE kind <> 0 UNION SELECT seq FROM attempts WHERE key IS NULL) ORDER BY a.seq`

// Approvals returns all approvals, oldest first. A row that is not what was
// written, whatever was done to it, is given back as Altered: who asks can then
// say which approval it is. So is one that says it is another decision: it may
// have been an approval.
func (r *Reader) Approvals(ctx context.Context) ([]ledger.Approval, error) {
	variants, err := readVariants(ctx, r.db)
	if err != nil {
		return nil, err
	}
	user, err := userVersion(ctx, r.db)
	if err != nil {
		return nil, err
	}
	var list []ledger.Approval
	err = each(ctx, r.db, evidenceColumns(user)+decisionRows, nil, func(scan scanner) error {
		a, is, err := scanApproval(scan, variants)
		if is {
			list = append(list, a)
		}
		return err
	})
	return list, err
}

// scanApproval reads a decision, and reports whether it is an approval, or may
// have been one.
func scanApproval(scan scanner, variants map[int64]notifier.Variant) (a ledger.Approval, is bool, err error) {
	var before sql.RawBytes
	e, err := scanEvidence(scan, variants, &before)
	if errors.Is(err, ledger.ErrDamaged) { // of no known kind, but read
		a, _ = parseApproval(e.Seq, e.Note)
		a.Altered = true
		return a, true, nil
	}
	if err != nil {
		a, err = scanRuin(scan)
		return a, true, err
	}
	var prev notifier.Digest
	copy(prev[:], before)
	altered := e.Next(prev) != e.Chain
	if e.Kind != ledger.KindApproval {
		return ledger.Approval{Seq: e.Seq, Altered: altered}, altered, nil
	}
	a, err = parseApproval(e.Seq, e.Note)
	a.Altered = err != nil || altered
	return a, true, nil
}

// scanRuin reads what it can of a row in which a column holds what none of its
// kind can hold, such as words for a time.
func scanRuin(scan scanner) (ledger.Approval, error) {
	var seq int64
	var note any
	into := []any{&seq}
	for range 16 {
		into = append(into, new(any))
	}
	into = append(into, &note, new(any), new(any), new(any))
	err := scan(into...)
	text, _ := note.(string)
	a, _ := parseApproval(seq, text)
	a.Altered = true
	return a, err
}

// parseApproval reads the note of row seq. With an error come the fields that
// can be read.
func parseApproval(seq int64, note string) (ledger.Approval, error) {
	var a ledger.Approval
	err := json.Unmarshal([]byte(note), &a)
	a.Seq = seq
	return a, err
}
