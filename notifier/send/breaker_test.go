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

func outcome(s notifier.Status, relay string) *notifier.Outcome {
	return &notifier.Outcome{Status: s, Claim: notifier.Claim{Relay: relay}}
}

// TestWindows: shares are judged over all, through each relay and for each
// domain, once there are as many outcomes as asked for, and only above the limit.
func TestWindows(t *testing.T) {
	limits := Halt{Refused: 0.1, Deferred: 0.5, Unknown: 0.02, Over: 100}
	type lot struct {
		n             int
		relay, domain string
		status        notifier.Status
	}
	ok := func(n int, relay, domain string) lot { return lot{n, relay, domain, notifier.Accepted} }
	bad := func(n int, relay, domain string) lot { return lot{n, relay, domain, notifier.Refused} }
	for name, tt := range map[string]struct {
		lots []lot
		want string // a part of the reason; empty: it goes on
	}{
		"at the limit":           {[]lot{ok(90, "a", "x"), bad(10, "a", "x")}, ""},
		"above it":               {[]lot{ok(89, "a", "x"), bad(11, "a", "x")}, "11 of the last 100 notices were refused, more than the 10% of halt.refused"},
		"too few":                {[]lot{bad(99, "a", "x")}, ""},
		"long ago":               {[]lot{bad(10, "a", "x"), ok(100, "a", "x"), bad(10, "a", "x")}, ""},
		"through one relay":      {[]lot{ok(89, "b", "y"), ok(900, "a", "x"), bad(5, "b", "z"), ok(100, "a", "x"), bad(6, "b", "z")}, "through relay b"},
		"for one domain":         {[]lot{ok(89, "a", "y"), ok(900, "a", "x"), bad(5, "a", "y"), ok(100, "b", "x"), bad(6, "b", "y")}, "for y"},
		"deferred":               {[]lot{ok(49, "a", "x"), {51, "a", "x", notifier.Deferred}}, "51 of the last 100 notices were deferred"},
		"unknown":                {[]lot{ok(97, "a", "x"), {3, "a", "x", notifier.Unknown}}, "3 of the last 100 notices were unknown"},
		"different ones, so few": {[]lot{ok(40, "a", "x"), {50, "a", "x", notifier.Deferred}, {2, "a", "x", notifier.Unknown}, bad(8, "a", "x")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b, reason := newBreaker(limits), ""
			for _, l := range tt.lots {
				for range l.n {
					if reason != "" {
						t.Fatalf("halted too early: %s", reason)
					}
					reason = b.count(outcome(l.status, l.relay), l.domain)
				}
			}
			if (reason == "") != (tt.want == "") || !strings.Contains(reason, tt.want) {
				t.Errorf("reason %q, want %q", reason, tt.want)
			}
		})
	}
}

// TestTheRelaysTroubleIsNotJudged, however much there is of it; and without
// limits nothing is.
func TestTheRelaysTroubleIsNotJudged(t *testing.T) {
	b := newBreaker(Halt{Over: 20})
	for range 1000 {
		o := outcome(notifier.Deferred, "a")
		o.Cause = notifier.CauseRelay
		if reason := b.count(o, "x"); reason != "" {
			t.Fatal(reason)
		}
	}
	off := newBreaker(Halt{})
	for range 1000 {
		if reason := off.count(outcome(notifier.Refused, "a"), "x"); reason != "" || off.judgeEnd() != "" {
			t.Fatal(reason)
		}
	}
}

// TestEndOfASmallWave: from twenty outcomes on.
func TestEndOfASmallWave(t *testing.T) {
	b := newBreaker(Halt{Refused: 0.1, Deferred: 1, Unknown: 1, Over: 500})
	for i := range fewest {
		if reason := b.judgeEnd(); reason != "" {
			t.Fatalf("after %d: %s", i, reason)
		}
		status := notifier.Accepted
		if i < 3 {
			status = notifier.Refused
		}
		b.count(outcome(status, "a"), "x")
	}
	if reason := b.judgeEnd(); !strings.Contains(reason, "3 of the last 20") {
		t.Errorf("reason %q", reason)
	}
}

// TestWindowsAreBounded: a million domains are not remembered, and a big one is
// not forgotten for them.
func TestWindowsAreBounded(t *testing.T) {
	b := newBreaker(Halt{Refused: 0.1, Deferred: 1, Unknown: 1, Over: 100})
	reason := ""
	for i := range 40 * mostWindows {
		b.count(outcome(notifier.Accepted, "a"), fmt.Sprintf("d%d.example", i))
		if len(b.domains) > mostWindows {
			t.Fatalf("%d domains are remembered", len(b.domains))
		}
		if i%1000 == 0 {
			reason = b.count(outcome(notifier.Refused, "a"), "big.example")
		}
	}
	if !strings.Contains(reason, "for big.example") {
		t.Errorf("after 160 refusals of a domain: %q", reason)
	}
}

// TestSamples: the latest first, each once with its count, five at most, and
// never what the notices that were taken were told.
func TestSamples(t *testing.T) {
	var s samples
	for i := range 9 {
		for range i + 1 {
			s.add(&notifier.Outcome{Status: notifier.Refused, Code: 550, Enhanced: "5.1.1", Reply: fmt.Sprintf("no %d <recipient>", i)})
			s.add(&notifier.Outcome{Status: notifier.Accepted, Code: 250, Reply: "ok"})
		}
	}
	s.add(&notifier.Outcome{Status: notifier.Deferred, Code: 451, Reply: " later  on "})
	s.add(&notifier.Outcome{Status: notifier.Unknown, Reply: "the connection was lost"})
	s.add(&notifier.Outcome{Status: notifier.Refused, Code: 550, Enhanced: "5.1.1", Reply: "no 7 <recipient>"})
	want := []string{
		"550 5.1.1 no 7 <recipient> (9 times)", "the connection was lost", "451 later on",
		"550 5.1.1 no 8 <recipient> (9 times)", "550 5.1.1 no 6 <recipient> (7 times)",
	}
	if got := s.lines(); !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

// TestHaltFinishesTheWire: what was handed over has its outcome, and what flew
// behind it, too; reason and samples are told.
func TestHaltFinishesTheWire(t *testing.T) {
	for _, pipelining := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			const conns = 8
			b := rest(t, 3000)
			h := &host{t: t, name: "a", pipelining: pipelining, latency: time.Second}
			h.says = func(a arrival) answer {
				if a.n > 500 {
					return replyRefuse
				}
				return replyTook
			}
			o := throughHosts(0, map[string]Share{"a": {Connections: conns}}, h)
			o.Halt = Halt{Refused: 0.05, Deferred: 1, Unknown: 1, Over: 200}
			res, err := Run(bg, bg, b, b, paper{}, o)
			if err != nil || res.End != Halted || !strings.Contains(res.Reason, "11 of the last 200 notices were refused") {
				t.Fatalf("%+v, %v", res, err)
			}
			if len(res.Samples) != 1 || !strings.HasPrefix(res.Samples[0], "550 5.1.1 no such user (") {
				t.Errorf("samples %q", res.Samples)
			}
			if len(b.claims) != 0 || len(b.outcomes) != len(h.arrived) {
				t.Errorf("%d claims left, %d outcomes of %d", len(b.claims), len(b.outcomes), len(h.arrived))
			}
			if n := b.count(notifier.Refused); n < 11 || n > 11+2*conns {
				t.Errorf("%d were refused until it stopped", n)
			}
			wantOnce(t, b, h)
		})
	}
}

// TestLastOutcomeMayHalt: a breach by the very last notice is a halt, not the
// end of all work.
func TestLastOutcomeMayHalt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := rest(t, 100)
		h := &host{t: t, name: "a", says: func(a arrival) answer {
			if a.n > 94 {
				return replyRefuse
			}
			return replyTook
		}}
		o := throughHosts(10, map[string]Share{"a": {Connections: 1}}, h)
		o.Halt = Halt{Refused: 0.05, Deferred: 1, Unknown: 1, Over: 100}
		ctx, cancel := context.WithTimeout(bg, time.Hour)
		defer cancel()
		if res, err := Run(ctx, bg, b, b, paper{}, o); err != nil || res.End != Halted {
			t.Fatalf("%+v, %v", res, err)
		}
	})
}
