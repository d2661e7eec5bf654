package ledgertest

import (
	"sync"
	"sync/atomic"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// Bench measures a store: planning, reading a block, counting those held back,
// and, with 50 senders that each wait for their claim, a claim and an outcome.
func Bench(b *testing.B, open Open) {
	b.Run("plan", func(b *testing.B) {
		s := open(b, b.TempDir())
		defer func() { _ = s.Close() }()
		fillBench(b, s, b.N)
	})
	b.Run("block", func(b *testing.B) {
		s := open(b, b.TempDir())
		defer func() { _ = s.Close() }()
		batch := fillBench(b, s, notifier.BlockSize)
		b.ResetTimer()
		for range b.N {
			block, err := s.Block(ctx, batch, 0)
			if err != nil || !block.Intact() {
				b.Fatal("the block is damaged", err)
			}
		}
	})
	b.Run("held back", func(b *testing.B) { benchHeldBack(b, open) })
	b.Run("send", func(b *testing.B) { benchSend(b, open) })
}

func fillBench(b *testing.B, s ledger.Store, n int) ledger.Batch {
	list := people("bench", n)
	b.ResetTimer()
	batch, err := s.Plan(ctx, []ledger.Wave{{Name: "rest"}}, func(to ledger.Batcher) error {
		for _, r := range list {
			if err := to.Add(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return batch
}

// benchHeldBack counts those held back when nobody was told yet, the slowest
// case.
func benchHeldBack(b *testing.B, open Open) {
	const n = 100_000
	s := open(b, b.TempDir())
	defer func() { _ = s.Close() }()
	fillBench(b, s, n)
	b.ResetTimer()
	for range b.N {
		if got, err := s.HeldBack(ctx, []string{"CA", "MD"}); err != nil || got != n*9/10 {
			b.Fatal(got, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/recipient")
}

func benchSend(b *testing.B, open Open) {
	s := open(b, b.TempDir())
	defer func() { _ = s.Close() }()
	fillBench(b, s, b.N)
	var rows []ledger.Row
	if err := s.Each(ctx, func(r ledger.Row) error {
		if r.Status == notifier.Pending {
			rows = append(rows, r)
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			done := make(chan error, 1)
			for i := next.Add(1); i <= int64(len(rows)); i = next.Add(1) {
				c := claimOf(rows[i-1])
				s.Claim(c, func(err error) { done <- err })
				if err := <-done; err != nil {
					b.Error(err)
					return
				}
				s.Record(outcomeOf(c, notifier.Accepted), func(error) {})
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(s.Commits()), "commits")
}
