package ledgertest

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

func outcomesLast(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	rows := f.pending()
	for i, s := range []notifier.Status{notifier.Accepted, notifier.Refused, notifier.Unknown, notifier.Deferred} {
		f.settle(rows[i], s)
	}
	f.reopen()
	f.want(f.notices(), ledger.Notices{Pending: 41, Accepted: 1, Refused: 1, Unknown: 1, Deferred: 1})
	var seen int
	f.must(f.Evidence(ctx, func(e ledger.Evidence) error {
		seen++
		want := outcomeOf(claimOf(rows[seen-1]), e.Outcome.Status)
		want.Claim.ID, want.Claim.Was, want.Due, want.Tries = 0, "", time.Time{}, 0
		got := e.Outcome
		f.want(got.At.Equal(want.At) && got.Claim.At.Equal(want.Claim.At), true)
		got.At, got.Claim.At = want.At, want.Claim.At
		f.want(got, want)
		return nil
	}))
	f.want(seen, 4)
}

func recoverUnknown(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	rows := f.pending()
	f.must(f.claim(claimOf(rows[0])))
	f.must(f.claim(claimOf(rows[1])))
	f.must(f.record(outcomeOf(claimOf(rows[1]), notifier.Accepted)))
	f.want(f.notices(), ledger.Notices{Pending: 43, InFlight: 1, Accepted: 1})
	f.reopen()
	n, err := f.Recover(ctx, at)
	f.must(err)
	f.want(n, 1)
	f.want(f.notices(), ledger.Notices{Pending: 43, Unknown: 1, Accepted: 1})
	n, err = f.Recover(ctx, at)
	f.must(err)
	f.want(n, 0)
}

func noSecondClaim(t *testing.T, f *fixture) {
	f.plan("a", 50)
	row := f.pending()[0]
	f.settle(row, notifier.Accepted)
	if f.claim(claimOf(row)) == nil {
		t.Fatal("an accepted recipient was claimed")
	}
	f.reopen()
	row = f.pending()[0]
	f.must(f.claim(claimOf(row)))
	if f.claim(claimOf(row)) == nil {
		t.Fatal("a claimed recipient was claimed again")
	}
	f.reopen()
	f.want(f.notices(), ledger.Notices{Pending: 43, InFlight: 1, Accepted: 1})
}

func outcomeNeedsClaim(t *testing.T, f *fixture) {
	f.plan("a", 50)
	if f.record(outcomeOf(claimOf(f.pending()[0]), notifier.Accepted)) == nil {
		t.Fatal("an outcome was taken without its claim")
	}
	f.reopen()
	f.want(f.notices(), ledger.Notices{Pending: 45})
}

func oneQueue(t *testing.T, f *fixture) {
	f.plan("a", 1000)
	var o ordered
	for i, row := range f.pending() {
		c := claimOf(row)
		f.Claim(c, o.done(2*i))
		f.Record(outcomeOf(c, notifier.Accepted), o.done(2*i+1))
	}
	o.wg.Wait()
	for i, n := range o.list {
		if i != n {
			t.Fatalf("number %d was done as number %d", n, i)
		}
	}
	f.want(f.notices(), ledger.Notices{Accepted: 900})
	if c := f.Commits(); c > 900 {
		t.Errorf("%d commits for 1,800 changes: they are not grouped", c)
	}
}

func deferredDue(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	rows := f.pending()
	for i, minutes := range []int{3, 1, 2} {
		c := claimOf(rows[i])
		o := outcomeOf(c, notifier.Deferred)
		o.Due = at.Add(time.Duration(minutes) * time.Minute)
		f.must(f.claim(c))
		f.must(f.record(o))
	}
	next, ok, err := f.NextDue(ctx, "", at)
	f.must(err)
	f.want(ok && next.Equal(at.Add(time.Minute)), true)
	due, err := f.Deferred(ctx, "", at.Add(2*time.Minute), 10)
	f.must(err)
	f.want(len(due), 2)
	f.want(due[0].ID, rows[1].Recipient.ID)
	f.want(due[1].ID, rows[2].Recipient.ID)
	none, err := f.Deferred(ctx, "rest", at.Add(time.Hour), 10)
	f.must(err)
	f.want(len(none), 0) // all three are in the pilot
	_, ok, err = f.NextDue(ctx, "pilot", at.Add(3*time.Minute))
	f.must(err)
	f.want(ok, false)
	again, err := f.Block(ctx, ledger.Batch{Number: 1, First: 1, Last: 50}, 0)
	f.must(err)
	row := again.Rows[rows[1].Recipient.ID-1]
	f.want(row.Tries, 1)
	f.want(row.First.Equal(at), true)
	f.settle(row, notifier.Accepted)
	f.want(f.notices(), ledger.Notices{Pending: 42, Deferred: 2, Accepted: 1})
}

func unknownMoves(t *testing.T, f *fixture) {
	f.plan("a", 50)
	rows := f.pending()
	for _, r := range rows[:4] {
		f.settle(r, notifier.Unknown)
	}
	f.settle(rows[4], notifier.Refused)
	n, err := f.Reconcile(ctx, []ledger.Verdict{
		{Key: rows[0].Recipient.Key, Status: notifier.Accepted, Note: "log"},
		{Key: rows[1].Recipient.Key, Status: notifier.Pending, Note: "log"},
		{Key: rows[4].Recipient.Key, Status: notifier.Accepted, Note: "log"},
	}, at)
	f.must(err)
	f.want(n, 2)
	f.want(f.notices(), ledger.Notices{Pending: 41, Accepted: 1, Unknown: 2, Refused: 1})
	n, err = f.Resend(ctx, "rest", at)
	f.must(err)
	f.want(n, 0) // all of them are in the pilot
	n, err = f.Resend(ctx, "", at)
	f.must(err)
	f.want(n, 2)
	f.want(f.notices(), ledger.Notices{Pending: 43, Accepted: 1, Refused: 1})
	for _, r := range f.pending() {
		if r.Recipient.ID == rows[2].Recipient.ID && r.Attempts != 1 {
			t.Errorf("a resent recipient has %d attempts, want 1", r.Attempts)
		}
	}
}

func decisionsLast(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	waivers := []ledger.Waiver{{Rule: "urgency", Reason: "the words are the regulator's"}, {Rule: "required-block", State: "MD", Reason: "told by phone"}}
	approval := ledger.Approval{By: "A. Counsel, General Counsel", Text: "t", Lists: map[int]string{1: "l"}, Code: "c", Items: map[string]string{"i": "d"}, Waivers: waivers, At: at}
	seq, err := f.Approve(ctx, approval, nil)
	f.must(err)
	approval.Waivers = nil
	_, err = f.Approve(ctx, approval, nil)
	f.must(err)
	samples := []string{"550 5.7.1 <recipient>: \"blocked\"", "550 5.7.1 not today"}
	f.must(f.Halt(ctx, ledger.Halt{Reason: "refused", At: at, Samples: samples}))
	f.must(f.Release(ctx, "pilot", at))
	if f.Release(ctx, "nowhere", at) == nil {
		f.t.Fatal("a wave that does not exist was released")
	}
	f.reopen()
	list, err := f.Approvals(ctx)
	f.must(err)
	f.want(len(list), 2)
	f.want(list[0].Seq, seq)
	f.want(list[0].Lists[1], "l")
	f.want(list[0].Waivers, waivers)
	f.want(len(list[1].Waivers), 0)
	halt, err := f.Halted(ctx)
	f.must(err)
	f.want(halt.Reason, "refused")
	f.want(halt.At.Equal(at), true)
	f.want(halt.Samples, samples)
	f.haltNote(samples)
	opened, err := f.Released(ctx)
	f.must(err)
	f.want(opened, map[string]bool{"pilot": true})
	f.must(f.ClearHalt(ctx, at))
	halt, err = f.Halted(ctx)
	f.must(err)
	f.want(halt == nil, true)
	f.must(f.Halt(ctx, ledger.Halt{Reason: "again", At: at}))
	halt, err = f.Halted(ctx)
	f.must(err)
	f.want(*halt, ledger.Halt{Reason: "again", At: at}) // nothing of the one before
}

// haltNote reads the only halt's row of evidence.
func (f *fixture) haltNote(samples []string) {
	f.t.Helper()
	var notes []string
	f.must(f.Evidence(ctx, func(e ledger.Evidence) error {
		if e.Kind == ledger.KindHalt {
			notes = append(notes, e.Note)
		}
		return nil
	}))
	f.want(len(notes), 1)
	var kept ledger.Halt
	f.must(json.Unmarshal([]byte(notes[0]), &kept))
	f.want(kept.Samples, samples)
}

func evidenceChain(t *testing.T, f *fixture) {
	f.plan("a", 50)
	for _, r := range f.pending()[:5] {
		f.settle(r, notifier.Accepted)
	}
	seq, head, err := f.Head(ctx)
	f.must(err)
	f.want(seq, 5)
	var last notifier.Digest
	f.must(f.Evidence(ctx, func(e ledger.Evidence) error {
		prev := last
		last = e.Next(prev)
		f.want(e.Chain, last)
		e.Outcome.Reply += "!"
		if e.Next(prev) == last {
			t.Error("a changed row has the same hash")
		}
		return nil
	}))
	f.want(last, head)
}

func anyOrderBalances(_ *testing.T, f *fixture) {
	f.plan("a", 300)
	random := rand.New(rand.NewPCG(1, 2))
	statuses := []notifier.Status{notifier.Accepted, notifier.Refused, notifier.Unknown, notifier.Deferred}
	for range 3 {
		var open []notifier.Claim
		f.must(f.Each(ctx, func(r ledger.Row) error {
			if (r.Status == notifier.Pending || r.Status == notifier.Deferred) && random.IntN(3) > 0 {
				c := claimOf(r)
				f.Claim(c, func(error) {})
				open = append(open, c)
			}
			return nil
		}))
		random.Shuffle(len(open), func(i, j int) { open[i], open[j] = open[j], open[i] })
		left := 0
		for _, c := range open {
			if random.IntN(10) == 0 {
				left++
				continue
			}
			f.must(f.record(outcomeOf(c, statuses[random.IntN(len(statuses))])))
		}
		f.want(f.notices().InFlight, left)
		f.audit()
		f.reopen()
		n, err := f.Recover(ctx, at)
		f.must(err)
		f.want(n, left)
		f.audit()
	}
}
