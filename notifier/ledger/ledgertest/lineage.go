package ledgertest

import (
	"errors"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

func epochsRise(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	epoch, err := f.Epoch(ctx)
	f.must(err)
	f.want(epoch, int64(0))
	for want := int64(1); want < 4; want++ {
		got, err := f.Start(ctx, ledger.Start{Verb: "send", At: at})
		f.must(err)
		f.want(got, want)
		f.settle(f.pending()[0], notifier.Accepted)
		f.reopen()
		got, err = f.Epoch(ctx)
		f.must(err)
		f.want(got, want)
	}
	f.must(f.Adopt(ctx, ledger.Adoption{Epoch: 9, Because: "the newer one is lost", At: at}))
	got, err := f.Start(ctx, ledger.Start{Verb: "resume", At: at})
	f.must(err)
	f.want(got, int64(10))
	c, err := f.Copied(ctx)
	f.must(err)
	f.want(c == nil, true)
}

func rowsAreKnown(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	for _, row := range f.pending()[:3] {
		f.settle(row, notifier.Accepted)
	}
	f.must(f.Evidence(ctx, func(e ledger.Evidence) error {
		chain, ok, err := f.At(ctx, e.Seq)
		f.want(ok && chain == e.Chain, true)
		return err
	}))
	_, ok, err := f.At(ctx, 4)
	f.must(err)
	f.want(ok, false)
}

// doubtedSettles: what an older ledger takes for pending or deferred can be
// settled by what was sent since, and by nothing else.
func doubtedSettles(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	rows := f.pending()
	f.settle(rows[1], notifier.Deferred)
	f.settle(rows[2], notifier.Refused)
	f.must(f.claim(claimOf(rows[3])))
	verdicts := func(doubted bool) (list []ledger.Verdict) {
		for i, status := range []notifier.Status{notifier.Accepted, notifier.Bounced, notifier.Accepted, notifier.Accepted} {
			list = append(list, ledger.Verdict{Key: rows[i].Recipient.Key, Status: status, Doubted: doubted, Note: "mail.log:7"})
		}
		return list
	}
	n, err := f.Reconcile(ctx, verdicts(false), at)
	f.must(err)
	f.want(n, 0)
	n, err = f.Reconcile(ctx, verdicts(true), at)
	f.must(err)
	f.want(n, 2)
	f.want(f.notices(), ledger.Notices{Pending: 41, InFlight: 1, Accepted: 1, Refused: 1, Bounced: 1})
	due, err := f.Deferred(ctx, "", at.AddDate(1, 0, 0), 10)
	f.must(err)
	f.want(len(due), 0)
	_, err = f.Reconcile(ctx, []ledger.Verdict{{Key: rows[0].Recipient.Key, Status: "nonsense"}}, at)
	if err == nil {
		f.t.Error("somebody was settled as nonsense")
	}
}

// failureIsFinal: after a write that failed nothing is written.
func failureIsFinal(t *testing.T, f *fixture) {
	f.plan("a", 50)
	rows := f.pending()
	if f.record(outcomeOf(claimOf(rows[0]), notifier.Accepted)) == nil {
		t.Fatal("an outcome was taken without its claim")
	}
	if f.claim(claimOf(rows[1])) == nil {
		t.Error("a claim was taken after a write had failed")
	}
	if _, err := f.Start(ctx, ledger.Start{}); err == nil || errors.Is(err, ledger.ErrCopy) {
		t.Errorf("a run was begun after a write had failed: %v", err)
	}
	f.reopen()
	f.want(f.notices(), ledger.Notices{Pending: 45})
	f.must(f.claim(claimOf(rows[1])))
}
