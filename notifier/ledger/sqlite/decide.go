package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// decision appends an evidence row of the given kind with note as JSON.
func (t *tx) decision(kind ledger.Kind, at time.Time, note any) error {
	b, err := json.Marshal(note)
	if err != nil {
		return refuse(err)
	}
	return t.append(&ledger.Evidence{Kind: kind, Outcome: notifier.Outcome{At: at}, Note: string(b)})
}

// Halt records a stop.
func (w *writer) Halt(_ context.Context, h ledger.Halt) error {
	return w.do(func(t *tx) error { return t.decision(ledger.KindHalt, h.At, h) })
}

// ClearHalt takes a stop back.
func (w *writer) ClearHalt(_ context.Context, at time.Time) error {
	return w.do(func(t *tx) error { return t.decision(ledger.KindClearHalt, at, struct{}{}) })
}

// gateRelease is the note of the row that opens a gate. That of a hold is a
// holdRelease.
type gateRelease struct {
	Wave string `json:"wave"`
}

// Release opens the gate after a wave.
func (w *writer) Release(_ context.Context, wave string, at time.Time) error {
	return w.do(func(t *tx) error {
		if _, err := t.waveNumber(wave); err != nil {
			return err
		}
		return t.decision(ledger.KindRelease, at, gateRelease{wave})
	})
}

// settled is the note of a row that settles an unknown recipient.
type settled struct {
	By string    `json:"by"`
	At time.Time `json:"at,omitzero"` // when it happened, by the clock of the log it was found in
}

// Resend makes every unknown recipient pending.
func (w *writer) Resend(_ context.Context, wave string, at time.Time) (int, error) {
	var n int
	err := w.do(func(t *tx) error {
		keys, err := t.unknownKeys(wave)
		if err != nil {
			return err
		}
		for _, k := range keys {
			v := ledger.Verdict{Key: k, Status: notifier.Pending, Note: "unknown=resend"}
			if _, err := t.settle(ledger.KindResend, notifier.CauseResent, v, at); err != nil {
				return err
			}
		}
		n = len(keys)
		return nil
	})
	return n, err
}

func (t *tx) unknownKeys(wave string) ([]notifier.Key, error) {
	var keys []notifier.Key
	err := each(background, t.conn, "SELECT key FROM recipients WHERE status = 14 AND "+inWave+" ORDER BY id", []any{wave}, func(scan scanner) error {
		var b []byte
		err := scan(&b)
		keys = append(keys, notifier.Key(b))
		return err
	})
	return keys, err
}

// Reconcile settles unknown recipients.
func (w *writer) Reconcile(_ context.Context, verdicts []ledger.Verdict, at time.Time) (int, error) {
	var n int
	err := w.do(func(t *tx) error {
		n = 0
		for _, v := range verdicts {
			changed, err := t.settle(ledger.KindReconcile, notifier.CauseReconciled, v, at)
			if err != nil {
				return err
			}
			if changed {
				n++
			}
		}
		return nil
	})
	return n, err
}

// settle gives an unknown recipient another status, with evidence; a doubted
// verdict also one who is pending or deferred, and not in flight.
func (t *tx) settle(kind ledger.Kind, cause notifier.Cause, v ledger.Verdict, at time.Time) (bool, error) {
	var id, last int64
	var wave, status, attempts int
	var inFlight bool
	err := t.queryRow("SELECT id, coalesce(wave, 0), status, attempts, last, EXISTS(SELECT 1 FROM claims c WHERE c.id = r.id) FROM recipients r WHERE key = ?",
		[]any{v.Key[:]}, &id, &wave, &status, &attempts, &last, &inFlight)
	if err != nil {
		return false, noRows(err, "there is no recipient %s", v.Key)
	}
	to, known := statusCode[v.Status]
	switch {
	case !known:
		return false, refuse(fmt.Errorf("nobody can be settled as %q", v.Status))
	case status == stUnknown:
	case inFlight || !v.Doubted || status != stPending && status != stDeferred || status == to:
		return false, nil
	}
	note, err := json.Marshal(settled{By: v.Note, At: v.At})
	if err != nil {
		return false, refuse(err)
	}
	o := notifier.Outcome{
		Claim:  notifier.Claim{Key: v.Key, Wave: t.names.waveOf[wave], Attempt: attempts},
		Status: v.Status, Cause: cause, At: at,
		Code: v.Code, Enhanced: v.Enhanced, Reply: v.Reply, RelayID: v.RelayID,
	}
	if err := t.append(&ledger.Evidence{Kind: kind, Outcome: o, Note: string(note), Prev: last - noRow}); err != nil {
		return false, err
	}
	t.move(wave, status, to)
	res, err := t.exec("UPDATE recipients SET status = ?, due = NULL, last = ? WHERE id = ?", to, noRow+t.head.seq, id)
	return true, changedOne(res, err, "the verdict", v.Key)
}
