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

// versionOne is a ledger of version 1 in a directory of its own.
func versionOne(t *testing.T) (path string) {
	t.Helper()
	script, err := os.ReadFile(filepath.Join("testdata", "v1.sql"))
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

// contents is what readers say of the ledger at path, which must be in order.
func contents(t *testing.T, path string) string {
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

func TestReaderOfVersionOne(t *testing.T) {
	path := versionOne(t)
	before := contents(t, path)
	if versionOf(t, path) != 1 {
		t.Fatal("a reader changed the ledger")
	}
	migrated(t, path, before)
}

// migrated opens the ledger at path for writing and checks what became of it.
func migrated(t *testing.T, path, before string) {
	t.Helper()
	s, err := Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	backup := path + ".v1.bak"
	for _, c := range []struct {
		path    string
		version int
	}{{path, version}, {backup, 1}} {
		if got := versionOf(t, c.path); got != c.version {
			t.Errorf("%s has version %d, want %d", filepath.Base(c.path), got, c.version)
		}
		if contents(t, c.path) != before {
			t.Errorf("%s holds something else than before", filepath.Base(c.path))
		}
	}
	info, err := os.Stat(backup)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy: %v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(halfCopy(path, 1)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a half copy was left: %v", err)
	}
}

// What a killed process is told: how many steps it may do, on which ledger.
const (
	envSteps  = "BREACHMAIL_TEST_STEPS"
	envLedger = "BREACHMAIL_TEST_LEDGER"
)

// TestMigrationKilled kills a migration after each of its steps.
func TestMigrationKilled(t *testing.T) {
	if steps := os.Getenv(envSteps); steps != "" {
		migrateAndDie(t, os.Getenv(envLedger), steps)
	}
	for n := range len(migration("", 1)) + 1 {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			path := versionOne(t)
			before := contents(t, path)
			child := exec.Command(os.Args[0], "-test.run=^TestMigrationKilled$")
			child.Env = append(os.Environ(), envSteps+"="+strconv.Itoa(n), envLedger+"="+path)
			out, err := child.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.Exited() {
				t.Fatalf("the process was not killed: %v\n%s", err, out)
			}
			if contents(t, path) != before {
				t.Error("the killed migration changed something")
			}
			if _, err := os.Stat(path + ".v1.bak"); err == nil && contents(t, path+".v1.bak") != before {
				t.Error("the copy is not complete")
			}
			if n == 1 { // the copy was begun: leave half of one
				if err := os.WriteFile(halfCopy(path, 1), []byte("SQLite format 3"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			migrated(t, path, before)
		})
	}
}

func migrateAndDie(t *testing.T, path, steps string) {
	n, err := strconv.Atoi(steps)
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
	for _, step := range migration(path, 1)[:n] {
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
	old := versionOne(t)
	migrated(t, old, contents(t, old))
	if got, want := shape(t, old), shape(t, sample(t)); !reflect.DeepEqual(got, want) {
		t.Errorf("a migrated ledger has\n%q\na new one\n%q", got, want)
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
	path := versionOne(t)
	if err := os.Mkdir(path+".v1.bak", 0o700); err != nil {
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
	path := versionOne(t)
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
