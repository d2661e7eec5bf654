package ledgertest

import (
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// minute is a count as Sent gives it.
func minute(start time.Time, relay string, claims int64, last time.Time) ledger.Minute {
	return ledger.Minute{Start: start, Relay: relay, Claims: claims, Last: last}
}

// wantSent compares what was sent since a time. Times are compared as they are
// written, in UTC.
func (f *fixture) wantSent(since time.Time, want ...ledger.Minute) {
	f.t.Helper()
	got, err := f.Sent(ctx, since)
	f.must(err)
	f.want(got, want)
}

// claimVia makes a claim through a relay at a time, and gives it an outcome
// unless that is empty.
func (f *fixture) claimVia(r ledger.Row, relay string, at time.Time, s notifier.Status) {
	f.t.Helper()
	c := claimOf(r)
	c.Relay, c.At = relay, at
	f.must(f.claim(c))
	if s != "" {
		f.must(f.record(outcomeOf(c, s)))
	}
}

func sentByMinute(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	f.wantSent(time.Time{})
	rows := f.pending()
	start := at.Truncate(time.Minute)
	f.claimVia(rows[0], "primary", start.Add(59*time.Second), notifier.Accepted)
	f.claimVia(rows[1], "second", start.Add(time.Minute), notifier.Refused)
	f.claimVia(rows[2], "primary", start.Add(2*time.Second), notifier.Deferred)
	f.claimVia(rows[3], "first", start.Add(90*time.Second), notifier.Unknown)
	f.claimVia(rows[4], "second", start.Add(100*time.Second), "")
	all := []ledger.Minute{
		minute(start, "primary", 2, start.Add(59*time.Second)),
		minute(start.Add(time.Minute), "first", 1, start.Add(90*time.Second)),
		minute(start.Add(time.Minute), "second", 2, start.Add(100*time.Second)),
	}
	f.wantSent(start, all...)
	f.wantSent(start.In(time.FixedZone("", -5*3600)), all...)
	f.wantSent(start.Add(1), all[1:]...)
	f.wantSent(start.Add(time.Minute), all[1:]...)
	f.wantSent(start.Add(61 * time.Second))
	f.reopen()
	f.wantSent(start, all...)
}

// sentOnce: what is not a claim is not counted, and what was claimed stays so.
func sentOnce(t *testing.T, f *fixture) {
	f.plan("a", 50)
	rows := f.pending()
	start := at.Truncate(time.Minute)
	f.must(f.claim(claimOf(rows[0])))
	f.must(f.claim(claimOf(rows[1])))
	f.reopen() // as a killed run leaves them
	want := minute(start, "primary", 2, at)
	f.wantSent(start, want)
	_, err := f.Recover(ctx, at.Add(time.Hour))
	f.must(err)
	f.wantSent(start, want)
	_, err = f.Reconcile(ctx, []ledger.Verdict{{Key: rows[0].Recipient.Key, Status: notifier.Accepted}}, at.Add(time.Hour))
	f.must(err)
	_, err = f.Resend(ctx, "", at.Add(time.Hour))
	f.must(err)
	_, err = f.RecordTest(ctx, outcomeOf(claimOf(rows[3]), notifier.Accepted), ledger.TestNote{Domain: "example.com"})
	f.must(err)
	f.wantSent(start, want)
	c := claimOf(rows[4])
	c.Wave = "nowhere"
	if f.claim(c) == nil {
		t.Fatal("a claim in no wave was made")
	}
	f.wantSent(start, want)
	f.claimVia(f.pending()[1], "primary", at.Add(time.Second), notifier.Accepted) // the resent one
	f.wantSent(start, minute(start, "primary", 3, at.Add(time.Second)))
}

// sentInGroups: claims that become durable together, some refused among them,
// are each counted; here each was made before the one that was queued before it.
func sentInGroups(_ *testing.T, f *fixture) {
	f.plan("a", 1000)
	var o ordered
	type place struct {
		start time.Time
		relay string
	}
	want, claimed := map[place]ledger.Minute{}, 0
	for i, row := range f.pending() {
		c := claimOf(row)
		c.Relay = []string{"primary", "second"}[i%2]
		c.At = at.Add(-time.Duration(i) * time.Second)
		if i%100 == 7 {
			c.Wave = "nowhere"
		} else {
			p := place{c.At.Truncate(time.Minute), c.Relay}
			m, begun := want[p]
			if !begun {
				m = minute(p.start, p.relay, 0, c.At)
			}
			m.Claims++
			want[p] = m
			claimed++
		}
		f.Claim(c, o.done(i))
	}
	o.wg.Wait()
	f.reopen()
	f.want(f.notices().InFlight, claimed)
	sent, err := f.Sent(ctx, time.Time{})
	f.must(err)
	f.want(len(sent), len(want))
	for i, m := range sent {
		if i > 0 && (m.Start.Before(sent[i-1].Start) || m.Start.Equal(sent[i-1].Start) && m.Relay <= sent[i-1].Relay) {
			f.t.Fatalf("%+v comes after %+v", m, sent[i-1])
		}
		f.want(m, want[place{m.Start, m.Relay}])
	}
}

// sentForADay: what a day's limit needs is there however long a run goes on.
func sentForADay(_ *testing.T, f *fixture) {
	f.plan("a", 100)
	rows := f.pending()
	start := at.Truncate(time.Minute)
	for i := range 60 {
		f.claimVia(rows[i], "primary", start.Add(time.Duration(i)*time.Hour), notifier.Accepted)
	}
	last := start.Add(59 * time.Hour)
	for range 2 {
		sent, err := f.Sent(ctx, last.Add(-24*time.Hour))
		f.must(err)
		f.want(len(sent), 25)
		f.reopen()
		_, err = f.Recover(ctx, last)
		f.must(err)
	}
}
