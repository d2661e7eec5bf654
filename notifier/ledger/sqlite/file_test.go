package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// sample is a closed ledger with a few recipients, an outcome and a decision.
func sample(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "a b%c?d", "ledger.db") // a path a URL would mangle
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Plan(ctx, []ledger.Wave{{Name: "rest"}}, func(b ledger.Batcher) error {
		for i := range 10 {
			r := notifier.Recipient{
				Key: notifier.Key{byte(i + 1)}, Channel: notifier.Email, State: "CA", Language: "en",
				Address: notifier.NewAddress("someone@example.com"), Name: notifier.NewName("Some One"),
				Accounts: []notifier.Held{{Number: notifier.NewAccountNumber("123456789"), Type: notifier.Prepaid}},
				Variant:  notifier.Variant{Template: "notice", Language: "en", Types: "prepaid"},
				Extra:    []notifier.Extra{{Name: "plan", Text: notifier.NewCell("Premium")}},
			}
			if err := b.Add(r); err != nil {
				return err
			}
		}
		if err := b.AddReject(notifier.Mark{1}); err != nil {
			return err
		}
		return b.AddExport(ledger.Export{Name: "x", Rows: 11, Recipients: 10, Rejected: 1})
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		c := notifier.Claim{ID: int64(i + 1), Key: notifier.Key{byte(i + 1)}, Was: notifier.Pending, Attempt: 1, Wave: "rest", Relay: "primary", At: time.Unix(1e9, 0)}
		s.Claim(c, func(error) {})
		s.Record(notifier.Outcome{Claim: c, Status: notifier.Accepted, Code: 250, At: time.Unix(1e9, 0)}, func(error) {})
	}
	if err := s.ClearHalt(ctx, time.Unix(1e9, 0)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFilesArePrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", filepath.Base(f), info.Mode(), err)
		}
	}
}

func TestSQLiteIsNewEnough(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"3.51.2", "3.51.3", true}, {"3.51.3", "3.51.3", false}, {"3.54.1", "3.51.3", false}, {"3.9.9", "3.51.3", true}, {"4.0", "3.51.3", false}, {"3.51", "3.51.3", true}} {
		if got := olderThan(c.a, c.b); got != c.want {
			t.Errorf("olderThan(%s, %s) = %v", c.a, c.b, got)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	ctx := context.Background()
	newer := sample(t)
	change(t, newer, "PRAGMA user_version = 99")
	other := sample(t)
	change(t, other, "PRAGMA application_id = 7")
	foreign := filepath.Join(t.TempDir(), "ledger.db")
	change(t, foreign, "CREATE TABLE mine(x)")
	garbage := filepath.Join(t.TempDir(), "ledger.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("this is no database. ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		want error
	}{{newer, ledger.ErrNewer}, {other, ledger.ErrDamaged}, {foreign, ledger.ErrDamaged}, {garbage, ledger.ErrDamaged}} {
		if _, err := Open(ctx, c.path); !errors.Is(err, c.want) {
			t.Errorf("Open: got %v, want %v", err, c.want)
		}
		if _, err := OpenReader(ctx, c.path); !errors.Is(err, c.want) {
			t.Errorf("OpenReader: got %v, want %v", err, c.want)
		}
	}
	if _, err := OpenReader(ctx, filepath.Join(t.TempDir(), "none.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a reader of no ledger: %v", err)
	}
}

// change runs a statement on a ledger behind its back.
func change(t testing.TB, path, statement string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatal(err)
	}
}

func TestAuditFindsTampering(t *testing.T) {
	for _, statement := range []string{
		"UPDATE recipients SET address = 'other@example.com' WHERE id = 4",
		"UPDATE recipients SET name = 'Another' WHERE id = 4",
		"UPDATE recipients SET accounts = 'prepaid 123456780' WHERE id = 4",
		"UPDATE recipients SET key = x'04000000000000000000000000000001' WHERE id = 4",
		"UPDATE recipients SET state = 'NY' WHERE id = 4",
		"UPDATE recipients SET language = 'es' WHERE id = 4",
		"UPDATE recipients SET status = 20 WHERE id = 4",
		"UPDATE recipients SET status = 12 WHERE id = 4",
		"UPDATE recipients SET wave = -1 WHERE id = 4",
		"UPDATE recipients SET attempts = address WHERE id = 4",
		"DELETE FROM recipients WHERE id = 4",
		"UPDATE variants SET types = 'postpaid'",
		"UPDATE blocks SET digest = zeroblob(32)",
		"UPDATE batches SET digest = zeroblob(32)",
		"UPDATE tally SET n = n + 1 WHERE status = 12",
		"UPDATE groups SET n = n - 1",
		"UPDATE exports SET rows = 12",
		"UPDATE exports SET replaced = 1",
		"UPDATE exports SET replaced = NULL",
		"UPDATE recipients SET extra = '4:plan5:Basic' WHERE id = 4",
		"UPDATE recipients SET extra = NULL WHERE id = 4",
		"UPDATE recipients SET extra = 'Premium' WHERE id = 4",
		"UPDATE rejects SET replaced = 1",
		"INSERT INTO rejects VALUES(zeroblob(16), 1, NULL)",
		"UPDATE rejects SET mark = x'01'",
		"DELETE FROM rejects",
		"UPDATE attempts SET outcome = 13 WHERE seq = 2",
		"UPDATE attempts SET code = 550 WHERE seq = 2",
		"UPDATE attempts SET known = known + 1 WHERE seq = 2",
		"UPDATE attempts SET note = '{ }' WHERE seq = 4",
		"DELETE FROM attempts WHERE seq = 2",
		"UPDATE attempts SET seq = seq + 1 WHERE seq = 4",
		"UPDATE relays SET name = 'secondary'",
	} {
		t.Run(statement, func(t *testing.T) {
			path := sample(t)
			if err := auditFile(t, path); err != nil {
				t.Fatal(err)
			}
			change(t, path, statement)
			if err := auditFile(t, path); !errors.Is(err, ledger.ErrDamaged) {
				t.Errorf("the audit says %v", err)
			}
		})
	}
}

func auditFile(t *testing.T, path string) error {
	t.Helper()
	r, err := OpenReader(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	return ledger.Audit(context.Background(), r)
}

func TestFailureIsFinal(t *testing.T) {
	path := sample(t)
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	done := make(chan error, 2)
	s.Record(notifier.Outcome{Claim: notifier.Claim{ID: 1, Wave: "rest"}}, func(err error) { done <- err })
	if err := <-done; err == nil {
		t.Fatal("an outcome without a claim was taken")
	}
	s.Claim(notifier.Claim{ID: 4, Key: notifier.Key{4}, Was: notifier.Pending, Attempt: 1, Wave: "rest", Relay: "primary"}, func(err error) { done <- err })
	if err := <-done; err == nil {
		t.Fatal("a claim was taken after the ledger failed")
	}
}
