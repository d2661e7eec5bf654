package send

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"breachmail/notifier"
)

// TestQuotaIsWaitedFor: a relay whose quota is used up is left alone for a
// quarter of an hour, and asked with one notice; nobody's attempt is counted.
func TestQuotaIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 500
		b := rest(t, n)
		start := time.Now()
		h := &host{t: t, name: "a", pipelining: true, latency: 100 * time.Millisecond}
		h.says = func(a arrival) answer {
			if since := a.at.Sub(start); since > 10*time.Second && since < 100*time.Minute {
				return replyQuota
			}
			return replyTook
		}
		res, err := Run(bg, bg, b, b, paper{}, throughHosts(20, map[string]Share{"a": {Connections: 4}}, h))
		wantAll(t, b, n, res, err, h)
		for _, o := range b.outcomes {
			if o.Tries != 0 {
				t.Fatal("a quota was counted against a recipient")
			}
		}
		if first := h.within(start, 10*time.Second, 10*time.Minute); first < 1 || first > 8 {
			t.Errorf("%d notices until the quota was seen to be used up over 4 connections", first)
		}
		if asked := h.within(start, 10*time.Minute, 100*time.Minute); asked < 5 || asked > 7 {
			t.Errorf("asked %d times in 90 minutes", asked)
		}
		if took := time.Since(start); took > 2*time.Hour {
			t.Errorf("it took %s", took)
		}
	})
}

// TestQuotaOfOneRelay: the other one takes over, and what the first did not
// have meanwhile is not made up for.
func TestQuotaOfOneRelay(t *testing.T) {
	long(t)
	synctest.Test(t, func(t *testing.T) {
		const n = 25_000
		b := rest(t, n)
		start := time.Now()
		a := &host{t: t, name: "a", latency: 10 * time.Millisecond}
		other := &host{t: t, name: "b", latency: 10 * time.Millisecond}
		a.says = func(a arrival) answer {
			if since := a.at.Sub(start); since > time.Minute && since < 2*time.Minute {
				return replyQuota
			}
			return replyTook
		}
		o := throughHosts(20, map[string]Share{"a": {Connections: 4}, "b": {Connections: 4}}, a, other)
		res, err := Run(bg, bg, b, b, paper{}, o)
		wantAll(t, b, n, res, err, a, other)
		if got := other.within(start, 2*time.Minute, 15*time.Minute); got < 13*60*20*98/100 {
			t.Errorf("the other relay took %d in 13 minutes at 20/s", got)
		}
		if got := a.within(start, 17*time.Minute, 20*time.Minute); got < 1600 || got > 2000 {
			t.Errorf("back again, it was given %d of 3600", got)
		}
		if took := time.Since(start); took > 21*time.Minute+30*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

// TestLonePolicyVerdicts: one or two in twenty are those recipients' matter.
func TestLonePolicyVerdicts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 2000
		b := rest(t, n)
		h := &host{t: t, name: "a", latency: time.Millisecond}
		h.says = func(a arrival) answer {
			if a.n > 1 && a.n <= n && a.n%10 < 1 {
				return replyPolicy
			}
			return replyTook
		}
		start := time.Now()
		o := throughHosts(100, map[string]Share{"a": {Connections: 4}}, h)
		res, err := Run(bg, bg, b, b, paper{}, o)
		wantAll(t, b, n, res, err, h)
		if got := h.within(start, 0, 20*time.Second); got < 1900 {
			t.Errorf("%d in twenty seconds at 100/s: it was left alone for single verdicts", got)
		}
	})
}

// TestPolicyIsTheRelays: three verdicts in twenty leave it alone for a minute,
// then for two; the third time halts. In between nothing at all is sent.
func TestPolicyIsTheRelays(t *testing.T) {
	for _, pipelining := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			b := rest(t, 5000)
			h := &host{t: t, name: "a", pipelining: pipelining, latency: 50 * time.Millisecond}
			start := time.Now()
			h.says = func(a arrival) answer {
				if a.n <= 100 {
					return replyTook
				}
				return replyPolicy
			}
			o := throughHosts(0, map[string]Share{"a": {Connections: 1}}, h)
			res, err := Run(bg, bg, b, b, paper{}, o)
			if err != nil || res.End != Halted || !strings.Contains(res.Reason, "relay a") || len(b.claims) != 0 {
				t.Fatalf("%+v, %v", res, err)
			}
			if !slices.ContainsFunc(res.Samples, func(s string) bool { return strings.HasPrefix(s, "554 5.7.1 blocked") }) {
				t.Errorf("samples %q", res.Samples)
			}
			var after []time.Duration // of those that came after the first verdicts
			for _, a := range h.arrived[103:] {
				after = append(after, a.at.Sub(start)-100*50*time.Millisecond)
			}
			// One more is on its way behind the content where envelopes fly ahead.
			for _, d := range after {
				if d > time.Second && d < 59*time.Second || d > 63*time.Second && d < 179*time.Second {
					t.Errorf("it was left alone, and given something after %s", d)
				}
			}
			most := 2
			if pipelining {
				most = 5 // what flew behind the third, and behind each that asked
			}
			if len(after) < 2 || len(after) > most {
				t.Errorf("%d notices more after three verdicts in twenty, at most %d may be: %v", len(after), most, after)
			}
			if took := time.Since(start); took < 3*time.Minute || took > 4*time.Minute {
				t.Errorf("halted after %s", took)
			}
		})
	}
}

// TestPolicyIsForgiven: rests that lie more than a hundred notices back do not
// add up.
func TestPolicyIsForgiven(t *testing.T) {
	for _, tt := range []struct {
		between int
		halted  bool
	}{{99, true}, {101, false}} {
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		var m laneMood
		id := int64(0)
		halted := false
		for range 6 {
			for range judgedMost + 17 { // enough for a rest
				v := m.judge(now, from(&id, replyPolicy.o))
				halted = halted || v.halt
				if v.rest > 0 {
					now = now.Add(v.rest)
					break
				}
			}
			for range tt.between {
				m.judge(now, &replyTook.o)
			}
		}
		if halted != tt.halted {
			t.Errorf("halted is %v with %d notices taken between rests", halted, tt.between)
		}
	}
}

// TestVerdictsAmongOthers holds the rule of three in twenty at its edges.
func TestVerdictsAmongOthers(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, a := range []answer{replyPolicy, replySetup} {
		for _, tt := range []struct {
			apart int
			rests bool
		}{{8, true}, {9, true}, {10, false}} { // the third is the 17th, 19th, 21st
			var m laneMood
			id := int64(0)
			var v verdict
			for range 30 {
				m.judge(now, &replyTook.o)
			}
			for range 3 {
				v = m.judge(now, from(&id, a.o))
				for i := 1; i < tt.apart && v.rest == 0; i++ {
					m.judge(now, &replyTook.o)
				}
				if v.rest > 0 {
					break
				}
			}
			if (v.rest > 0) != tt.rests {
				t.Errorf("%s: every %d-th: left alone for %s", a.o.Mood, tt.apart, v.rest)
			}
		}
	}
}

// TestSetupHaltsAtOnce: the only relay takes nothing from us.
func TestSetupHaltsAtOnce(t *testing.T) {
	for name, reply := range map[string]string{"with words": "authentication required", "without a word": ""} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := rest(t, 2000)
				h := &host{t: t, name: "a", pipelining: true, latency: 50 * time.Millisecond}
				no := replySetup
				no.o.Reply = reply
				h.says = func(arrival) answer { return no }
				ctx, cancel := context.WithTimeout(bg, time.Hour)
				defer cancel()
				start := time.Now()
				res, err := Run(ctx, bg, b, b, paper{}, throughHosts(0, map[string]Share{"a": {Connections: 10}}, h))
				if err != nil || res.End != Halted || !strings.HasPrefix(res.Reason, "relay a: ") || len(b.claims) != 0 {
					t.Fatalf("%+v, %v", res, err)
				}
				if len(res.Samples) != 1 || !strings.HasPrefix(res.Samples[0], "530 5.7.0") {
					t.Errorf("samples %q", res.Samples)
				}
				if len(h.arrived) > 3 || time.Since(start) > time.Second {
					t.Errorf("%d notices in %s", len(h.arrived), time.Since(start))
				}
				for _, o := range b.outcomes {
					if o.Tries != 0 || o.Status != notifier.Deferred {
						t.Errorf("it cost a recipient something: %s, %d tries", o.Status, o.Tries)
					}
				}
			})
		})
	}
}

// TestSetupOfOneRelay: the other goes on, and the first is used again once it
// takes notices.
func TestSetupOfOneRelay(t *testing.T) {
	long(t)
	for _, dialling := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			const n = 9000
			b := rest(t, n)
			start := time.Now()
			a := &host{t: t, name: "a", latency: 10 * time.Millisecond}
			other := &host{t: t, name: "b", latency: 10 * time.Millisecond}
			wrong := func() bool { return time.Since(start) < 8*time.Minute }
			if dialling {
				a.refuses = func(int) error {
					if wrong() {
						return moody{notifier.MoodSetup}
					}
					return nil
				}
			} else {
				a.says = func(arrival) answer {
					if wrong() {
						return replySetup
					}
					return replyTook
				}
			}
			o := throughHosts(10, map[string]Share{"a": {Connections: 4}, "b": {Connections: 4}}, a, other)
			res, err := Run(bg, bg, b, b, paper{}, o)
			wantAll(t, b, n, res, err, a, other)
			if got := a.within(start, 0, 8*time.Minute); got > 5 {
				t.Errorf("it was given %d while it took nothing", got)
			}
			if got := a.within(start, 12*time.Minute, 14*time.Minute); got < 500 {
				t.Errorf("it was given %d of 1200 after that", got)
			}
			if took := time.Since(start); took > 15*time.Minute+10*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// TestSetupOfAllRelays halts also where one cannot be dialled and the other
// refuses what it is given, and not before both do.
func TestSetupOfAllRelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := rest(t, 9000)
		start := time.Now()
		a := &host{t: t, name: "a", refuses: func(int) error { return moody{notifier.MoodSetup} }}
		other := &host{t: t, name: "b", latency: 10 * time.Millisecond}
		other.says = func(a arrival) answer {
			if a.at.Sub(start) > 2*time.Minute {
				return replySetup
			}
			return replyTook
		}
		o := throughHosts(10, map[string]Share{"a": {Connections: 4}, "b": {Connections: 2}}, a, other)
		res, err := Run(bg, bg, b, b, paper{}, o)
		if err != nil || res.End != Halted || len(b.claims) != 0 {
			t.Fatalf("%+v, %v", res, err)
		}
		if took := time.Since(start); took < 2*time.Minute || took > 2*time.Minute+10*time.Second {
			t.Errorf("halted after %s", took)
		}
		wantOnce(t, b, a, other)
	})
}

// TestDialSaysSetup: the only relay refuses the login.
func TestDialSaysSetup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := rest(t, 100)
		h := &host{t: t, name: "a", refuses: func(int) error { return moody{notifier.MoodSetup} }}
		res, err := Run(bg, bg, b, b, paper{}, throughHosts(10, map[string]Share{"a": {Connections: 4}}, h))
		if err != nil || res.End != Halted || len(h.dials) != 1 || !strings.Contains(res.Reason, "credentials invalid") || len(b.outcomes) != 0 {
			t.Fatalf("%+v, %v after %d dials", res, err, len(h.dials))
		}
	})
}

// TestDialSaysPolicyOrQuota: a relay that blocks us when it is dialled is not
// dialled all night, and one whose quota is used up is asked every quarter of
// an hour.
func TestDialSaysPolicyOrQuota(t *testing.T) {
	for mood, want := range map[notifier.Mood]End{notifier.MoodPolicy: Halted, notifier.MoodQuota: Interrupted} {
		t.Run(string(mood), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := rest(t, 100)
				h := &host{t: t, name: "a", refuses: func(int) error { return moody{mood} }}
				ctx, cancel := context.WithTimeout(bg, time.Hour)
				defer cancel()
				res, err := Run(ctx, bg, b, b, paper{}, throughHosts(10, map[string]Share{"a": {Connections: 4}}, h))
				if err != nil || res.End != want || len(h.dials) > 6 {
					t.Fatalf("%+v, %v after %d dials in an hour", res, err, len(h.dials))
				}
			})
		})
	}
}

// from is an outcome of one recipient after the other.
func from(id *int64, o notifier.Outcome) *notifier.Outcome {
	*id++
	o.Claim.ID = *id
	return &o
}
