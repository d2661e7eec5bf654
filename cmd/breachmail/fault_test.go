package main

import (
	"strconv"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// giveUp is how long the faulty relay's deferred ones are tried.
const giveUp = 5 * time.Second

// faultConfig tries again soon, gives up soon, and never halts.
const faultConfig = `retry: {first: 1s, factor: 1, most: 1s, give_up_after: 5s}
halt: {refused: 100%, deferred: 100%, unknown: 100%, over: 500}
`

// TestKilledAndRefused is TestKilled in front of a relay that refuses a tenth,
// defers a tenth, and sometimes takes a message without saying so.
func TestKilledAndRefused(t *testing.T) {
	t.Parallel()
	p := size()
	p.more = faultConfig
	c := newTrial(t, p)
	relay := startRelay(t, strconv.FormatUint(c.seed, 10))
	c.prepare(relay.addr)
	c.killAll(relay)
	c.resumeHold()
	all := c.people()
	c.compare(all, relay.held(t).copies)
	c.fates(all)
	again := c.resend()
	all = c.people()
	c.told(all, relay.held(t).copies, again)
	c.fates(all)
}

// fates holds what became of each person against what the relay does with
// them: refused are those that it refuses and those that were given up, and no
// others.
func (c *trial) fates(all map[notifier.Key]*person) {
	c.Helper()
	count := map[string]int{}
	for key, p := range all {
		f := fateOf(p.n, c.seed)
		what, ok := p.fits(f)
		if !ok {
			c.Errorf("%s (%d), %+v, is %s: %+v", key, p.n, f, p.status, p.attempts)
		}
		count[what]++
	}
	sum := 0
	for _, n := range count {
		sum += n
	}
	if sum != c.recipients {
		c.Errorf("%v are %d people, not %d", count, sum, c.recipients)
	}
	c.Logf("%v", count)
}

// person is what the ledger says of one recipient.
type person struct {
	n        int // the number in the export
	status   notifier.Status
	attempts []ledger.Evidence
}

// last is the person's last attempt; it is the zero one where there is none.
func (p *person) last() notifier.Outcome {
	if len(p.attempts) == 0 {
		return notifier.Outcome{}
	}
	return p.attempts[len(p.attempts)-1].Outcome
}

// people reads the ledger.
func (c *trial) people() map[notifier.Key]*person {
	c.Helper()
	r := c.reader()
	defer r.Close()
	all := map[notifier.Key]*person{}
	err := r.Each(c.Context(), func(row ledger.Row) error {
		n, err := numberOf(row.Recipient.Address.Reveal())
		all[row.Recipient.Key] = &person{n: n, status: row.Status}
		return err
	})
	if err == nil {
		err = r.Evidence(c.Context(), func(e ledger.Evidence) error {
			if p := all[e.Outcome.Claim.Key]; p != nil && e.Kind == ledger.KindAttempt {
				p.attempts = append(p.attempts, e)
			}
			return nil
		})
	}
	if err != nil {
		c.Fatal(err)
	}
	if len(all) != c.recipients {
		c.Fatalf("%d recipients, want %d", len(all), c.recipients)
	}
	return all
}

// fits says in a word what became of somebody, and whether that is right for
// one with that fate.
func (p *person) fits(f fate) (what string, ok bool) {
	last := p.last()
	switch {
	case p.status == notifier.Unknown && last.Cause == notifier.CauseNoReply:
		return "unknown, no reply", f.drop
	case p.status == notifier.Unknown:
		return "unknown, interrupted", last.Cause == notifier.CauseInterrupted
	case p.status == notifier.Accepted:
		return "accepted", last.Code == 250 && !f.refuse && f.defers != forever
	case p.status == notifier.Refused && last.Cause == notifier.CauseExpired:
		return "expired", last.Code == 451 && f.defers > 0 && p.longEnough()
	case p.status == notifier.Refused:
		return "refused", last.Code == 550 && last.Enhanced == "5.1.1" && f.refuse
	}
	return string(p.status), false
}

// longEnough reports whether somebody was tried for as long as the
// configuration says.
func (p *person) longEnough() bool {
	for _, e := range p.attempts {
		if e.Outcome.Status != notifier.Deferred || e.Outcome.Cause != notifier.CauseRecipient {
			continue
		}
		return p.last().At.Sub(e.Outcome.Claim.At) >= giveUp
	}
	return false // given up at the first attempt
}
