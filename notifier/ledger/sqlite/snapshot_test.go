package sqlite

import (
	"context"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// TestSnapshotStandsStill audits a ledger while another handle writes it: what
// is read is one moment, so that everything agrees.
func TestSnapshotStandsStill(t *testing.T) {
	ctx := context.Background()
	path := sample(t)
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	stop, written := make(chan struct{}), make(chan error, 1)
	go func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				written <- nil
				return
			default:
			}
			if err := s.ClearHalt(ctx, time.Unix(int64(n), 0)); err != nil {
				written <- err
				return
			}
		}
	}()
	var rows []int64
	for range 20 {
		r, err := OpenSnapshot(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		a, err := ledger.Verify(ctx, r, "")
		if err != nil {
			t.Fatal(err)
		}
		last, head, err := r.Head(ctx)
		if err != nil || last != a.Rows || head != a.Head {
			t.Errorf("the head is that of row %d, and %d rows were audited: %v", last, a.Rows, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		rows = append(rows, a.Rows)
	}
	close(stop)
	if err := <-written; err != nil {
		t.Error(err)
	}
	if rows[0] == rows[len(rows)-1] {
		t.Error("nothing was written meanwhile")
	}
}

// TestSnapshotOfBefore claims somebody after the moment.
func TestSnapshotOfBefore(t *testing.T) {
	ctx := context.Background()
	path := sample(t)
	r, err := OpenSnapshot(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	claim := notifier.Claim{ID: 4, Key: notifier.Key{4}, Was: notifier.Pending, Attempt: 1, Wave: "rest", Relay: "primary", At: time.Unix(1e9, 0)}
	done := make(chan error, 1)
	s.Claim(claim, func(err error) { done <- err })
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	now, err := s.Totals(ctx)
	if err != nil || now.Notices.InFlight != 1 {
		t.Fatal(now, err)
	}
	for range 10 { // on whichever connection
		then, err := r.Totals(ctx)
		if err != nil || then.Notices.InFlight != 0 || then.Notices.Pending != 7 {
			t.Fatal(then.Notices, err)
		}
	}
}
