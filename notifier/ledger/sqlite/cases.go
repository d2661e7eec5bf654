package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// Cases calls f for every recipient by id, block by block, each in a short
// transaction.
func (r *Reader) Cases(ctx context.Context, f func(ledger.Case) error) error {
	user, err := userVersion(ctx, r.db)
	if err != nil {
		return err
	}
	if user < versionTraces {
		return errors.New("this ledger is of an older version, which does not tell what became of whom (any command that changes it, such as letters, brings it to this one)")
	}
	there := user >= versionAftermath
	batches, err := r.Batches(ctx)
	if err != nil {
		return err
	}
	for _, b := range batches {
		for n := range b.Blocks() {
			list, err := r.caseBlock(ctx, b, n, there)
			if err != nil {
				return err
			}
			for i := range list {
				if err := f(list[i]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// caseBlock reads the cases of a block: the rows, their letters, and what of the
// evidence tells when.
func (r *Reader) caseBlock(ctx context.Context, b ledger.Batch, n int, letters bool) ([]ledger.Case, error) {
	block, err := r.Block(ctx, b, n)
	if err != nil || len(block.Rows) == 0 {
		return nil, err
	}
	first := block.Rows[0].Recipient.ID
	list := make([]ledger.Case, len(block.Rows))
	for i, row := range block.Rows {
		list[i].Row = row
	}
	if letters {
		err := r.letters(ctx, "WHERE l.id BETWEEN ? AND ? ORDER BY l.id", []any{first, first + int64(len(list)) - 1}, func(l ledger.Letter) error {
			c := &list[l.ID-first]
			c.Listed, c.Mailed = l.List, l.Mailed
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return list, r.when(ctx, list, first)
}

// whenColumns are what of a row of evidence, as a, tells when.
const whenColumns = "a.kind, a.outcome, a.cause, a.claimed, a.known, a.note, a.prev"

// whenKinds are the kinds of values in them; see ofKinds.
const whenKinds = "iitiiti"

// lastRows selects, for each of a block's recipients, the last row about them. Its
// number follows the order of sending, which is mostly that of the recipients.
const lastRows = "SELECT " + whenColumns + `, r.id FROM recipients r
	CROSS JOIN attempts a ON a.seq = r.last - 16777216 WHERE r.id BETWEEN ? AND ? AND r.status IN (12, 15)`

// when fills in when notices were taken, and came back.
func (r *Reader) when(ctx context.Context, list []ledger.Case, first int64) error {
	before := map[int]int64{} // the row to look at next, by the place in list
	err := eachRaw(ctx, r.db, lastRows, []any{first, first + int64(len(list)) - 1}, func(v []driverValue) error {
		at := int(asInt(v[len(whenKinds)]) - first)
		prev, err := tells(&list[at], v)
		if prev != 0 {
			before[at] = prev
		}
		return err
	})
	for at, seq := range before {
		for seq != 0 && err == nil {
			row := seq
			seq = 0
			err = eachRaw(ctx, r.db, "SELECT "+whenColumns+" FROM attempts a WHERE a.seq = ?", []any{row}, func(v []driverValue) (err error) {
				seq, err = tells(&list[at], v)
				return err
			})
		}
	}
	return err
}

// tells takes in what a row of evidence tells of somebody who is accepted or
// bounced, latest first, and returns the one to look at next, 0 when all is known.
func tells(c *ledger.Case, v []driverValue) (prev int64, err error) {
	if err := ofKinds(v[:len(whenKinds)], whenKinds); err != nil {
		return 0, err
	}
	kind, outcome, cause := asInt(v[0]), asInt(v[1]), notifier.Cause(asText(v[2]))
	known := time.UnixMilli(asInt(v[4]))
	switch {
	case kind == 0 && outcome == stAccepted:
		c.Accepted = known
		return 0, nil
	case kind == 0: // it was settled since: the relay had taken what this claim sent
		c.Accepted = time.Unix(asInt(v[3]), 0)
		return 0, nil
	case outcome == stBounced && cause == notifier.CauseHard:
		c.Bounced = known
	case cause == notifier.CauseReconciled:
		var note settled
		if json.Unmarshal([]byte(asText(v[5])), &note) == nil && !note.At.IsZero() {
			known = note.At
		}
		if outcome == stAccepted {
			c.Accepted = known
			return 0, nil
		}
		c.Bounced = known
	}
	return asInt(v[6]), nil
}
