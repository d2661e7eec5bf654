package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// olders are the versions before this one.
var olders = []int{1, 2, 3, 4, 5}

// older is a ledger of an older version in a directory of its own.
func older(t *testing.T, user int) (path string) {
	t.Helper()
	script, err := os.ReadFile(filepath.Join("testdata", fmt.Sprintf("v%d.sql", user)))
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "a b%c?d", "ledger.db")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := create(path); err != nil {
		t.Fatal(err)
	}
	change(t, path, "PRAGMA journal_mode = WAL")
	change(t, path, string(script))
	return path
}

// told is what readers say of the ledger at path, which must be in order.
func told(t *testing.T, path string) string {
	t.Helper()
	ctx := context.Background()
	r, err := OpenReader(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if err := ledger.Audit(ctx, r); err != nil {
		t.Fatal(err)
	}
	totals, err := r.Totals(ctx)
	if err != nil {
		t.Fatal(err)
	}
	rejects, err := r.Rejects(ctx)
	if err != nil {
		t.Fatal(err)
	}
	said := fmt.Sprintf("%+v %v", totals, rejects)
	for _, name := range []string{"east", "west"} {
		e, ok, err := r.Export(ctx, sha256.Sum256([]byte(name)))
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		said += fmt.Sprintf(" %+v", e)
	}
	err = r.Each(ctx, func(row ledger.Row) error {
		row.Last = 0 // older versions have none
		said += fmt.Sprintf(" %+v %s", row, row.Recipient.AppendCanonical(nil))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return said
}

func versionOf(t *testing.T, path string) int {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path, "query_only(1)"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	n, err := userVersion(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestReaderOfOlder(t *testing.T) {
	for _, user := range olders {
		t.Run(strconv.Itoa(user), func(t *testing.T) {
			path := older(t, user)
			before := told(t, path)
			if versionOf(t, path) != user {
				t.Fatal("a reader changed the ledger")
			}
			migrated(t, path, user, before)
		})
	}
}

// migrated opens the ledger at path for writing and checks what became of it.
func migrated(t *testing.T, path string, user int, before string) {
	t.Helper()
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	backup := copyOf(path, user)
	for _, c := range []struct {
		path    string
		version int
	}{{path, version}, {backup, user}} {
		if got := versionOf(t, c.path); got != c.version {
			t.Errorf("%s has version %d, want %d", filepath.Base(c.path), got, c.version)
		}
		if told(t, c.path) != before {
			t.Errorf("%s holds something else than before", filepath.Base(c.path))
		}
	}
	info, err := os.Stat(backup)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy: %v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(halfCopy(path, user)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a half copy was left: %v", err)
	}
}

// What a killed process is told: how many steps it may do, on which ledger, and
// of which version that is.
const (
	envSteps   = "BREACHMAIL_TEST_STEPS"
	envLedger  = "BREACHMAIL_TEST_LEDGER"
	envVersion = "BREACHMAIL_TEST_VERSION"
)

// TestMigrationKilled kills a migration after each of its steps.
func TestMigrationKilled(t *testing.T) {
	if steps := os.Getenv(envSteps); steps != "" {
		migrateAndDie(t, os.Getenv(envLedger), os.Getenv(envVersion), steps)
	}
	for _, user := range olders {
		for n := range len(migration("", user)) + 1 {
			t.Run(fmt.Sprintf("%d after %d", user, n), func(t *testing.T) { killed(t, user, n) })
		}
	}
}

// killed kills the migration of a ledger of that version after n steps.
func killed(t *testing.T, user, n int) {
	path := older(t, user)
	before := told(t, path)
	child := exec.Command(os.Args[0], "-test.run=^TestMigrationKilled$")
	child.Env = append(os.Environ(), envSteps+"="+strconv.Itoa(n), envLedger+"="+path, envVersion+"="+strconv.Itoa(user))
	out, err := child.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the process was not killed: %v\n%s", err, out)
	}
	if told(t, path) != before {
		t.Error("the killed migration changed something")
	}
	if _, err := os.Stat(copyOf(path, user)); err == nil && told(t, copyOf(path, user)) != before {
		t.Error("the copy is not complete")
	}
	if n == 1 { // the copy was begun: leave half of one
		if err := os.WriteFile(halfCopy(path, user), []byte("SQLite format 3"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	migrated(t, path, user, before)
}

func migrateAndDie(t *testing.T, path, from, steps string) {
	n, err := strconv.Atoi(steps)
	if err != nil {
		t.Fatal(err)
	}
	user, err := strconv.Atoi(from)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range migration(path, user)[:n] {
		if err := step(ctx, conn); err != nil {
			t.Fatal(err)
		}
	}
	me, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := me.Kill(); err != nil {
		t.Fatal(err)
	}
	select {}
}

func TestMigrationMakesTheSchema(t *testing.T) {
	want := shape(t, sample(t))
	for _, user := range olders {
		old := older(t, user)
		migrated(t, old, user, told(t, old))
		if got := shape(t, old); !reflect.DeepEqual(got, want) {
			t.Errorf("a ledger migrated from version %d has\n%q\na new one\n%q", user, got, want)
		}
	}
}

// shape lists columns and indexes, in the order of their names.
func shape(t *testing.T, path string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var list []string
	err = each(context.Background(), db, `SELECT m.name, c.cid, c.name, c.type, c."notnull", coalesce(c.dflt_value, ''), c.pk
		FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'
		UNION ALL SELECT name, 0, coalesce(sql, ''), '', 0, '', 0 FROM sqlite_master WHERE type = 'index' ORDER BY 1, 2`, nil,
		func(scan scanner) error {
			var s [7]string
			err := scan(&s[0], &s[1], &s[2], &s[3], &s[4], &s[5], &s[6])
			list = append(list, strings.Join(s[:], " "))
			return err
		})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestNoMigrationWithoutCopy(t *testing.T) {
	path := older(t, 1)
	if err := os.Mkdir(copyOf(path, 1), 0o700); err != nil {
		t.Fatal(err)
	}
	if s, err := Open(context.Background(), path); err == nil {
		_ = s.Close()
		t.Fatal("a ledger was migrated without a copy")
	}
	if versionOf(t, path) != 1 {
		t.Error("the ledger was changed")
	}
	if _, err := os.Stat(halfCopy(path, 1)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a copy without its name was left: %v", err)
	}
}

// TestReplaceRejectOfVersionOne: rows set aside without marks stay counted, and
// a reader opened before the migration sees what happens after it.
func TestReplaceRejectOfVersionOne(t *testing.T) {
	ctx := context.Background()
	path := older(t, 1)
	r, err := OpenReader(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	check := func(want ledger.Rows, unmarked int64) {
		t.Helper()
		totals, err := r.Totals(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if totals.Rows != want || totals.Unmarked != unmarked {
			t.Errorf("got %+v with %d unmarked, want %+v with %d", totals.Rows, totals.Unmarked, want, unmarked)
		}
		if err := ledger.Audit(ctx, r); err != nil {
			t.Error(err)
		}
	}
	check(ledger.Rows{Read: 19, Merged: 5, Rejected: 4, AlreadyTold: 1}, 4)
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	waves := []ledger.Wave{{Name: "pilot", Recipients: 2}, {Name: "rest"}}
	_, err = s.Plan(ctx, waves, func(b ledger.Batcher) error {
		for _, m := range []notifier.Mark{{1}, {2}} {
			if err := b.AddReject(m); err != nil {
				return err
			}
		}
		if ok, err := b.ReplaceReject(notifier.Mark{1}); !ok || err != nil {
			return fmt.Errorf("it was not replaced: %w", err)
		}
		return b.AddExport(ledger.Export{Rows: 3, Merged: 1, Rejected: 2, Replaced: 1})
	})
	if err != nil {
		t.Fatal(err)
	}
	check(ledger.Rows{Read: 21, Merged: 6, Rejected: 5, AlreadyTold: 1}, 4)
}

// TestContentOfOlder: a ledger without this content has none, also while a reader
// is open that has seen no other, and takes them once it is migrated.
func TestContentOfOlder(t *testing.T) {
	ctx := context.Background()
	content := []byte("notice.txt as approved")
	digest := notifier.Digest(sha256.Sum256(content))
	for _, user := range olders {
		path := older(t, user)
		r, err := OpenReader(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		before, err := r.Approvals(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok, err := r.Content(ctx, digest); got != nil || ok || err != nil {
			t.Errorf("version %d: %q, %v, %v", user, got, ok, err)
		}
		s, err := Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Approve(ctx, ledger.Approval{By: "A. Counsel"}, [][]byte{content}); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if got, ok, err := r.Content(ctx, digest); string(got) != string(content) || !ok || err != nil {
			t.Errorf("version %d migrated: %q, %v, %v", user, got, ok, err)
		}
		list, err := r.Approvals(ctx)
		if err != nil || len(list) != len(before)+1 || list[0].Altered || list[len(before)].Altered || list[0].By != "A. Counsel, General Counsel" {
			t.Errorf("version %d: %+v, %v", user, list, err)
		}
		if err := ledger.Audit(ctx, r); err != nil {
			t.Error(err)
		}
	}
}
