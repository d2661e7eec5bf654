package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strings"
	"testing"

	"breachmail/notifier/ledger"
)

// TestDamageIsNamed: what is wrong with a ledger is found when it is opened.
func TestDamageIsNamed(t *testing.T) {
	bytes := func(f func(b []byte) []byte) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			b, err := os.ReadFile(path)
			if err == nil {
				err = os.WriteFile(path, f(b), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	statements := func(statements ...string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			for _, s := range statements {
				change(t, path, s)
			}
		}
	}
	for _, c := range []struct {
		name   string
		damage func(*testing.T, string)
		words  string
	}{
		{"cut off", bytes(func(b []byte) []byte { return b[:len(b)/2] }), ""},
		{"cut off by a page", bytes(func(b []byte) []byte { return b[:len(b)-4096] }), ""},
		{"a page of zeros", bytes(func(b []byte) []byte { clear(b[8192:12288]); return b }), ""},
		{"a page in another one's place", samePage, ""},
		{"no header", bytes(func(b []byte) []byte { clear(b[:100]); return b }), ""},
		{"an index dropped", statements("DROP INDEX recipients_pending"), "recipients_pending is gone"},
		{"a table dropped", statements("DROP TABLE claims"), "claims is gone"},
		{"an account that does not close", statements("UPDATE tally SET n = n + 1"), "their notices make"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := sample(t)
			c.damage(t, path)
			s, err := Open(context.Background(), path)
			if err == nil {
				_ = s.Close()
				t.Fatal("it was opened")
			}
			if !errors.Is(err, ledger.ErrDamaged) || !strings.Contains(err.Error(), c.words) || !strings.Contains(err.Error(), path) {
				t.Error(err)
			}
		})
	}
}

// samePage puts the page of the evidence where that of the people was.
func samePage(t *testing.T, path string) {
	t.Helper()
	var from, to int
	err := onOne(context.Background(), path, func(conn *sql.Conn) error {
		return conn.QueryRowContext(context.Background(), `SELECT (SELECT rootpage FROM sqlite_master WHERE name = 'attempts'),
			(SELECT rootpage FROM sqlite_master WHERE name = 'recipients')`).Scan(&from, &to)
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(b[4096*(to-1):4096*to], b[4096*(from-1):4096*from])
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
