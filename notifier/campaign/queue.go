package campaign

import (
	"context"
	"fmt"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// dueAtOnce is how many deferred recipients are read at a time.
const dueAtOnce = 1000

// queue hands out tasks from the ledger, as far as they are approved. Every
// block is checked against the approved list before anyone of it is handed out.
type queue struct {
	r       ledger.Reader
	batches []approvedBatch // ascending
	only    string          // the one wave to be sent; empty for all
}

func newQueue(r ledger.Reader, batches []approvedBatch, only string) *queue {
	return &queue{r: r, batches: batches, only: only}
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

// Pending returns the tasks of wave in the next block that has any.
func (q *queue) Pending(ctx context.Context, wave string, after int64) ([]notifier.Task, error) {
	for {
		id, b, ok, err := q.next(ctx, wave, after)
		if err != nil || !ok {
			return nil, err
		}
		rows, err := q.block(ctx, b, b.BlockOf(id))
		if err != nil {
			return nil, err
		}
		var tasks []notifier.Task
		for i := range rows {
			if row := &rows[i]; row.Status == notifier.Pending && row.Wave == wave && row.Recipient.ID > after {
				tasks = append(tasks, task(row, b))
			}
		}
		if len(tasks) > 0 {
			return tasks, nil
		}
		after = rows[len(rows)-1].Recipient.ID
	}
}

// Due returns the deferred tasks that are due, in the order of their ids.
func (q *queue) Due(ctx context.Context, until time.Time) ([]notifier.Task, time.Time, error) {
	next, ok, err := q.r.NextDue(ctx, q.only, until)
	if err != nil || !ok {
		next = time.Time{}
	}
	if err != nil {
		return nil, next, err
	}
	due, err := q.r.Deferred(ctx, q.only, until, dueAtOnce)
	if err != nil {
		return nil, next, err
	}
	wanted := map[place]map[int64]bool{}
	for _, d := range due {
		b, _, ok := q.batchOf(d.ID)
		if !ok {
			continue // its approval was spoiled since
		}
		p := place{b, b.BlockOf(d.ID)}
		if wanted[p] == nil {
			wanted[p] = map[int64]bool{}
		}
		wanted[p][d.ID] = true
	}
	tasks, err := q.dueIn(ctx, wanted)
	return tasks, next, err
}

// place is a block of a batch.
type place struct {
	batch *approvedBatch
	block int
}

func (q *queue) dueIn(ctx context.Context, wanted map[place]map[int64]bool) ([]notifier.Task, error) {
	var tasks []notifier.Task
	for p, ids := range wanted {
		rows, err := q.block(ctx, p.batch, p.block)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			if row := &rows[i]; ids[row.Recipient.ID] && row.Status == notifier.Deferred {
				tasks = append(tasks, task(row, p.batch))
			}
		}
	}
	return tasks, nil
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
