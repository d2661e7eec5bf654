package sqlite

import (
	"context"
	"database/sql"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// countdown is a context that ends when it was looked at a number of times.
type countdown struct {
	context.Context
	cancel context.CancelFunc
	left   *atomic.Int64
}

func (c countdown) Err() error {
	if c.left.Add(-1) < 0 {
		c.cancel()
	}
	return c.Context.Err()
}

// Wherever reading is broken off, a store that is closed then has let go of its
// file: another program finds nothing locked, without waiting.
func TestBrokenOffReadsLetGo(t *testing.T) {
	dir := t.TempDir()
	brokenOff, reads := 0, int64(0)
	// Whoever breaks a read off is another goroutine, which comes too late where the
	// machine has other work: then all is read once more.
	for ; reads < 200 || brokenOff == 0 && reads < 6000; reads++ {
		steps := reads % 200
		s := openIn(t, dir)
		ctx := countdown{left: new(atomic.Int64)}
		ctx.Context, ctx.cancel = context.WithCancel(context.Background())
		ctx.left.Store(steps)
		if _, err := s.Totals(ctx); err != nil {
			brokenOff++
		}
		ctx.cancel()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		readAtOnce(t, filepath.Join(dir, "ledger.db"))
	}
	if brokenOff == 0 || int64(brokenOff) == reads {
		t.Errorf("%d of %d reads were broken off", brokenOff, reads)
	}
}

func readAtOnce(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var n int
	if err := db.QueryRow("SELECT count(*) FROM recipients").Scan(&n); err != nil {
		t.Fatal(err)
	}
}
