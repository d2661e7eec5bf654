package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"breachmail/notifier/internal/atomicfile"
	"breachmail/notifier/ledger"
)

// Backup copies the ledger at path, as it is at one moment, into the new file to,
// also while a sender writes. The copy is marked as one, so that Start refuses it,
// and is complete or absent. It holds personal data and has mode 0600.
func Backup(ctx context.Context, path, to string, at time.Time) (ledger.Copy, error) {
	r, err := OpenReader(ctx, path) // what cannot be read is named as what it is
	if err != nil {
		return ledger.Copy{}, err
	}
	if err := r.Close(); err != nil {
		return ledger.Copy{}, err
	}
	half := to + ".tmp"
	c, err := backup(ctx, path, half, at)
	if err != nil {
		return c, errors.Join(fmt.Errorf("%s: %w", to, err), removeHalf(half))
	}
	return c, atomicfile.Publish(half, to)
}

func backup(ctx context.Context, path, half string, at time.Time) (c ledger.Copy, err error) {
	if err := emptyFile(half); err != nil {
		return c, err
	}
	if err := onOne(ctx, path, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, "VACUUM INTO ?", uri(half))
		return err
	}); err != nil {
		return c, err
	}
	err = onOne(ctx, half, func(conn *sql.Conn) error {
		c, err = markCopy(ctx, conn, at)
		return err
	}, "synchronous(FULL)")
	return c, err
}

// markCopy makes a ledger of any version a copy.
func markCopy(ctx context.Context, conn *sql.Conn, at time.Time) (ledger.Copy, error) {
	c := ledger.Copy{At: at.UTC().Truncate(time.Second)}
	h, err := readHead(ctx, conn)
	if err != nil {
		return c, err
	}
	c.Seq, c.Head = h.seq, h.chain
	text, err := json.Marshal(copyFact{Copy: c, Head: h.chain.String()})
	if err != nil {
		return c, err
	}
	if _, err := conn.ExecContext(ctx, factsTable); err != nil {
		return c, err
	}
	_, err = conn.ExecContext(ctx, "INSERT OR REPLACE INTO facts VALUES(?, ?)", factCopied, string(text))
	return c, err
}

// onOne does something on a connection of its own to the ledger at path.
func onOne(ctx context.Context, path string, do func(*sql.Conn) error, pragmas ...string) (err error) {
	db, err := sql.Open("sqlite", dsn(path, pragmas...))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return do(conn)
}

// removeHalf removes what a copy that failed has left.
func removeHalf(half string) error {
	for _, name := range []string{half, half + "-journal"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
