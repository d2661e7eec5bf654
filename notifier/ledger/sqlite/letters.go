package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// factWritten is the number of the last list of letters that was written to a file.
const factWritten = "letters_written"

// List lists people for letters.
func (w *writer) List(ctx context.Context, at time.Time, due func(*ledger.Row) bool) (ledger.Listing, error) {
	var l ledger.Listing
	err := w.do(func(t *tx) error {
		if p, err := readPurged(background, t.conn); err != nil || p != nil {
			return errors.Join(err, refuse(ledger.ErrPurged))
		}
		var last ledger.Listing
		if _, err := lastDecision(background, t.conn, ledger.KindListed, &last); err != nil {
			return err
		}
		l = ledger.Listing{Number: last.Number + 1, At: at}
		batches, err := readBatches(background, t.conn)
		if err != nil {
			return err
		}
		digest := notifier.NewKeysDigest()
		for _, b := range batches {
			for n := range b.Blocks() {
				if err := ctx.Err(); err != nil {
					return refuse(err)
				}
				if err := t.listBlock(b, n, &l, digest, due); err != nil {
					return err
				}
			}
		}
		if l.People == 0 {
			l = ledger.Listing{}
			return nil
		}
		l.Digest = digest.Sum().String()
		err = t.decision(ledger.KindListed, at, l)
		l.Seq = t.head.seq
		return err
	})
	return l, err
}

// listBlock lists those of a block.
func (t *tx) listBlock(b ledger.Batch, n int, l *ledger.Listing, digest *notifier.KeysDigest, due func(*ledger.Row) bool) error {
	rows, err := t.block(b, n)
	if err != nil || len(rows) == 0 {
		return err
	}
	listed := map[int64]bool{}
	err = each(background, t, "SELECT id FROM letters WHERE id BETWEEN ? AND ?", []any{rows[0].Recipient.ID, rows[len(rows)-1].Recipient.ID}, func(scan scanner) error {
		var id int64
		err := scan(&id)
		listed[id] = true
		return err
	})
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i].Recipient
		if listed[r.ID] || !due(&rows[i]) {
			continue
		}
		if _, err := t.exec("INSERT INTO letters VALUES(?, ?, NULL)", r.ID, l.Number); err != nil {
			return err
		}
		digest.Add(r.Key)
		l.People++
	}
	return nil
}

// MarkWritten records that lists were written to a file.
func (w *writer) MarkWritten(_ context.Context, number int) error {
	return w.do(func(t *tx) error { return t.setFact(factWritten, int64(number)) })
}

// Mail records letters that were sent.
func (w *writer) Mail(_ context.Context, m ledger.Mailing, fill func(add func(notifier.Key) (int, error)) error) (ledger.Mailing, error) {
	err := w.do(func(t *tx) error {
		m.People, m.Again, m.Seq = 0, 0, t.head.seq+1
		if err := fill(func(k notifier.Key) (int, error) { return t.mail(&m, k) }); err != nil {
			return refuse(err)
		}
		if m.People == 0 {
			m.Seq = 0
			return nil
		}
		digest := notifier.NewKeysDigest()
		err := each(background, t, "SELECT r.key FROM letters l JOIN recipients r ON r.id = l.id WHERE l.mailed = ? ORDER BY l.id", []any{m.Seq}, func(scan scanner) error {
			var key sql.RawBytes
			err := scan(&key)
			digest.Add(notifier.Key(key))
			return err
		})
		if err != nil {
			return err
		}
		m.Digest = digest.Sum().String()
		return t.decision(ledger.KindLetters, m.At, m)
	})
	return m, err
}

// mail marks the letter of one recipient as sent, and returns its list.
func (t *tx) mail(m *ledger.Mailing, k notifier.Key) (list int, err error) {
	var id int64
	var mailed sql.NullInt64
	err = t.queryRow("SELECT l.id, l.list, l.mailed FROM recipients r JOIN letters l ON l.id = r.id WHERE r.key = ?", []any{k[:]}, &id, &list, &mailed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, ledger.ErrNotListed
	case err != nil:
		return 0, err
	case mailed.Valid:
		if mailed.Int64 != m.Seq { // else it was named twice
			m.Again++
		}
		return list, nil
	}
	m.People++
	res, err := t.exec("UPDATE letters SET mailed = ? WHERE id = ?", m.Seq, id)
	return list, changedOne(res, err, "the letter", k)
}

// Done records what was done outside.
func (w *writer) Done(_ context.Context, d ledger.Done) error {
	return w.do(func(t *tx) error { return t.decision(ledger.KindDone, d.At, d) })
}

// Listings returns all lists of letters by number.
func (r *Reader) Listings(ctx context.Context) ([]ledger.Listing, error) {
	return notes(ctx, r, ledger.KindListed, func(l *ledger.Listing, e *ledger.Evidence) { l.Seq, l.At = e.Seq, e.Outcome.At })
}

// Mailings returns all mailings, oldest first.
func (r *Reader) Mailings(ctx context.Context) ([]ledger.Mailing, error) {
	return notes(ctx, r, ledger.KindLetters, func(m *ledger.Mailing, e *ledger.Evidence) { m.Seq, m.At = e.Seq, e.Outcome.At })
}

// DoneTasks returns what was done outside, oldest first.
func (r *Reader) DoneTasks(ctx context.Context) ([]ledger.Done, error) {
	return notes(ctx, r, ledger.KindDone, func(d *ledger.Done, e *ledger.Evidence) { d.Seq, d.At = e.Seq, e.Outcome.At })
}

// notes reads the notes of all rows of a kind; place adds what the row has beside.
func notes[T any](ctx context.Context, r *Reader, kind ledger.Kind, place func(*T, *ledger.Evidence)) ([]T, error) {
	var list []T
	err := r.Decisions(ctx, kind, func(e ledger.Evidence) error {
		var note T
		if json.Unmarshal([]byte(e.Note), &note) != nil {
			return damaged("evidence row %d cannot be read", e.Seq)
		}
		place(&note, &e)
		list = append(list, note)
		return nil
	})
	return list, err
}

// Written returns the number of the last list that was written to a file.
func (r *Reader) Written(ctx context.Context) (int, error) {
	if there, err := r.aftermath(ctx); err != nil || !there {
		return 0, err
	}
	n, err := r.fact(ctx, factWritten)
	return int(n), err
}

// Letters calls f for everybody who was listed, by id.
func (r *Reader) Letters(ctx context.Context, f func(ledger.Letter) error) error {
	if there, err := r.aftermath(ctx); err != nil || !there {
		return err
	}
	return r.letters(ctx, "ORDER BY l.id", nil, f)
}

func (r *Reader) letters(ctx context.Context, where string, args []any, f func(ledger.Letter) error) error {
	return eachRaw(ctx, r.db, "SELECT l.id, r.key, l.list, l.mailed FROM letters l LEFT JOIN recipients r ON r.id = l.id "+where, args, func(v []driverValue) error {
		if err := ofKinds(v, "ibii"); err != nil {
			return err
		}
		if v[1] == nil {
			return damaged("a letter is for recipient %d, who is none", asInt(v[0]))
		}
		l := ledger.Letter{ID: asInt(v[0]), List: int(asInt(v[2])), Mailed: asInt(v[3])}
		copy(l.Key[:], asBytes(v[1]))
		return f(l)
	})
}

// LetterOf returns the letter of one recipient.
func (r *Reader) LetterOf(ctx context.Context, k notifier.Key) (*ledger.Letter, error) {
	if there, err := r.aftermath(ctx); err != nil || !there {
		return nil, err
	}
	var found *ledger.Letter
	err := r.letters(ctx, "WHERE l.id = (SELECT id FROM recipients WHERE key = ?)", []any{k[:]}, func(l ledger.Letter) error {
		found = &l
		return nil
	})
	return found, err
}

// LetterTotals counts letters.
func (r *Reader) LetterTotals(ctx context.Context) (ledger.LetterTotals, error) {
	var t ledger.LetterTotals
	if there, err := r.aftermath(ctx); err != nil || !there {
		return t, err
	}
	tx, err := r.begin(ctx)
	if err != nil {
		return t, err
	}
	defer func() { _ = tx.Rollback() }()
	if err := tx.QueryRowContext(ctx, "SELECT count(*), count(mailed) FROM letters").Scan(&t.Listed, &t.Told); err != nil || t.Told == 0 {
		return t, err
	}
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM letters l CROSS JOIN recipients r ON r.id = l.id
		WHERE l.mailed IS NOT NULL AND r.status IN (13, 15, 20)`).Scan(&t.ToldDue)
	return t, err
}
