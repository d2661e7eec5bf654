package send

import (
	"context"
	"time"
)

// How often deferred tasks are looked for while others are sent, and how often
// those kept back while only deferred ones are left.
const (
	pollDue   = time.Second
	pollFreed = 10 * time.Second
)

// feeder reads who is due, wave by wave, and fills the shelves.
type feeder struct {
	*run
	due   dueRound
	asked time.Time // until when the last round has looked
	freed bool      // people who were kept back may be sent: the waves begin again
	left  bool      // people of a wave have to wait for a while, and the next one has begun
}

// feed puts everyone who is due on the shelves and says how it ended. It is the
// only one that hands out, so what is under way can only shrink behind its back.
func (r *run) feed(ctx context.Context) error {
	defer r.shelves.finish()
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
		f.freed, f.left = false, false
		end, err := f.waves(ctx)
		if err == nil && ctx.Err() == nil {
			err = f.askFreed(ctx)
		}
		if err != nil || end.End != "" && !f.freed || ctx.Err() != nil {
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
	for _, w := range f.opts.Waves {
		f.opts.Progress.setWave(w.Name)
		if err := f.wave(ctx, w.Name); err != nil {
			return Result{}, err
		}
		if f.judgeWave() {
			return Result{}, nil
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

// wave sends everyone pending in a wave, and meanwhile those who fall due. Those
// who have to wait for a while, for the time of day or for their domain, do not
// hold up the next wave.
func (f *feeder) wave(ctx context.Context, name string) error {
	f.shelves.begin()
	for {
		if err := f.read(ctx, name); err != nil {
			return err
		}
		if _, _, err := f.poll(ctx); err != nil {
			return err
		}
		if f.underWay() == 0 && f.shelves.read() { // in this order: a reset may come in between
			return ctx.Err()
		}
		if f.stuck() > 0 {
			f.left = true
			return ctx.Err()
		}
		if err := f.await(ctx, time.Time{}); err != nil {
			return err
		}
	}
}

// stuck returns for how long at least nobody may leave, where all who are left
// have to wait for a while and nothing is on the wire; 0 where that is not so.
func (f *feeder) stuck() time.Duration {
	under := f.underWay()
	if n, wait, ok := f.shelves.stuck(time.Now()); ok && n == under {
		return wait
	}
	return 0
}

// read fills the shelves as long as they are short of somebody.
func (f *feeder) read(ctx context.Context, wave string) error {
	for ctx.Err() == nil {
		after, edition, ok := f.shelves.want(time.Now())
		if !ok || f.due.behind() {
			return nil
		}
		under := f.under()
		tasks, seen, err := f.queue.Pending(ctx, wave, after)
		if err != nil {
			return err
		}
		f.shelves.fill(reading{after: after, seen: seen, tasks: tasks, edition: edition, under: under}, time.Now(), f.handOut)
	}
	return nil
}

// dueRound is one look at all deferred tasks that are due.
type dueRound struct {
	until time.Time // zero between two rounds
	next  time.Time // when another one will be due after it
	began time.Time
	rest  time.Time // when the next round may begin
}

// behind reports whether a round takes longer than it should: then it goes
// before the wave.
func (d *dueRound) behind() bool { return !d.until.IsZero() && time.Since(d.began) > 10*pollDue }

// poll puts deferred tasks that are due on the shelves, a part of them at a
// time, as long as there is room, and returns how many. What was under way
// before the queue was asked may have been read before its outcome: it is left
// out. done is whether the round found everybody; due.next is then when somebody
// will be due.
func (f *feeder) poll(ctx context.Context) (placed int, done bool, err error) {
	now := time.Now()
	if f.due.until.IsZero() {
		if now.Before(f.due.rest) {
			return 0, true, nil
		}
		if f.asked = f.asked.Add(1); now.After(f.asked) { // no two rounds have the same
			f.asked = now
		}
		f.due = dueRound{until: f.asked, began: now}
	}
	for {
		if f.shelves.freeDue(time.Now()) >= low {
			return placed, false, nil
		}
		under := f.under()
		tasks, next, err := f.queue.Due(ctx, f.due.until)
		if err != nil {
			return placed, false, err
		}
		f.due.next = next
		if len(tasks) == 0 {
			f.endRound()
			return placed, true, nil
		}
		placed += f.shelves.fillDue(tasks, under, time.Now(), f.handOut)
	}
}

// endRound ends a round. One that took long is not begun again at once: those
// whose shelf is full are read in vain.
func (f *feeder) endRound() {
	took := time.Since(f.due.began)
	f.due = dueRound{next: f.due.next, rest: time.Now().Add(max(pollDue, 4*took))}
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
		if wait := f.stuck(); wait > 0 {
			f.left = true
			if at := time.Now().Add(wait); next.IsZero() || at.Before(next) {
				next = at
			}
		}
		switch {
		case next.IsZero() && f.left:
			return Result{}, nil // those who were left may leave by now
		case next.IsZero():
			return Result{End: Drained}, nil
		case !f.opts.Wait:
			return Result{End: Waiting, Next: next}, nil
		}
		f.opts.Progress.setNext(next)
		if err := f.waitFor(ctx, next); err != nil || f.freed || f.left {
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

// quiet sends what is due until nothing is due and nothing is under way. It
// returns when the next deferred task will be due.
func (f *feeder) quiet(ctx context.Context) (next time.Time, err error) {
	for asked := false; ; { // asked is whether the round began after the last outcome
		idle := f.underWay() == 0 || f.stuck() > 0
		if idle && !asked {
			f.due = dueRound{}
		}
		placed, done, err := f.poll(ctx)
		if err != nil {
			return next, err
		}
		if asked = idle && placed == 0; asked && done {
			return f.due.next, nil
		}
		if err := f.await(ctx, f.due.next); err != nil {
			return next, err
		}
	}
}

// await waits until something was settled, a shelf needs to be filled, or the
// next task is due.
func (f *feeder) await(ctx context.Context, next time.Time) error {
	d := pollDue
	if left := time.Until(next); left > 0 {
		d = min(d, left)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-f.settled:
	case <-f.shelves.eaten:
	case <-timer.C:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// judgeWave lets the breaker judge the few outcomes of a small wave.
func (f *feeder) judgeWave() (halted bool) {
	if reason := f.breaker.judgeEnd(); reason != "" {
		f.halt(reason)
		return true
	}
	return false
}
