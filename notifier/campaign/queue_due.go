package campaign

import (
	"context"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// dueAtOnce is how many deferred recipients are read at a time, and four times
// as many as long as nobody among them can be sent.
const dueAtOnce = 1000

// Due returns the deferred tasks that are due, and when the next one after them
// is. Nobody who is kept back is waited for.
func (q *queue) Due(ctx context.Context, until time.Time) ([]notifier.Task, time.Time, error) {
	next, err := q.nextDue(ctx, until)
	if err != nil {
		return nil, next, err
	}
	for limit := dueAtOnce; ; limit *= 4 {
		due, err := q.r.Deferred(ctx, q.only, until, limit)
		if err != nil {
			return nil, next, err
		}
		tasks, err := q.dueIn(ctx, q.places(due))
		if err != nil || len(tasks) > 0 || len(due) < limit {
			return tasks, next, err
		}
	}
}

// place is a block of a batch.
type place struct {
	batch *approvedBatch
	block int
}

// places sorts the due by where they stand. Left out are those known to be kept
// back, and those whose approval was spoiled since.
func (q *queue) places(due []ledger.Due) map[place]map[int64]bool {
	wanted := map[place]map[int64]bool{}
	for _, d := range due {
		b, _, ok := q.batchOf(d.ID)
		if !ok || q.deferred[d.ID] {
			continue
		}
		p := place{b, b.BlockOf(d.ID)}
		if wanted[p] == nil {
			wanted[p] = map[int64]bool{}
		}
		wanted[p][d.ID] = true
	}
	return wanted
}

func (q *queue) dueIn(ctx context.Context, wanted map[place]map[int64]bool) ([]notifier.Task, error) {
	var tasks []notifier.Task
	for p, ids := range wanted {
		rows, err := q.block(ctx, p.batch, p.block)
		if err != nil {
			return nil, err
		}
		q.look(rows)
		for i := range rows {
			if row := &rows[i]; ids[row.Recipient.ID] && row.Status == notifier.Deferred && !q.keeps(&row.Recipient) {
				tasks = append(tasks, task(row, p.batch))
			}
		}
	}
	return tasks, nil
}

// look notes which of the deferred in a block are kept back.
func (q *queue) look(rows []ledger.Row) {
	if len(q.holds) == 0 {
		return
	}
	for i := range rows {
		if row := &rows[i]; row.Status == notifier.Deferred {
			q.deferred[row.Recipient.ID] = q.keeps(&row.Recipient)
		}
	}
}

// nextDue returns when the next deferred recipient who may be sent is due after
// that time; zero when there is none.
func (q *queue) nextDue(ctx context.Context, after time.Time) (time.Time, error) {
	if len(q.holds) == 0 {
		next, ok, err := q.r.NextDue(ctx, q.only, after)
		if err != nil || !ok {
			return time.Time{}, err
		}
		return next, nil
	}
	for limit := dueAtOnce; ; limit *= 4 {
		list, err := q.r.Deferred(ctx, q.only, endOfTime, limit)
		if err != nil {
			return time.Time{}, err
		}
		next, err := q.firstFree(ctx, list, after)
		if err != nil || !next.IsZero() || len(list) < limit {
			return next, err
		}
	}
}

// endOfTime is later than anything is due.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// firstFree returns when the first of list is due, those left out that are due
// by then or cannot be sent. It reads no more blocks than it has to.
func (q *queue) firstFree(ctx context.Context, list []ledger.Due, by time.Time) (time.Time, error) {
	for _, d := range list {
		b, _, ok := q.batchOf(d.ID)
		if !ok || !d.At.After(by) {
			continue
		}
		if _, known := q.deferred[d.ID]; !known {
			rows, err := q.block(ctx, b, b.BlockOf(d.ID))
			if err != nil {
				return time.Time{}, err
			}
			q.look(rows)
		}
		if !q.deferred[d.ID] {
			return d.At, nil
		}
	}
	return time.Time{}, nil
}
