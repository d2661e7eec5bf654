package send

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"breachmail/notifier"
)

// finding is a Halting error.
type finding struct{ of string }

func (f finding) Error() string { return f.of + " holds somebody else's address" }
func (f finding) Halt() string  { return "a finding about " + f.of }

// guarded cannot make the notices of some.
type guarded struct {
	paper
	wrong map[string]error
}

func (g guarded) Compose(r *notifier.Recipient, date time.Time) ([]byte, notifier.Digest, error) {
	if err := g.wrong[r.Key.String()]; err != nil {
		return nil, notifier.Digest{}, fmt.Errorf("compose %s: %w", r.Key, err)
	}
	return g.paper.Compose(r, date)
}

func TestFindingHaltsTheRun(t *testing.T) {
	for _, workers := range []int{1, 4} {
		t.Run(fmt.Sprint(workers), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const bad = 20
				b := newBook(t, map[string]int{"rest": 100}, "rest")
				key := b.rows[bad-1].task.Recipient.Key.String()
				d := &desk{took: time.Minute} // all are in the middle of a delivery when it is found
				o := options(d, workers, 0, Wave{Name: "rest"})
				res, err := Run(bg, bg, b, b, guarded{wrong: map[string]error{key: finding{key}}}, o)
				if err != nil || res.End != Halted || res.Reason != "a finding about "+key {
					t.Fatalf("%+v, %v", res, err)
				}
				if row := b.rows[bad-1].task; row.Status != notifier.Pending || row.Attempt != 0 {
					t.Errorf("the recipient of the finding is %s after %d claims", row.Status, row.Attempt)
				}
				if n := b.count(notifier.Accepted); n != len(d.taken) || n != len(b.outcomes) || n < bad-workers || n > bad+workers || len(b.claims) != 0 {
					t.Errorf("%d accepted, %d taken, %d outcomes, %d claims left", n, len(d.taken), len(b.outcomes), len(b.claims))
				}
				// Put right, the next run sends to everyone who is left.
				res, err = Run(bg, bg, b, b, paper{}, o)
				if err != nil || res.End != Drained || b.count(notifier.Accepted) != 100 || len(d.taken) != 100 {
					t.Errorf("%+v, %v, %d accepted, %d taken", res, err, b.count(notifier.Accepted), len(d.taken))
				}
			})
		})
	}
}

func TestNoticeThatCannotBeMadeIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 10}, "rest")
		wrong := errors.New("no such field")
		g := guarded{wrong: map[string]error{b.rows[4].task.Recipient.Key.String(): wrong}}
		res, err := Run(bg, bg, b, b, g, options(&desk{}, 2, 0, Wave{Name: "rest"}))
		if !errors.Is(err, wrong) || res.End != "" || b.rows[4].task.Status != notifier.Pending || len(b.claims) != 0 {
			t.Errorf("%+v, %v, %d claims left", res, err, len(b.claims))
		}
	})
}

// keeper is a book that keeps some back until a time.
type keeper struct {
	*book
	keeps func(id int64) bool
	until time.Time
	all   bool // nobody is kept any more
}

func (s *keeper) given(tasks []notifier.Task) []notifier.Task {
	var list []notifier.Task
	for _, t := range tasks {
		if s.all || !s.keeps(t.Recipient.ID) {
			list = append(list, t)
		}
	}
	return list
}

func (s *keeper) Pending(ctx context.Context, wave string, after int64) ([]notifier.Task, int64, error) {
	tasks, seen, err := s.book.Pending(ctx, wave, after) // all of a wave fit into one answer
	return s.given(tasks), seen, err
}

func (s *keeper) Due(ctx context.Context, until time.Time) ([]notifier.Task, time.Time, error) {
	tasks, next, err := s.book.Due(ctx, until)
	return s.given(tasks), next, err
}

func (s *keeper) freed(context.Context) (bool, error) {
	if s.all || s.until.IsZero() || time.Now().Before(s.until) {
		return false, nil
	}
	s.all = true
	return true, nil
}

func odd(id int64) bool     { return id%2 == 1 }
func anyone(id int64) bool  { return true }
func after10(id int64) bool { return id > 10 }

// TestKeptBack sends what is not kept back, and in the same run those who are
// freed while it goes on.
func TestKeptBack(t *testing.T) {
	for _, tt := range []struct {
		name     string
		keeps    func(id int64) bool
		until    time.Duration // 0: for ever
		gate     bool          // after the pilot
		deferred bool          // the first one of all is, for an hour
		accepted int
		end      End
		most     time.Duration
	}{
		{name: "all, for ever", keeps: anyone, accepted: 0, end: Drained},
		{name: "a whole wave, for ever", keeps: after10, accepted: 10, end: Drained, most: 10 * time.Second},
		{name: "some, for ever", keeps: odd, accepted: 15, end: Drained, most: 10 * time.Second},
		{name: "some, at a gate", keeps: odd, gate: true, accepted: 5, end: AtGate, most: 10 * time.Second},
		{name: "freed while others are sent", keeps: odd, until: time.Second, accepted: 30, end: Drained, most: 20 * time.Second},
		{name: "freed at a gate", keeps: odd, until: time.Second, gate: true, accepted: 10, end: AtGate, most: 10 * time.Second},
		{name: "freed while deferred ones are waited for", keeps: odd, until: 10 * time.Minute, deferred: true, accepted: 30, end: Drained, most: 61 * time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBook(t, map[string]int{"pilot": 10, "rest": 20}, "pilot", "rest")
				s := &keeper{book: b, keeps: tt.keeps}
				if tt.until > 0 {
					s.until = time.Now().Add(tt.until)
				}
				d := &desk{took: time.Second}
				if tt.deferred {
					d.answer = func(n int, _ string) notifier.Outcome {
						if n == 1 {
							return notifier.Outcome{Status: notifier.Deferred, Cause: notifier.CauseRecipient}
						}
						return notifier.Outcome{Status: notifier.Accepted}
					}
				}
				o := options(d, 4, 0, Wave{Name: "pilot", Gate: tt.gate}, Wave{Name: "rest"})
				o.Freed, o.Retry.First = s.freed, 50*time.Minute
				start := time.Now()
				res, err := Run(bg, bg, b, s, paper{}, o)
				if err != nil || res.End != tt.end || b.count(notifier.Accepted) != tt.accepted {
					t.Errorf("%+v, %v, %d accepted", res, err, b.count(notifier.Accepted))
				}
				if took := time.Since(start); took > tt.most {
					t.Errorf("it took %s", took)
				}
				if tt.deferred && len(d.taken) < 30 {
					t.Errorf("%d were taken", len(d.taken))
				}
				if tt.deferred && d.taken[28].Sub(start) > 11*time.Minute {
					t.Errorf("those freed after ten minutes were sent after %s", d.taken[28].Sub(start))
				}
			})
		})
	}
}
