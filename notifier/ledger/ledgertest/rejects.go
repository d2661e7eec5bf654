package ledgertest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

func digestOf(name string) notifier.Digest { return sha256.Sum256([]byte(name)) }

// corrected plans an export in which one row replaces each of those set aside
// in a row of that name; the first stay of them are set aside again.
func (f *fixture) corrected(name string, stay int, rows ...string) {
	f.t.Helper()
	_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		e := ledger.Export{Digest: digestOf(name), Name: name, Rows: int64(len(rows)), Rejected: int64(stay)}
		for i, row := range rows {
			ok, err := b.ReplaceReject(mark(row))
			if err != nil {
				return err
			}
			if ok {
				e.Replaced++
			}
			if i < stay {
				if err := b.AddReject(mark(name + row)); err != nil {
					return err
				}
			}
		}
		for _, r := range people(name, len(rows)-stay) {
			e.Recipients++
			if err := b.Add(r); err != nil {
				return err
			}
		}
		return b.AddExport(e)
	})
	f.must(err)
}

// setAside plans an export that has nothing but rows that were set aside.
func (f *fixture) setAside(name string, rows ...string) {
	f.t.Helper()
	_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		for _, row := range rows {
			if err := b.AddReject(mark(row)); err != nil {
				return err
			}
		}
		return b.AddExport(ledger.Export{Digest: digestOf(name), Name: name, Rows: int64(len(rows)), Rejected: int64(len(rows))})
	})
	f.must(err)
}

// rejects checks which rows are set aside, and the account.
func (f *fixture) rejects(rows ...string) {
	f.t.Helper()
	want := map[notifier.Mark]int{}
	for _, row := range rows {
		want[mark(row)]++
	}
	got, err := f.Rejects(ctx)
	f.must(err)
	f.want(got, want)
	f.audit()
}

func (f *fixture) rows(want ledger.Rows) {
	f.t.Helper()
	totals, err := f.Totals(ctx)
	f.must(err)
	f.must(totals.Check())
	f.want(totals.Rows, want)
}

func rejectsLast(_ *testing.T, f *fixture) {
	f.rejects()
	f.setAside("east", "x", "y", "x")
	f.setAside("west", "z")
	f.reopen()
	f.rejects("x", "x", "y", "z")
	f.rows(ledger.Rows{Read: 4, Rejected: 4})
}

func rejectsReplaced(_ *testing.T, f *fixture) {
	f.setAside("east", "x", "y", "x")
	f.corrected("once", 0, "x")
	f.rejects("x", "y")
	f.rows(ledger.Rows{Read: 3, Rejected: 2})
	f.corrected("again", 1, "x", "y") // one of them is as bad as before
	f.reopen()
	f.rejects("againx")
	f.rows(ledger.Rows{Read: 3, Rejected: 1})
	f.corrected("too often", 0, "x", "nowhere") // two rows like any other
	f.rejects("againx")
	f.rows(ledger.Rows{Read: 5, Rejected: 1})
	e, ok, err := f.Export(ctx, digestOf("again"))
	f.must(err)
	f.want(ok, true)
	f.want(e, ledger.Export{Digest: e.Digest, Name: "again", Batch: 3, Rows: 2, Recipients: 1, Rejected: 1, Replaced: 2})
	// A row of one export that a row of another, planned with it, replaces.
	_, err = f.Plan(ctx, waves, func(b ledger.Batcher) error {
		f.must(b.AddReject(mark("new")))
		for _, want := range []bool{true, false} {
			ok, err := b.ReplaceReject(mark("new"))
			f.must(err)
			f.want(ok, want)
		}
		f.must(b.AddReject(mark("left")))
		f.must(b.AddExport(ledger.Export{Digest: notifier.Digest{1}, Rows: 2, Rejected: 2}))
		return b.AddExport(ledger.Export{Digest: notifier.Digest{2}, Rows: 1, Merged: 1, Replaced: 1})
	})
	f.must(err)
	f.rejects("againx", "left")
	f.rows(ledger.Rows{Read: 7, Merged: 1, Rejected: 2})
}

func rejectsAreAtomic(t *testing.T, f *fixture) {
	f.setAside("east", "x", "y")
	stop := errors.New("stop")
	_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		f.must(b.AddReject(mark("z")))
		for _, row := range []string{"x", "z"} {
			ok, err := b.ReplaceReject(mark(row))
			f.must(err)
			f.want(ok, true)
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatalf("got %v", err)
	}
	f.rejects("x", "y")
	f.reopen()
	f.rejects("x", "y")
	f.corrected("once", 0, "x")
	f.rejects("y")
}

func rejectsAreCounted(t *testing.T, f *fixture) {
	f.setAside("east", "x")
	for _, e := range []ledger.Export{
		{Rows: 2, Rejected: 2, Replaced: 1},
		{Rows: 1, Rejected: 1, Replaced: 0},
		{Rows: 1, Recipients: 1, Replaced: 1},
	} {
		_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
			f.must(b.AddReject(mark("z")))
			_, err := b.ReplaceReject(mark("x"))
			f.must(err)
			return b.AddExport(e)
		})
		if err == nil {
			t.Errorf("an export with %d set aside and %d replaced was taken, recorded were 1 and 1", e.Rejected, e.Replaced)
		}
	}
	f.rejects("x")
}

func anyRejectsBalance(_ *testing.T, f *fixture) {
	random := rand.New(rand.NewPCG(3, 4))
	open := map[notifier.Mark]int{}
	var total ledger.Rows
	for n := range 20 {
		_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
			e := ledger.Export{Digest: notifier.Digest{byte(n), 1}, Name: "any"}
			for range random.IntN(20) {
				m := mark(fmt.Sprint(random.IntN(8)))
				e.Rows++
				total.Read++
				if random.IntN(2) == 0 {
					e.Rejected++
					total.Rejected++
					open[m]++
					f.must(b.AddReject(m))
					continue
				}
				e.Merged++
				total.Merged++
				ok, err := b.ReplaceReject(m)
				f.must(err)
				f.want(ok, open[m] > 0)
				if !ok {
					continue
				}
				e.Replaced++
				total.Read--
				total.Rejected--
				if open[m]--; open[m] == 0 {
					delete(open, m)
				}
			}
			return b.AddExport(e)
		})
		f.must(err)
		got, err := f.Rejects(ctx)
		f.must(err)
		f.want(got, open)
		f.rows(total)
	}
}
