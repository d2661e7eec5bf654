package main

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ledgerContent returns the rows of every table of a campaign's ledger, one a
// line, without times; it is empty where there is no ledger.
func ledgerContent(t *testing.T, dir string) map[string]string {
	t.Helper()
	return eachTable(t, dir, rowsOf)
}

// ledgerSizes returns how many rows every table has, which is quicker.
func ledgerSizes(t *testing.T, dir string) map[string]string {
	t.Helper()
	return eachTable(t, dir, func(t *testing.T, db *sql.DB, table string) string {
		return queryColumn(t, db, fmt.Sprintf("SELECT nullif(count(*), 0) || ' rows' FROM %q", table))[0].String
	})
}

// eachTable returns what f says of the tables of a ledger, where it says
// something. It reads a copy: whoever opens a ledger after a kill takes its WAL
// in, and that is for the program to do.
func eachTable(t *testing.T, dir string, f func(t *testing.T, db *sql.DB, table string) string) map[string]string {
	t.Helper()
	copied := t.TempDir()
	defer func() { _ = os.RemoveAll(copied) }() // there are many
	for _, name := range []string{"ledger.db", "ledger.db-wal"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(copied, name), b, 0o600)
		}
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite", filepath.Join(copied, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	said := map[string]string{}
	for _, table := range queryColumn(t, db, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%'") {
		if text := f(t, db, table.String); text != "" {
			said[table.String] = text
		}
	}
	return said
}

// timeColumns are the columns that hold times, and the one that hashes them.
var timeColumns = []string{"at", "claimed", "known", "chain"}

// rowsOf returns the rows of a table, without times and in an order of their
// own.
func rowsOf(t *testing.T, db *sql.DB, table string) string {
	t.Helper()
	var fields []string
	for _, name := range queryColumn(t, db, "SELECT name FROM pragma_table_info(?)", table) {
		if !slices.Contains(timeColumns, name.String) {
			fields = append(fields, fmt.Sprintf("quote(%q)", name.String))
		}
	}
	var rows []string
	for _, row := range queryColumn(t, db, fmt.Sprintf("SELECT %s FROM %q", strings.Join(fields, " || ',' || "), table)) {
		rows = append(rows, row.String)
	}
	slices.Sort(rows)
	return strings.Join(rows, "\n")
}

// queryColumn returns the only column that a query gives.
func queryColumn(t *testing.T, db *sql.DB, query string, args ...any) []sql.NullString {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	var list []sql.NullString
	for rows.Next() {
		var s sql.NullString
		if err := rows.Scan(&s); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return list
}

// filesIn returns the mode of each file and folder of a campaign, and what is in
// those below out; lock and ledger hold times.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	list := map[string]string{}
	walkTree(t, dir, func(name string, info fs.FileInfo) error {
		list[name] = info.Mode().String()
		if info.IsDir() || !strings.HasPrefix(name, "out"+string(filepath.Separator)) {
			return nil
		}
		b, err := os.ReadFile(filepath.Join(dir, name))
		list[name] += "\n" + string(b)
		return err
	})
	return list
}

// copyTree makes to a copy of the directory from; what was there is removed.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	walkTree(t, from, func(name string, info fs.FileInfo) error {
		if info.IsDir() {
			return os.Mkdir(filepath.Join(to, name), info.Mode().Perm())
		}
		b, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), b, info.Mode().Perm())
	})
}

// walkTree calls f for everything in dir, and dir itself, by its name in dir.
func walkTree(t *testing.T, dir string, f func(name string, info fs.FileInfo) error) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return f(name, info)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// differences says, for each name whose text is not the same in both, how many
// lines there are and which are the first that differ. The people are made up.
func differences(want, got map[string]string) []string {
	names := map[string]bool{}
	for _, m := range []map[string]string{want, got} {
		for name := range m {
			names[name] = true
		}
	}
	var list []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if want[name] == got[name] {
			continue
		}
		w, g := strings.Split(want[name], "\n"), strings.Split(got[name], "\n")
		at := 0
		for at < min(len(w), len(g))-1 && w[at] == g[at] {
			at++
		}
		list = append(list, fmt.Sprintf("%s: %d lines, not %d; line %d is\n  %s\nnot\n  %s", name, len(g), len(w), at+1, g[at], w[at]))
	}
	return list
}
