package send

import (
	"testing"
	"testing/synctest"
	"time"

	"breachmail/notifier"
)

// replies counts so many replies, of which the last are soft.
func (p *lanePace) feed(at time.Time, every time.Duration, n, soft int, limit float64) (slowed bool, end time.Time) {
	for i := range n {
		slowed = p.count(at, i >= n-soft, limit) || slowed
		at = at.Add(every)
	}
	return slowed, at
}

func TestMoreThanAFifthIsSoft(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, tt := range []struct {
		n, soft int
		slowed  bool
	}{
		{100, 20, false}, {100, 21, true}, {99, 99, false}, {100, 0, false}, {100, 100, true},
		{1000, 20, false}, // the window slides: those before do not thin them out …
		{1000, 21, true},  // … nor keep them away
	} {
		var p lanePace
		if slowed, _ := p.feed(now, 10*time.Millisecond, tt.n, tt.soft, 40); slowed != tt.slowed {
			t.Errorf("%d soft of %d: slowed is %v", tt.soft, tt.n, slowed)
		}
	}
	var p lanePace // twenty soft ones that fell out of the window count no more
	p.feed(now, 0, 20, 20, 40)
	if slowed, _ := p.feed(now, 0, 100, 20, 40); slowed {
		t.Error("slowed for replies that are longer ago than a hundred")
	}
}

func TestSlowedByHalfAndBackByQuarters(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, tt := range map[string]struct {
		limit float64
		every time.Duration
		want  float64
	}{
		"configured":                {40, 20 * time.Millisecond, 20},        // it takes 50/s
		"configured, never reached": {40, 100 * time.Millisecond, 5},        // it takes 10/s
		"measured":                  {0, 100 * time.Millisecond, 5},         // the same
		"very slow":                 {0, time.Minute, 100.0 / (99 * 60)},    // as slow as it can usefully be
		"very slow, configured":     {0.05, time.Minute, 100.0 / (99 * 60)}, // the same
		"replies at once":           {40, 0, 20},                            // no time to measure by
	} {
		t.Run(name, func(t *testing.T) {
			var p lanePace
			_, at := p.feed(now, tt.every, 100, 30, tt.limit)
			got := p.ceiling(tt.limit)
			if got < tt.want*0.97 || got > tt.want*1.03 {
				t.Fatalf("slowed to %v/s, want %v", got, tt.want)
			}
			p.recover(at.Add(stepEvery - tt.every - time.Millisecond))
			if now := p.ceiling(tt.limit); now != got {
				t.Errorf("raised to %v before its time", now)
			}
			for i := range 4 { // 1.25 four times is more than twice
				at = at.Add(stepEvery)
				before := p.ceiling(tt.limit)
				p.recover(at)
				if after := p.ceiling(tt.limit); i < 3 && tt.want > 1 && after != before*step {
					t.Errorf("step %d: from %v to %v", i, before, after)
				}
			}
			if p.slowed != 0 && tt.want > 1 || p.ceiling(tt.limit) > tt.limit && tt.limit > 0 {
				t.Errorf("%v/s after four steps", p.ceiling(tt.limit))
			}
		})
	}
}

func TestSlowedAgainAndAgain(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var p lanePace
	for i, want := range []float64{32, 16, 8, 4, 2, slowest, slowest} {
		_, now = p.feed(now, time.Millisecond, 100, 21, 64)
		if got := p.ceiling(64); got != want {
			t.Fatalf("halved %d times: %v/s, want %v", i+1, got, want)
		}
	}
	for range 100 {
		now = now.Add(stepEvery)
		p.recover(now)
	}
	if got := p.ceiling(64); got != 64 {
		t.Errorf("%v/s after all steps, want what is configured", got)
	}
}

// TestMeasuredOfLate: what a relay took in the hour before the last hundred
// replies says nothing about how fast it is.
func TestMeasuredOfLate(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var p lanePace
	_, now = p.feed(now, 100*time.Millisecond, 36_000, 0, 0)
	p.feed(now, 100*time.Millisecond, 100, 30, 0)
	if got := p.ceiling(0); got < 4 || got > 6 {
		t.Errorf("a relay that takes 10/s is slowed to %v/s, want half of it", got)
	}
}

// TestSoftRepliesSlowTheRelay measures at the relay, with a rate configured and
// without.
func TestSoftRepliesSlowTheRelay(t *testing.T) {
	long(t)
	for name, limit := range map[string]float64{"configured": 20, "measured": 0} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const minute = time.Minute
				h := &host{t: t, name: "a", latency: time.Millisecond}
				start := time.Now()
				h.says = func(a arrival) answer {
					if since := a.at.Sub(start); since > 5*minute && since < 5*minute+4*time.Second && a.n%3 == 0 {
						return replySoft
					}
					return replyTook
				}
				b := rest(t, 10_000)
				overall := 0.0
				if limit == 0 {
					overall = 20
				}
				o := throughHosts(overall, map[string]Share{"a": {Connections: 3, Rate: limit}}, h)
				res, err := Run(bg, bg, b, b, paper{}, o)
				wantAll(t, b, 10_000, res, err, h)
				for _, tt := range []struct {
					from, to    time.Duration
					least, most float64
				}{
					{minute, 5 * minute, 19.6, 20.4},
					{5*minute + 10*time.Second, 5*minute + 30*time.Second, 8, 11},
					{5*minute + 42*time.Second, 5*minute + 55*time.Second, 10, 13.5},
					{8 * minute, 8*minute + 15*time.Second, 19.6, 20.4},
				} {
					if n := float64(h.within(start, tt.from, tt.to)) / (tt.to - tt.from).Seconds(); n < tt.least || n > tt.most {
						t.Errorf("%.2f/s from %s to %s, want %v to %v", n, tt.from, tt.to, tt.least, tt.most)
					}
				}
				for _, o := range b.outcomes {
					if o.Status == notifier.Accepted && o.Tries > 2 {
						t.Errorf("%d failed attempts", o.Tries)
					}
				}
			})
		})
	}
}
