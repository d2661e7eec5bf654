package sqlite

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// rows reads the recipients that a condition selects.
func (r *Reader) rows(ctx context.Context, where string, args ...any) ([]ledger.Row, error) {
	batches, err := r.Batches(ctx)
	if err != nil {
		return nil, err
	}
	user, err := userVersion(ctx, r.db)
	if err != nil {
		return nil, err
	}
	s, err := newRowScanner(ctx, r.db)
	if err != nil {
		return nil, err
	}
	var rows []ledger.Row
	err = eachRaw(ctx, r.db, rowColumns(user)+where, args, func(v []driverValue) error {
		row, err := s.row(v)
		for _, b := range batches {
			if row.Recipient.ID >= b.First && row.Recipient.ID <= b.Last {
				row.Batch = b.Number
			}
		}
		rows = append(rows, row)
		return err
	})
	return rows, err
}

// Between returns the recipients with keys from low to high.
func (r *Reader) Between(ctx context.Context, low, high notifier.Key, limit int) ([]ledger.Row, error) {
	return r.rows(ctx, "WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?", low[:], high[:], limit)
}

// Of calls f for the recipients who have one of these keys.
func (r *Reader) Of(ctx context.Context, keys []notifier.Key, f func(ledger.Row) error) error {
	if len(keys) == 0 {
		return nil
	}
	hexed := make([]string, len(keys))
	for i, k := range keys {
		hexed[i] = hex.EncodeToString(k[:])
	}
	list, err := json.Marshal(hexed)
	if err != nil {
		return err
	}
	rows, err := r.rows(ctx, "WHERE key IN (SELECT unhex(value) FROM json_each(?))", string(list))
	for i := range rows {
		if err := f(rows[i]); err != nil {
			return err
		}
	}
	return err
}

// History returns the evidence about one recipient, oldest first: from the last
// row, which the recipient's own row names, back from each to the one before.
func (r *Reader) History(ctx context.Context, k notifier.Key) ([]ledger.Evidence, error) {
	user, err := userVersion(ctx, r.db)
	if err != nil {
		return nil, err
	}
	var list []ledger.Evidence
	collect := func(e ledger.Evidence) error {
		list = append(list, e)
		return nil
	}
	if user < versionTraces { // rows do not name one another yet
		return list, r.evidence(ctx, "WHERE key = ? ORDER BY seq", []any{k[:]}, collect)
	}
	row, err := r.Between(ctx, k, k, 1)
	if err != nil || len(row) == 0 {
		return nil, err
	}
	for seq := row[0].Last; seq > 0; {
		n := len(list)
		if err := r.evidence(ctx, "WHERE seq = ? AND key = ?", []any{seq, k[:]}, collect); err != nil {
			return nil, err
		}
		if len(list) == n || list[n].Prev >= seq {
			return nil, damaged("evidence row %d is not about %s, who is said to be in it", seq, k)
		}
		seq = list[n].Prev
	}
	slices.Reverse(list)
	return list, nil
}
