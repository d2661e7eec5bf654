package campaign

import (
	"context"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// dueAtOnce is how many deferred recipients are looked for in one round of Due,
// and four times as many as long as nobody among them can be sent. There are few
// blocks and many recipients in each, so the more at once the better.
const dueAtOnce = 50_000

// dueRound is one look at who is due, block by block.
type dueRound struct {
	until time.Time
	next  time.Time // when the first one after them is due
	limit int
	found bool // somebody can be sent
	more  bool // there may be more than limit
	left  []placeDue
}

// Due returns the deferred tasks of the next block in which somebody is due, and
// when the next one after all those is. Nobody who is kept back is waited for.
func (q *queue) Due(ctx context.Context, until time.Time) ([]notifier.Task, time.Time, error) {
	if q.round == nil || !q.round.until.Equal(until) {
		next, err := q.nextDue(ctx, until)
		if err == nil {
			q.round = &dueRound{until: until, next: next}
			err = q.findDue(ctx, q.atOnce)
		}
		if err != nil {
			q.round = nil
			return nil, next, err
		}
	}
	r := q.round
	for {
		for len(r.left) > 0 {
			p := r.left[0]
			r.left = r.left[1:]
			tasks, err := q.dueIn(ctx, p)
			if err != nil || len(tasks) > 0 {
				r.found = true
				return tasks, r.next, err
			}
		}
		if r.found || !r.more {
			q.round = nil
			return nil, r.next, nil
		}
		if err := q.findDue(ctx, 4*r.limit); err != nil {
			return nil, r.next, err
		}
	}
}

// findDue looks for up to limit recipients who are due.
func (q *queue) findDue(ctx context.Context, limit int) error {
	due, err := q.r.Deferred(ctx, q.only, q.round.until, limit)
	q.round.limit, q.round.more, q.round.left = limit, len(due) == limit, q.places(due)
	return err
}

// place is a block of a batch.
type place struct {
	batch *approvedBatch
	block int
}

// placeDue is a place with those in it who are due.
type placeDue struct {
	place
	ids map[int64]bool
}

// places sorts the due by where they stand. Left out are those known to be kept
// back, and those whose approval was spoiled since.
func (q *queue) places(due []ledger.Due) (list []placeDue) {
	at := map[place]int{}
	for _, d := range due {
		b, _, ok := q.batchOf(d.ID)
		if !ok || q.deferred[d.ID] {
			continue
		}
		p := place{b, b.BlockOf(d.ID)}
		i, known := at[p]
		if !known {
			i, at[p] = len(list), len(list)
			list = append(list, placeDue{p, map[int64]bool{}})
		}
		list[i].ids[d.ID] = true
	}
	return list
}

// dueIn returns those of a place who are still deferred and may be sent.
func (q *queue) dueIn(ctx context.Context, p placeDue) ([]notifier.Task, error) {
	rows, err := q.block(ctx, p.batch, p.block)
	if err != nil {
		return nil, err
	}
	q.look(rows)
	var tasks []notifier.Task
	for i := range rows {
		if row := &rows[i]; p.ids[row.Recipient.ID] && row.Status == notifier.Deferred &&
			!row.Due.After(q.round.until) && !q.keeps(&row.Recipient) {
			tasks = append(tasks, task(row, p.batch))
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
	for limit := q.atOnce; ; limit *= 4 {
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
