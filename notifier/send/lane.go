package send

import (
	"context"
	"sync"
	"time"

	"breachmail/notifier"
)

// lane is one relay's part of a run.
type lane struct {
	Relay
	tasks   chan notifier.Task // to workers with a session
	hint    chan struct{}      // to those without: somebody waits to be sent
	leave   chan struct{}      // to any: there are more workers than wanted
	limits  *limits            // the dispatcher's
	given   float64            // notices by weight, the dispatcher's: the least is next
	workers int                // wanted, the dispatcher's

	mu    sync.Mutex
	share Share
	wait  backoff
	open  int // sessions, one that is being dialled included
	dials int // of those, the ones being dialled
	grown int // answers to notices since the relay was unwell
	pace  lanePace
	mood  laneMood

	opened time.Time // when the last of them was begun
	failed time.Time // when the relay was found unwell
}

func newLane(r Relay, past []Minute, now time.Time) *lane {
	return &lane{
		Relay: r, tasks: make(chan notifier.Task), hint: make(chan struct{}), leave: make(chan struct{}, maxLeaving),
		limits: newLimits(through(past, r.Name), now),
	}
}

// maxLeaving is how many workers may be told to leave before they do.
const maxLeaving = 1000

// apply puts a new share in the place of the one before.
func (l *lane) apply(now time.Time, s Share) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.share = s
	l.limits.set(now, l.pace.ceiling(s.Rate), s.PerHour, s.PerDay)
}

// until returns how long nothing may be given to the relay, 0 where it may be
// now.
func (l *lane) until(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pace.recover(now)
	l.limits.rate.set(now, l.pace.ceiling(l.share.Rate))
	if d := l.mood.until.Sub(now); d > 0 {
		return d
	}
	return l.limits.wait(now)
}

// take notes that the relay is given a notice.
func (l *lane) take(now time.Time) {
	l.limits.take(now)
	l.given += 1 / l.weight()
}

func (l *lane) weight() float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.share.Weight
}

// retires reports whether a session that has carried so many notices is to be
// closed.
func (l *lane) retires(carried int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.share.PerConnection > 0 && carried >= l.share.PerConnection
}

// growEvery is after what time another session may be opened though those there
// are have had no answer yet.
const growEvery = time.Second

// mayGrow reports whether another session may be opened: one more for each
// answer to a notice, so that a relay meets its connections gradually: 1, 2, 4
// and so on, each a round trip later. Those that are being dialled count as work
// to come, of which there has to be enough: more is how many notices could leave
// now.
func (l *lane) mayGrow(more float64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dials > 0 && (l.wait.failures > 0 || more < float64(1+l.dials)) {
		return false
	}
	return l.open < 1+l.grown || l.wait.failures == 0 && time.Since(l.opened) >= growEvery
}

// opens notes that a worker was told to dial.
func (l *lane) opens() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open++
	l.dials++
	l.opened = time.Now()
}

// dialled notes that a worker has a session, or not.
func (l *lane) dialled(ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dials--
	if !ok {
		l.open--
	}
}

// closed notes that a session is no more.
func (l *lane) closed() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
}

// answers notes that the relay had an answer to a notice.
func (l *lane) answers() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.grown++
}

// well notes that the relay took a notice.
func (l *lane) well() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wait.failures = 0
	l.mood.broken = ""
}

// unwell notes that a dial failed, or that a session ended in trouble without
// having taken a notice. A session that took some is no sign of trouble: relays
// end sessions after so many messages, and connections break. What began before
// the last such failure is a part of that.
func (l *lane) unwell(began time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.grown = 0
	if began.Before(l.failed) {
		return
	}
	l.wait.failures++
	l.failed = time.Now()
}

// dial opens a session. While the relay is unwell it waits first.
func (l *lane) dial(ctx context.Context, waits func(backoff)) (Session, error) {
	if err := l.rest(ctx, waits); err != nil {
		return nil, err
	}
	began := time.Now()
	s, err := l.Dial(ctx)
	if err != nil {
		l.unwell(began)
	}
	return s, err
}

// rest waits while the relay is to be left alone.
func (l *lane) rest(ctx context.Context, waits func(backoff)) error {
	l.mu.Lock()
	wait, d := l.wait, time.Until(l.mood.until)
	l.mu.Unlock()
	if wait.failures > 0 {
		waits(wait)
		d = max(d, wait.next())
	}
	if d <= 0 {
		return nil
	}
	return sleep(ctx, d)
}
