package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"breachmail/notifier/internal/atomicfile"
)

// migrations leads from each older version of the schema to the next one.
var migrations = map[int][]string{
	1: {
		"ALTER TABLE exports ADD COLUMN replaced INTEGER",
		"ALTER TABLE recipients ADD COLUMN consent INTEGER NOT NULL DEFAULT 0",
		"ALTER TABLE recipients ADD COLUMN extra TEXT",
		rejectsTable,
		lateIndex,
	},
	2: {contentsTable, keylessIndex},
	3: {sentTable, fillSent},
	4: {
		"ALTER TABLE recipients ADD COLUMN last INTEGER NOT NULL DEFAULT 16777216",
		"ALTER TABLE attempts ADD COLUMN prev INTEGER",
		"ALTER TABLE late ADD COLUMN traces BLOB",
		tracesTables,
		linkRows,
		prevIndex,
	},
	5: {aftermathTables},
}

// migrate brings the ledger at path to this version's schema. A ledger with
// something in it is first copied to path.vN.bak, N being its version. Killed
// at any point it is done again by the next call; the ledger has one version
// or the other.
func migrate(ctx context.Context, conn *sql.Conn, path string) error {
	if err := checkVersion(ctx, conn); err != nil {
		return err
	}
	from, err := userVersion(ctx, conn)
	if err != nil || from == version {
		return err
	}
	for _, step := range migration(path, from) {
		if err := step(ctx, conn); err != nil {
			_ = os.Remove(halfCopy(path, from)) // it holds personal data; there may be none
			return fmt.Errorf("bring the ledger from version %d to %d: %w (it is as it was; run the command again once this is put right)", from, version, err)
		}
	}
	return nil
}

func userVersion(ctx context.Context, q querier) (int, error) {
	var n int
	err := q.QueryRowContext(ctx, "PRAGMA user_version").Scan(&n)
	return n, err
}

// copyOf names the copy of a ledger as it was in that version, halfCopy what
// that is called until it is complete.
func copyOf(path string, user int) string   { return fmt.Sprintf("%s.v%d.bak", path, user) }
func halfCopy(path string, user int) string { return copyOf(path, user) + ".tmp" }

type step func(context.Context, *sql.Conn) error

// migration lists the steps from a version to this one. All that changes the
// ledger is one transaction, and the copy is complete before it begins.
func migration(path string, from int) []step {
	if from == 0 {
		return transaction(schema, fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	}
	half := halfCopy(path, from)
	steps := []step{
		func(context.Context, *sql.Conn) error { return emptyFile(half) },
		statement("VACUUM INTO ?", uri(half)),
		func(context.Context, *sql.Conn) error { return atomicfile.Publish(half, copyOf(path, from)) },
	}
	var changes []string
	for v := from; v < version; v++ {
		changes = append(changes, migrations[v]...)
	}
	return append(steps, transaction(changes...)...)
}

// transaction makes a ledger of this version by the given statements.
func transaction(changes ...string) []step {
	steps := []step{statement("BEGIN IMMEDIATE")}
	for _, c := range changes {
		steps = append(steps, statement(c))
	}
	return append(steps, statement(fmt.Sprintf("PRAGMA user_version = %d", version)), statement("COMMIT"))
}

func statement(query string, args ...any) step {
	return func(ctx context.Context, conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, query, args...)
		return err
	}
}

// emptyFile makes a file with mode 0600 in the place of what a killed
// migration left there.
func emptyFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}
