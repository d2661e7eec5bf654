package sqlite

import (
	"context"
	"database/sql"
	"os"
	"slices"
	"strings"

	"breachmail/notifier/ledger"
)

// What is looked at when a ledger is opened has to take the same time whatever
// its size: verify reads the rest.
const smallLedger = 16 << 20 // bytes; one that is no larger is checked page by page

// check looks for signs that the ledger was damaged: a file that was cut off,
// tables that are gone, an account that does not close, and in a small one every
// page.
func check(ctx context.Context, conn *sql.Conn, path string) error {
	for _, look := range []func(context.Context, *sql.Conn, string) error{checkLength, checkTables, checkPages, checkAccount} {
		if err := look(ctx, conn, path); err != nil {
			return err
		}
	}
	return nil
}

// checkLength compares the file with what it says is in it. What is in the WAL
// only was copied before.
func checkLength(ctx context.Context, conn *sql.Conn, path string) error {
	pages, size, err := pagesOf(ctx, conn)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	wal, err := os.Stat(path + "-wal")
	if err == nil && wal.Size() > 0 {
		return nil
	}
	if want := pages * size; info.Size() < want {
		return damaged("it was cut off: it has %d bytes, and %d were written", info.Size(), want)
	}
	return nil
}

func pagesOf(ctx context.Context, conn *sql.Conn) (pages, size int64, err error) {
	if err = conn.QueryRowContext(ctx, "PRAGMA page_count").Scan(&pages); err == nil {
		err = conn.QueryRowContext(ctx, "PRAGMA page_size").Scan(&size)
	}
	return pages, size, err
}

// ours are the tables and indexes of this version.
var ours = func() []string {
	var list []string
	for statement := range strings.SplitSeq(schema, "CREATE ") {
		statement = strings.TrimPrefix(statement, "UNIQUE ")
		statement = strings.NewReplacer("TABLE IF NOT EXISTS ", "TABLE ").Replace(statement)
		words := strings.FieldsFunc(statement, func(c rune) bool { return c == ' ' || c == '(' || c == '\n' })
		if len(words) > 1 && (words[0] == "TABLE" || words[0] == "INDEX") {
			list = append(list, words[1])
		}
	}
	return list
}()

// checkTables: a run that finds nobody because an index is gone would call itself
// done.
func checkTables(ctx context.Context, conn *sql.Conn, _ string) error {
	var have []string
	err := each(ctx, conn, "SELECT name FROM sqlite_master", nil, func(scan scanner) error {
		var name string
		err := scan(&name)
		have = append(have, name)
		return err
	})
	if err != nil {
		return err
	}
	for _, name := range ours {
		if !slices.Contains(have, name) {
			return damaged("%s is gone from it", name)
		}
	}
	return nil
}

func checkPages(ctx context.Context, conn *sql.Conn, _ string) error {
	pages, size, err := pagesOf(ctx, conn)
	if err != nil || pages*size > smallLedger {
		return err
	}
	var verdict string
	err = conn.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict)
	if err == nil && verdict != "ok" {
		err = damaged("%s", strings.ReplaceAll(verdict, "\n", " "))
	}
	return err
}

// checkAccount adds the account up.
func checkAccount(ctx context.Context, conn *sql.Conn, _ string) error {
	var t ledger.Totals
	if err := readTotals(ctx, conn, &t); err != nil {
		return err
	}
	return t.Check()
}
