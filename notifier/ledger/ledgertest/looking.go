package ledgertest

import (
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// onePersonIsLookedUp asks about single people what cannot be read from their
// rows.
func onePersonIsLookedUp(t *testing.T, f *fixture) {
	f.plan("a", 50)
	rows := f.pending()
	late := []notifier.Held{{Number: notifier.NewAccountNumber("late-1"), Type: notifier.Postpaid}}
	claimed := claimOf(rows[3])
	f.must(f.claim(claimed))
	f.settle(rows[4], notifier.Accepted)
	_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		_, err := b.AddLate(ledger.Late{Key: rows[4].Recipient.Key, Accounts: late, Export: "west.csv"})
		return err
	})
	f.must(err)
	for i, want := range map[int]*notifier.Claim{3: &claimed, 4: nil, 5: nil} {
		got, err := f.Claimed(ctx, rows[i].Recipient.Key)
		f.must(err)
		if (got == nil) != (want == nil) {
			t.Fatalf("%d: the claim without outcome is %+v", i, got)
		}
		if got != nil {
			f.want(got.At.Equal(want.At), true)
			got.At = want.At
			f.want(*got, *want)
		}
	}
	for i, want := range map[int][]ledger.Late{3: nil, 4: {{Key: rows[4].Recipient.Key, Accounts: late, Export: "west.csv"}}} {
		got, err := f.LateOf(ctx, rows[i].Recipient.Key)
		f.must(err)
		f.want(got, want)
	}
	f.must(f.record(outcomeOf(claimed, notifier.Refused)))
	got, err := f.Claimed(ctx, claimed.Key)
	f.must(err)
	f.want(got == nil, true)
}
