package send

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"breachmail/notifier"
)

// TestMessagesPerConnection: no session carries more than it may; retiring it
// costs no notice, and next to no time.
func TestMessagesPerConnection(t *testing.T) {
	for _, pipelining := range []bool{false, true} {
		for _, most := range []int{1, 2, 7} {
			synctest.Test(t, func(t *testing.T) {
				const n, conns = 1400, 4
				b := rest(t, n)
				h := &host{t: t, name: "a", pipelining: pipelining, latency: 10 * time.Millisecond, says: func(a arrival) answer {
					if a.n%10 == 0 {
						return replyRefuse
					}
					return replyTook
				}}
				start := time.Now()
				o := throughHosts(0, map[string]Share{"a": {Connections: conns, PerConnection: most}}, h)
				res, err := Run(bg, bg, b, b, paper{}, o)
				if err != nil || res.End != Drained || len(h.arrived) != n || b.count(notifier.Refused) != n/10 || b.count(notifier.Accepted) != n*9/10 {
					t.Fatalf("%+v, %v, %d accepted after %d attempts", res, err, b.count(notifier.Accepted), len(h.arrived))
				}
				for _, c := range h.sessions {
					if c.carried > most || !c.closed {
						t.Errorf("a session carried %d, at most %d may be; closed is %v", c.carried, most, c.closed)
					}
				}
				if len(h.sessions) > n/most+3*conns {
					t.Errorf("%d sessions for %d notices, %d each", len(h.sessions), n, most)
				}
				if w := h.widest[len(h.widest)-1].n; w > conns {
					t.Errorf("%d connections at once", w)
				}
				if took, want := time.Since(start), n*10*time.Millisecond/conns; took > want*13/10 {
					t.Errorf("pipelining %v, %d a connection: took %s, want some %s", pipelining, most, took, want)
				}
			})
		}
	}
}

// TestConnectionsGrow: 1, 2, 4 … as those there are have had answers, refused
// recipients among them, and never more than configured.
func TestConnectionsGrow(t *testing.T) {
	for name, a := range map[string]answer{"taken": replyTook, "refused": replyRefuse} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := rest(t, 3000)
				h := &host{t: t, name: "a", latency: 100 * time.Millisecond}
				if a.early {
					a.early = false // the reply takes as long
				}
				h.says = func(arrival) answer { return a }
				start := time.Now()
				res, err := Run(bg, bg, b, b, paper{}, throughHosts(0, map[string]Share{"a": {Connections: 13}}, h))
				if err != nil || res.End != Drained {
					t.Fatal(res, err)
				}
				for _, w := range h.widest {
					rounds := int(w.at.Sub(start) / (100 * time.Millisecond))
					if w.n > 1<<rounds {
						t.Errorf("%d connections after %d answers one after the other", w.n, rounds)
					}
				}
				last := h.widest[len(h.widest)-1]
				if last.n != 13 || last.at.Sub(start) > 500*time.Millisecond {
					t.Errorf("%d connections after %s, want 13 after 400 ms", last.n, last.at.Sub(start))
				}
			})
		})
	}
}

// TestSilentRelayMeetsConnectionsSlowly: without any answer one more a second.
func TestSilentRelayMeetsConnectionsSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := rest(t, 100)
		h := &host{t: t, name: "a", latency: time.Minute}
		start := time.Now()
		res, err := Run(bg, bg, b, b, paper{}, throughHosts(0, map[string]Share{"a": {Connections: 20}}, h))
		wantAll(t, b, 100, res, err, h)
		for _, w := range h.widest {
			if at := w.at.Sub(start); w.n > 1+int(at/time.Second) {
				t.Errorf("%d connections after %s", w.n, at)
			}
		}
		if last := h.widest[len(h.widest)-1]; last.n != 20 || last.at.Sub(start) > 30*time.Second {
			t.Errorf("%d connections after %s", last.n, last.at.Sub(start))
		}
	})
}

// TestAllSessionsBreak: then it begins with one again.
func TestAllSessionsBreak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 6000
		b := rest(t, n)
		h := &host{t: t, name: "a", pipelining: true, latency: 100 * time.Millisecond}
		start := time.Now()
		var broken time.Time
		h.says = func(a arrival) answer {
			if since := a.at.Sub(start); since >= 5*time.Second && since < 5200*time.Millisecond {
				broken = a.at
				return replyClosed
			}
			return replyTook
		}
		res, err := Run(bg, bg, b, b, paper{}, throughHosts(0, map[string]Share{"a": {Connections: 16}}, h))
		wantAll(t, b, n, res, err, h)
		count := 0
		for _, at := range h.dials {
			if since := at.Sub(broken); since > 0 && since < 90*time.Millisecond {
				count++
			}
		}
		if count > 1 {
			t.Errorf("%d dials before the first answer after all had broken", count)
		}
		if h.open != 0 {
			t.Errorf("%d sessions were not closed", h.open)
		}
		for _, o := range b.outcomes {
			if o.Tries != 0 {
				t.Fatal("it was counted against a recipient")
			}
		}
	})
}

// TestAtMostTwoAConnection: claims without outcome, with envelopes that fly
// ahead and sessions that die with one on the wire.
func TestAtMostTwoAConnection(t *testing.T) {
	for _, conns := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			const n = 1000
			b := rest(t, n)
			h := &host{t: t, name: "a", pipelining: true, latency: 10 * time.Millisecond}
			dying := map[string]bool{}
			h.says = func(a arrival) answer {
				switch {
				case a.n%17 == 0:
					x := replyTook // the last that it takes: what flew behind it is not heard
					x.drop = true
					return x
				case a.n%23 == 0:
					dying[a.key] = true
					return replyLost
				case a.n%29 == 0:
					return replyRefuse
				}
				return replyTook
			}
			res, err := Run(bg, bg, b, b, paper{}, throughHosts(0, map[string]Share{"a": {Connections: conns}}, h))
			if err != nil || res.End != Drained || len(b.claims) != 0 {
				t.Fatalf("%+v, %v", res, err)
			}
			if b.open > 2*conns || b.open < conns+1 {
				t.Errorf("%d claims at most without outcome over %d connections", b.open, conns)
			}
			if u, r := b.count(notifier.Unknown), b.count(notifier.Refused); u != len(dying) || r == 0 || b.count(notifier.Accepted) != n-u-r {
				t.Errorf("%d unknown of %d, %d refused, %d accepted", u, len(dying), r, b.count(notifier.Accepted))
			}
			again := 0
			for _, o := range b.outcomes {
				if o.Cause == notifier.CauseRelay {
					if again++; o.Status != notifier.Deferred || o.Tries != 0 {
						t.Errorf("an envelope that was lost: %s, %d tries", o.Status, o.Tries)
					}
				}
			}
			if again == 0 {
				t.Error("no session died with an envelope on the wire: this tests nothing")
			}
			wantOnce(t, b, h)
		})
	}
}

// TestNoneFliesWhenItIsOver: neither when the run is stopped, nor on a session
// that is to be retired or is one too many.
func TestNoneFliesWhenItIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := rest(t, 100)
		h := &host{t: t, name: "a", pipelining: true, latency: time.Second}
		ctx, cancel := context.WithTimeout(bg, 10*time.Second+500*time.Millisecond)
		defer cancel()
		start := time.Now()
		o := throughHosts(0, map[string]Share{"a": {Connections: 1, PerConnection: 0}}, h)
		res, err := Run(ctx, bg, b, b, paper{}, o)
		if err != nil || res.End != Interrupted || len(b.claims) != 0 {
			t.Fatalf("%+v, %v", res, err)
		}
		// The eleventh was on the wire, and the twelfth's envelope with it.
		if len(h.arrived) != 12 || b.count(notifier.Accepted) != 12 || time.Since(start) > 12*time.Second+10*time.Millisecond {
			t.Errorf("%d arrived, %d accepted in %s", len(h.arrived), b.count(notifier.Accepted), time.Since(start))
		}
	})
}

// TestFewerConnections: those too many leave after what they have on the wire,
// and the ones that stay are never more than wanted.
func TestFewerConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 1500
		b := rest(t, n)
		h := &host{t: t, name: "a", pipelining: true, latency: 100 * time.Millisecond}
		o := throughHosts(0, map[string]Share{"a": {Connections: 12}}, h)
		changes := make(chan Pace)
		o.Changes = changes
		open := -1
		go func() {
			for _, conns := range []int{12, 3, 8, 0, 5, 1} { // none stands for one
				p := o.Pace
				p.Relays = map[string]Share{"a": {Connections: conns}}
				changes <- p
				time.Sleep(2 * time.Second)
				h.mu.Lock()
				if open = h.open; open != max(conns, 1) {
					t.Errorf("%d connections two seconds after %d were wanted", open, conns)
				}
				h.mu.Unlock()
			}
			p := o.Pace
			p.Relays = nil // the relay is not named: one connection, as before
			changes <- p
			p.Relays = map[string]Share{"a": {Connections: 12}}
			changes <- p
		}()
		res, err := Run(bg, bg, b, b, paper{}, o)
		wantAll(t, b, n, res, err, h)
		if len(h.sessions) > 40 {
			t.Errorf("%d sessions", len(h.sessions))
		}
	})
}

// TestIdleSessionsAreClosed, and opened again when there is work.
func TestIdleSessionsAreClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := rest(t, 10)
		h := &host{t: t, name: "a", pipelining: true, latency: 50 * time.Millisecond}
		res, err := Run(bg, bg, b, b, paper{}, throughHosts(1.0/60, map[string]Share{"a": {Connections: 3}}, h))
		wantAll(t, b, 10, res, err, h)
		for _, c := range h.sessions {
			if c.carried > 1 || !c.closed {
				t.Errorf("a session carried %d at one a minute; closed is %v", c.carried, c.closed)
			}
		}
		if len(h.sessions) > 20 {
			t.Errorf("%d sessions for ten notices", len(h.sessions))
		}
	})
}

// stubborn is a book that cannot keep the claim of some.
type stubborn struct {
	*book
	from int // claims after which none is kept
	n    int
	err  error
}

func (s *stubborn) Claim(c notifier.Claim, done func(error)) {
	s.mu.Lock()
	s.n++
	failed := s.n > s.from
	s.mu.Unlock()
	if failed {
		done(s.err)
		return
	}
	s.book.Claim(c, done)
}

// TestClaimFailsWhileEnvelopesFly: no content leaves without a claim, what was
// claimed has its outcome, and the run ends with the ledger's error.
func TestClaimFailsWhileEnvelopesFly(t *testing.T) {
	for conns := range 4 {
		for _, from := range []int{0, 1, 2, 3, 10, 11} {
			synctest.Test(t, func(t *testing.T) {
				b := rest(t, 200)
				s := &stubborn{book: b, from: from, err: errors.New("disk full")}
				h := &host{t: t, name: "a", pipelining: true, latency: 10 * time.Millisecond}
				o := throughHosts(0, map[string]Share{"a": {Connections: conns + 1}}, h)
				_, err := Run(bg, bg, s, b, paper{}, o)
				if !errors.Is(err, s.err) || len(b.claims) != 0 || b.count(notifier.Accepted) != from || len(h.taken) != from {
					t.Fatalf("%v, %d claims left, %d accepted and %d taken of %d", err, len(b.claims), b.count(notifier.Accepted), len(h.taken), from)
				}
			})
		}
	}
}

// TestComposingFailsWhileEnvelopesFly: the notice before is finished.
func TestComposingFailsWhileEnvelopesFly(t *testing.T) {
	for name, wrong := range map[string]error{"error": errors.New("no such field"), "finding": finding{"it"}} {
		for _, which := range []int{1, 2, 3, 50} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					b := rest(t, 100)
					h := &host{t: t, name: "a", pipelining: true, latency: 10 * time.Millisecond}
					g := guarded{wrong: map[string]error{b.rows[which-1].task.Recipient.Key.String(): wrong}}
					o := throughHosts(0, map[string]Share{"a": {Connections: 1}}, h)
					res, err := Run(bg, bg, b, b, g, o)
					if name == "error" && !errors.Is(err, wrong) || name == "finding" && (err != nil || res.End != Halted || !strings.Contains(res.Reason, "it")) {
						t.Fatalf("%+v, %v", res, err)
					}
					if n := b.count(notifier.Accepted); n != which-1 || len(h.taken) != n || len(b.claims) != 0 {
						t.Errorf("%d accepted and %d taken before number %d, %d claims left", n, len(h.taken), which, len(b.claims))
					}
					if row := b.rows[which-1].task; row.Status != notifier.Pending || row.Attempt != 0 {
						t.Errorf("it is %s after %d claims", row.Status, row.Attempt)
					}
				})
			})
		}
	}
}

// TestAbortWhileEnvelopesFly: what was on the wire is unknown, what only flew is
// not.
func TestAbortWhileEnvelopesFly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := rest(t, 100)
		h := &host{t: t, name: "a", pipelining: true, latency: time.Minute}
		ctx, cancel := context.WithTimeout(bg, 10*time.Second)
		defer cancel()
		abort, cancelAbort := context.WithTimeout(bg, 20*time.Second)
		defer cancelAbort()
		start := time.Now()
		res, err := Run(ctx, abort, b, b, paper{}, throughHosts(0, map[string]Share{"a": {Connections: 4}}, h))
		if err != nil || res.End != Interrupted || len(b.claims) != 0 || time.Since(start) > 21*time.Second {
			t.Fatalf("%+v, %v after %s", res, err, time.Since(start))
		}
		if u, d := b.count(notifier.Unknown), b.count(notifier.Deferred); u != 4 || d > 4 || b.count(notifier.Accepted) != 0 {
			t.Errorf("%d unknown, %d deferred", u, d)
		}
	})
}
