package send

import (
	"math"
	"testing"
	"testing/synctest"
	"time"
)

// TestWeights: where the rate is what holds everything up, relays share by
// weight; where the relays are, each does what it can.
func TestWeights(t *testing.T) {
	for _, tt := range []struct {
		rate    float64
		weights [3]float64
		want    [3]float64 // shares of the work
	}{
		{100, [3]float64{3, 1, 1}, [3]float64{0.6, 0.2, 0.2}},
		{100, [3]float64{0, 0, 2}, [3]float64{0.25, 0.25, 0.5}},
		{3, [3]float64{1, 1, 4}, [3]float64{1.0 / 6, 1.0 / 6, 2.0 / 3}},
		{0, [3]float64{9, 1, 1}, [3]float64{1.0 / 3, 1.0 / 3, 1.0 / 3}}, // all are busy all the time
	} {
		synctest.Test(t, func(t *testing.T) {
			const n = 3000
			b := rest(t, n)
			shares := map[string]Share{}
			var hosts []*host
			for i, name := range []string{"a", "b", "c"} {
				hosts = append(hosts, &host{t: t, name: name, latency: 20 * time.Millisecond})
				shares[name] = Share{Connections: 8, Weight: tt.weights[i]}
			}
			start := time.Now()
			res, err := Run(bg, bg, b, b, paper{}, throughHosts(tt.rate, shares, hosts...))
			wantAll(t, b, n, res, err, hosts...)
			for i, h := range hosts {
				if got := float64(len(h.arrived)) / n; math.Abs(got-tt.want[i]) > 0.02 {
					t.Errorf("rate %v, weights %v: relay %s was given %.3f, want %.3f", tt.rate, tt.weights, h.name, got, tt.want[i])
				}
			}
			if took := time.Since(start); tt.rate == 0 && took > 4*time.Second {
				t.Errorf("24 connections of 50 a second each took %s for %d", took, n)
			}
		})
	}
}

// TestSlowRelayIsNoBrake: one that can do less than its weight asks for holds
// up nobody, and when it is fast again it does not make up for it.
func TestSlowRelayIsNoBrake(t *testing.T) {
	for name, slow := range map[string]struct{ each, other time.Duration }{
		"the other has room":          {5 * time.Second, 10 * time.Millisecond},
		"the other is saturated, too": {5 * time.Second, 45 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const n = 9000
				b := rest(t, n)
				start := time.Now()
				a := &host{t: t, name: "a", latency: slow.each}
				other := &host{t: t, name: "b", latency: slow.other}
				a.says = func(x arrival) answer {
					if a.latency = slow.each; x.at.Sub(start) > 4*time.Minute {
						a.latency = slow.other
					}
					return replyTook
				}
				o := throughHosts(20, map[string]Share{"a": {Connections: 1, Weight: 3}, "b": {Connections: 1, Weight: 1}}, a, other)
				res, err := Run(bg, bg, b, b, paper{}, o)
				wantAll(t, b, n, res, err, a, other)
				all := a.within(start, time.Minute, 4*time.Minute) + other.within(start, time.Minute, 4*time.Minute)
				if all < 3*60*20*98/100 {
					t.Errorf("%d in three minutes at 20/s", all)
				}
				got := float64(a.within(start, 5*time.Minute, 6*time.Minute)) / 1200
				if got < 0.7 || got > 0.8 {
					t.Errorf("fast again, it was given %.2f of the work, want 0.75", got)
				}
			})
		})
	}
}

// TestRelayOfAnHour: one whose notices an hour are used up is back later as if
// nothing had been.
func TestRelayOfAnHour(t *testing.T) {
	long(t)
	synctest.Test(t, func(t *testing.T) {
		const n = 8_500
		b := rest(t, n)
		start := time.Now()
		a := &host{t: t, name: "a"}
		other := &host{t: t, name: "b"}
		o := throughHosts(2, map[string]Share{"a": {Connections: 2, PerHour: 600}, "b": {Connections: 2}}, a, other)
		res, err := Run(bg, bg, b, b, paper{}, o)
		wantAll(t, b, n, res, err, a, other)
		if got := a.within(start, 62*time.Minute, 67*time.Minute); got < 270 || got > 330 {
			t.Errorf("in its second hour it was given %d of 600 in five minutes, want half", got)
		}
	})
}

// TestRelayDownAndBack: one that cannot be dialled for long gets its part when
// it is back, and no more.
func TestRelayDownAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 12_000
		b := rest(t, n)
		start := time.Now()
		a := &host{t: t, name: "a", latency: 5 * time.Millisecond}
		a.refuses = func(int) error {
			if time.Since(start) < 5*time.Minute {
				return errRefused
			}
			return nil
		}
		other := &host{t: t, name: "b", latency: 5 * time.Millisecond}
		o := throughHosts(20, map[string]Share{"a": {Connections: 4}, "b": {Connections: 4}}, a, other)
		res, err := Run(bg, bg, b, b, paper{}, o)
		wantAll(t, b, n, res, err, a, other)
		if got := a.within(start, 7*time.Minute, 8*time.Minute); got < 570 || got > 630 {
			t.Errorf("back again, it was given %d of 1200 in a minute, want half", got)
		}
		if took := time.Since(start); took > 10*time.Minute+15*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

// TestHeldBackIsNotPaidBack: a relay that was held back by its own rate gets its
// part afterwards, and nothing on top: it may have said "not so fast".
func TestHeldBackIsNotPaidBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 12_000
		b := rest(t, n)
		start := time.Now()
		a := &host{t: t, name: "a", latency: 5 * time.Millisecond}
		other := &host{t: t, name: "b", latency: 5 * time.Millisecond}
		o := throughHosts(20, map[string]Share{"a": {Connections: 4, Rate: 1}, "b": {Connections: 4}}, a, other)
		changes := make(chan Pace)
		o.Changes = changes
		go func() {
			time.Sleep(5 * time.Minute)
			p := o.Pace
			p.Relays = map[string]Share{"a": {Connections: 4}, "b": {Connections: 4}}
			changes <- p
		}()
		res, err := Run(bg, bg, b, b, paper{}, o)
		wantAll(t, b, n, res, err, a, other)
		if got := a.within(start, 5*time.Minute+5*time.Second, 6*time.Minute); got < 500 || got > 600 {
			t.Errorf("no longer held back, it was given %d of 1100, want half", got)
		}
	})
}
