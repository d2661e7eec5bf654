package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// TestSentOfOlder: a ledger without counts has none, also while a reader is
// open that has seen no other, and gets those of its last 25 hours, claims
// without outcome among them, when it is migrated.
func TestSentOfOlder(t *testing.T) {
	ctx := context.Background()
	start := time.Date(2018, 8, 24, 9, 0, 0, 0, time.UTC)
	late := start.Add(26 * time.Hour)
	want := map[int][]ledger.Minute{
		1: {{Start: start, Relay: "primary", Claims: 5, Last: start}},
		2: {{Start: start, Relay: "primary", Claims: 6, Last: start}},
		3: {
			{Start: start.Add(2 * time.Hour), Relay: "primary", Claims: 1, Last: start.Add(2 * time.Hour)},
			{Start: late, Relay: "primary", Claims: 1, Last: late.Add(30 * time.Second)},
			{Start: late, Relay: "secondary", Claims: 2, Last: late.Add(20 * time.Second)},
		},
	}
	for user := range versionSent {
		if user == 0 {
			continue
		}
		path := older(t, user)
		r, err := OpenReader(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		if got, err := r.Sent(ctx, time.Time{}); len(got) != 0 || err != nil {
			t.Errorf("version %d: %+v, %v", user, got, err)
		}
		s, err := Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if got, err := r.Sent(ctx, time.Time{}); !reflect.DeepEqual(got, want[user]) || err != nil {
			t.Errorf("version %d migrated: %+v, %v, want %+v", user, got, err, want[user])
		}
	}
}

// TestSentStaysSmall: a run of days keeps the counts of one, and a ledger that
// is opened after days none.
func TestSentStaysSmall(t *testing.T) {
	ctx := context.Background()
	const claims = 200
	s, start := sentEveryHour(t, claims)
	defer func() { _ = s.Close() }()
	sent, err := s.Sent(ctx, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	first, last := start.Add((claims-1-25)*time.Hour), start.Add((claims-1)*time.Hour)
	if len(sent) != 26 || !sent[0].Start.Equal(first) || !sent[25].Start.Equal(last) {
		t.Errorf("%d minutes are kept, from %v to %v", len(sent), sent[0].Start, sent[len(sent)-1].Start)
	}
	if _, err := s.Recover(ctx, last.Add(26*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if sent, err = s.Sent(ctx, time.Time{}); err != nil || len(sent) != 0 {
		t.Errorf("%d minutes are kept for nothing: %v", len(sent), err)
	}
}

// sentEveryHour is a ledger with a claim and an outcome each hour.
func sentEveryHour(t *testing.T, claims int) (*Store, time.Time) {
	t.Helper()
	ctx := context.Background()
	s, err := Open(ctx, filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Plan(ctx, []ledger.Wave{{Name: "rest"}}, func(b ledger.Batcher) error {
		for i := range claims {
			r := notifier.Recipient{
				Key: notifier.Key{byte(i/256 + 1), byte(i)}, Channel: notifier.Email, State: "CA", Language: "en",
				Address: notifier.NewAddress(fmt.Sprintf("p%d@example.com", i)), Name: notifier.NewName("Some One"),
			}
			if err := b.Add(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)
	for i := range claims {
		c := notifier.Claim{
			ID: int64(i + 1), Key: notifier.Key{byte(i/256 + 1), byte(i)}, Was: notifier.Pending,
			Attempt: 1, Wave: "rest", Relay: "primary", At: start.Add(time.Duration(i) * time.Hour),
		}
		done := make(chan error, 2)
		s.Claim(c, func(err error) { done <- err })
		s.Record(notifier.Outcome{Claim: c, Status: notifier.Accepted, At: c.At}, func(err error) { done <- err })
		for range 2 {
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		}
	}
	return s, start
}
