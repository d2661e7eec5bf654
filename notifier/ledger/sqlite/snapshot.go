package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// view is what a reader reads in.
type view interface {
	bothQuerier
	Rollback() error
}

// frozen is a view of a reader that sees one moment anyway.
type frozen struct{ *sql.DB }

// Rollback has nothing to end.
func (frozen) Rollback() error { return nil }

// OpenSnapshot is OpenReader, but all that is read is the ledger as it is at
// this moment, whatever is written meanwhile. Until it is closed the WAL cannot
// be begun anew: it is for reading everything once, not for looking around.
func OpenSnapshot(ctx context.Context, path string) (*Reader, error) {
	r, err := OpenReader(ctx, path)
	if err != nil || r.still {
		return r, err
	}
	if err := r.freeze(ctx, path); err != nil {
		return nil, errors.Join(describe(path, err), r.Close())
	}
	return r, nil
}

// freezing is how often freeze tries: somebody would have to commit between two
// statements that often in a row.
const freezing = 1000

// freeze begins a transaction on each of the two connections of the pool. Both
// see the same when nothing was committed between the two, which a third
// connection tells.
func (r *Reader) freeze(ctx context.Context, path string) (err error) {
	var pool [2]*sql.Conn
	for i := range pool {
		if pool[i], err = r.db.Conn(ctx); err != nil {
			return err
		}
		defer func() { _ = pool[i].Close() }() // it goes back to the pool
	}
	return onOne(ctx, path, func(watch *sql.Conn) error {
		for range freezing {
			if r.frozen, err = beginTogether(ctx, pool[0], pool[1], watch); err != nil || r.frozen {
				return err
			}
		}
		return errors.New("the ledger is written so often that no single moment of it can be read (try again)")
	}, "query_only(1)")
}

// beginTogether begins a transaction on a and on b, and reports whether both see
// the same. Where they do not, it has ended them.
func beginTogether(ctx context.Context, a, b, watch *sql.Conn) (same bool, err error) {
	before, err := dataVersion(ctx, watch)
	if err != nil {
		return false, err
	}
	for _, c := range []*sql.Conn{a, b} {
		if _, err := c.ExecContext(ctx, "BEGIN"); err != nil {
			return false, err
		}
		if _, err := userVersion(ctx, c); err != nil { // the first read is the moment
			return false, err
		}
	}
	after, err := dataVersion(ctx, watch)
	if err != nil || before == after {
		return true, err
	}
	for _, c := range []*sql.Conn{a, b} {
		if _, err := c.ExecContext(ctx, "ROLLBACK"); err != nil {
			return false, err
		}
	}
	return false, nil
}

// dataVersion changes when another connection has committed.
func dataVersion(ctx context.Context, c *sql.Conn) (n int64, err error) {
	err = c.QueryRowContext(ctx, "PRAGMA data_version").Scan(&n)
	return n, err
}
