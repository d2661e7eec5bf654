package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// rowColumns selects recipients from a ledger of that version.
func rowColumns(user int) string {
	latest := "consent, extra, last"
	switch {
	case user < versionMarks:
		latest = "0, NULL, 16777216"
	case user < versionTraces:
		latest = "consent, extra, 16777216"
	}
	return `SELECT id, key, wave, status, attempts, tries, first, due, coalesce(reason, ''),
		coalesce(address, ''), coalesce(name, ''), coalesce(phone, ''), coalesce(zip, ''), state,
		language, accounts, variant, ` + latest + ` FROM recipients `
}

// rowKinds are the kinds of values in the columns that rowColumns selects; see
// ofKinds.
const (
	rowKinds = "ibiiiiiittttttttiiti"
	rowWidth = len(rowKinds)
)

// rowScanner turns rows of recipients into ledger rows.
type rowScanner struct {
	waves    []string
	variants map[int64]notifier.Variant
}

func newRowScanner(ctx context.Context, q rowsQuerier) (rowScanner, error) {
	var n names
	err := n.load(ctx, q)
	return n.rowScanner(), err
}

func (n *names) rowScanner() rowScanner { return rowScanner{waves: n.waveOf, variants: n.byID} }

// row reads a row of rowColumns.
func (s *rowScanner) row(v []driverValue) (ledger.Row, error) {
	if err := ofKinds(v, rowKinds); err != nil {
		return ledger.Row{}, err
	}
	row := ledger.Row{Attempts: int(asInt(v[4])), Tries: int(asInt(v[5])), Status: statusOf[int(asInt(v[3]))], Last: asInt(v[19]) - noRow}
	r := &row.Recipient
	r.ID, r.Reason, r.ZIP, r.State, r.Consent = asInt(v[0]), asText(v[8]), asText(v[12]), asText(v[13]), asInt(v[17]) != 0
	copy(r.Key[:], asBytes(v[1]))
	r.Address, r.Name, r.Phone = notifier.NewAddress(asText(v[9])), notifier.NewName(asText(v[10])), notifier.NewPhone(asText(v[11]))
	r.Variant = s.variants[asInt(v[16])]
	r.Language = r.Variant.Language
	if v[14] != nil {
		r.Language = asText(v[14])
	}
	r.Channel = notifier.Email
	if asInt(v[3]) == stPostal {
		r.Channel = notifier.Postal
	}
	if wave := asInt(v[2]); v[2] != nil && wave >= 0 && wave < int64(len(s.waves)) {
		row.Wave = s.waves[wave]
	}
	if v[6] != nil {
		row.First = time.Unix(asInt(v[6]), 0)
	}
	if v[7] != nil {
		row.Due = time.UnixMilli(asInt(v[7]))
	}
	var err error
	if r.Accounts, err = decodeAccounts(asText(v[15])); err == nil {
		r.Extra, err = decodeExtra(asText(v[18]))
	}
	if err != nil {
		err = damaged("recipient %s: %s", r.Key, err)
	}
	return row, err
}

// Block reads block n of batch b.
func (r *Reader) Block(ctx context.Context, b ledger.Batch, n int) (ledger.Block, error) {
	var block ledger.Block
	err := r.short(ctx, func(conn *sql.Conn) error {
		user, err := userVersion(ctx, conn)
		if err != nil {
			return err
		}
		var digest []byte
		err = conn.QueryRowContext(ctx, "SELECT digest FROM blocks WHERE batch = ? AND n = ?", b.Number, n).Scan(&digest)
		if err != nil {
			return fmt.Errorf("%w: block %d of batch %d: %w", ledger.ErrDamaged, n, b.Number, err)
		}
		copy(block.Planned[:], digest)
		s, err := newRowScanner(ctx, conn)
		if err != nil {
			return err
		}
		block.Rows, err = readBlock(ctx, conn, user, &s, b, n)
		return err
	})
	return block, err
}

// readBlock reads the rows of block n of batch b.
func readBlock(ctx context.Context, conn *sql.Conn, user int, s *rowScanner, b ledger.Batch, n int) ([]ledger.Row, error) {
	from := b.First + int64(n)*notifier.BlockSize
	to := min(from+notifier.BlockSize-1, b.Last)
	rows := make([]ledger.Row, 0, to-from+1)
	err := rawRows(ctx, conn, rowColumns(user)+"WHERE id BETWEEN ? AND ? ORDER BY id", []any{from, to}, func(v []driverValue) error {
		row, err := s.row(v)
		row.Batch = b.Number
		rows = append(rows, row)
		return err
	})
	return rows, err
}

// short calls f with a connection in a transaction that only reads. When the
// context ends, the reads in it do, and only then the transaction.
func (r *Reader) short(ctx context.Context, f func(*sql.Conn) error) (err error) {
	whole := context.WithoutCancel(ctx)
	conn, err := r.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if r.frozen { // it is in a transaction, which stays
		return f(conn)
	}
	if _, err := conn.ExecContext(whole, "BEGIN"); err != nil {
		return err
	}
	defer func() {
		_, end := conn.ExecContext(whole, "ROLLBACK")
		err = errors.Join(err, end)
	}()
	return f(conn)
}

// NextPending returns the lowest id above after that is pending in wave.
func (r *Reader) NextPending(ctx context.Context, wave string, after int64) (int64, bool, error) {
	var id int64
	err := r.db.QueryRowContext(ctx, `SELECT id FROM recipients WHERE status = 10 AND wave = (SELECT n FROM waves WHERE name = ?) AND id > ? ORDER BY id LIMIT 1`,
		wave, after).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return id, err == nil, err
}

// inWave is true for recipients of the wave bound to ?1, for all where it is empty.
const inWave = "(?1 = '' OR wave = (SELECT n FROM waves WHERE name = ?1))"

// Deferred returns deferred recipients that are due by until.
func (r *Reader) Deferred(ctx context.Context, wave string, until time.Time, limit int) ([]ledger.Due, error) {
	var list []ledger.Due
	err := each(ctx, r.db, "SELECT id, due FROM recipients WHERE status = 11 AND due <= ?2 AND "+inWave+" ORDER BY due LIMIT ?3",
		[]any{wave, until.UnixMilli(), limit}, func(scan scanner) error {
			var d ledger.Due
			var at int64
			err := scan(&d.ID, &at)
			d.At = time.UnixMilli(at)
			list = append(list, d)
			return err
		})
	return list, err
}

// NextDue returns when the first deferred recipient after that time is due.
func (r *Reader) NextDue(ctx context.Context, wave string, after time.Time) (time.Time, bool, error) {
	var at int64
	err := r.db.QueryRowContext(ctx, "SELECT due FROM recipients WHERE status = 11 AND due > ?2 AND "+inWave+" ORDER BY due LIMIT 1",
		wave, after.UnixMilli()).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return time.UnixMilli(at), err == nil, err
}

// Blocks returns the digests batch b was planned with.
func (r *Reader) Blocks(ctx context.Context, b ledger.Batch) ([]notifier.Digest, error) {
	return readBlocks(ctx, r.db, b.Number)
}

func readBlocks(ctx context.Context, q rowsQuerier, batch int) ([]notifier.Digest, error) {
	var list []notifier.Digest
	err := each(ctx, q, "SELECT digest FROM blocks WHERE batch = ? ORDER BY n", []any{batch}, func(scan scanner) error {
		var b sql.RawBytes
		err := scan(&b)
		var d notifier.Digest
		copy(d[:], b)
		list = append(list, d)
		return err
	})
	return list, err
}

// Each calls f for every row by id. It reads block by block, each in a short
// transaction.
func (r *Reader) Each(ctx context.Context, f func(ledger.Row) error) error {
	batches, err := r.Batches(ctx)
	if err != nil {
		return err
	}
	for _, b := range batches {
		for n := range b.Blocks() {
			block, err := r.Block(ctx, b, n)
			if err != nil {
				return err
			}
			for _, row := range block.Rows {
				if err := f(row); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
