package ledgertest

import (
	"errors"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// purgeForgets: personal data goes, and everything else stays as it was.
func purgeForgets(_ *testing.T, f *fixture) {
	f.plan("a", 50) // without traces
	list := withPhones(people("b", 5000))
	f.traced(list)
	rows := f.pending()
	for i, s := range []notifier.Status{notifier.Accepted, notifier.Refused, notifier.Unknown, notifier.Deferred} {
		f.settle(rows[i], s)
	}
	f.must(f.claim(claimOf(rows[4])))
	late := []notifier.Held{{Number: notifier.NewAccountNumber("late"), Type: notifier.Prepaid}}
	_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		_, err := b.AddLate(ledger.Late{Key: rows[0].Recipient.Key, Accounts: late, Export: "more.csv"})
		return err
	})
	f.must(err)
	before := f.notices()
	seq, _, err := f.Head(ctx)
	f.must(err)

	p, err := f.Purge(ctx, ledger.Purge{At: at, Trace: tracesOf})
	f.must(err)
	f.want(p.People, int64(5050))
	before.InFlight, before.Unknown = 0, before.Unknown+1
	f.want(f.notices(), before)
	f.want(p.Left, before)
	f.reopen()
	f.nothingPersonal()
	now, _, err := f.Head(ctx)
	f.must(err)
	f.want(now, seq+2) // the claim without outcome, and the purge
	got, err := f.Purged(ctx)
	f.must(err)
	f.want(*got, p)
	for _, r := range []notifier.Recipient{people("a", 50)[3], list[17], list[4999], {Key: rows[0].Recipient.Key, Accounts: late}} {
		f.want(f.found(notifier.TraceAccount, &r), []notifier.Key{r.Key})
	}
	if _, err := f.Start(ctx, ledger.Start{}); !errors.Is(err, ledger.ErrPurged) {
		f.t.Errorf("a run begins without anybody's address: %v", err)
	}
	_, err = f.Plan(ctx, waves, func(ledger.Batcher) error { return nil })
	if !errors.Is(err, ledger.ErrPurged) {
		f.t.Errorf("a batch is added to a purged ledger: %v", err)
	}
}

// nothingPersonal looks at everything that is given back of people.
func (f *fixture) nothingPersonal() {
	f.t.Helper()
	f.must(f.Each(ctx, func(row ledger.Row) error {
		r := &row.Recipient
		if !r.Address.IsZero() || !r.Name.IsZero() || !r.Phone.IsZero() || r.ZIP != "" || len(r.Accounts)+len(r.Extra) > 0 {
			f.t.Fatalf("something of %s is left", r.Key)
		}
		f.want(r.State, "CA")
		return nil
	}))
	f.must(f.Late(ctx, func(l ledger.Late) error {
		f.want(len(l.Accounts), 0)
		return nil
	}))
}

// purgeAgain: done again it changes nothing, unless more is to be forgotten.
func purgeAgain(_ *testing.T, f *fixture) {
	list := people("a", 50)
	f.traced(list)
	first, err := f.Purge(ctx, ledger.Purge{At: at, Trace: tracesOf})
	f.must(err)
	f.reopen()
	again, err := f.Purge(ctx, ledger.Purge{At: at.AddDate(0, 0, 1), Trace: tracesOf})
	f.must(err)
	f.want(again, first)
	seq, _, err := f.Head(ctx)
	f.must(err)
	f.want(seq, int64(1))
	f.want(f.found(notifier.TraceAccount, &list[3]), []notifier.Key{list[3].Key})
	forgot, err := f.Purge(ctx, ledger.Purge{At: at.AddDate(0, 0, 1), ForgetKey: true})
	f.must(err)
	f.want(forgot.ForgotKey, true)
	f.want(f.found(notifier.TraceAccount, &list[3]), []notifier.Key{})
	rows, err := f.Between(ctx, list[3].Key, list[3].Key, 1)
	f.must(err)
	f.want(len(rows), 1) // by key, still
}
