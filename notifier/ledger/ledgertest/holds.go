package ledgertest

import (
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// states are where the people of inStates live, by turns.
var states = []string{"MD", "NJ", "CA", notifier.UnknownState}

// inStates are people of several states; every tenth of them is told by post.
func inStates(prefix string, n int) []notifier.Recipient {
	list := people(prefix, n)
	for i := range list {
		list[i].State = states[i%len(states)]
	}
	return list
}

func holdsLast(t *testing.T, f *fixture) {
	f.plan("a", 50)
	f.must(f.Release(ctx, "pilot", at))
	f.must(f.ReleaseHold(ctx, "regulators-first", []string{"MD", "NJ"}, at))
	f.must(f.ReleaseHold(ctx, "rest", nil, at)) // also the name of a wave
	if f.ReleaseHold(ctx, "", nil, at) == nil {
		t.Fatal("a hold without a name was released")
	}
	f.reopen()
	held, err := f.ReleasedHolds(ctx)
	f.must(err)
	f.want(held, map[string]bool{"regulators-first": true, "rest": true})
	gates, err := f.Released(ctx)
	f.must(err)
	f.want(gates, map[string]bool{"pilot": true})
	var notes []string
	f.must(f.Evidence(ctx, func(e ledger.Evidence) error {
		f.want(e.Kind, ledger.KindRelease)
		f.want(e.Outcome.At.Equal(at), true)
		notes = append(notes, e.Note)
		return nil
	}))
	f.want(notes, []string{`{"wave":"pilot"}`, `{"hold":"regulators-first","states":["MD","NJ"]}`, `{"hold":"rest","states":[]}`})
}

// heldBackIsCounted compares with the rows counted one by one.
func heldBackIsCounted(_ *testing.T, f *fixture) {
	f.planList(inStates("a", 200))
	check := func() {
		f.t.Helper()
		rows := map[string]int64{}
		f.must(f.Each(ctx, func(r ledger.Row) error {
			if r.Status == notifier.Pending || r.Status == notifier.Deferred {
				rows[r.Recipient.State]++
			}
			return nil
		}))
		var all int64
		for _, s := range states {
			all += rows[s]
		}
		for _, c := range []struct {
			states []string
			want   int64
		}{
			{nil, all}, {[]string{"MD", "NJ"}, rows["MD"] + rows["NJ"]}, {[]string{"MD", "MD"}, rows["MD"]},
			{[]string{notifier.UnknownState}, rows[notifier.UnknownState]}, {[]string{"WY"}, 0}, {states, all},
		} {
			got, err := f.HeldBack(ctx, c.states)
			f.must(err)
			f.want(got, c.want)
		}
	}
	check()
	settled := []notifier.Status{notifier.Accepted, notifier.Deferred, notifier.Refused, notifier.Unknown, notifier.Deferred}
	for i, r := range f.pending()[:40] {
		f.settle(r, settled[i%len(settled)])
	}
	check()
	row := f.pending()[0]
	before, err := f.HeldBack(ctx, []string{row.Recipient.State})
	f.must(err)
	f.must(f.claim(claimOf(row)))
	after, err := f.HeldBack(ctx, []string{row.Recipient.State})
	f.must(err)
	f.want(after, before-1) // it is in flight
	f.must(f.record(outcomeOf(claimOf(row), notifier.Deferred)))
	check()
}
