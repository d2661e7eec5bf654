package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// Traces stand in one row a block and kind, so that a batch is planned without
// an index that is written in no order, and all traces of a kind are read in one
// go: some ten megabytes for two million people.
//
// The row's id is the kind in the bits above 40 and the id of the block's first
// recipient below. The bytes of addresses and phones are five for each recipient
// in their order, zeros where there is none; those of account numbers are seven
// for each account, of which the first two are the recipient's place in the block.
const (
	traceBytes   = 5
	placeBytes   = 2
	accountBytes = placeBytes + traceBytes
	kindShift    = 40
)

// traceKinds are the kinds as stored.
var traceKinds = map[notifier.TraceOf]int64{notifier.TraceAddress: 0, notifier.TracePhone: 1, notifier.TraceAccount: 2}

// blockTraces gathers the traces of one block.
type blockTraces struct {
	addresses, phones, accounts []byte
	n                           int
}

func (b *blockTraces) add(t *ledger.Traces) {
	b.addresses = appendTrace(b.addresses, t.Address)
	b.phones = appendTrace(b.phones, t.Phone)
	for _, a := range t.Accounts {
		b.accounts = append(b.accounts, byte(b.n>>8), byte(b.n))
		b.accounts = appendTrace(b.accounts, a)
	}
	b.n++
}

func (b *blockTraces) reset() {
	b.addresses, b.phones, b.accounts, b.n = b.addresses[:0], b.phones[:0], b.accounts[:0], 0
}

func appendTrace(b []byte, t notifier.Trace) []byte {
	return append(b, byte(t>>32), byte(t>>24), byte(t>>16), byte(t>>8), byte(t))
}

func readTrace(b []byte) notifier.Trace {
	return notifier.Trace(b[0])<<32 | notifier.Trace(b[1])<<24 | notifier.Trace(b[2])<<16 | notifier.Trace(b[3])<<8 | notifier.Trace(b[4])
}

// write stores the traces of the block whose first recipient has that id.
func (b *blockTraces) write(t *tx, first int64) error {
	for of, bytes := range map[notifier.TraceOf][]byte{
		notifier.TraceAddress: b.addresses, notifier.TracePhone: b.phones, notifier.TraceAccount: b.accounts,
	} {
		if _, err := t.exec("INSERT OR REPLACE INTO traces VALUES(?, ?)", traceKinds[of]<<kindShift|first, slices.Clone(bytes)); err != nil {
			return err
		}
	}
	b.reset()
	return nil
}

// retrace writes the traces of a block anew from its rows; without f they are
// dropped, and its people looked at one by one.
func (t *tx) retrace(first int64, rows []ledger.Row, f func(*notifier.Recipient) ledger.Traces) error {
	if f == nil {
		_, err := t.exec("DELETE FROM traces WHERE id IN (?1, ?1 + (1 << 40), ?1 + (2 << 40))", first)
		return err
	}
	var b blockTraces
	for i := range rows {
		traces := f(&rows[i].Recipient)
		b.add(&traces)
	}
	return b.write(t, first)
}

// Find returns the recipients who have that trace.
func (r *Reader) Find(ctx context.Context, of notifier.TraceOf, trace notifier.Trace, f func(*notifier.Recipient) ledger.Traces) ([]ledger.Row, error) {
	kind, ok := traceKinds[of]
	if !ok {
		return nil, errors.New("nobody is found by " + string(of))
	}
	if trace == 0 {
		return nil, nil
	}
	user, err := userVersion(ctx, r.db)
	if err != nil {
		return nil, err
	}
	ids, traced := []int64{}, map[int64]bool{}
	if user >= versionTraces {
		if ids, err = r.traced(ctx, kind, trace, traced); err != nil {
			return nil, err
		}
	}
	rows, err := r.rowsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	more, err := r.untraced(ctx, traced, func(row *ledger.Row) bool {
		t := f(&row.Recipient)
		return t.Has(of, trace)
	})
	rows = append(rows, more...)
	if err == nil && of == notifier.TraceAccount {
		more, err = r.lateWith(ctx, trace, f)
		rows = append(rows, more...)
	}
	slices.SortFunc(rows, func(a, b ledger.Row) int { return int(a.Recipient.ID - b.Recipient.ID) })
	return slices.CompactFunc(rows, func(a, b ledger.Row) bool { return a.Recipient.ID == b.Recipient.ID }), err
}

// traced returns the ids of those with that trace, and marks the blocks that it
// has seen, by their first id.
func (r *Reader) traced(ctx context.Context, kind int64, trace notifier.Trace, seen map[int64]bool) ([]int64, error) {
	var ids []int64
	err := eachRaw(ctx, r.db, "SELECT id, bytes FROM traces WHERE id BETWEEN ? AND ? ORDER BY id", []any{kind << kindShift, (kind+1)<<kindShift - 1}, func(row []driverValue) error {
		first, b := row[0].(int64)-kind<<kindShift, asBytes(row[1])
		seen[first] = true
		if kind != traceKinds[notifier.TraceAccount] {
			for i := 0; i+traceBytes <= len(b); i += traceBytes {
				if readTrace(b[i:]) == trace {
					ids = append(ids, first+int64(i/traceBytes))
				}
			}
			return nil
		}
		for i := 0; i+accountBytes <= len(b); i += accountBytes {
			if readTrace(b[i+placeBytes:]) == trace {
				ids = append(ids, first+int64(b[i])<<8+int64(b[i+1]))
			}
		}
		return nil
	})
	return ids, err
}

// rowsOf reads recipients by id.
func (r *Reader) rowsOf(ctx context.Context, ids []int64) ([]ledger.Row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	return r.rows(ctx, "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", string(list))
}

// untraced looks at the people of the blocks that were not seen, one by one.
func (r *Reader) untraced(ctx context.Context, seen map[int64]bool, is func(*ledger.Row) bool) ([]ledger.Row, error) {
	batches, err := r.Batches(ctx)
	if err != nil {
		return nil, err
	}
	var rows []ledger.Row
	for _, b := range batches {
		for n := range b.Blocks() {
			if seen[b.First+int64(n)*notifier.BlockSize] {
				continue
			}
			block, err := r.Block(ctx, b, n)
			if err != nil {
				return nil, err
			}
			for i := range block.Rows {
				if is(&block.Rows[i]) {
					rows = append(rows, block.Rows[i])
				}
			}
		}
	}
	return rows, nil
}
