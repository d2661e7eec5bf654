package ledgertest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

func claimedNeverChanges(t *testing.T, f *fixture) {
	f.plan("a", 20)
	row := f.pending()[3]
	f.must(f.claim(claimOf(row)))
	_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		found, _, err := b.Find(row.Recipient.Key)
		f.must(err)
		if found.Attempts == 0 {
			t.Error("a claim in flight does not count as an attempt")
		}
		return b.Replace(found.Recipient)
	})
	if err == nil {
		t.Fatal("a claimed recipient was replaced")
	}
}

func replaceChangesList(t *testing.T, f *fixture) {
	f.plan("a", 5000)
	before, err := f.Batches(ctx)
	f.must(err)
	row := f.pending()[4000]
	_, err = f.Plan(ctx, waves, func(b ledger.Batcher) error {
		r := row.Recipient
		r.Accounts = append(r.Accounts, notifier.Held{Number: notifier.NewAccountNumber("z"), Type: notifier.Postpaid})
		r.Variant.Types = notifier.TypesOf(r.Accounts)
		return b.Replace(r)
	})
	f.must(err)
	after, err := f.Batches(ctx)
	f.must(err)
	if before[0].Digest == after[0].Digest {
		t.Fatal("the list digest is the same")
	}
	f.want(len(f.pending()[4000].Recipient.Accounts), 2)
}

// replace plans a batch without anybody new, in which those of earlier ones
// become what the list says.
func (f *fixture) replace(list ...notifier.Recipient) error {
	_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		for _, r := range list {
			if err := b.Replace(r); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

func byPost(r notifier.Recipient) notifier.Recipient {
	r.Channel, r.Reason = notifier.Postal, "asked for it"
	return r
}

// account is all that replacing somebody may change.
func (f *fixture) account() (totals ledger.Totals, groups []ledger.Group, digest notifier.Digest) {
	f.t.Helper()
	totals, err := f.Totals(ctx)
	f.must(err)
	groups, err = f.Groups(ctx)
	f.must(err)
	batches, err := f.Batches(ctx)
	f.must(err)
	f.audit()
	return totals, groups, batches[0].Digest
}

func replaceByPostal(_ *testing.T, f *fixture) {
	f.plan("a", 50)
	before, _, list := f.account()
	r := byPost(f.pending()[30].Recipient)
	f.must(f.replace(r))
	after, groups, other := f.account()
	f.want(after.Recipients, ledger.Recipients{Total: 50, Email: 44, Postal: 6})
	f.want(after.Notices.Pending, before.Notices.Pending-1)
	f.want(len(groups), 3) // by email, without an address, asked for it
	f.want(other == list, false)
	for _, p := range f.pending() {
		f.want(p.Recipient.Key == r.Key, false)
	}
}

func replaceByEmail(_ *testing.T, f *fixture) {
	f.plan("a", 5000)
	totals, groups, digest := f.account()
	people := []notifier.Recipient{}
	for i, p := range f.pending() {
		if i < 5 || i%7 == 0 { // of every wave and block
			people = append(people, p.Recipient)
		}
	}
	byMail := make([]notifier.Recipient, len(people))
	for i, r := range people {
		byMail[i] = byPost(r)
	}
	for _, plans := range [][][]notifier.Recipient{
		{byMail, people},                     // in two runs of plan
		{append(byMail, people...)},          // in one
		{byMail, byMail, people[:9], people}, // little by little
	} {
		for _, list := range plans {
			f.must(f.replace(list...))
			f.account()
		}
		gotTotals, gotGroups, gotDigest := f.account()
		f.want(gotTotals, totals)
		f.want(gotGroups, groups)
		f.want(gotDigest, digest)
	}
	f.reopen()
	for _, p := range f.pending() {
		f.want(p.Wave != "", true)
		f.want(p.Recipient.Reason, "")
	}
}

func nobodyJoinsLater(t *testing.T, f *fixture) {
	f.plan("a", 50)
	list := f.pending()
	back, other := list[30].Recipient, list[31].Recipient
	f.must(f.replace(byPost(back)))
	var noAddress notifier.Recipient
	f.must(f.Each(ctx, func(r ledger.Row) error {
		if r.Recipient.Address.IsZero() {
			noAddress = r.Recipient
		}
		return nil
	}))
	noAddress.Channel, noAddress.Reason = notifier.Email, ""
	if f.replace(noAddress) == nil {
		t.Fatal("somebody without an address is to be told by email")
	}
	f.must(f.replace(back))
	f.must(f.replace(byPost(back)))
	c := claimOf(list[0])
	f.must(f.claim(c))
	accepted := outcomeOf(c, notifier.Accepted)
	for _, o := range []*notifier.Outcome{nil, &accepted} {
		if o != nil {
			f.must(f.record(*o))
		}
		if f.replace(back) == nil {
			t.Fatal("somebody joined a wave after sending began")
		}
		f.must(f.replace(byPost(other)))
		f.account()
	}
}

// walk returns the rows of a batch as they are seen within Plan.
func walk(f *fixture, b ledger.Batcher, batch int) (rows []ledger.Row) {
	f.t.Helper()
	f.must(b.Each(batch, func(r ledger.Row) error {
		rows = append(rows, r)
		return nil
	}))
	return rows
}

func batchesAreWalked(t *testing.T, f *fixture) {
	f.plan("a", 5000)
	f.plan("b", 20)
	inFlight := f.pending()[4100]
	stored := []ledger.Row{}
	f.must(f.Each(ctx, func(r ledger.Row) error { stored = append(stored, r); return nil }))
	f.must(f.claim(claimOf(inFlight)))
	stop := errors.New("stop")
	_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		rows := walk(f, b, 1)
		f.want(len(rows), 5000)
		for i := range rows {
			want := stored[i]
			if want.Recipient.Key == inFlight.Recipient.Key {
				want.Attempts = 1
			}
			f.want(rows[i], want)
		}
		f.want(len(walk(f, b, 2)), 20)
		for _, r := range people("c", 300) {
			f.must(b.Add(r))
		}
		f.want(len(walk(f, b, 2)), 20)
		for _, none := range []int{0, 3, 4} {
			if b.Each(none, func(ledger.Row) error { return nil }) == nil {
				t.Errorf("batch %d, which is not there, was walked", none)
			}
		}
		n := 0
		f.want(b.Each(1, func(ledger.Row) error { n++; return stop }), stop)
		f.want(n, 1)
		return b.AddExport(ledger.Export{Name: "c", Rows: 300, Recipients: 300})
	})
	f.must(err)
}

func replacedWhileWalked(t *testing.T, f *fixture) {
	f.plan("a", 5000)
	_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		err := b.Each(1, func(r ledger.Row) error {
			if r.Status != notifier.Pending || r.Recipient.ID%2 == 0 {
				return nil
			}
			return b.Replace(byPost(r.Recipient))
		})
		f.must(err)
		for _, r := range walk(f, b, 1) {
			if r.Status == notifier.Pending && r.Recipient.ID%2 > 0 {
				t.Fatalf("recipient %d is as before", r.Recipient.ID)
			}
		}
		return nil
	})
	f.must(err)
	totals, _, _ := f.account()
	for _, p := range f.pending() {
		f.want(p.Recipient.ID%2, 0)
	}
	f.want(totals.Notices.Pending, len(f.pending()))
}

// anyReplacementsBalance changes people back and forth in any order.
func anyReplacementsBalance(_ *testing.T, f *fixture) {
	f.plan("a", 60)
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 20 {
		_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
			if n%5 == 4 {
				for _, r := range people(fmt.Sprint(n), 10) {
					f.must(b.Add(r))
				}
				f.must(b.AddExport(ledger.Export{Digest: digestOf(fmt.Sprint(n)), Name: "more", Rows: 10, Recipients: 10}))
			}
			return b.Each(1, func(row ledger.Row) error {
				r := row.Recipient
				if r.Address.IsZero() || rng.IntN(3) > 0 {
					return nil
				}
				r.State = []string{"CA", "NY"}[rng.IntN(2)]
				r.Channel, r.Reason = notifier.Email, ""
				if rng.IntN(2) == 0 {
					r = byPost(r)
				}
				return b.Replace(r)
			})
		})
		f.must(err)
		f.account()
	}
}
