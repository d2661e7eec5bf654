package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// Purge removes personal data: from the rows in one transaction, then from the
// file's free pages and the WAL. Killed in between it is done again.
func (w *writer) Purge(ctx context.Context, p ledger.Purge) (ledger.Purged, error) {
	if err := w.alone(func(t *tx) error { return t.prepareScrub(w.path) }); err != nil {
		return ledger.Purged{}, err
	}
	var done ledger.Purged
	err := w.do(func(t *tx) error {
		before, err := readPurged(background, t.conn)
		if err != nil {
			return err
		}
		if before != nil && (before.ForgotKey || !p.ForgetKey) {
			done = *before
			return nil
		}
		done, err = t.purge(ctx, &p)
		return err
	})
	if err != nil {
		return done, err
	}
	return done, w.alone((*tx).scrub)
}

// prepareScrub has SQLite overwrite what it frees with zeros, and puts its
// temporary files beside the ledger instead of into memory.
func (t *tx) prepareScrub(path string) error {
	dir := strings.ReplaceAll(filepath.Dir(path), "'", "''")
	for _, query := range []string{"PRAGMA secure_delete = ON", "PRAGMA temp_store_directory = '" + dir + "'", "PRAGMA temp_store = FILE"} {
		if _, err := t.conn.ExecContext(background, query); err != nil {
			return err
		}
	}
	return nil
}

// scrub leaves nothing of deleted rows in any file.
func (t *tx) scrub() error {
	if _, err := t.conn.ExecContext(background, "VACUUM"); err != nil {
		return err
	}
	var busy, pages, moved int
	err := t.conn.QueryRowContext(background, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	if err == nil && busy != 0 {
		err = refuse(errors.New("another program reads the ledger, which keeps old pages in it (end it, and purge again)"))
	}
	return err
}

func (t *tx) purge(ctx context.Context, p *ledger.Purge) (ledger.Purged, error) {
	done := ledger.Purged{At: p.At.UTC().Truncate(time.Second), ForgotKey: p.ForgetKey}
	if _, err := t.recover(p.At); err != nil {
		return done, err
	}
	batches, err := readBatches(background, t.conn)
	if err != nil {
		return done, err
	}
	f := p.Trace
	if p.ForgetKey {
		f = nil
	}
	for _, b := range batches {
		done.People += b.Size()
		for n := range b.Blocks() {
			if err := ctx.Err(); err != nil {
				return done, refuse(err)
			}
			if err := t.purgeBlock(b, n, f); err != nil {
				return done, err
			}
		}
	}
	if err := t.purgeLate(f, p.ForgetKey); err != nil {
		return done, err
	}
	if err := t.writeTally(); err != nil {
		return done, err
	}
	if err := t.left(&done.Left); err != nil {
		return done, err
	}
	return done, t.decision(ledger.KindPurge, p.At, done)
}

// purgeBlock removes personal data from a block, once by f is kept by what its
// people are found. A block at a time keeps what SQLite would need to take the
// change back small.
func (t *tx) purgeBlock(b ledger.Batch, n int, f func(*notifier.Recipient) ledger.Traces) error {
	first := b.First + int64(n)*notifier.BlockSize
	var traced bool
	if err := t.queryRow("SELECT EXISTS(SELECT 1 FROM traces WHERE id = ?)", []any{first}, &traced); err != nil {
		return err
	}
	if f != nil && !traced {
		rows, err := t.block(b, n)
		if err != nil {
			return err
		}
		if err := t.retrace(first, rows, f); err != nil {
			return err
		}
	}
	_, err := t.exec("UPDATE recipients SET address = NULL, name = NULL, phone = NULL, zip = NULL, accounts = '', extra = NULL WHERE id BETWEEN ? AND ?",
		first, min(first+notifier.BlockSize-1, b.Last))
	return err
}

func (t *tx) purgeLate(f func(*notifier.Recipient) ledger.Traces, forget bool) error {
	type row struct {
		id       int64
		accounts string
	}
	var rows []row
	err := each(background, t, "SELECT rowid, accounts FROM late WHERE traces IS NULL AND accounts <> ''", nil, func(scan scanner) error {
		var r row
		err := scan(&r.id, &r.accounts)
		rows = append(rows, r)
		return err
	})
	for _, r := range rows {
		if err != nil {
			return err
		}
		var accounts []notifier.Held
		if accounts, err = decodeAccounts(r.accounts); err == nil {
			_, err = t.exec("UPDATE late SET traces = ? WHERE rowid = ?", lateTraces(accounts, f), r.id)
		}
	}
	if err != nil {
		return err
	}
	queries := []string{"UPDATE late SET accounts = ''"}
	if forget {
		queries = append(queries, "UPDATE late SET traces = NULL", "DELETE FROM traces")
	}
	for _, query := range queries {
		if _, err := t.exec(query); err != nil {
			return err
		}
	}
	return nil
}

// left counts where notices stand, by the tally.
func (t *tx) left(into *ledger.Notices) error {
	return each(background, t, "SELECT status, sum(n) FROM tally GROUP BY status", nil, func(scan scanner) error {
		var status int
		var n int64
		err := scan(&status, &n)
		if place := into.Of(statusOf[status]); place != nil {
			*place = n
		}
		return err
	})
}

// Purged tells when personal data was removed.
func (r *Reader) Purged(ctx context.Context) (*ledger.Purged, error) { return readPurged(ctx, r.db) }

func readPurged(ctx context.Context, q querier) (*ledger.Purged, error) {
	var p ledger.Purged
	seq, err := lastDecision(ctx, q, ledger.KindPurge, &p)
	if err != nil || seq == 0 {
		return nil, err
	}
	return &p, nil
}

// Reach counts those who are pending, deferred and unknown as the indexes have
// them, by which a run finds them.
func (r *Reader) Reach(ctx context.Context) (ledger.Notices, error) {
	var n ledger.Notices
	for query, into := range map[string]*int64{
		"SELECT count(*) FROM recipients INDEXED BY recipients_pending WHERE status = 10":  &n.Pending,
		"SELECT count(*) FROM recipients INDEXED BY recipients_deferred WHERE status = 11": &n.Deferred,
		"SELECT count(*) FROM recipients INDEXED BY recipients_unknown WHERE status = 14":  &n.Unknown,
	} {
		if err := r.db.QueryRowContext(ctx, query).Scan(into); err != nil {
			return n, err
		}
	}
	return n, nil
}

// Superseded calls f with the number of each row that another one came after.
func (r *Reader) Superseded(ctx context.Context, f func(seq int64) error) (bool, error) {
	user, err := userVersion(ctx, r.db)
	if err != nil || user < versionTraces {
		return false, err
	}
	return true, eachRaw(ctx, r.db, "SELECT prev FROM attempts WHERE prev IS NOT NULL", nil, func(row []driverValue) error {
		return f(asInt(row[0]))
	})
}
