package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/ledgertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func openIn(t testing.TB, dir string) ledger.Store {
	s, err := Open(context.Background(), filepath.Join(dir, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// alterIn changes the note of an evidence row.
func alterIn(t testing.TB, dir string, seq int64, old, text string) {
	change(t, filepath.Join(dir, "ledger.db"), "UPDATE attempts SET note = replace(note, ?, ?) WHERE seq = ?", old, text, seq)
}

func TestConformance(t *testing.T) { ledgertest.Run(t, openIn, alterIn) }

func BenchmarkLedger(b *testing.B) { ledgertest.Bench(b, openIn) }
