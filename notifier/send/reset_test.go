package send

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"breachmail/notifier"
)

// deferAll makes everybody in a book deferred, and due.
func (b *book) deferAll() {
	for i := range b.rows {
		r := &b.rows[i]
		r.task.Status, r.task.Attempt, r.due = notifier.Deferred, 1, time.Now()
	}
}

// TestChangeWhileTheDeferredAreSent: those who stood on the shelves when the
// pace changed go back to the queue, and all of them are read again, though
// nobody is under way at that moment.
func TestChangeWhileTheDeferredAreSent(t *testing.T) {
	for _, wait := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			const n = 200
			b := rest(t, n)
			b.deferAll()
			h := &host{t: t, name: "a"}
			o := throughHosts(1, map[string]Share{"a": {Connections: 1}}, h)
			o.Wait, o.Waves = wait, nil
			changes := make(chan Pace)
			o.Changes = changes
			go func() {
				time.Sleep(10*time.Second + 500*time.Millisecond)
				p := o.Pace
				p.Rate = 2
				changes <- p
			}()
			res, err := Run(bg, bg, b, b, paper{}, o)
			wantAll(t, b, n, res, err, h)
		})
	}
}

// TestDomainPutApartWhileTheDeferredAreSent is the same where it is a domain
// that makes the shelves begin anew.
func TestDomainPutApartWhileTheDeferredAreSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 200
		b := rest(t, n)
		b.deferAll()
		b.setAddresses(func(id int64) string {
			if id <= deferralsInARow {
				return "someone@sick.example"
			}
			return "someone@well.example"
		})
		h := &host{t: t, name: "a", says: func(a arrival) answer {
			if a.n <= deferralsInARow {
				return replySoft
			}
			return replyTook
		}}
		o := throughHosts(1, map[string]Share{"a": {Connections: 1}}, h)
		o.Waves = nil
		o.Retry.First, o.Retry.Most = 30*time.Minute, 30*time.Minute
		start := time.Now()
		res, err := Run(bg, bg, b, b, paper{}, o)
		wantAll(t, b, n, res, err, h)
		if got := h.within(start, 0, 5*time.Minute); got < n {
			t.Errorf("%d notices in five minutes at one a second, want %d", got, n)
		}
	})
}

// TestChangesNeverLoseAnybody changes the pace every few moments through two
// waves, while some are deferred.
func TestChangesNeverLoseAnybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"pilot": 300, "rest": 1200}, "pilot", "rest")
		b.setAddresses(func(id int64) string { return []string{"x@one.example", "x@two.example", "x@three.example"}[id%3] })
		h := &host{t: t, name: "a", pipelining: true, latency: 7 * time.Millisecond, says: func(a arrival) answer {
			if a.n%9 == 0 {
				return replySoft
			}
			return replyTook
		}}
		o := throughHosts(20, map[string]Share{"a": {Connections: 3}}, h)
		o.Waves = []Wave{{Name: "pilot"}, {Name: "rest"}}
		changes := make(chan Pace)
		o.Changes = changes
		ctx, cancel := context.WithCancel(bg)
		done := make(chan struct{})
		go func() {
			defer close(done)
			for i := 0; ; i++ {
				p := o.Pace
				p.Rate = []float64{5, 20, 0, 100}[i%4]
				p.Domains = map[string]float64{[]string{"one.example", "two.example"}[i%2]: float64(i%7) + 1}
				p.Relays = map[string]Share{"a": {Connections: i % 5, PerConnection: i % 3 * 7}}
				if sleep(ctx, 333*time.Millisecond) != nil {
					return
				}
				select {
				case changes <- p:
				case <-ctx.Done():
					return
				}
			}
		}()
		res, err := Run(bg, bg, b, b, paper{}, o)
		cancel()
		<-done
		wantAll(t, b, 1500, res, err, h)
	})
}

// TestClosedChangesChangeNothing: a channel that is closed says no more; it does
// not say that there are no limits any more.
func TestClosedChangesChangeNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := rest(t, 100)
		h := &host{t: t, name: "a"}
		o := throughHosts(10, map[string]Share{"a": {Connections: 2}}, h)
		changes := make(chan Pace)
		close(changes)
		o.Changes = changes
		start := time.Now()
		ctx, cancel := context.WithTimeout(bg, time.Minute)
		defer cancel()
		res, err := Run(ctx, bg, b, b, paper{}, o)
		wantAll(t, b, 100, res, err, h)
		if took := time.Since(start); took < 9*time.Second {
			t.Errorf("100 notices at 10/s took %s", took)
		}
	})
}

// TestWaveEndsWhenAllAreGone: the shelves are cleared again and again while a
// wave is read; the wave has not ended only because nobody stands on them for a
// moment.
func TestWaveEndsWhenAllAreGone(t *testing.T) {
	for range 10 {
		synctest.Test(t, func(t *testing.T) {
			const n = 40
			b := rest(t, n)
			h := &host{t: t, name: "a"}
			o := throughHosts(1000, map[string]Share{"a": {Connections: 2}}, h)
			changes := make(chan Pace)
			o.Changes = changes
			ctx, cancel := context.WithCancel(bg)
			done := make(chan struct{})
			go func() {
				defer close(done)
				for range 2000 {
					select {
					case changes <- o.Pace:
					case <-ctx.Done():
						return
					}
				}
			}()
			res, err := Run(bg, bg, b, b, paper{}, o)
			cancel()
			<-done
			wantAll(t, b, n, res, err, h)
		})
	}
}
