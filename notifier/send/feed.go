package send

import (
	"context"
	"time"

	"breachmail/notifier"
)

// pollDue is how often deferred tasks are looked for while others are sent.
const pollDue = time.Second

// feeder reads who is due, wave by wave.
type feeder struct {
	*run
	polled time.Time
}

// feed hands every task that is due to the dispatcher and says how it ended.
// It is the only one that hands out, so what is under way can only shrink
// behind its back.
func (r *run) feed(ctx context.Context) error {
	defer close(r.fed)
	f := &feeder{run: r}
	end, err := f.waves(ctx)
	if ctx.Err() != nil {
		return nil
	}
	r.end = end
	return err
}

func (f *feeder) waves(ctx context.Context) (Result, error) {
	for i, w := range f.opts.Waves {
		f.opts.Progress.setWave(w.Name)
		if err := f.wave(ctx, w.Name); err != nil {
			return Result{}, err
		}
		if !w.Gate || i == len(f.opts.Waves)-1 {
			continue
		}
		open, err := f.opts.Opened(ctx, w.Name)
		if err != nil {
			return Result{}, err
		}
		if !open {
			return f.stopAtGate(ctx, w.Name)
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

// stopAtGate waits for what is under way, and for what the relay's own trouble
// deferred, then stops.
func (f *feeder) stopAtGate(ctx context.Context, wave string) (Result, error) {
	next, err := f.quiet(ctx)
	if err != nil {
		return Result{}, err
	}
	f.judgeWave()
	return Result{End: AtGate, Wave: wave, Next: next}, nil
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
		if err := sleep(ctx, time.Until(next)); err != nil {
			return Result{}, err
		}
	}
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
func (f *feeder) judgeWave() {
	if f.breaker.judgeEnd() {
		f.stop(errHalt)
	}
}
