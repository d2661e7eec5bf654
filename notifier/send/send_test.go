package send

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"breachmail/notifier"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// book is a ledger and a queue in memory. It holds what the real one promises:
// a claim is refused unless its recipient is what the claim says.
type book struct {
	t  testing.TB
	mu sync.Mutex

	rows     []bookRow
	claims   map[int64]notifier.Claim
	outcomes []notifier.Outcome
	fail     error // what Record answers
	open     int   // the most claims there were without outcome
	dueSeen  int64 // up to whom Due has looked
	deferred int   // how many are; -1: to be counted
	dueUntil time.Time
}

type bookRow struct {
	task notifier.Task
	due  time.Time
}

func newBook(t testing.TB, sizes map[string]int, waves ...string) *book {
	b := &book{t: t, claims: map[int64]notifier.Claim{}, deferred: -1}
	for _, w := range waves {
		for range sizes[w] {
			id := int64(len(b.rows) + 1)
			sum := sha256.Sum256(fmt.Append(nil, id))
			b.rows = append(b.rows, bookRow{task: notifier.Task{Wave: w, Status: notifier.Pending, Recipient: notifier.Recipient{
				ID: id, Key: notifier.Key(sum[:16]), Address: notifier.NewAddress(fmt.Sprintf("someone@d%d.example", id)),
			}}})
		}
	}
	return b
}

func (b *book) Claim(c notifier.Claim, done func(error)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	row := &b.rows[c.ID-1].task
	if _, twice := b.claims[c.ID]; twice || row.Status != c.Was {
		b.t.Errorf("claim of %d, which is %s", c.ID, row.Status)
		done(errors.New("not to be claimed"))
		return
	}
	b.claims[c.ID] = c
	b.open = max(b.open, len(b.claims))
	done(nil)
}

func (b *book) Record(o notifier.Outcome, done func(error)) {
	b.mu.Lock()
	if b.fail == nil {
		delete(b.claims, o.Claim.ID)
		r := &b.rows[o.Claim.ID-1]
		if r.task.First.IsZero() {
			r.task.First = o.Claim.At
		}
		b.countDeferred(r.task.Status, o.Status)
		r.task.Status, r.task.Attempt, r.task.Tries, r.due = o.Status, o.Claim.Attempt, o.Tries, o.Due
		b.outcomes = append(b.outcomes, o)
	}
	b.mu.Unlock()
	done(b.fail)
}

func (b *book) Pending(_ context.Context, wave string, after int64) (tasks []notifier.Task, seen int64, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	seen = after
	for _, r := range b.rows[after:] { // ids are places counted from 1
		if r.task.Wave == wave && r.task.Status == notifier.Pending {
			tasks = append(tasks, r.task)
		}
		if seen = r.task.Recipient.ID; len(tasks) == 500 {
			break
		}
	}
	return tasks, seen, nil
}

func (b *book) Due(_ context.Context, until time.Time) (tasks []notifier.Task, next time.Time, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !until.Equal(b.dueUntil) {
		b.dueUntil, b.dueSeen = until, 0
	}
	for _, r := range b.rows {
		switch {
		case r.task.Status != notifier.Deferred:
		case !r.due.After(until):
			if r.task.Recipient.ID > b.dueSeen && len(tasks) < 300 {
				tasks = append(tasks, r.task)
			}
		case next.IsZero() || r.due.Before(next):
			next = r.due
		}
	}
	if len(tasks) > 0 {
		b.dueSeen = tasks[len(tasks)-1].Recipient.ID
	}
	return tasks, next, nil
}

// countDeferred keeps count of those who are deferred.
func (b *book) countDeferred(was, is notifier.Status) {
	if b.deferred < 0 {
		b.deferred = 0
		for _, r := range b.rows {
			if r.task.Status == notifier.Deferred {
				b.deferred++
			}
		}
	}
	if was == notifier.Deferred {
		b.deferred--
	}
	if is == notifier.Deferred {
		b.deferred++
	}
}

func (b *book) count(s notifier.Status) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, r := range b.rows {
		if r.task.Status == s {
			n++
		}
	}
	return n
}

// paper composes nothing.
type paper struct{}

func (paper) Compose(r *notifier.Recipient, _ time.Time) ([]byte, notifier.Digest, error) {
	return []byte(r.Key.String()), notifier.Digest{1}, nil
}

func (paper) Envelope(r *notifier.Recipient) notifier.Envelope {
	return notifier.Envelope{From: r.Key.String(), To: notifier.NewAddress(r.Key.String())}
}

// desk is a relay: answer decides on each delivery.
type desk struct {
	mu     sync.Mutex
	dials  []time.Time
	taken  []time.Time
	down   func(dial int) bool
	answer func(n int, key string) notifier.Outcome
	took   time.Duration // a delivery's time
	n      int

	t          testing.TB
	pipelining bool
}

func (d *desk) dial(context.Context) (Session, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dials = append(d.dials, time.Now())
	if d.down != nil && d.down(len(d.dials)) {
		return nil, errors.New("connection refused")
	}
	return &seat{desk: d, open: true}, nil
}

type seat struct {
	*desk
	open  bool
	flown *notifier.Parcel
}

func (s *seat) Usable() bool { return s.open }
func (s *seat) Close() error {
	if s.flown != nil {
		s.t.Error("closed with an envelope on the wire")
	}
	s.open = false
	return nil
}

func (s *seat) Deliver(ctx context.Context, p *notifier.Parcel, next func() *notifier.Parcel) (notifier.Outcome, error) {
	if s.flown != nil && s.flown != p {
		s.t.Error("another notice than the one whose envelope is on the wire")
	}
	if s.flown = nil; !s.open {
		return notifier.Outcome{Status: notifier.Deferred, Cause: notifier.CauseRelay, At: time.Now()}, nil
	}
	env, content := p.Envelope, p.Content
	s.mu.Lock()
	s.n++
	o := notifier.Outcome{Status: notifier.Accepted, At: time.Now()}
	if s.answer != nil {
		o = s.answer(s.n, env.From)
		o.At = time.Now()
	}
	s.mu.Unlock()
	if o.Cause == notifier.CauseRelay {
		s.open = false
		return o, nil
	}
	if o.Status == notifier.Unknown {
		s.open = false
	}
	if _, err := content(); err != nil {
		s.open = false
		return notifier.Outcome{}, err
	}
	if s.pipelining && next != nil {
		s.flown = next()
	}
	if s.took > 0 && sleep(ctx, s.took) != nil {
		s.open = false
		return notifier.Outcome{Status: notifier.Unknown, Cause: notifier.CauseNoReply, At: time.Now()}, nil
	}
	s.mu.Lock()
	s.taken = append(s.taken, time.Now())
	s.mu.Unlock()
	o.At = time.Now()
	return o, nil
}

func options(d *desk, conns int, rate float64, waves ...Wave) Options {
	return Options{
		Relays: []Relay{{Name: "primary", Dial: d.dial}},
		Pace:   Pace{Rate: rate, Relays: map[string]Share{"primary": {Connections: conns}}},
		Waves:  waves, Wait: true,
		Retry:  Retry{First: time.Minute, Factor: 2, Most: time.Hour, GiveUpAfter: 72 * time.Hour},
		Halt:   Halt{Refused: 1, Deferred: 1, Unknown: 1, Over: 500},
		Opened: func(context.Context, string) (bool, error) { return false, nil },
	}
}

var bg = context.Background()

func TestEveryoneOnceAtTheRate(t *testing.T) {
	long(t)
	for _, rate := range []float64{1, 10, 333, 2000} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := int(rate * 30)
				b := newBook(t, map[string]int{"rest": n}, "rest")
				d := &desk{}
				start := time.Now()
				res, err := Run(bg, bg, b, b, paper{}, options(d, 10, rate, Wave{Name: "rest"}))
				if err != nil || res.End != Drained || b.count(notifier.Accepted) != n {
					t.Fatalf("%+v, %v, %d accepted", res, err, b.count(notifier.Accepted))
				}
				if took := time.Since(start).Seconds(); took > float64(n)/rate*1.02+1 {
					t.Errorf("%d notices at %v/s took %.1f s", n, rate, took)
				}
				bound := int(1.02*rate*10) + 2
				for i, from := range d.taken {
					j, _ := slices.BinarySearchFunc(d.taken[i:], from.Add(10*time.Second), time.Time.Compare)
					if j > bound {
						t.Fatalf("%d notices within ten seconds, at most %d may be", j, bound)
					}
				}
			})
		})
	}
}

func TestDeferredAreRetriedOnSchedule(t *testing.T) {
	long(t)
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 50}, "rest")
		stubborn := b.rows[3].task.Recipient.Key.String()
		tries := map[string]int{}
		d := &desk{answer: func(_ int, key string) notifier.Outcome {
			tries[key]++
			if key == stubborn || tries[key] <= 2 {
				return notifier.Outcome{Status: notifier.Deferred, Cause: notifier.CauseRecipient}
			}
			return notifier.Outcome{Status: notifier.Accepted}
		}}
		start := time.Now()
		res, err := Run(bg, bg, b, b, paper{}, options(d, 5, 100, Wave{Name: "rest"}))
		if err != nil || res.End != Drained {
			t.Fatal(res, err)
		}
		if b.count(notifier.Accepted) != 49 || b.count(notifier.Refused) != 1 {
			t.Fatalf("%d accepted, %d refused", b.count(notifier.Accepted), b.count(notifier.Refused))
		}
		last := b.outcomes[len(b.outcomes)-1]
		if last.Cause != notifier.CauseExpired || last.At.Sub(start) < 72*time.Hour {
			t.Errorf("given up as %s after %s", last.Cause, last.At.Sub(start))
		}
		if n := tries[stubborn]; n < 70 || n > 90 {
			t.Errorf("%d attempts in 72 hours with waits of 1, 2, 4 … 60 minutes", n)
		}
	})
}

func TestRelayTroubleCostsNoAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 20}, "rest")
		d := &desk{answer: func(n int, _ string) notifier.Outcome {
			if n <= 10 {
				return notifier.Outcome{Status: notifier.Deferred, Cause: notifier.CauseRelay, Code: 421}
			}
			return notifier.Outcome{Status: notifier.Accepted}
		}}
		start := time.Now()
		res, err := Run(bg, bg, b, b, paper{}, options(d, 2, 100, Wave{Name: "rest"}))
		if err != nil || res.End != Drained || b.count(notifier.Accepted) != 20 {
			t.Fatalf("%+v, %v, %d accepted", res, err, b.count(notifier.Accepted))
		}
		for _, o := range b.outcomes {
			if o.Tries != 0 {
				t.Fatal("the relay's trouble was counted against a recipient")
			}
		}
		// Ten failures one after the other: 1, 2, 4 … 60 seconds, or half of it.
		if took := time.Since(start); took < 2*time.Minute || took > 6*time.Minute {
			t.Errorf("took %s", took)
		}
	})
}

func TestRedialsNeverLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 5}, "rest")
		d := &desk{down: func(int) bool { return true }}
		ctx, cancel := context.WithTimeout(bg, time.Hour)
		defer cancel()
		res, err := Run(ctx, bg, b, b, paper{}, options(d, 1, 1000, Wave{Name: "rest"}))
		if err != nil || res.End != Interrupted {
			t.Fatal(res, err)
		}
		if n := len(d.dials); n < 60 || n > 130 {
			t.Errorf("%d dials in an hour", n)
		}
		if len(b.outcomes) > 0 || len(b.claims) > 0 {
			t.Error("somebody was claimed without a connection")
		}
	})
}

func TestGateStopsAndOpens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"pilot": 30, "rest": 70}, "pilot", "rest")
		o := options(&desk{}, 4, 100, Wave{Name: "pilot", Gate: true}, Wave{Name: "rest"})
		for range 2 {
			res, err := Run(bg, bg, b, b, paper{}, o)
			if err != nil || res.End != AtGate || res.Wave != "pilot" || b.count(notifier.Accepted) != 30 {
				t.Fatalf("%+v, %v, %d accepted", res, err, b.count(notifier.Accepted))
			}
		}
		o.Opened = func(_ context.Context, wave string) (bool, error) { return wave == "pilot", nil }
		res, err := Run(bg, bg, b, b, paper{}, o)
		if err != nil || res.End != Drained || b.count(notifier.Accepted) != 100 {
			t.Fatalf("%+v, %v, %d accepted", res, err, b.count(notifier.Accepted))
		}
	})
}

func TestFirstSignalFinishesTheWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 1000}, "rest")
		d := &desk{took: 5 * time.Minute}
		ctx, cancel := context.WithTimeout(bg, time.Minute)
		defer cancel()
		res, err := Run(ctx, bg, b, b, paper{}, options(d, 4, 100, Wave{Name: "rest"}))
		if err != nil || res.End != Interrupted || b.count(notifier.Accepted) != 4 || len(b.outcomes) != 4 || len(b.claims) != 0 {
			t.Fatalf("%+v, %v, %d accepted, %d claims", res, err, b.count(notifier.Accepted), len(b.claims))
		}
	})
}

func TestSecondSignalAborts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 1000}, "rest")
		d := &desk{took: 5 * time.Minute}
		ctx, cancel := context.WithTimeout(bg, time.Minute)
		defer cancel()
		abort, cancelAbort := context.WithTimeout(bg, 2*time.Minute)
		defer cancelAbort()
		start := time.Now()
		res, err := Run(ctx, abort, b, b, paper{}, options(d, 4, 100, Wave{Name: "rest"}))
		if err != nil || res.End != Interrupted || b.count(notifier.Unknown) != 4 || time.Since(start) > 2*time.Minute {
			t.Fatalf("%+v, %v, %d unknown after %s", res, err, b.count(notifier.Unknown), time.Since(start))
		}
	})
}

func TestBreakerHalts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 5000}, "rest")
		d := &desk{answer: func(n int, _ string) notifier.Outcome {
			if n > 1000 && n%10 == 0 {
				return notifier.Outcome{Status: notifier.Refused, Cause: notifier.CauseRecipient}
			}
			return notifier.Outcome{Status: notifier.Accepted}
		}}
		o := options(d, 4, 1000, Wave{Name: "rest"})
		o.Halt = Halt{Refused: 0.05, Deferred: 0.5, Unknown: 0.02, Over: 500}
		res, err := Run(bg, bg, b, b, paper{}, o)
		if err != nil || res.End != Halted || res.Reason == "" {
			t.Fatal(res, err)
		}
		if n := b.count(notifier.Refused); n < 26 || n > 30 {
			t.Errorf("halted after %d refusals of the last 500", n)
		}
		if len(b.claims) != 0 {
			t.Error("claims without outcome")
		}
	})
}

func TestSmallWaveIsJudgedAtItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 20}, "rest")
		d := &desk{answer: func(int, string) notifier.Outcome {
			return notifier.Outcome{Status: notifier.Refused, Cause: notifier.CauseContent}
		}}
		o := options(d, 4, 1000, Wave{Name: "rest"})
		o.Halt.Refused = 0.05
		if res, err := Run(bg, bg, b, b, paper{}, o); err != nil || res.End != Halted {
			t.Fatal(res, err)
		}
	})
}

func TestLedgerFailureStopsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 1000}, "rest")
		b.fail = errors.New("disk full")
		_, err := Run(bg, bg, b, b, paper{}, options(&desk{}, 4, 1000, Wave{Name: "rest"}))
		if !errors.Is(err, b.fail) || len(b.claims) > 20 {
			t.Fatalf("%v after %d claims", err, len(b.claims))
		}
	})
}

func TestNoWaitLeavesTheDeferred(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 10}, "rest")
		d := &desk{answer: func(n int, _ string) notifier.Outcome {
			if n == 3 {
				return notifier.Outcome{Status: notifier.Deferred, Cause: notifier.CauseRecipient}
			}
			return notifier.Outcome{Status: notifier.Accepted}
		}}
		o := options(d, 2, 1000, Wave{Name: "rest"})
		o.Wait = false
		res, err := Run(bg, bg, b, b, paper{}, o)
		if err != nil || res.End != Waiting || b.count(notifier.Deferred) != 1 || time.Until(res.Next) < 50*time.Second {
			t.Fatalf("%+v, %v", res, err)
		}
	})
}

func TestDroppedConnectionsLoseNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const conns = 5
		b := newBook(t, map[string]int{"rest": 3000}, "rest")
		delivered := map[string]int{}
		d := &desk{took: time.Millisecond, answer: func(n int, key string) notifier.Outcome {
			switch {
			case n%11 == 0:
				return notifier.Outcome{Status: notifier.Deferred, Cause: notifier.CauseRelay}
			case n%7 == 0:
				delivered[key]++
				return notifier.Outcome{Status: notifier.Unknown, Cause: notifier.CauseNoReply}
			}
			delivered[key]++
			return notifier.Outcome{Status: notifier.Accepted}
		}}
		o := options(d, conns, 0, Wave{Name: "rest"})
		res, err := Run(bg, bg, b, b, paper{}, o)
		if err != nil || res.End != Drained {
			t.Fatal(res, err)
		}
		for key, n := range delivered {
			if n != 1 {
				t.Fatalf("%s was delivered %d times", key, n)
			}
		}
		if len(delivered) != 3000 || b.count(notifier.Accepted)+b.count(notifier.Unknown) != 3000 {
			t.Errorf("%d of 3,000 were delivered, %d accepted, %d unknown", len(delivered), b.count(notifier.Accepted), b.count(notifier.Unknown))
		}
		if b.open > 2*conns {
			t.Errorf("%d claims were open over %d connections: more than two each", b.open, conns)
		}
	})
}

func TestPoisonEndsAndHoldsNobodyUp(t *testing.T) {
	long(t)
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 500}, "rest")
		poison := map[string]bool{}
		for i := range 10 {
			poison[b.rows[i*50].task.Recipient.Key.String()] = true
		}
		d := &desk{answer: func(_ int, key string) notifier.Outcome {
			if poison[key] {
				return notifier.Outcome{Status: notifier.Deferred, Cause: notifier.CauseRelay}
			}
			return notifier.Outcome{Status: notifier.Accepted}
		}}
		start := time.Now()
		res, err := Run(bg, bg, b, b, paper{}, options(d, 5, 50, Wave{Name: "rest"}))
		if err != nil || res.End != Drained {
			t.Fatal(res, err)
		}
		if b.count(notifier.Accepted) != 490 || b.count(notifier.Refused) != 10 {
			t.Errorf("%d accepted, %d refused", b.count(notifier.Accepted), b.count(notifier.Refused))
		}
		if last := d.taken[len(d.taken)-1].Sub(start); last > 5*time.Minute {
			t.Errorf("the last of those who can be sent was sent after %s", last)
		}
		if len(b.outcomes) > 490+10*100 {
			t.Errorf("%d attempts", len(b.outcomes))
		}
	})
}

func TestDeadRelayHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 200}, "rest")
		dead := &desk{down: func(int) bool { return true }}
		o := options(&desk{}, 2, 100, Wave{Name: "rest"})
		o.Relays = append(o.Relays, Relay{Name: "dead", Dial: dead.dial})
		o.Pace.Relays["dead"] = Share{Connections: 20, Rate: 50}
		start := time.Now()
		res, err := Run(bg, bg, b, b, paper{}, o)
		if err != nil || res.End != Drained || b.count(notifier.Accepted) != 200 || time.Since(start) > time.Minute {
			t.Fatalf("%+v, %v, %d accepted after %s", res, err, b.count(notifier.Accepted), time.Since(start))
		}
		if n := len(dead.dials); n > 10 {
			t.Errorf("the dead relay was dialled %d times", n)
		}
	})
}

func TestSlowGreetingIsFollowedByNoBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 300}, "rest")
		d := &desk{}
		o := options(d, 50, 1, Wave{Name: "rest"})
		dial := o.Relays[0].Dial
		o.Relays[0].Dial = func(ctx context.Context) (Session, error) {
			if err := sleep(ctx, time.Minute); err != nil {
				return nil, err
			}
			return dial(ctx)
		}
		if res, err := Run(bg, bg, b, b, paper{}, o); err != nil || res.End != Drained {
			t.Fatal(res, err)
		}
		for i, from := range d.taken {
			if j, _ := slices.BinarySearchFunc(d.taken[i:], from.Add(10*time.Second), time.Time.Compare); j > 12 {
				t.Fatalf("%d notices within ten seconds at 1/s", j)
			}
		}
	})
}

func TestEveryWaveIsJudged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"pilot": 100, "rest": 1000}, "pilot", "rest")
		d := &desk{answer: func(int, string) notifier.Outcome {
			return notifier.Outcome{Status: notifier.Refused, Cause: notifier.CauseRecipient}
		}}
		o := options(d, 4, 1000, Wave{Name: "pilot"}, Wave{Name: "rest"})
		o.Halt.Refused = 0.05
		res, err := Run(bg, bg, b, b, paper{}, o)
		if err != nil || res.End != Halted || b.count(notifier.Refused) != 100 {
			t.Fatalf("%+v, %v, %d refused", res, err, b.count(notifier.Refused))
		}
	})
}

func TestGateOpenedWhileStopping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"pilot": 10, "rest": 10}, "pilot", "rest")
		asked := 0
		o := options(&desk{took: time.Second}, 4, 100, Wave{Name: "pilot", Gate: true}, Wave{Name: "rest"})
		o.Opened = func(context.Context, string) (bool, error) { asked++; return asked > 1, nil }
		res, err := Run(bg, bg, b, b, paper{}, o)
		if err != nil || res.End != Drained || b.count(notifier.Accepted) != 20 {
			t.Fatalf("%+v, %v, %d accepted", res, err, b.count(notifier.Accepted))
		}
	})
}

func TestNothingToSendDialsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{}
		res, err := Run(bg, bg, newBook(t, nil), newBook(t, nil), paper{}, options(d, 10, 1, Wave{Name: "rest"}))
		if err != nil || res.End != Drained || len(d.dials) != 0 {
			t.Fatal(res, err, len(d.dials))
		}
	})
}

func TestRelayRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 600}, "rest")
		slow, fast := &desk{}, &desk{}
		o := options(fast, 4, 100, Wave{Name: "rest"})
		o.Relays = append(o.Relays, Relay{Name: "slow", Dial: slow.dial})
		o.Pace.Relays["slow"] = Share{Connections: 4, Rate: 5}
		o.Pace.Relays["primary"] = Share{Connections: 4, Rate: 10}
		start := time.Now()
		if res, err := Run(bg, bg, b, b, paper{}, o); err != nil || res.End != Drained {
			t.Fatal(res, err)
		}
		if took := time.Since(start); took < 39*time.Second || took > 43*time.Second {
			t.Errorf("600 notices at 10/s and 5/s took %s", took)
		}
		if n := len(slow.taken); n < 190 || n > 210 {
			t.Errorf("the slow relay took %d of 600", n)
		}
	})
}

// TestShortSessionsCostNoWait is a relay that ends each session after ten
// notices, as some do.
func TestShortSessionsCostNoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 2000}, "rest")
		d := &desk{answer: func(n int, _ string) notifier.Outcome {
			if n%11 == 0 {
				return notifier.Outcome{Status: notifier.Deferred, Cause: notifier.CauseRelay, Code: 421}
			}
			return notifier.Outcome{Status: notifier.Accepted}
		}}
		start := time.Now()
		res, err := Run(bg, bg, b, b, paper{}, options(d, 5, 100, Wave{Name: "rest"}))
		if err != nil || res.End != Drained || b.count(notifier.Accepted) != 2000 {
			t.Fatalf("%+v, %v, %d accepted", res, err, b.count(notifier.Accepted))
		}
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("2,000 notices at 100/s took %s", took)
		}
	})
}
