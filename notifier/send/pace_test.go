package send

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"breachmail/notifier"
)

// long leaves a test out of the race detector's run, which takes ten times as long
// and has the others to look at.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("long")
	}
}

// most returns how many of the moments lie within any span.
func most(moments []time.Time, span time.Duration) (n int) {
	for i, from := range moments {
		j, _ := slices.BinarySearchFunc(moments[i:], from.Add(span), time.Time.Compare)
		n = max(n, j)
	}
	return n
}

// wantBound fails where more left than DESIGN section 9 allows at a rate.
func wantBound(t *testing.T, moments []time.Time, rate float64) {
	t.Helper()
	if n := most(moments, 10*time.Second); float64(n) > 1.02*rate*10+2 {
		t.Errorf("%d notices within ten seconds at %v/s", n, rate)
	}
}

func (b *book) setAddresses(address func(id int64) string) {
	for i := range b.rows {
		b.rows[i].task.Recipient.Address = notifier.NewAddress(address(int64(i + 1)))
	}
}

// byKey are the recipients of a book by their keys.
func (b *book) byKey() map[string]*notifier.Recipient {
	all := map[string]*notifier.Recipient{}
	for i := range b.rows {
		r := &b.rows[i].task.Recipient
		all[r.Key.String()] = r
	}
	return all
}

// minutes are the claims of a book as the ledger tells them.
func (b *book) minutes() (list []Minute) {
	for _, o := range b.outcomes {
		at := o.Claim.At
		i := slices.IndexFunc(list, func(m Minute) bool {
			return m.Relay == o.Claim.Relay && m.Start.Equal(at.Truncate(time.Minute))
		})
		if i < 0 {
			i, list = len(list), append(list, Minute{Start: at.Truncate(time.Minute), Relay: o.Claim.Relay})
		}
		list[i].Claims++
		list[i].Last = at
	}
	return list
}

// TestEveryRateIsKept sends at rates from 1 to 5,000 a second, with pauses in
// which the relay does not answer and with restarts: never more than the bound,
// and no less than 98 percent while the relay could take it.
func TestEveryRateIsKept(t *testing.T) {
	long(t)
	for _, rate := range []float64{1, 2.5, 7, 60, 450, 1000, 5000} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := int(min(rate*40, 60_000)) // never less than ten seconds
				b := newBook(t, map[string]int{"rest": n}, "rest")
				d := &desk{t: t, pipelining: true}
				start := time.Now()
				res, err := Run(bg, bg, b, b, paper{}, options(d, 20, rate, Wave{Name: "rest"}))
				if err != nil || res.End != Drained || b.count(notifier.Accepted) != n {
					t.Fatalf("%+v, %v, %d accepted", res, err, b.count(notifier.Accepted))
				}
				if took := time.Since(start).Seconds(); float64(n)/took < 0.98*rate {
					t.Errorf("%.1f/s instead of %v/s", float64(n)/took, rate)
				}
				wantBound(t, d.taken, rate)
			})
		})
	}
}

// TestNoBurstAfterAPause lets a relay stop answering for a minute, again and
// again: what was not sent meanwhile is not made up for.
func TestNoBurstAfterAPause(t *testing.T) {
	for _, rate := range []float64{1, 50, 1000} {
		synctest.Test(t, func(t *testing.T) {
			b := newBook(t, map[string]int{"rest": int(rate * 20)}, "rest")
			d := &desk{t: t, pipelining: true}
			d.answer = func(n int, _ string) notifier.Outcome {
				d.took = 0
				if n%int(rate*7) == 0 {
					d.took = time.Minute
				}
				return notifier.Outcome{Status: notifier.Accepted}
			}
			if res, err := Run(bg, bg, b, b, paper{}, options(d, 1, rate, Wave{Name: "rest"})); err != nil || res.End != Drained {
				t.Fatal(res, err)
			}
			wantBound(t, d.taken, rate)
		})
	}
}

// TestRestartsSendNoMore kills a run every few seconds: the bound holds over all
// of them, and so do the limits an hour and a day.
func TestRestartsSendNoMore(t *testing.T) {
	long(t)
	for _, rate := range []float64{1, 3, 80} {
		synctest.Test(t, func(t *testing.T) {
			b := newBook(t, map[string]int{"rest": int(rate * 60)}, "rest")
			d := &desk{t: t}
			for i := 0; b.count(notifier.Accepted) < len(b.rows); i++ {
				o := options(d, 5, rate, Wave{Name: "rest"})
				o.Past = b.minutes()
				ctx, cancel := context.WithTimeout(bg, time.Duration(300+i*170%3000)*time.Millisecond)
				if _, err := Run(ctx, bg, b, b, paper{}, o); err != nil {
					t.Fatal(err)
				}
				cancel()
				if i > 1000 {
					t.Fatalf("%d of %d were sent in a thousand runs", b.count(notifier.Accepted), len(b.rows))
				}
			}
			wantBound(t, d.taken, rate)
		})
	}
}

// TestQuotas: so many in any hour and any day, over all relays and through each,
// also across restarts.
func TestQuotas(t *testing.T) {
	long(t)
	for name, set := range map[string]func(p *Pace){
		"all":      func(p *Pace) { p.PerHour, p.PerDay = 20, 50 },
		"one each": func(p *Pace) { p.Relays["primary"] = Share{Connections: 3, PerHour: 20, PerDay: 50} },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBook(t, map[string]int{"rest": 80}, "rest")
				d := &desk{t: t}
				start := time.Now()
				for b.count(notifier.Accepted) < len(b.rows) {
					o := options(d, 3, 5, Wave{Name: "rest"})
					set(&o.Pace)
					o.Past = b.minutes()
					ctx, cancel := context.WithTimeout(bg, 7*time.Hour)
					if _, err := Run(ctx, bg, b, b, paper{}, o); err != nil {
						t.Fatal(err)
					}
					cancel()
				}
				if n := most(d.taken, time.Hour); n != 20 {
					t.Errorf("%d within an hour, 20 may be", n)
				}
				if n := most(d.taken, 24*time.Hour); n != 50 {
					t.Errorf("%d within a day, 50 may be", n)
				}
				if took := time.Since(start); took > 27*time.Hour {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

func TestRampGrows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 9000}, "rest")
		d := &desk{t: t}
		o := options(d, 5, 20, Wave{Name: "rest"})
		o.Pace.Ramp = &Ramp{From: 2, Over: 10 * time.Minute}
		start := time.Now()
		first, cancel := context.WithTimeout(bg, 5*time.Minute)
		defer cancel()
		if _, err := Run(first, bg, b, b, paper{}, o); err != nil {
			t.Fatal(err)
		}
		o.Past = b.minutes() // killed half-way up, it goes on from there
		if _, err := Run(bg, bg, b, b, paper{}, o); err != nil {
			t.Fatal(err)
		}
		rate := func(from, to time.Duration) float64 {
			n := 0
			for _, at := range d.taken {
				if since := at.Sub(start); since >= from && since < to {
					n++
				}
			}
			return float64(n) / (to - from).Seconds()
		}
		for _, tt := range []struct {
			from, to    time.Duration
			least, most float64
		}{
			{0, 30 * time.Second, 1.8, 3.5}, {4 * time.Minute, 5 * time.Minute, 9, 11.5},
			{6 * time.Minute, 7 * time.Minute, 12, 16}, {11 * time.Minute, 12 * time.Minute, 19.6, 20.4},
		} {
			if got := rate(tt.from, tt.to); got < tt.least || got > tt.most {
				t.Errorf("%.1f/s between %s and %s, want %v to %v", got, tt.from, tt.to, tt.least, tt.most)
			}
		}
	})
}

// TestDomainsHoldNobodyUp: four in ten are at a domain that may be given two a
// second, subdomains included; the others leave meanwhile, and nobody is lost.
func TestDomainsHoldNobodyUp(t *testing.T) {
	long(t)
	synctest.Test(t, func(t *testing.T) {
		const n = 6000
		b := newBook(t, map[string]int{"rest": n}, "rest")
		b.setAddresses(func(id int64) string {
			switch id % 10 {
			case 0, 1:
				return "someone@big.example"
			case 2, 3:
				return "someone@Mail.BIG.example"
			case 4:
				return "someone@small.example"
			}
			return fmt.Sprintf("someone@d%d.example", id)
		})
		all := b.byKey()
		var big []time.Time
		others := time.Time{}
		d := &desk{t: t, pipelining: true}
		d.answer = func(_ int, key string) notifier.Outcome {
			if strings.HasSuffix(strings.ToLower(all[key].Address.Reveal()), "big.example") {
				big = append(big, time.Now())
			} else {
				others = time.Now()
			}
			return notifier.Outcome{Status: notifier.Accepted}
		}
		o := options(d, 5, 100, Wave{Name: "rest"})
		o.Pace.Domains = map[string]float64{"big.example": 2, "small.example": 30}
		start := time.Now()
		res, err := Run(bg, bg, b, b, paper{}, o)
		if err != nil || res.End != Drained || b.count(notifier.Accepted) != n {
			t.Fatalf("%+v, %v, %d accepted", res, err, b.count(notifier.Accepted))
		}
		wantBound(t, big, 2)
		if took := time.Since(start).Seconds(); took > 0.4*n/2*1.03 {
			t.Errorf("the throttled ones took %.0f s", took)
		}
		if took := others.Sub(start).Seconds(); took > 0.6*n/98*1.05+5 {
			t.Errorf("the others took %.0f s", took)
		}
	})
}

// TestDeferringDomainIsLeftAlone: a domain that defers everybody is asked with
// one notice at a time, and everybody is told when it answers again.
func TestDeferringDomainIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 2000
		b := newBook(t, map[string]int{"rest": n}, "rest")
		b.setAddresses(func(id int64) string {
			if id%2 == 0 {
				return "someone@sick.example"
			}
			return fmt.Sprintf("someone@d%d.example", id)
		})
		all := b.byKey()
		start := time.Now()
		attempts := 0
		d := &desk{t: t, pipelining: true, took: 50 * time.Millisecond}
		d.answer = func(_ int, key string) notifier.Outcome {
			if all[key].ID%2 == 0 && time.Since(start) < 3*time.Hour {
				attempts++
				return notifier.Outcome{Status: notifier.Deferred, Cause: notifier.CauseRecipient, Code: 451, Mood: notifier.MoodSoft}
			}
			return notifier.Outcome{Status: notifier.Accepted, Code: 250}
		}
		res, err := Run(bg, bg, b, b, paper{}, options(d, 5, 100, Wave{Name: "rest"}))
		if err != nil || res.End != Drained || b.count(notifier.Accepted) != n {
			t.Fatalf("%+v, %v, %d accepted", res, err, b.count(notifier.Accepted))
		}
		if attempts > 40 {
			t.Errorf("a domain that defers was tried %d times in three hours", attempts)
		}
		if took := time.Since(start); took > 4*time.Hour+30*time.Minute {
			t.Errorf("all were told after %s", took)
		}
	})
}

// office is open from 8 to 20 o'clock, in two zones by the state.
type office struct{}

func (office) Class(state string) string { return state }

func (office) Next(class string, at time.Time) time.Time {
	shift := map[string]time.Duration{"NY": 0, "CA": -3 * time.Hour}[class]
	local := at.Add(shift)
	midnight := local.Truncate(24 * time.Hour)
	switch open := midnight.Add(8 * time.Hour); {
	case local.Before(open):
		return open.Add(-shift)
	case local.Before(midnight.Add(20 * time.Hour)):
		return at
	default:
		return open.Add(24*time.Hour - shift)
	}
}

func TestHoursAreKept(t *testing.T) {
	long(t)
	synctest.Test(t, func(t *testing.T) {
		const n = 300
		b := newBook(t, map[string]int{"rest": n}, "rest")
		states := map[string]string{}
		for i := range b.rows {
			r := &b.rows[i].task.Recipient
			r.State = []string{"NY", "CA", "NY"}[i%3]
			states[r.Key.String()] = r.State
		}
		at := map[string][]int{}
		d := &desk{t: t}
		d.answer = func(_ int, key string) notifier.Outcome {
			at[states[key]] = append(at[states[key]], time.Now().UTC().Hour())
			return notifier.Outcome{Status: notifier.Accepted}
		}
		o := options(d, 3, 0.005, Wave{Name: "rest"})
		o.Pace.Hours = office{}
		start := time.Now().UTC()
		res, err := Run(bg, bg, b, b, paper{}, o)
		if err != nil || res.End != Drained || b.count(notifier.Accepted) != n {
			t.Fatalf("%+v, %v, %d accepted", res, err, b.count(notifier.Accepted))
		}
		for state, open := range map[string][2]int{"NY": {8, 20}, "CA": {11, 23}} {
			if lo, hi := slices.Min(at[state]), slices.Max(at[state]); lo < open[0] || hi >= open[1] {
				t.Errorf("%s was written to between %d and %d o'clock", state, lo, hi)
			}
		}
		if took := time.Since(start); took > 36*time.Hour {
			t.Errorf("it took %s", took)
		}
	})
}

// TestChangesCountAtOnce changes the rate and the connections of a run under way.
func TestChangesCountAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"rest": 3000}, "rest")
		d := &desk{t: t, pipelining: true, took: 100 * time.Millisecond}
		o := options(d, 2, 1.0/3600, Wave{Name: "rest"})
		changes := make(chan Pace)
		o.Changes = changes
		start := time.Now()
		go func() {
			time.Sleep(90 * time.Minute)
			p := o.Pace
			p.Rate, p.Relays = 100, map[string]Share{"primary": {Connections: 20}}
			changes <- p
			time.Sleep(10 * time.Second)
			p.Relays = map[string]Share{"primary": {Connections: 1}}
			changes <- p
			time.Sleep(10 * time.Second)
			p.Relays = map[string]Share{"primary": {Connections: 30}}
			changes <- p
		}()
		res, err := Run(bg, bg, b, b, paper{}, o)
		if err != nil || res.End != Drained || b.count(notifier.Accepted) != 3000 {
			t.Fatalf("%+v, %v, %d accepted", res, err, b.count(notifier.Accepted))
		}
		within := func(from, to time.Duration) (n int) {
			for _, at := range d.taken {
				if since := at.Sub(start) - 90*time.Minute; since >= from && since < to {
					n++
				}
			}
			return n
		}
		if n := within(-time.Hour, 0); n != 1 {
			t.Errorf("%d at one an hour", n)
		}
		if n := within(time.Second, 9*time.Second); n < 700 || n > 820 {
			t.Errorf("%d in eight seconds at 100/s", n)
		}
		if n := within(11*time.Second, 19*time.Second); n < 75 || n > 85 {
			t.Errorf("%d in eight seconds over one connection", n)
		}
		if n := within(22*time.Second, 30*time.Second); n < 700 || n > 820 {
			t.Errorf("%d in eight seconds at 100/s over 30 connections", n)
		}
	})
}
