package sqlite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"hash"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// Plan adds a batch in one transaction.
func (w *writer) Plan(ctx context.Context, waves []ledger.Wave, fill func(ledger.Batcher) error) (ledger.Batch, error) {
	var batch ledger.Batch
	err := w.do(func(t *tx) (err error) {
		if p, err := readPurged(background, t.conn); err != nil || p != nil {
			return errors.Join(err, refuse(ledger.ErrPurged))
		}
		b, err := newBatcher(ctx, t)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, b.rows.close()) }()
		if err := t.prepareWaves(waves); err != nil {
			return err
		}
		if err := fill(b); err != nil {
			return refuse(err)
		}
		if err := b.rows.flush(); err != nil {
			return refuse(err)
		}
		if err := b.finish(); err != nil {
			return err
		}
		batch = b.batch
		return t.cut(waves)
	})
	return batch, err
}

// groupKey is a row of groups without its count.
type groupKey struct {
	batch         int
	channel       notifier.Channel
	state, reason string
	variant       int64
}

// batcher adds one batch inside the writer's transaction.
type batcher struct {
	ctx     context.Context
	t       *tx
	rows    *inserter
	batch   ledger.Batch
	last    notifier.Key
	earlier []ledger.Batch // their numbers and ids only
	block   hash.Hash
	inBlock int
	blocks  []notifier.Digest
	groups  map[groupKey]int64 // by how many they change
	touched map[blockOf]bool   // blocks of earlier batches to hash anew
	marks   rejectCount        // what AddReject and ReplaceReject recorded
	counted rejectCount        // what the exports say
	scratch []byte
	trace   func(*notifier.Recipient) ledger.Traces // nil: nobody is found but by key
	traces  blockTraces                             // of the block that is being added
}

func newBatcher(ctx context.Context, t *tx) (*batcher, error) {
	b := &batcher{ctx: ctx, t: t, block: sha256.New(), groups: map[groupKey]int64{}, touched: map[blockOf]bool{}}
	if err := t.queryRow(nextBatch, nil, &b.batch.Number); err != nil {
		return nil, err
	}
	err := each(background, t, "SELECT number, first, last FROM batches ORDER BY first", nil, func(scan scanner) error {
		var e ledger.Batch
		err := scan(&e.Number, &e.First, &e.Last)
		b.earlier, b.batch.Last = append(b.earlier, e), e.Last
		return err
	})
	b.batch.First = b.batch.Last + 1
	b.batch.At = time.Now()
	if err == nil {
		b.rows, err = newInserter(t.conn)
	}
	return b, err
}

// Trace has f tell by what recipients are found.
func (b *batcher) Trace(f func(*notifier.Recipient) ledger.Traces) { b.trace = f }

// exec runs a statement once the connection is free.
func (b *batcher) exec(query string, args ...any) (sql.Result, error) {
	if err := b.rows.wait(); err != nil {
		return nil, err
	}
	return b.t.exec(query, args...)
}

// nextBatch also counts batches in which nobody was new: their exports have
// the number.
const nextBatch = `SELECT 1 + max((SELECT coalesce(max(number), 0) FROM batches), (SELECT coalesce(max(batch), 0) FROM exports))`

// NextBatch returns the number that the next batch will have.
func (r *Reader) NextBatch(ctx context.Context) (int, error) {
	var n int
	err := r.db.QueryRowContext(ctx, nextBatch).Scan(&n)
	return n, err
}

// Find returns the recipient of an earlier batch with that key.
func (b *batcher) Find(k notifier.Key) (ledger.Row, bool, error) {
	if len(b.earlier) == 0 {
		return ledger.Row{}, false, nil
	}
	if err := b.rows.wait(); err != nil {
		return ledger.Row{}, false, err
	}
	var id int64
	err := b.t.queryRow("SELECT id FROM recipients WHERE key = ? AND id < ?", []any{k[:], b.batch.First}, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return ledger.Row{}, false, nil
	}
	if err != nil {
		return ledger.Row{}, false, err
	}
	row, err := b.row(id)
	return row, err == nil, err
}

// Add adds a new recipient.
func (b *batcher) Add(r notifier.Recipient) error {
	if err := errors.Join(b.ctx.Err(), b.t.broken); err != nil {
		return err
	}
	if bytes.Compare(r.Key[:], b.last[:]) <= 0 && b.batch.Last >= b.batch.First {
		return fmt.Errorf("recipient %s comes after %s: they must come in key order", r.Key, b.last)
	}
	b.last = r.Key
	b.batch.Last++
	r.ID = b.batch.Last
	if err := b.insert(&r); err != nil {
		return err
	}
	b.scratch = r.AppendCanonical(b.scratch[:0])
	b.block.Write(b.scratch)
	if b.trace != nil {
		traces := b.trace(&r)
		b.traces.add(&traces)
	}
	if b.inBlock++; b.inBlock == notifier.BlockSize {
		return b.endBlock()
	}
	return nil
}

func (b *batcher) endBlock() error {
	first := b.batch.First + int64(len(b.blocks))*notifier.BlockSize
	b.blocks = append(b.blocks, notifier.Digest(b.block.Sum(nil)))
	b.block.Reset()
	b.inBlock = 0
	if b.trace == nil {
		return nil
	}
	if err := b.rows.wait(); err != nil {
		return err
	}
	return b.traces.write(b.t, first)
}

func (b *batcher) insert(r *notifier.Recipient) error {
	variant, err := b.variantID(r.Variant)
	if err != nil {
		return err
	}
	b.groups[groupKey{b.batch.Number, r.Channel, r.State, r.Reason, variant}]++
	if r.Channel != notifier.Email {
		return b.rows.add(r, nil, stPostal, variant)
	}
	last := len(b.t.names.waveOf) - 1
	b.t.tally[tallyKey{last, stPending}]++
	return b.rows.add(r, int64(last), stPending, variant)
}

func (b *batcher) variantID(v notifier.Variant) (int64, error) {
	if id, ok := b.t.names.variants[v]; ok {
		return id, nil
	}
	if err := b.rows.wait(); err != nil {
		return 0, err
	}
	return b.t.variantID(v)
}

// languageOrNull leaves out a language that the variant says already.
func languageOrNull(r *notifier.Recipient) any {
	if r.Language == r.Variant.Language {
		return nil
	}
	return r.Language
}

// AddExport records an export of this batch.
func (b *batcher) AddExport(e ledger.Export) error {
	b.counted.rejected += e.Rejected
	b.counted.replaced += e.Replaced
	_, err := b.exec("INSERT INTO exports VALUES(?,?,?,?,?,?,?,?,?)",
		e.Digest[:], e.Name, b.batch.Number, e.Rows, e.Recipients, e.Merged, e.Rejected, e.AlreadyTold, e.Replaced)
	return err
}

// finish writes the batch, its blocks and its groups.
func (b *batcher) finish() error {
	if err := b.checkMarks(); err != nil {
		return err
	}
	if err := b.checkIDs(); err != nil {
		return err
	}
	if b.inBlock > 0 {
		if err := b.endBlock(); err != nil {
			return err
		}
	}
	for n, d := range b.blocks {
		if _, err := b.t.exec("INSERT INTO blocks VALUES(?, ?, ?)", b.batch.Number, n, d[:]); err != nil {
			return err
		}
	}
	if err := b.writeGroups(); err != nil {
		return err
	}
	if err := b.rehash(); err != nil {
		return err
	}
	if b.batch.Last < b.batch.First {
		b.batch = ledger.Batch{}
		return nil
	}
	b.batch.Digest = notifier.ListDigest(b.blocks)
	_, err := b.t.exec("INSERT INTO batches VALUES(?,?,?,?,?)", b.batch.Number, b.batch.First, b.batch.Last, b.batch.Digest[:], b.batch.At.Unix())
	return err
}

// checkIDs makes it damage when SQLite gave other ids than were planned.
func (b *batcher) checkIDs() error {
	var last int64
	err := b.t.queryRow("SELECT coalesce(max(id), 0) FROM recipients", nil, &last)
	if err == nil && last != b.batch.Last {
		err = fmt.Errorf("%w: the last recipient has id %d, planned was %d", ledger.ErrDamaged, last, b.batch.Last)
	}
	return err
}

func (b *batcher) writeGroups() error {
	for k, n := range b.groups {
		_, err := b.t.exec("INSERT INTO groups VALUES(?,?,?,?,?,?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
			k.batch, string(k.channel), k.state, k.reason, k.variant, n)
		if err != nil {
			return err
		}
	}
	return nil
}
