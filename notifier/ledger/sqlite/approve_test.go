package sqlite

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// texts is what the approvals of approvedFile bind.
var texts = [][]byte{[]byte("Dear {{.Name}},\n"), []byte(strings.Repeat("a line of a sample\r\n", 400))}

// approvedFile is a closed ledger whose rows of evidence are an approval, a
// release, and two approvals.
func approvedFile(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "ledger.db")
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"first", "second", "third"} {
		a := ledger.Approval{By: "A. Counsel", Code: code, Lists: map[int]string{1: "list"}, Signature: "signed", At: time.Unix(1e9, 0)}
		if _, err := s.Approve(ctx, a, texts); err != nil {
			t.Fatal(err)
		}
		if code == "first" {
			if err := s.ClearHalt(ctx, time.Unix(1e9, 0)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// copied is a copy of a closed ledger.
func copied(t *testing.T, from string) (path string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "ledger.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestAlteredApprovals: whatever is done to an approval's row or the one before
// it is seen, also that it is called another decision; whatever of it can still be read is given back, and the other
// approvals stand.
func TestAlteredApprovals(t *testing.T) {
	const all = "1 first, 3 second, 4 third"
	whole := approvedFile(t)
	for _, c := range []struct{ statement, want string }{
		{"SELECT 1", all},
		{"UPDATE attempts SET note = replace(note, 'second', 'other') WHERE seq = 3", "1 first, 3 other altered, 4 third"},
		{"UPDATE attempts SET note = replace(note, 'A. Counsel', 'B. Other') WHERE seq = 1", "1 first altered, 3 second, 4 third"},
		{"UPDATE attempts SET note = replace(note, 'signed', '') WHERE seq = 4", "1 first, 3 second, 4 third altered"},
		{"UPDATE attempts SET note = note || ' ' WHERE seq = 3", "1 first, 3 second altered, 4 third"},
		{"UPDATE attempts SET note = substr(note, 1, 20) WHERE seq = 3", "1 first, 3  altered, 4 third"},
		{"UPDATE attempts SET note = NULL WHERE seq = 3", "1 first, 3  altered, 4 third"},
		{"UPDATE attempts SET note = zeroblob(9) WHERE seq = 3", "1 first, 3  altered, 4 third"},
		{`UPDATE attempts SET note = replace(note, '"A. Counsel"', '7') WHERE seq = 3`, "1 first, 3 second altered, 4 third"},
		{"UPDATE attempts SET known = known - 1000 WHERE seq = 3", "1 first, 3 second altered, 4 third"},
		{"UPDATE attempts SET known = 'yesterday' WHERE seq = 3", "1 first, 3 second altered, 4 third"},
		{"UPDATE attempts SET code = 'x', note = NULL WHERE seq = 3", "1 first, 3  altered, 4 third"},
		{"UPDATE attempts SET reply = 'yes' WHERE seq = 3", "1 first, 3 second altered, 4 third"},
		{"UPDATE attempts SET chain = zeroblob(32) WHERE seq = 3", "1 first, 3 second altered, 4 third altered"},
		{"UPDATE attempts SET chain = zeroblob(32) WHERE seq = 2", "1 first, 2  altered, 3 second altered, 4 third"},
		{"UPDATE attempts SET known = known - 1000 WHERE seq = 2", "1 first, 2  altered, 3 second, 4 third"},
		{"UPDATE attempts SET kind = 7 WHERE seq = 3", "1 first, 3  altered, 4 third"},
		{"UPDATE attempts SET kind = 0 WHERE seq = 3", "1 first, 3  altered, 4 third"},
		{"UPDATE attempts SET kind = 99 WHERE seq = 3", "1 first, 3 second altered, 4 third"},
		{"UPDATE attempts SET chain = 'x' WHERE seq = 4", "1 first, 3 second, 4 third altered"},
		{"DELETE FROM attempts WHERE seq = 2", "1 first, 3 second altered, 4 third"},
		{"DELETE FROM attempts WHERE seq = 3", "1 first, 4 third altered"},
		{"UPDATE attempts SET seq = seq + 1 WHERE seq = 4", "1 first, 3 second, 5 third altered"},
		{"UPDATE attempts SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE seq > 2; UPDATE attempts SET seq = -seq WHERE seq < 0", "1 first, 3 third altered, 4 second altered"},
		{"UPDATE attempts SET note = (SELECT note FROM attempts WHERE seq = 4), chain = (SELECT chain FROM attempts WHERE seq = 4) WHERE seq = 3", "1 first, 3 third altered, 4 third altered"},
		{"UPDATE attempts SET kind = 1, note = '{\"code\":\"new\"}' WHERE seq = 2", "1 first, 2 new altered, 3 second, 4 third"},
		{"INSERT INTO attempts SELECT 5, kind, key, wave, attempt, claimed, known, relay, outcome, cause, code, enhanced, reply, relay_id, variant, digest, approval, note, chain, prev FROM attempts WHERE seq = 1",
			all + ", 5 first altered"},
	} {
		t.Run(c.statement, func(t *testing.T) {
			path := copied(t, whole)
			change(t, path, c.statement)
			r, err := OpenReader(context.Background(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = r.Close() }()
			if got := approvalsOf(t, r); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if err := ledger.Audit(context.Background(), r); (err == nil) != (c.want == all) {
				t.Errorf("the audit says %v", err)
			}
		})
	}
}

// approvalsOf writes down the approvals that a reader gives.
func approvalsOf(t *testing.T, r *Reader) string {
	t.Helper()
	list, err := r.Approvals(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, a := range list {
		one := fmt.Sprint(a.Seq, " ", a.Code)
		if a.Altered {
			one += " altered"
		}
		said = append(said, one)
	}
	return strings.Join(said, ", ")
}

// TestApprovalsBrokenOff: a read that is broken off is an error, and nothing
// that was altered.
func TestApprovalsBrokenOff(t *testing.T) {
	r, err := OpenReader(context.Background(), approvedFile(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if list, err := r.Approvals(ctx); !errors.Is(err, context.Canceled) || len(list) > 0 {
		t.Errorf("got %v, %v", list, err)
	}
}

func TestDamagedContents(t *testing.T) {
	ctx := context.Background()
	whole := approvedFile(t)
	for _, statement := range []string{
		"UPDATE contents SET bytes = zeroblob(length(bytes))",
		"UPDATE contents SET bytes = substr(bytes, 1, length(bytes) - 1)",
		"UPDATE contents SET bytes = x''",
		"UPDATE contents SET bytes = 'text'",
		"UPDATE contents SET size = size - 1",
		"UPDATE contents SET size = size + 1",
		"UPDATE contents SET size = -1",
		"UPDATE contents SET size = 1 << 62",
		"UPDATE contents SET size = 'x'",
		"UPDATE contents SET digest = x'00' || substr(digest, 2) WHERE size < 100; UPDATE contents SET digest = x'%x' WHERE size > 100",
	} {
		t.Run(statement, func(t *testing.T) {
			path := copied(t, whole)
			first := notifier.Digest(sha256.Sum256(texts[0]))
			change(t, path, strings.ReplaceAll(statement, "%x", hex.EncodeToString(first[:])))
			s, err := Open(ctx, path)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			if got, ok, err := s.Content(ctx, first); got != nil || ok || !errors.Is(err, ledger.ErrDamaged) {
				t.Errorf("got %q, %v, %v", got, ok, err)
			}
			// What is approved again is there again.
			if _, err := s.Approve(ctx, ledger.Approval{Code: "again"}, texts); err != nil {
				t.Fatal(err)
			}
			if got, ok, err := s.Content(ctx, first); string(got) != string(texts[0]) || !ok || err != nil {
				t.Errorf("approved again: %q, %v, %v", got, ok, err)
			}
		})
	}
}

// TestContentsAreWithTheirApproval: an approval that fails keeps nothing.
func TestContentsAreWithTheirApproval(t *testing.T) {
	path := approvedFile(t)
	change(t, path, "CREATE TRIGGER full BEFORE INSERT ON attempts BEGIN SELECT raise(ABORT, 'the disk is full'); END")
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	late := []byte("a later text")
	if _, err := s.Approve(ctx, ledger.Approval{Code: "fourth"}, [][]byte{late}); err == nil {
		t.Error("an approval without its row was recorded")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := OpenReader(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if got, ok, err := r.Content(ctx, sha256.Sum256(late)); ok || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}
