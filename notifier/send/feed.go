package send

import (
	"context"
	"time"

	"breachmail/notifier"
)

// How often deferred tasks are looked for while others are sent, and how often
// those kept back while only deferred ones are left.
const (
	pollDue   = time.Second
	pollFreed = 10 * time.Second
)

// feeder reads who is due, wave by wave.
type feeder struct {
	*run
	polled time.Time
	freed  bool // people who were kept back may be sent: the waves begin again
}

// feed hands every task that is due to the dispatcher and says how it ended.
// It is the only one that hands out, so what is under way can only shrink
// behind its back.
func (r *run) feed(ctx context.Context) error {
	defer close(r.fed)
	f := &feeder{run: r}
	end, err := f.rounds(ctx)
	if ctx.Err() != nil {
		return nil
	}
	r.end = end
	return err
}

// rounds goes through the waves, and again while people who were kept back are
// freed. Whoever was handed out before is not pending any more.
func (f *feeder) rounds(ctx context.Context) (Result, error) {
	for {
		f.freed = false
		end, err := f.waves(ctx)
		if err == nil && ctx.Err() == nil {
			err = f.askFreed(ctx)
		}
		if err != nil || !f.freed {
			return end, err
		}
		f.opts.Progress.setNext(time.Time{})
	}
}

func (f *feeder) askFreed(ctx context.Context) (err error) {
	if !f.freed && f.opts.Freed != nil {
		f.freed, err = f.opts.Freed(ctx)
	}
	return err
}

func (f *feeder) waves(ctx context.Context) (Result, error) {
	for i, w := range f.opts.Waves {
		f.opts.Progress.setWave(w.Name)
		if err := f.wave(ctx, w.Name); err != nil {
			return Result{}, err
		}
		if i == len(f.opts.Waves)-1 {
			break
		}
		if halted, err := f.endWave(ctx); halted || err != nil {
			return Result{}, err
		}
		if !w.Gate {
			continue
		}
		if end, stop, err := f.gate(ctx, w.Name); stop || err != nil {
			return end, err
		}
	}
	return f.settleDeferred(ctx)
}

// wave hands out everyone pending in a wave.
func (f *feeder) wave(ctx context.Context, name string) error {
	var after int64
	for {
		tasks, err := f.queue.Pending(ctx, name, after)
		if err != nil || len(tasks) == 0 {
			return err
		}
		for i := range tasks {
			if time.Since(f.polled) > pollDue {
				if _, _, err := f.due(ctx); err != nil {
					return err
				}
			}
			if err := f.hand(ctx, &tasks[i]); err != nil {
				return err
			}
		}
		after = tasks[len(tasks)-1].Recipient.ID
	}
}

func (f *feeder) hand(ctx context.Context, t *notifier.Task) error {
	f.handOut(t.Recipient.ID)
	select {
	case f.fed <- *t:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// due hands out the deferred tasks that are due now. What was under way before
// the queue was asked may have been read before its outcome: it is left out.
func (f *feeder) due(ctx context.Context) (handed int, next time.Time, err error) {
	f.polled = time.Now()
	under := f.under()
	tasks, next, err := f.queue.Due(ctx, f.polled)
	if err != nil {
		return 0, next, err
	}
	for i := range tasks {
		if under[tasks[i].Recipient.ID] {
			continue
		}
		if err := f.hand(ctx, &tasks[i]); err != nil {
			return handed, next, err
		}
		handed++
	}
	return handed, next, nil
}

// endWave waits until nobody of the wave is under way any more, and lets the
// breaker judge it.
func (f *feeder) endWave(ctx context.Context) (halted bool, err error) {
	for len(f.under()) > 0 {
		if err := f.await(ctx, time.Time{}); err != nil {
			return false, err
		}
	}
	return f.judgeWave(), nil
}

// gate passes an open gate. At a closed one it sends what the relay's own
// trouble has left over, and returns the end of the run; it asks once more
// after that, because somebody may have opened the gate meanwhile.
func (f *feeder) gate(ctx context.Context, wave string) (end Result, stop bool, err error) {
	open, err := f.opts.Opened(ctx, wave)
	if open || err != nil {
		return Result{}, false, err
	}
	next, err := f.quiet(ctx)
	if err != nil || f.judgeWave() {
		return Result{}, true, err
	}
	open, err = f.opts.Opened(ctx, wave)
	return Result{End: AtGate, Wave: wave, Next: next}, !open, err
}

// settleDeferred sends what is deferred as it falls due, until nothing is left.
func (f *feeder) settleDeferred(ctx context.Context) (Result, error) {
	for {
		next, err := f.quiet(ctx)
		if err != nil {
			return Result{}, err
		}
		f.judgeWave()
		if next.IsZero() {
			return Result{End: Drained}, nil
		}
		if !f.opts.Wait {
			return Result{End: Waiting, Next: next}, nil
		}
		f.opts.Progress.setNext(next)
		if err := f.waitFor(ctx, next); err != nil || f.freed {
			return Result{}, err
		}
	}
}

// waitFor waits until the next deferred task is due or somebody is freed.
func (f *feeder) waitFor(ctx context.Context, next time.Time) error {
	for d := time.Until(next); d > 0 && !f.freed; d = time.Until(next) {
		if f.opts.Freed != nil {
			d = min(d, pollFreed)
		}
		if err := sleep(ctx, d); err != nil {
			return err
		}
		if err := f.askFreed(ctx); err != nil {
			return err
		}
	}
	return nil
}

// quiet hands out what is due until nothing is due and nothing is under way.
// It returns when the next deferred task will be due.
func (f *feeder) quiet(ctx context.Context) (time.Time, error) {
	for {
		handed, next, err := f.due(ctx)
		if err != nil {
			return next, err
		}
		if handed > 0 {
			continue
		}
		if len(f.under()) == 0 {
			// Asked again, because the last outcome may be newer than the answer.
			handed, next, err = f.due(ctx)
			if err != nil || handed == 0 {
				return next, err
			}
			continue
		}
		if err := f.await(ctx, next); err != nil {
			return next, err
		}
	}
}

// await waits until something was settled or the next task is due.
func (f *feeder) await(ctx context.Context, next time.Time) error {
	d := pollDue
	if !next.IsZero() {
		d = max(min(d, time.Until(next)), time.Millisecond)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-f.settled:
	case <-timer.C:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// judgeWave lets the breaker judge the few outcomes of a small wave.
func (f *feeder) judgeWave() (halted bool) {
	if f.breaker.judgeEnd() {
		f.halt(f.breaker.reason())
		return true
	}
	return false
}
