package send

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"breachmail/notifier"
)

// TestOneRecipientIsNoVerdict: what one recipient's notice meets, again and again
// and wherever it stands in the plan, stops nobody else and ends with that one
// refused.
func TestOneRecipientIsNoVerdict(t *testing.T) {
	long(t)
	for name, reply := range map[string]answer{"setup": replySetup, "policy": replyPolicy, "quota": replyQuota} {
		for _, place := range []int{1, 30, 200} {
			synctest.Test(t, func(t *testing.T) {
				b := rest(t, 200)
				odd := b.rows[place-1].task.Recipient.Key.String()
				h := &host{t: t, name: "a", pipelining: true, latency: 10 * time.Millisecond, says: func(a arrival) answer {
					if a.key == odd {
						return reply
					}
					return replyTook
				}}
				start := time.Now()
				res, err := Run(bg, bg, b, b, paper{}, throughHosts(10, map[string]Share{"a": {Connections: 2}}, h))
				if err != nil || res.End != Drained || b.count(notifier.Accepted) != 199 || b.count(notifier.Refused) != 1 {
					t.Fatalf("%s, place %d: %+v, %v, %d accepted, %d refused", name, place, res, err, b.count(notifier.Accepted), b.count(notifier.Refused))
				}
				last := h.arrived[0].at
				for _, a := range h.arrived {
					if a.key != odd {
						last = a.at
					}
				}
				if took := last.Sub(start); took > 40*time.Second {
					t.Errorf("%s, place %d: the others took %s", name, place, took)
				}
			})
		}
	}
}

// TestSickRelayLeavesTheOthersTheirRate: one that is down, slow or refuses the
// login costs another one nothing of its own rate.
func TestSickRelayLeavesTheOthersTheirRate(t *testing.T) {
	sick := map[string]*host{
		"down":  {refuses: func(int) error { return errRefused }},
		"slow":  {latency: 5 * time.Second},
		"login": {refuses: func(int) error { return moody{notifier.MoodSetup} }},
	}
	for name, h := range sick {
		synctest.Test(t, func(t *testing.T) {
			h.t, h.name = t, "sick"
			good := &host{t: t, name: "good", latency: 5 * time.Millisecond, pipelining: true}
			b := rest(t, 3000)
			o := throughHosts(0, map[string]Share{"sick": {Connections: 3}, "good": {Connections: 10, Rate: 100}}, h, good)
			start := time.Now()
			res, err := Run(bg, bg, b, b, paper{}, o)
			if err != nil || res.End != Drained || b.count(notifier.Accepted) != 3000 {
				t.Fatalf("%s: %+v, %v, %d accepted", name, res, err, b.count(notifier.Accepted))
			}
			if took := time.Since(start); took > 33*time.Second {
				t.Errorf("%s: 3,000 at 100/s took %s", name, took)
			}
		})
	}
}

// TestRefusedByARelayThatTookNobody: a relay that refuses everybody from the start
// without naming the address means us. Nobody is lost to that.
func TestRefusedByARelayThatTookNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := rest(t, 2000)
		vague := replyRefuse
		vague.o.Enhanced, vague.o.Reply = "", "Administrative prohibition"
		h := &host{t: t, name: "a", pipelining: true, latency: 10 * time.Millisecond, says: func(arrival) answer { return vague }}
		res, err := Run(bg, bg, b, b, paper{}, throughHosts(100, map[string]Share{"a": {Connections: 10}}, h))
		if err != nil || res.End != Halted || b.count(notifier.Refused) != 0 || len(h.arrived) > 30 {
			t.Fatalf("%+v, %v, %d refused of %d tried", res, err, b.count(notifier.Refused), len(h.arrived))
		}
	})
}

// TestUnnamedRelayGoesOnAsItWas: a change that does not name a relay of the run
// does not lift its limits.
func TestUnnamedRelayGoesOnAsItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := rest(t, 300)
		h := &host{t: t, name: "a", latency: 5 * time.Millisecond}
		o := throughHosts(0, map[string]Share{"a": {Connections: 4, Rate: 5}}, h)
		changes := make(chan Pace)
		o.Changes = changes
		ctx, cancel := context.WithTimeout(bg, 30*time.Second)
		defer cancel()
		go func() {
			time.Sleep(10 * time.Second)
			changes <- Pace{}
		}()
		if _, err := Run(ctx, bg, b, b, paper{}, o); err != nil {
			t.Fatal(err)
		}
		if n := len(h.arrived); n > 153 {
			t.Errorf("%d in half a minute at 5/s", n)
		}
	})
}

// TestSlowGreetingsAreWaitedForTogether: a relay that takes six seconds to greet
// still gets its connections in use.
func TestSlowGreetingsAreWaitedForTogether(t *testing.T) {
	long(t)
	synctest.Test(t, func(t *testing.T) {
		const n, conns = 20_000, 20
		b := rest(t, n)
		h := &host{t: t, name: "a", pipelining: true, latency: 50 * time.Millisecond}
		o := throughHosts(0, map[string]Share{"a": {Connections: conns, PerConnection: 100}}, h)
		dial := o.Relays[0].Dial
		o.Relays[0].Dial = func(ctx context.Context) (Session, error) {
			if err := sleep(ctx, 6*time.Second); err != nil {
				return nil, err
			}
			return dial(ctx)
		}
		start := time.Now()
		res, err := Run(bg, bg, b, b, paper{}, o)
		if err != nil || res.End != Drained {
			t.Fatalf("%+v, %v", res, err)
		}
		// A connection carries a hundred notices in five seconds, and six more to open.
		if took, want := time.Since(start).Seconds(), n/conns*0.05*11/5; took > want*1.3+20 {
			t.Errorf("took %.0f s, some %.0f would do", took, want)
		}
	})
}

// TestWhatOneRelayCannotCarry goes through another, and is refused where there is
// none.
func TestWhatOneRelayCannotCarry(t *testing.T) {
	unfit := answer{o: notifier.Outcome{Status: notifier.Refused, Cause: notifier.CauseRecipient, Mood: notifier.MoodUnfit, Reply: "it needs SMTPUTF8"}, early: true}
	for _, hosts := range []int{1, 2} {
		synctest.Test(t, func(t *testing.T) {
			b := rest(t, 100)
			odd := b.rows[7].task.Recipient.Key.String()
			plain := &host{t: t, name: "a", latency: 5 * time.Millisecond, says: func(a arrival) answer {
				if a.key == odd {
					return unfit
				}
				return replyTook
			}}
			wide := &host{t: t, name: "b", latency: 5 * time.Millisecond}
			o := throughHosts(50, map[string]Share{"a": {Connections: 2}, "b": {Connections: 2}}, []*host{plain, wide}[:hosts]...)
			start := time.Now()
			res, err := Run(bg, bg, b, b, paper{}, o)
			if err != nil || res.End != Drained || b.count(notifier.Accepted) != 98+hosts || b.count(notifier.Refused) != 2-hosts {
				t.Fatalf("%d relays: %+v, %v, %d accepted, %d refused", hosts, res, err, b.count(notifier.Accepted), b.count(notifier.Refused))
			}
			if hosts == 1 && time.Since(start) > time.Minute {
				t.Errorf("that took %s", time.Since(start))
			}
		})
	}
}

// TestSickDomainHoldsUpNoWave: half of the first wave are at a domain that takes
// nothing. The second wave leaves meanwhile, and in the end everybody has a last
// outcome.
func TestSickDomainHoldsUpNoWave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBook(t, map[string]int{"one": 200, "two": 100}, "one", "two")
		b.setAddresses(func(id int64) string {
			if id <= 200 && id%2 == 0 {
				return "someone@sick.example"
			}
			return fmt.Sprintf("someone@d%d.example", id)
		})
		all := b.byKey()
		last := time.Time{}
		h := &host{t: t, name: "a", pipelining: true, latency: 10 * time.Millisecond, says: func(a arrival) answer {
			if id := all[a.key].ID; id <= 200 && id%2 == 0 {
				return replySoft
			}
			last = a.at
			return replyTook
		}}
		o := throughHosts(20, map[string]Share{"a": {Connections: 3}}, h)
		o.Waves = []Wave{{Name: "one"}, {Name: "two"}}
		start := time.Now()
		res, err := Run(bg, bg, b, b, paper{}, o)
		if err != nil || res.End != Drained || b.count(notifier.Accepted) != 200 || b.count(notifier.Refused) != 100 {
			t.Fatalf("%+v, %v, %d accepted, %d refused", res, err, b.count(notifier.Accepted), b.count(notifier.Refused))
		}
		if took := last.Sub(start); took > 2*time.Minute {
			t.Errorf("those who can be told were told after %s", took)
		}
		if took := time.Since(start); took > 6*24*time.Hour {
			t.Errorf("all was over after %s", took)
		}
		if n := len(h.arrived); n > 100*100+200 {
			t.Errorf("%d attempts", n)
		}
	})
}

// TestDialsRefusedTogetherAreOne: several dials that were on their way when a relay
// blocked us say the same thing once, and another relay goes on.
func TestDialsRefusedTogetherAreOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := rest(t, 3000)
		blocked := &host{t: t, name: "a", refuses: func(int) error { return moody{notifier.MoodPolicy} }}
		good := &host{t: t, name: "b", latency: 10 * time.Millisecond, pipelining: true}
		o := throughHosts(100, map[string]Share{"a": {Connections: 10}, "b": {Connections: 10}}, blocked, good)
		dial := o.Relays[0].Dial
		o.Relays[0].Dial = func(ctx context.Context) (Session, error) {
			if err := sleep(ctx, 6*time.Second); err != nil {
				return nil, err
			}
			return dial(ctx)
		}
		res, err := Run(bg, bg, b, b, paper{}, o)
		if err != nil || res.End != Drained || b.count(notifier.Accepted) != 3000 {
			t.Fatalf("%+v, %v, %d accepted", res, err, b.count(notifier.Accepted))
		}
	})
}
