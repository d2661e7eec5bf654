package sqlite

import (
	"context"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// TestKilledPlanLeavesNoLongWAL opens what a plan leaves that is killed when
// the WAL is longer than it may stay.
func TestKilledPlanLeavesNoLongWAL(t *testing.T) {
	const limit = 8 << 20
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "ledger.db")
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	image := filepath.Join(t.TempDir(), "ledger.db")
	waves := []ledger.Wave{{Name: "rest"}}
	add := func(b ledger.Batcher, n int) error {
		for i := range n {
			r := notifier.Recipient{Channel: notifier.Email, Name: notifier.NewName(strings.Repeat("x", 1000))}
			binary.BigEndian.PutUint32(r.Key[:], uint32(i+1))
			if err := b.Add(r); err != nil {
				return err
			}
		}
		return b.AddExport(ledger.Export{Rows: int64(n), Recipients: int64(n)})
	}
	_, err = s.Plan(ctx, waves, func(b ledger.Batcher) error {
		if err := add(b, 20_000); err != nil {
			return err
		}
		copyFile(t, path, image)
		copyFile(t, path+"-wal", image+"-wal")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := size(t, image+"-wal"); n <= limit {
		t.Fatalf("the WAL has only %d bytes: the test shows nothing", n)
	}
	again, err := Open(ctx, image)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	if totals, err := again.Totals(ctx); err != nil || totals.Recipients.Total != 0 {
		t.Fatalf("the killed plan left %+v, %v", totals.Recipients, err)
	}
	if _, err := again.Plan(ctx, waves, func(b ledger.Batcher) error { return add(b, 1) }); err != nil {
		t.Fatal(err)
	}
	if n := size(t, image+"-wal"); n > limit {
		t.Errorf("the WAL still has %d bytes, at most %d may stay", n, limit)
	}
	if err := ledger.Audit(ctx, again); err != nil {
		t.Error(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
