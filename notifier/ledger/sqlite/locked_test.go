package sqlite_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
)

// begun is an open ledger in which the script has come as far as sending.
func begun(t *testing.T, d *disk, pragmas ...string) (path string, p *play) {
	t.Helper()
	dir := t.TempDir()
	watch(t, dir, d, pragmas...)
	t.Cleanup(func() { unwatch(dir) })
	path = filepath.Join(dir, "ledger.db")
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	p = newPlay(s, nil, newExpected(), map[int64]int{})
	planFirst(p)
	p.approve(contents[0])
	if p.failed != nil {
		t.Fatal(p.failed)
	}
	return path, p
}

// hurry lets ten seconds of waiting for a lock pass at once.
func hurry(t *testing.T) {
	hasty.Store(true)
	t.Cleanup(func() { hasty.Store(false) })
}

// another is one more program's connection to the ledger.
func another(t *testing.T, path string, statements ...string) *sql.Conn {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	for _, s := range statements {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	return conn
}

func wantWords(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("there was no error")
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q is not in: %s", w, err)
		}
	}
}

// queue queues claims that nobody expects anything of.
func queue(p *play, ids []int64) <-chan error {
	answers := make(chan error, len(ids))
	for _, id := range ids {
		p.store.Claim(p.claimOf(id), func(err error) { answers <- err })
	}
	return answers
}

// TestLockedByAnother has another program hold the lock for longer than we wait.
// What is asked for then fails, and everything after it, although the lock is
// free again: sending has stopped.
func TestLockedByAnother(t *testing.T) {
	path, p := begun(t, idleDisk())
	hurry(t)
	other := another(t, path, "BEGIN IMMEDIATE")
	words := []string{"the ledger can no longer be written", "another program has the ledger locked", "run the command again"}
	wantWords(t, <-queue(p, p.with("pilot", notifier.Pending)[:1]), words...)
	if _, err := other.ExecContext(ctx, "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	wantWords(t, <-queue(p, p.with("pilot", notifier.Pending)[1:2]), words...)
	wantWords(t, p.store.Halt(ctx, ledger.Halt{Reason: "x", At: begin}), words...)
	holds(t, path, p)
}

// holds closes the ledger and looks whether it holds what is expected, no more.
func holds(t *testing.T, path string, p *play) {
	t.Helper()
	if err := p.store.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	text, err := textOf(ctx, s)
	if err := errors.Join(err, compare(text, p.want.text()), ledger.Audit(ctx, s)); err != nil {
		t.Fatal(err)
	}
}

// TestNothingAfterAFailure has a commit fail once, and things queued meanwhile.
func TestNothingAfterAFailure(t *testing.T) {
	d := newDisk(image{}, fault{at: -1})
	path, p := begun(t, d)
	pilot := p.with("pilot", notifier.Pending)
	var meanwhile <-chan error
	d.failNext(fault{code: sqlite3.SQLITE_FULL, then: func() { meanwhile = queue(p, pilot[1:4]) }})
	wantWords(t, <-queue(p, pilot[:1]), "can no longer be written", "the disk is full")
	for range 3 {
		wantWords(t, <-meanwhile, "can no longer be written", "the disk is full")
	}
	holds(t, path, p)
}

// TestNothingBehindAFailure has a write fail in the middle of a plan, whose fill
// goes on as if nothing had been: SQLite has rolled back by itself, and whatever
// came after it would be durable alone.
func TestNothingBehindAFailure(t *testing.T) {
	d := newDisk(image{}, fault{at: -1})
	path, p := begun(t, d, small...)
	d.failNext(fault{code: sqlite3.SQLITE_FULL})
	_, err := p.store.Plan(ctx, waves, func(b ledger.Batcher) error {
		var errs []error
		for i := range 2000 {
			errs = append(errs, b.AddReject(newMark(strconv.Itoa(i))))
		}
		return errors.Join(append(errs, addAll(b, newPeople("more", 300)),
			b.AddExport(ledger.Export{Name: "more.csv", Rows: 2300, Recipients: 300, Rejected: 2000}))...)
	})
	wantWords(t, err, "can no longer be written", "the disk is full")
	holds(t, path, p)
}

func TestOpenLocked(t *testing.T) {
	path, p := begun(t, idleDisk())
	hurry(t)
	if err := p.store.Close(); err != nil {
		t.Fatal(err)
	}
	another(t, path, "PRAGMA locking_mode = EXCLUSIVE", "BEGIN IMMEDIATE", "UPDATE tally SET n = n", "COMMIT")
	_, err := sqlite.Open(ctx, path)
	wantWords(t, err, path, "another program has the ledger locked")
	_, err = sqlite.OpenReader(ctx, path)
	wantWords(t, err, path, "another program has the ledger locked")
}

func TestFailuresInWords(t *testing.T) {
	for _, c := range []struct {
		fault fault
		words string
	}{
		{fault{code: sqlite3.SQLITE_FULL}, "the disk is full (make room where the ledger is"},
		{fault{code: sqlite3.SQLITE_READONLY}, "the ledger may not be written (look at the permissions"},
		{fault{}, "the disk failed to read or write (see whether it is full"},
		{fault{code: sqlite3.SQLITE_CORRUPT}, ledger.ErrDamaged.Error()},
	} {
		d := newDisk(image{}, fault{at: -1})
		path, p := begun(t, d)
		d.failNext(c.fault)
		wantWords(t, p.store.ClearHalt(ctx, begin), "can no longer be written", c.words)
		holds(t, path, p)
		d.failNext(fault{}) // the WAL cannot be made
		_, err := sqlite.Open(ctx, path)
		wantWords(t, err, path, "the ledger or a file beside it cannot be opened or made")
	}
}
