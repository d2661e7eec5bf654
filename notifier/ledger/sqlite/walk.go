package sqlite

import (
	"fmt"
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// row reads one recipient of an earlier batch, a claim included in its
// attempts.
func (b *batcher) row(id int64) (ledger.Row, error) {
	s := b.t.names.rowScanner()
	var row ledger.Row
	batch := b.earlierBatch(id)
	if batch == nil {
		return row, fmt.Errorf("there is no recipient with the id %d in an earlier batch", id)
	}
	err := each(background, b.t, rowColumns(version)+"WHERE id = ?", []any{id}, func(scan scanner) (err error) {
		var values [rowWidth]any
		var into [rowWidth]any
		for i := range values {
			into[i] = &values[i]
		}
		if err := scan(into[:]...); err != nil {
			return err
		}
		var v [rowWidth]driverValue
		for i := range values {
			v[i] = values[i]
		}
		row, err = s.row(v[:])
		return err
	})
	if err != nil {
		return row, err
	}
	var claimed int
	err = b.t.queryRow("SELECT count(*) FROM claims WHERE id = ?", []any{id}, &claimed)
	row.Attempts += claimed
	row.Batch = batch.Number
	return row, err
}

// earlierBatch returns the earlier batch that a recipient is of, or nil.
func (b *batcher) earlierBatch(id int64) *ledger.Batch {
	for i := range b.earlier {
		if e := &b.earlier[i]; id >= e.First && id <= e.Last {
			return e
		}
	}
	return nil
}

// Each calls f for every recipient of an earlier batch. A block is read before
// f is called for its rows, so that the connection is free meanwhile.
func (b *batcher) Each(number int, f func(ledger.Row) error) error {
	i := slices.IndexFunc(b.earlier, func(e ledger.Batch) bool { return e.Number == number })
	if i < 0 {
		return fmt.Errorf("there is no earlier batch %d", number)
	}
	for n := range b.earlier[i].Blocks() {
		if err := b.ctx.Err(); err != nil {
			return err
		}
		if err := b.rows.wait(); err != nil {
			return err
		}
		rows, err := b.t.block(b.earlier[i], n)
		if err != nil {
			return err
		}
		for i := range rows {
			if err := f(rows[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// block reads block n of batch b as the transaction has left it, claims without
// outcome included in the attempts.
func (t *tx) block(b ledger.Batch, n int) ([]ledger.Row, error) {
	s := t.names.rowScanner()
	from := b.First + int64(n)*notifier.BlockSize
	to := min(from+notifier.BlockSize-1, b.Last)
	rows, err := readBlock(background, t.conn, version, &s, b, n)
	if err != nil {
		return nil, err
	}
	return rows, each(background, t, "SELECT id FROM claims WHERE id BETWEEN ? AND ?", []any{from, to}, func(scan scanner) error {
		var id int64
		err := scan(&id)
		if i := int(id - from); err == nil && i < len(rows) {
			rows[i].Attempts++
		}
		return err
	})
}
