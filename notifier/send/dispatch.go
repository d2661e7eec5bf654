package send

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"time"

	"breachmail/notifier"
)

// dispatcher lets each one through who may leave, when tokens are in hand, to
// the relay whose turn it is. It alone uses the limits of a run.
type dispatcher struct {
	*run
	limits  *limits
	ramp    ramp
	changed *Pace        // the pace from the next step on; nil: it stays
	tick    *time.Ticker // while all connections are busy, things are looked at anew
}

// soonAgain is when the disk is looked at again.
const soonAgain = 10 * time.Millisecond

// look is how often that is at least.
const look = time.Second

// longPause is after how long a pause is looked at anew: the clock may have been
// set, and a machine that slept has missed a part of the wait. What the pause is
// for is said again.
const longPause = 10 * time.Second

// dispatch works until the shelves are empty for good, or the run ends.
func (r *run) dispatch(ctx context.Context) error {
	defer func() {
		r.noMore()
		for _, l := range r.lanes {
			close(l.tasks)
			close(l.hint)
		}
	}()
	now := time.Now()
	d := &dispatcher{run: r, limits: newLimits(r.opts.Past, now), ramp: newRamp(r.opts.Past, now), tick: time.NewTicker(look)}
	defer d.tick.Stop()
	for ctx.Err() == nil && !r.shelves.over() {
		if wait := d.step(ctx); wait > 0 {
			d.pause(ctx, wait)
		}
	}
	return nil
}

// step hands one task over. Where that cannot be, it returns how long nothing
// changes by itself.
func (d *dispatcher) step(ctx context.Context) time.Duration {
	d.follow()
	now := time.Now()
	shelf, t, wait := d.shelves.next(now)
	if shelf == nil {
		if wait == 0 {
			return longest
		}
		d.explain("whoever is left has to wait, for the time of day or for their domain, until", wait)
		return wait
	}
	d.set(now)
	if wait := d.limits.wait(now); wait > 0 {
		d.explain("limits."+d.limits.used(now)+" allows no more until", wait)
		return wait
	}
	if d.claims.late(now) {
		return soonAgain
	}
	open, wait := d.open(now)
	if len(open) == 0 {
		return wait
	}
	// All of this before a worker has the task: its outcome may come at once.
	d.shelves.take(shelf, t.Recipient.ID, now)
	d.domains.ask(shelf.domain, true)
	if l := d.offer(ctx, open, &t, wait); l != nil {
		if len(open) < len(d.lanes) {
			d.passOver(slices.DeleteFunc(slices.Clone(d.lanes), func(x *lane) bool { return slices.Contains(open, x) }), l)
		}
		d.took(l, shelf)
		return 0
	}
	d.domains.ask(shelf.domain, false)
	d.shelves.putBack(shelf, t)
	return 0
}

// follow takes over what has changed, while nobody is off the shelves: the pace,
// or which domains stand apart.
func (d *dispatcher) follow() {
	select {
	case p, ok := <-d.opts.Changes:
		d.change(p, ok)
	default:
	}
	if d.changed != nil {
		d.apply(*d.changed)
		d.changed = nil
		d.anew.Store(true)
	}
	if d.anew.Swap(false) {
		d.shelves.reset(d.settle)
	}
}

// set brings the rate to where the ramp has come.
func (d *dispatcher) set(now time.Time) {
	p := d.pace.Load()
	d.limits.set(now, d.ramp.rate(p.Ramp, p.Rate), p.PerHour, p.PerDay)
}

// took counts a task that a worker has.
func (d *dispatcher) took(l *lane, shelf *shelf) {
	now := time.Now()
	d.limits.take(now)
	d.ramp.take(now)
	l.take(now)
	d.domains.take(shelf.domain, now)
}

// explain says what holds everything up, where that takes a while.
func (d *dispatcher) explain(what string, wait time.Duration) {
	if wait > time.Minute {
		d.opts.Progress.trouble(what + " " + time.Now().Add(wait).Local().Format("15:04"))
	}
}

// open returns the relays that may be given something, the one whose turn it is
// first, and when the next one of the others may.
func (d *dispatcher) open(now time.Time) (open []*lane, wait time.Duration) {
	wait = longest
	for _, l := range d.lanes {
		if w := l.until(now); w > 0 {
			wait = min(wait, w)
			continue
		}
		open = append(open, l)
	}
	slices.SortStableFunc(open, func(a, b *lane) int {
		switch {
		case a.given < b.given:
			return -1
		case a.given > b.given:
			return 1
		}
		return 0
	})
	return open, wait
}

// offer hands a task to a worker that has a session: of the first relay, or,
// where none of that is free, of the others. Relays without a free session are
// told that it is worth dialling. It returns nil when something has changed, so
// that everything has to be looked at anew.
func (d *dispatcher) offer(ctx context.Context, open []*lane, t *notifier.Task, wait time.Duration) *lane {
	for i, l := range open {
		select {
		case l.tasks <- *t:
			d.passOver(open[:i], l)
			return l
		default:
		}
		select {
		case l.tasks <- *t:
			d.passOver(open[:i], l)
			return l
		case d.hintOf(l) <- struct{}{}:
			l.opens()
		default:
		}
	}
	var soon <-chan time.Time // another relay may be given something then
	if wait < look {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		soon = timer.C
	}
	if len(open) == 1 {
		return d.waitOne(ctx, open[0], t, soon)
	}
	return d.waitAny(ctx, open, t, soon)
}

// passOver has relays that could not take their turn not catch up later.
func (d *dispatcher) passOver(these []*lane, took *lane) {
	for _, l := range these {
		l.given = max(l.given, took.given)
	}
}

// hintOf is where a relay's workers wait for work worth dialling for; nil while
// it has connections enough.
func (d *dispatcher) hintOf(l *lane) chan<- struct{} {
	now := time.Now()
	if l.mayGrow(min(d.limits.rate.spare(now), l.limits.rate.spare(now))) {
		return l.hint
	}
	return nil
}

func (d *dispatcher) waitOne(ctx context.Context, l *lane, t *notifier.Task, soon <-chan time.Time) *lane {
	select {
	case l.tasks <- *t:
		return l
	case d.hintOf(l) <- struct{}{}:
		l.opens()
	case <-d.wake:
	case p, ok := <-d.opts.Changes:
		d.change(p, ok)
	case <-d.tick.C:
	case <-soon:
	case <-ctx.Done():
	}
	return nil
}

// waitAny is waitOne for several relays.
func (d *dispatcher) waitAny(ctx context.Context, open []*lane, t *notifier.Task, soon <-chan time.Time) *lane {
	task, hint := reflect.ValueOf(*t), reflect.ValueOf(struct{}{})
	var cases []reflect.SelectCase
	for _, l := range open {
		cases = append(cases, reflect.SelectCase{Dir: reflect.SelectSend, Chan: reflect.ValueOf(l.tasks), Send: task})
	}
	for _, l := range open {
		c := reflect.SelectCase{Dir: reflect.SelectSend}
		if to := d.hintOf(l); to != nil {
			c.Chan, c.Send = reflect.ValueOf(to), hint
		}
		cases = append(cases, c)
	}
	receive := func(c any) reflect.SelectCase {
		return reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)}
	}
	cases = append(cases, receive(ctx.Done()), receive(d.wake), receive(d.tick.C), receive(soon), receive(d.opts.Changes))
	chosen, got, ok := reflect.Select(cases)
	if chosen < len(open) {
		return open[chosen]
	}
	if i := chosen - len(open); i < len(open) {
		open[i].opens()
	}
	if chosen == len(cases)-1 {
		d.change(got.Interface().(Pace), ok)
	}
	return nil
}

// pause waits until something may have changed.
func (d *dispatcher) pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(min(wait, longPause))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-d.wake:
	case p, ok := <-d.opts.Changes:
		d.change(p, ok)
	case <-ctx.Done():
	}
}

// change notes a new pace; not ok means that there will be none any more.
func (d *dispatcher) change(p Pace, ok bool) {
	if !ok {
		d.opts.Changes = nil
		return
	}
	d.changed = &p
}

// apply makes a pace the one that counts. No connection is given up for it but
// those that are more than wanted, and those finish first.
func (d *dispatcher) apply(p Pace) {
	now := time.Now()
	relays := map[string]Share{}
	for _, l := range d.lanes {
		relays[l.Name] = d.pace.Load().share(l.Name) // one that is not named goes on as it was
	}
	maps.Copy(relays, p.Relays)
	p.Relays = relays
	d.pace.Store(&p)
	d.domains.set(now, p.Domains)
	for _, l := range d.lanes {
		l.apply(now, p.share(l.Name))
		d.staff(l)
	}
}
