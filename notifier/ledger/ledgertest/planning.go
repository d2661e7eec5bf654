package ledgertest

import (
	"errors"
	"slices"
	"sort"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

func planIsAtomic(t *testing.T, f *fixture) {
	stop := errors.New("stop")
	_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		for _, r := range people("a", 5000) {
			f.must(b.Add(r))
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatalf("got %v", err)
	}
	f.reopen()
	totals, err := f.Totals(ctx)
	f.must(err)
	f.want(totals.Recipients, ledger.Recipients{})
	f.plan("a", 50)
	f.want(f.notices(), ledger.Notices{Pending: 45})
}

func planCloses(t *testing.T, f *fixture) {
	b := f.plan("a", 10_000)
	f.reopen()
	totals, err := f.Totals(ctx)
	f.must(err)
	f.must(totals.Check())
	f.want(totals.Rows, ledger.Rows{Read: 10_003, Merged: 2, Rejected: 1})
	f.want(totals.Recipients, ledger.Recipients{Total: 10_000, Email: 9000, Postal: 1000})
	batches, err := f.Batches(ctx)
	f.must(err)
	f.want(len(batches), 1)
	f.want(batches[0].Digest, b.Digest)
	groups, err := f.Groups(ctx)
	f.must(err)
	f.want(len(groups), 2)
	i := 0
	list := people("a", 10_000)
	f.must(f.Each(ctx, func(r ledger.Row) error {
		want := list[i]
		i++
		want.ID = int64(i)
		if r.Recipient.Name.Reveal() != want.Name.Reveal() || r.Recipient.Address.Reveal() != want.Address.Reveal() {
			t.Fatalf("row %d is another person", i)
		}
		f.want(r.Recipient, want)
		return nil
	}))
}

func keysAreUnique(t *testing.T, f *fixture) {
	f.plan("a", 3000)
	again := people("a", 3000)[1000]
	list := people("b", 3000)
	place := sort.Search(len(list), func(i int) bool { return string(list[i].Key[:]) > string(again.Key[:]) })
	list = slices.Insert(list, place, again)
	for _, c := range []struct {
		n     int // as the last one, or with more to come
		heeds bool
	}{{place + 1, true}, {len(list), true}, {len(list), false}} {
		_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
			for _, r := range list[:c.n] {
				if err := b.Add(r); err != nil && c.heeds {
					return err
				}
			}
			return nil
		})
		if err == nil {
			t.Fatal("a recipient was planned again")
		}
	}
	f.plan("b", 3000)
	f.want(f.notices().Pending, 5400)
}

func wavesAreCut(_ *testing.T, f *fixture) {
	f.plan("a", 200) // 180 by email: 10, then 20 % of 180, then the rest
	totals, err := f.Totals(ctx)
	f.must(err)
	var sizes []int64
	for _, w := range totals.Waves {
		sizes = append(sizes, w.Notices.Pending)
	}
	f.want(sizes, []int64{10, 36, 134})
	var last int64
	for _, w := range waves {
		id, ok, err := f.NextPending(ctx, w.Name, 0)
		f.must(err)
		f.want(ok, true)
		if id <= last {
			f.t.Fatalf("wave %s begins at id %d, before its predecessor", w.Name, id)
		}
		last = id
	}
	f.must(f.Cut(ctx, []ledger.Wave{{Name: "rest"}}))
	totals, err = f.Totals(ctx)
	f.must(err)
	f.want(totals.Waves[0].Notices.Pending, 180)
}

func wavesAreCutAnew(_ *testing.T, f *fixture) {
	f.plan("a", 200) // 180 by email
	for _, c := range []struct {
		waves []ledger.Wave
		want  []int64
	}{
		{[]ledger.Wave{{Name: "rest"}}, []int64{180}},
		{[]ledger.Wave{{Name: "a", Recipients: 100}, {Name: "b", Recipients: 100}, {Name: "c", Recipients: 100}, {Name: "d"}}, []int64{100, 80, 0, 0}},
		{[]ledger.Wave{{Name: "none", Recipients: 0}, {Name: "half", Percent: 50}, {Name: "rest"}}, []int64{0, 90, 90}},
		{waves, []int64{10, 36, 134}},
	} {
		f.must(f.Cut(ctx, c.waves))
		totals, err := f.Totals(ctx)
		f.must(err)
		f.must(totals.Check())
		var sizes []int64
		for _, w := range totals.Waves {
			sizes = append(sizes, w.Notices.Pending)
		}
		f.want(sizes, c.want)
		counted := map[string]int64{}
		for _, r := range f.pending() {
			counted[r.Wave]++
		}
		for i, w := range c.waves {
			f.want(counted[w.Name], c.want[i])
		}
	}
}

func wavesFreeze(t *testing.T, f *fixture) {
	f.plan("a", 100)
	f.settle(f.pending()[0], notifier.Accepted)
	f.must(f.Cut(ctx, waves))
	if err := f.Cut(ctx, []ledger.Wave{{Name: "rest"}}); !errors.Is(err, ledger.ErrBegun) {
		t.Fatalf("got %v", err)
	}
	f.plan("b", 100)
	totals, err := f.Totals(ctx)
	f.must(err)
	f.want(totals.Waves[0].Notices.Sum(), 10)
	f.want(totals.Waves[2].Notices.Sum(), 90-10-18+90)
}

func secondBatch(t *testing.T, f *fixture) {
	first := f.plan("a", 5000)
	known := people("a", 5000)
	second, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		for i, r := range people("b", 2000) {
			_, ok, err := b.Find(r.Key)
			f.must(err)
			f.want(ok, false)
			f.must(b.Add(r))
			if i%100 > 0 {
				continue
			}
			r := known[i]
			row, ok, err := b.Find(r.Key)
			f.must(err)
			f.want(ok, true)
			f.want(row.Batch, 1)
			for _, fresh := range []int{len(r.Accounts), 0} { // the second time they are listed already
				list, err := b.AddLate(ledger.Late{Key: r.Key, Accounts: r.Accounts, Export: "b"})
				f.must(err)
				f.want(len(list), fresh)
			}
		}
		return b.AddExport(ledger.Export{Digest: notifier.Digest{1}, Name: "b", Rows: 2020, Recipients: 2000, Merged: 20})
	})
	f.must(err)
	f.want(second.First, first.Last+1)
	batches, err := f.Batches(ctx)
	f.must(err)
	f.want(batches[0].Digest, first.Digest)
	e, ok, err := f.Export(ctx, notifier.Digest{1})
	f.must(err)
	f.want(ok, true)
	f.want(e.Merged, 20)
	none, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		return b.AddExport(ledger.Export{Digest: notifier.Digest{2}, Name: "c", Rows: 2, Merged: 2})
	})
	f.must(err)
	f.want(none.Number, 0)
	next, err := f.NextBatch(ctx)
	f.must(err)
	f.want(next, 4) // the export without anyone new has number 3
	f.want(f.notices().Pending, 4500+1800)
}
