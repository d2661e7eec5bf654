package sqlite

import (
	"context"
	"encoding/json"

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

// decisionRows selects the rows that are no attempts or bounces, or cannot be since
// they are about nobody, each with the chain value of the row before it. Two small
// indexes know them; the words INDEXED BY and CROSS keep SQLite from going through
// all the evidence for them.
const decisionRows = `, p.chain
	FROM (SELECT seq FROM attempts INDEXED BY attempts_kind WHERE kind <> 0 AND kind <> 11 UNION SELECT seq FROM attempts WHERE key IS NULL) d
	CROSS JOIN attempts a ON a.seq = d.seq LEFT JOIN attempts p ON p.seq = a.seq - 1 ORDER BY a.seq`

// Approvals returns all approvals, oldest first. A row that is not what was
// written, whatever was done to it, is given back as Altered: who asks can then
// say which approval it is. So is one that says it is another decision: it may
// have been an approval.
func (r *Reader) Approvals(ctx context.Context) ([]ledger.Approval, error) {
	user, err := userVersion(ctx, r.db)
	if err != nil {
		return nil, err
	}
	s, err := newEvidenceScanner(ctx, r.db)
	if err != nil {
		return nil, err
	}
	var list []ledger.Approval
	err = eachRaw(ctx, r.db, "SELECT "+evidenceColumns(user)+decisionRows, nil, func(v []driverValue) error {
		if a, is := s.approval(v); is {
			list = append(list, a)
		}
		return nil
	})
	return list, err
}

// approval reads a decision, and reports whether it is an approval, or may have
// been one. Of a row in which a column holds what none can hold, such as words for
// a time, it reads what it can.
func (s *evidenceScanner) approval(v []driverValue) (a ledger.Approval, is bool) {
	e, err := s.row(v)
	if err != nil {
		a, _ = parseApproval(asInt(v[0]), asText(v[17]))
		a.Altered = true
		return a, true
	}
	var prev notifier.Digest
	copy(prev[:], asBytes(v[len(evidenceKinds)]))
	altered := e.Next(prev) != e.Chain
	if e.Kind != ledger.KindApproval {
		return ledger.Approval{Seq: e.Seq, Altered: altered}, altered
	}
	a, err = parseApproval(e.Seq, e.Note)
	a.Altered = err != nil || altered
	return a, true
}

// parseApproval reads the note of row seq. With an error come the fields that
// can be read.
func parseApproval(seq int64, note string) (ledger.Approval, error) {
	var a ledger.Approval
	err := json.Unmarshal([]byte(note), &a)
	a.Seq = seq
	return a, err
}
