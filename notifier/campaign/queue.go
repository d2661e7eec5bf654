package campaign

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// queue hands out tasks from the ledger, as far as they are approved and under
// no hold. Every block is checked against the approved list before anyone of it
// is handed out. One goroutine at a time may use it.
type queue struct {
	r       ledger.Reader
	batches []approvedBatch // ascending
	only    string          // the one wave to be sent; empty for all
	atOnce  int             // how many deferred ones a round of Due looks for at first

	holds    []Match           // whom the holds that stand keep back
	pending  map[string]passed // pending recipients who were kept back in this round, by wave
	deferred map[int64]bool    // whether a deferred recipient is kept back, as far as it was looked at
	round    *dueRound         // of Due; nil between two
}

// passed counts who was kept back in a wave up to an id.
type passed struct{ seen, kept int64 }

func newQueue(r ledger.Reader, batches []approvedBatch, only string) *queue {
	return &queue{r: r, batches: batches, only: only, atOnce: dueAtOnce}
}

// hold begins a round of the waves in which these are kept back.
func (q *queue) hold(holds []Match) {
	q.holds, q.pending, q.deferred, q.round = holds, map[string]passed{}, map[int64]bool{}, nil
}

// keeps reports whether a recipient is under a hold.
func (q *queue) keeps(r *notifier.Recipient) bool {
	return slices.ContainsFunc(q.holds, func(m Match) bool { return m.keeps(r.State) })
}

// kept counts those who were kept back in this round, of the deferred ones
// those that were looked at: all of them once Due has said that none is left.
func (q *queue) kept() (pending, deferred int64) {
	for _, kept := range q.deferred {
		if kept {
			deferred++
		}
	}
	for _, b := range q.pending {
		pending += b.kept
	}
	return pending, deferred
}

// batchOf returns the approved batch that holds id. Where id is in none, it is
// false, and skip is the last id before the next approved one.
func (q *queue) batchOf(id int64) (b *approvedBatch, skip int64, ok bool) {
	for i := range q.batches {
		b := &q.batches[i]
		if id < b.First {
			return nil, b.First - 1, false
		}
		if id <= b.Last {
			return b, 0, true
		}
	}
	return nil, int64(^uint64(0) >> 1), false
}

// next returns the next pending recipient of an approved batch.
func (q *queue) next(ctx context.Context, wave string, after int64) (int64, *approvedBatch, bool, error) {
	for {
		id, ok, err := q.r.NextPending(ctx, wave, after)
		if err != nil || !ok {
			return 0, nil, false, err
		}
		b, skip, ok := q.batchOf(id)
		if ok {
			return id, b, true, nil
		}
		after = skip
	}
}

// Pending returns the tasks of wave in the next block behind after that has any,
// and up to which id it has looked.
func (q *queue) Pending(ctx context.Context, wave string, after int64) (tasks []notifier.Task, seen int64, err error) {
	for {
		id, b, ok, err := q.next(ctx, wave, after)
		if err != nil || !ok {
			return nil, after, err
		}
		rows, err := q.block(ctx, b, b.BlockOf(id))
		if err != nil {
			return nil, after, err
		}
		for i := range rows {
			switch row := &rows[i]; {
			case row.Status != notifier.Pending || row.Wave != wave || row.Recipient.ID <= after:
			case q.keeps(&row.Recipient):
				q.keep(wave, row.Recipient.ID)
			default:
				tasks = append(tasks, task(row, b))
			}
		}
		after = rows[len(rows)-1].Recipient.ID
		if len(tasks) > 0 {
			return tasks, after, nil
		}
	}
}

// keep counts somebody who is kept back, once: a wave may be read again.
func (q *queue) keep(wave string, id int64) {
	if b := q.pending[wave]; id > b.seen {
		q.pending[wave] = passed{seen: id, kept: b.kept + 1}
	}
}

// anyFree reports whether a wave has somebody pending who may be sent. A block
// that is not what was approved is left to a run to find.
func (q *queue) anyFree(ctx context.Context, wave string) (bool, error) {
	if len(q.holds) == 0 {
		_, _, ok, err := q.next(ctx, wave, 0)
		return ok, err
	}
	tasks, _, err := q.Pending(ctx, wave, 0)
	if errors.Is(err, ErrNotApproved) {
		return true, nil
	}
	return len(tasks) > 0, err
}

// block reads a block and holds it against the approved list.
func (q *queue) block(ctx context.Context, b *approvedBatch, n int) ([]ledger.Row, error) {
	block, err := q.r.Block(ctx, b.Batch, n)
	if err != nil {
		return nil, err
	}
	if n >= len(b.blocks) || block.Planned != b.blocks[n] || !block.Intact() {
		return nil, fmt.Errorf("%w: recipients %d to %d of batch %d are not those that were approved", ErrNotApproved,
			n*notifier.BlockSize+1, min((n+1)*notifier.BlockSize, int(b.Size())), b.Number)
	}
	return block.Rows, nil
}

func task(row *ledger.Row, b *approvedBatch) notifier.Task {
	return notifier.Task{
		Recipient: row.Recipient, Status: row.Status, Wave: row.Wave, Attempt: row.Attempts,
		Tries: row.Tries, First: row.First, Approval: b.approval,
	}
}
