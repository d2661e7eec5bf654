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

func (s *rowScanner) scan(scan scanner) (ledger.Row, error) {
	var row ledger.Row
	r := &row.Recipient
	var key sql.RawBytes
	var wave, first, due sql.NullInt64
	var status int
	var language, extra sql.NullString
	var address, name, phone, accounts string
	var variant int64
	err := scan(&r.ID, &key, &wave, &status, &row.Attempts, &row.Tries, &first, &due, &r.Reason,
		&address, &name, &phone, &r.ZIP, &r.State, &language, &accounts, &variant,
		&r.Consent, &extra, &row.Last)
	if err != nil {
		return row, err
	}
	row.Last -= noRow
	copy(r.Key[:], key)
	r.Address, r.Name, r.Phone = notifier.NewAddress(address), notifier.NewName(name), notifier.NewPhone(phone)
	r.Variant = s.variants[variant]
	r.Language = r.Variant.Language
	if language.Valid {
		r.Language = language.String
	}
	r.Channel = notifier.Email
	if status == stPostal {
		r.Channel = notifier.Postal
	}
	row.Status = statusOf[status]
	if wave.Valid && wave.Int64 >= 0 && wave.Int64 < int64(len(s.waves)) {
		row.Wave = s.waves[wave.Int64]
	}
	if first.Valid {
		row.First = time.Unix(first.Int64, 0)
	}
	if due.Valid {
		row.Due = time.UnixMilli(due.Int64)
	}
	if r.Accounts, err = decodeAccounts(accounts); err == nil {
		r.Extra, err = decodeExtra(extra.String)
	}
	if err != nil {
		err = fmt.Errorf("%w: recipient %s: %s", ledger.ErrDamaged, r.Key, err)
	}
	return row, err
}

// Block reads block n of batch b.
func (r *Reader) Block(ctx context.Context, b ledger.Batch, n int) (ledger.Block, error) {
	var block ledger.Block
	tx, err := r.begin(ctx)
	if err != nil {
		return block, err
	}
	defer func() { _ = tx.Rollback() }()
	user, err := userVersion(ctx, tx)
	if err != nil {
		return block, err
	}
	var digest []byte
	err = tx.QueryRowContext(ctx, "SELECT digest FROM blocks WHERE batch = ? AND n = ?", b.Number, n).Scan(&digest)
	if err != nil {
		return block, fmt.Errorf("%w: block %d of batch %d: %w", ledger.ErrDamaged, n, b.Number, err)
	}
	copy(block.Planned[:], digest)
	s, err := newRowScanner(ctx, tx)
	if err != nil {
		return block, err
	}
	from := b.First + int64(n)*notifier.BlockSize
	to := min(from+notifier.BlockSize-1, b.Last)
	block.Rows = make([]ledger.Row, 0, to-from+1)
	err = each(ctx, tx, rowColumns(user)+"WHERE id BETWEEN ? AND ? ORDER BY id", []any{from, to}, func(scan scanner) error {
		row, err := s.scan(scan)
		row.Batch = b.Number
		block.Rows = append(block.Rows, row)
		return err
	})
	return block, err
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
