package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"

	"breachmail/notifier/ledger"
)

// Cut cuts the waves anew.
func (w *writer) Cut(_ context.Context, waves []ledger.Wave) error {
	return w.do(func(t *tx) error {
		have, err := readWaves(background, t.conn)
		if err != nil || slices.Equal(have, waves) {
			return err
		}
		begun, err := t.begun()
		if err != nil {
			return err
		}
		if begun {
			return refuse(ledger.ErrBegun)
		}
		if err := t.prepareWaves(waves); err != nil {
			return err
		}
		return t.cut(waves)
	})
}

func (t *tx) begun() (bool, error) {
	var begun bool
	err := t.queryRow("SELECT EXISTS(SELECT 1 FROM claims) OR EXISTS(SELECT 1 FROM attempts WHERE kind = 0)", nil, &begun)
	return begun, err
}

// prepareWaves writes the table of waves. Before anything was claimed they may
// be others than before; then everyone is in the last one until cut.
func (t *tx) prepareWaves(waves []ledger.Wave) error {
	begun, err := t.begun()
	if err != nil {
		return err
	}
	have, err := readWaves(background, t.conn)
	if err != nil {
		return err
	}
	if begun {
		if !slices.Equal(have, waves) {
			return refuse(ledger.ErrBegun)
		}
		return nil
	}
	if len(waves) == 0 {
		return refuse(errors.New("there is no wave"))
	}
	if _, err := t.exec("DELETE FROM waves"); err != nil {
		return err
	}
	for n, w := range waves {
		if _, err := t.exec("INSERT INTO waves VALUES(?, ?, ?, ?)", n, w.Name, w.Recipients, w.Percent); err != nil {
			return err
		}
	}
	if err := t.gather(len(waves) - 1); err != nil {
		return err
	}
	return t.names.load(background, t.conn)
}

// gather puts every email recipient into the last wave.
func (t *tx) gather(last int) error {
	if err := t.writeTally(); err != nil {
		return err
	}
	waves, total, err := t.sizes()
	if err != nil {
		return err
	}
	for _, n := range waves {
		if n == last {
			continue
		}
		var low, high sql.NullInt64
		err := t.queryRow(`SELECT (SELECT id FROM recipients WHERE status = 10 AND wave = ?1 ORDER BY id LIMIT 1),
			(SELECT id FROM recipients WHERE status = 10 AND wave = ?1 ORDER BY id DESC LIMIT 1)`, []any{n}, &low, &high)
		if err != nil {
			return err
		}
		if _, err := t.shift(n, last, low.Int64, high.Int64); err != nil {
			return err
		}
	}
	if _, err := t.exec("DELETE FROM tally"); err != nil {
		return err
	}
	if total > 0 {
		t.tally[tallyKey{last, stPending}] += total
	}
	return nil
}

// sizes returns the waves that the tally knows and how many are in all of them.
func (t *tx) sizes() (waves []int, total int64, err error) {
	err = each(background, t.conn, "SELECT wave, sum(n) FROM tally GROUP BY wave", nil, func(scan scanner) error {
		var wave int
		var n int64
		err := scan(&wave, &n)
		waves, total = append(waves, wave), total+n
		return err
	})
	return waves, total, err
}

// shift moves the pending recipients among those ids from one wave to another.
// It goes by the ids and not by the index, which changes meanwhile: SQLite
// would first have to list them all in memory.
func (t *tx) shift(from, to int, low, high int64) (int64, error) {
	res, err := t.exec("UPDATE recipients NOT INDEXED SET wave = ? WHERE id BETWEEN ? AND ? AND status = 10 AND wave = ?", to, low, high, from)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// cut moves recipients, in the order of their ids, from the last wave into the
// waves before it. It does nothing once sending has begun.
func (t *tx) cut(waves []ledger.Wave) error {
	begun, err := t.begun()
	if err != nil || begun {
		return err
	}
	if err := t.writeTally(); err != nil {
		return err
	}
	_, total, err := t.sizes()
	if err != nil {
		return err
	}
	last, after := len(waves)-1, int64(0)
	for n, w := range waves[:last] {
		want := w.Recipients
		if w.Percent > 0 {
			want = int64(math.Ceil(float64(total) * w.Percent / 100))
		}
		high, err := t.nth(last, after, want)
		if err != nil {
			return err
		}
		moved, err := t.shift(last, n, after+1, high)
		if err != nil {
			return err
		}
		t.tally[tallyKey{last, stPending}] -= moved
		t.tally[tallyKey{n, stPending}] += moved
		after = high
	}
	return nil
}

// nth returns the id of the nth pending recipient of a wave with an id above
// after, the highest id of all where there are fewer, and after where n is 0.
func (t *tx) nth(wave int, after, n int64) (int64, error) {
	if n <= 0 {
		return after, nil
	}
	var id int64
	err := t.queryRow("SELECT id FROM recipients WHERE status = 10 AND wave = ? AND id > ? ORDER BY id LIMIT 1 OFFSET ?", []any{wave, after, n - 1}, &id)
	if errors.Is(err, sql.ErrNoRows) {
		err = t.queryRow("SELECT coalesce(max(id), 0) FROM recipients", nil, &id)
	}
	return id, err
}
