package sqlite

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// damaged says what in the ledger contradicts itself.
func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ledger.ErrDamaged, fmt.Sprintf(format, args...))
}

// factCopied is the fact that marks a copy.
const factCopied = "copied"

// copyFact is how it is written down.
type copyFact struct {
	ledger.Copy
	Head string `json:"head"`
}

// Start records that a run that sends begins.
func (w *writer) Start(_ context.Context, s ledger.Start) (int64, error) {
	err := w.do(func(t *tx) error {
		if c, err := readCopied(background, t.conn); err != nil || c != nil {
			return errors.Join(err, refuse(ledger.ErrCopy))
		}
		if p, err := readPurged(background, t.conn); err != nil || p != nil {
			return errors.Join(err, refuse(ledger.ErrPurged))
		}
		last, err := readEpoch(background, t.conn)
		if err != nil {
			return err
		}
		s.Epoch = last + 1
		return t.decision(ledger.KindStart, s.At, s)
	})
	return s.Epoch, err
}

// Adopt makes this ledger the one that is sent from.
func (w *writer) Adopt(_ context.Context, a ledger.Adoption) error {
	return w.do(func(t *tx) error {
		if _, err := t.exec("DELETE FROM facts WHERE name = ?", factCopied); err != nil {
			return err
		}
		return t.decision(ledger.KindAdopt, a.At, a)
	})
}

// Epoch returns that of the last Start or Adopt.
func (r *Reader) Epoch(ctx context.Context) (int64, error) { return readEpoch(ctx, r.db) }

func readEpoch(ctx context.Context, q querier) (int64, error) {
	var last, epoch int64
	for _, kind := range []ledger.Kind{ledger.KindStart, ledger.KindAdopt} {
		var s ledger.Start // an Adoption has its epoch under the same name
		seq, err := lastDecision(ctx, q, kind, &s)
		if err != nil {
			return 0, err
		}
		if seq > last {
			last, epoch = seq, s.Epoch
		}
	}
	return epoch, nil
}

// lastDecision reads the note of the last row of that kind, and returns the
// row's number: 0 where there is none.
func lastDecision(ctx context.Context, q querier, kind ledger.Kind, note any) (int64, error) {
	code, err := kindCode(kind)
	if err != nil {
		return 0, err
	}
	var seq int64
	var text string
	err = q.QueryRowContext(ctx, "SELECT seq, coalesce(note, '') FROM attempts WHERE kind = ? AND kind <> 0 ORDER BY seq DESC LIMIT 1", code).Scan(&seq, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err == nil && json.Unmarshal([]byte(text), note) != nil {
		err = damaged("evidence row %d cannot be read", seq)
	}
	return seq, err
}

// Copied tells of what this ledger is a copy.
func (r *Reader) Copied(ctx context.Context) (*ledger.Copy, error) { return readCopied(ctx, r.db) }

func readCopied(ctx context.Context, q querier) (*ledger.Copy, error) {
	var facts bool // a ledger of an older version has none, but a copy of one does
	err := q.QueryRowContext(ctx, "SELECT EXISTS(SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'facts')").Scan(&facts)
	if err != nil || !facts {
		return nil, err
	}
	var text string
	err = q.QueryRowContext(ctx, "SELECT value FROM facts WHERE name = ?", factCopied).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var c copyFact
	_ = json.Unmarshal([]byte(text), &c) // whatever it says: it is a copy
	_, _ = hex.Decode(c.Copy.Head[:], []byte(c.Head[:min(len(c.Head), 2*len(c.Copy.Head))]))
	return &c.Copy, nil
}

// At returns the chain value of an evidence row.
func (r *Reader) At(ctx context.Context, seq int64) (notifier.Digest, bool, error) {
	var d notifier.Digest
	var chain []byte
	err := r.db.QueryRowContext(ctx, "SELECT chain FROM attempts WHERE seq = ?", seq).Scan(&chain)
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil
	}
	copy(d[:], chain)
	return d, err == nil, err
}
