package sqlite

import (
	"context"
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
	if _, err := t.exec("UPDATE recipients SET wave = ? WHERE status = 10 AND wave <> ?", last, last); err != nil {
		return err
	}
	if err := t.writeTally(); err != nil {
		return err
	}
	var n int64
	if err := t.queryRow("SELECT coalesce(sum(n), 0) FROM tally", nil, &n); err != nil {
		return err
	}
	if _, err := t.exec("DELETE FROM tally"); err != nil {
		return err
	}
	if n > 0 {
		t.tally[tallyKey{last, stPending}] += n
	}
	return nil
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
	var total int64
	if err := t.queryRow("SELECT coalesce(sum(n), 0) FROM tally", nil, &total); err != nil {
		return err
	}
	last := len(waves) - 1
	for n, w := range waves[:last] {
		want := w.Recipients
		if w.Percent > 0 {
			want = int64(math.Ceil(float64(total) * w.Percent / 100))
		}
		res, err := t.exec(`UPDATE recipients SET wave = ?1 WHERE id IN
			(SELECT id FROM recipients WHERE status = 10 AND wave = ?2 ORDER BY id LIMIT ?3)`, n, last, want)
		if err != nil {
			return err
		}
		moved, err := res.RowsAffected()
		if err != nil {
			return err
		}
		t.tally[tallyKey{last, stPending}] -= moved
		t.tally[tallyKey{n, stPending}] += moved
	}
	return nil
}
