package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// noRows turns sql.ErrNoRows into words; the store itself is well.
func noRows(err error, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return refuse(fmt.Errorf(format, args...))
	}
	return err
}

// begin opens a short transaction to read in. When the context ends, the reads
// in it do, and the caller ends the transaction: database/sql would do so at a
// time of its own, when the reader may be closed and another one be there.
func (r *Reader) begin(ctx context.Context) (view, error) {
	if r.frozen {
		return frozen{r.db}, nil
	}
	return r.db.BeginTx(context.WithoutCancel(ctx), nil)
}

// Totals returns the account.
func (r *Reader) Totals(ctx context.Context) (ledger.Totals, error) {
	var t ledger.Totals
	tx, err := r.begin(ctx)
	if err != nil {
		return t, err
	}
	defer func() { _ = tx.Rollback() }()
	return t, readTotals(ctx, tx, &t)
}

// bothQuerier reads one row or many.
type bothQuerier interface {
	querier
	rowsQuerier
}

func readTotals(ctx context.Context, q bothQuerier, t *ledger.Totals) error {
	if err := readRows(ctx, q, t); err != nil {
		return err
	}
	if err := readRecipients(ctx, q, &t.Recipients); err != nil {
		return err
	}
	if err := q.QueryRowContext(ctx, "SELECT "+begun).Scan(&t.Begun); err != nil {
		return err
	}
	return readNotices(ctx, q, t)
}

// begun is whether something was claimed once.
const begun = "(EXISTS(SELECT 1 FROM claims) OR EXISTS(SELECT 1 FROM attempts WHERE kind = 0))"

// replaced is exports.replaced in a ledger of that version.
func replaced(user int) string {
	if user < versionMarks {
		return "NULL"
	}
	return "replaced"
}

// readRows counts rows: one that was replaced is counted where its replacement
// stands.
func readRows(ctx context.Context, tx querier, t *ledger.Totals) error {
	user, err := userVersion(ctx, tx)
	if err != nil {
		return err
	}
	return tx.QueryRowContext(ctx, fmt.Sprintf(`SELECT coalesce(sum(rows - coalesce(%[1]s, 0)), 0), coalesce(sum(merged), 0),
		coalesce(sum(rejected - coalesce(%[1]s, 0)), 0), coalesce(sum(already_told), 0),
		coalesce(sum(rejected) FILTER (WHERE %[1]s IS NULL), 0) FROM exports`, replaced(user))).
		Scan(&t.Rows.Read, &t.Rows.Merged, &t.Rows.Rejected, &t.Rows.AlreadyTold, &t.Unmarked)
}

// readRecipients counts people: the total from the batches, the channels from
// the groups, so that the account can be checked.
func readRecipients(ctx context.Context, tx querier, into *ledger.Recipients) error {
	err := tx.QueryRowContext(ctx, "SELECT coalesce(sum(last - first + 1), 0) FROM batches").Scan(&into.Total)
	if err != nil {
		return err
	}
	return tx.QueryRowContext(ctx, `SELECT coalesce(sum(n) FILTER (WHERE channel = 'email'), 0),
		coalesce(sum(n) FILTER (WHERE channel = 'postal'), 0) FROM groups`).Scan(&into.Email, &into.Postal)
}

func readNotices(ctx context.Context, tx rowsQuerier, t *ledger.Totals) error {
	waves, err := readWaves(ctx, tx)
	if err != nil {
		return err
	}
	t.Waves = make([]ledger.WaveTotals, len(waves))
	for i, w := range waves {
		t.Waves[i].Name = w.Name
	}
	count := func(wave, status int, to notifier.Status, n int64) error {
		from := statusOf[status]
		if wave < 0 || wave >= len(waves) || from == "" {
			return fmt.Errorf("%w: the tally counts a status or wave that does not exist", ledger.ErrDamaged)
		}
		for _, notices := range []*ledger.Notices{&t.Notices, &t.Waves[wave].Notices} {
			if to == "" {
				*notices.Of(from) += n
				continue
			}
			*notices.Of(from) -= n
			*notices.Of(to) += n
		}
		return nil
	}
	read := func(query string, to notifier.Status) error {
		return each(ctx, tx, query, nil, func(scan scanner) error {
			var wave, status int
			var n int64
			if err := scan(&wave, &status, &n); err != nil {
				return err
			}
			return count(wave, status, to, n)
		})
	}
	if err := read("SELECT wave, status, n FROM tally", ""); err != nil {
		return err
	}
	return read("SELECT wave, was, count(*) FROM claims GROUP BY wave, was", notifier.InFlight)
}

// Export finds a planned export by its digest.
func (r *Reader) Export(ctx context.Context, d notifier.Digest) (ledger.Export, bool, error) {
	e := ledger.Export{Digest: d}
	user, err := userVersion(ctx, r.db)
	if err != nil {
		return ledger.Export{}, false, err
	}
	err = r.db.QueryRowContext(ctx, fmt.Sprintf(`SELECT name, batch, rows, recipients, merged, rejected, already_told,
		coalesce(%s, 0) FROM exports WHERE digest = ?`, replaced(user)), d[:]).
		Scan(&e.Name, &e.Batch, &e.Rows, &e.Recipients, &e.Merged, &e.Rejected, &e.AlreadyTold, &e.Replaced)
	if errors.Is(err, sql.ErrNoRows) {
		return ledger.Export{}, false, nil
	}
	return e, err == nil, err
}

// Batches returns all batches by number.
func (r *Reader) Batches(ctx context.Context) ([]ledger.Batch, error) { return readBatches(ctx, r.db) }

func readBatches(ctx context.Context, q rowsQuerier) ([]ledger.Batch, error) {
	var list []ledger.Batch
	err := each(ctx, q, "SELECT number, first, last, digest, at FROM batches ORDER BY number", nil, func(scan scanner) error {
		var b ledger.Batch
		var digest sql.RawBytes
		var at int64
		err := scan(&b.Number, &b.First, &b.Last, &digest, &at)
		copy(b.Digest[:], digest)
		b.At = time.Unix(at, 0)
		list = append(list, b)
		return err
	})
	return list, err
}

// Groups returns the recipients counted by batch, channel, state and variant.
func (r *Reader) Groups(ctx context.Context) ([]ledger.Group, error) {
	variants, err := readVariants(ctx, r.db)
	if err != nil {
		return nil, err
	}
	var list []ledger.Group
	err = each(ctx, r.db, "SELECT batch, channel, state, reason, variant, n FROM groups WHERE n > 0 ORDER BY 1, 2, 3, 4, 5", nil, func(scan scanner) error {
		var g ledger.Group
		var v int64
		err := scan(&g.Batch, &g.Channel, &g.State, &g.Reason, &v, &g.Count)
		g.Variant = variants[v]
		list = append(list, g)
		return err
	})
	return list, err
}

func (r *Reader) decisions(ctx context.Context, kind ledger.Kind, f func(seq int64, note string) error) error {
	code, err := kindCode(kind)
	if err != nil {
		return err
	}
	return each(ctx, r.db, "SELECT seq, note FROM attempts WHERE kind = ? AND kind <> 0 ORDER BY seq", []any{code}, func(scan scanner) error {
		var seq int64
		var note string
		if err := scan(&seq, &note); err != nil {
			return err
		}
		return f(seq, note)
	})
}

// Halted returns the halt that stands, or nil.
func (r *Reader) Halted(ctx context.Context) (*ledger.Halt, error) {
	var halt *ledger.Halt
	var at int64
	err := r.decisions(ctx, ledger.KindHalt, func(seq int64, note string) error {
		halt, at = new(ledger.Halt), seq
		return json.Unmarshal([]byte(note), halt)
	})
	if err != nil {
		return nil, err
	}
	err = r.decisions(ctx, ledger.KindClearHalt, func(seq int64, _ string) error {
		if seq > at {
			halt = nil
		}
		return nil
	})
	if halt != nil && halt.Samples == nil {
		halt.Samples = []string{}
	}
	return halt, err
}

// Released tells which gates were opened.
func (r *Reader) Released(ctx context.Context) (map[string]bool, error) {
	opened := map[string]bool{}
	err := r.decisions(ctx, ledger.KindRelease, func(_ int64, note string) error {
		var n gateRelease
		err := json.Unmarshal([]byte(note), &n)
		if n.Wave != "" {
			opened[n.Wave] = true
		}
		return err
	})
	return opened, err
}
