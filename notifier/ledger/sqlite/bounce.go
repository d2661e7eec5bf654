package sqlite

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// bounceID is how many bytes of a bounce's ID are kept.
const bounceID = 16

// Bounces records what came back.
func (w *writer) Bounces(_ context.Context, list []ledger.Bounce, at time.Time) ([]ledger.BounceEffect, error) {
	effects := make([]ledger.BounceEffect, len(list))
	err := w.do(func(t *tx) (err error) {
		for i := range list {
			if effects[i], err = t.bounce(&list[i], at); err != nil {
				return err
			}
		}
		return nil
	})
	return effects, err
}

// bounce records one thing that came back. Nothing can have come back from
// somebody who was never claimed; a claim without outcome is its sender's.
func (t *tx) bounce(b *ledger.Bounce, at time.Time) (ledger.BounceEffect, error) {
	var came ledger.Came
	if came.Of(b.Cause) == nil {
		return "", refuse(fmt.Errorf("nothing comes back as %q", b.Cause))
	}
	var id, last int64
	var wave, status, attempts int
	var known, inFlight bool
	err := t.queryRow(`SELECT id, coalesce(wave, 0), status, attempts, last, EXISTS(SELECT 1 FROM claims c WHERE c.id = r.id),
		EXISTS(SELECT 1 FROM bounces WHERE bounces.id = ?2) FROM recipients r WHERE key = ?1`,
		[]any{b.Key[:], b.ID[:bounceID]}, &id, &wave, &status, &attempts, &last, &inFlight, &known)
	switch {
	case err != nil:
		return "", noRows(err, "there is no recipient %s", b.Key)
	case known:
		return ledger.BounceRepeated, nil
	case attempts == 0 || inFlight:
		return ledger.BounceUnsent, nil
	}
	to, effect := after(status, b)
	if err := t.bounceRow(b, wave, to, attempts, last-noRow, at); err != nil {
		return "", err
	}
	if to != status {
		t.move(wave, status, to)
	}
	if _, err := t.exec("INSERT INTO bounces VALUES(?, ?, ?)", b.ID[:bounceID], string(b.Cause), t.head.seq); err != nil {
		return "", err
	}
	res, err := t.exec("UPDATE recipients SET status = ?1, due = CASE WHEN ?1 = status THEN due END, last = ?2 WHERE id = ?3", to, noRow+t.head.seq, id)
	return effect, changedOne(res, err, "the bounce", b.Key)
}

// after is the status that somebody of that status, who was sent to, has once
// something came back. Whoever is to be sent to again has bounced, too: an earlier
// copy did, and a later one may come back without a word. An address alone does not
// show that the relay had the notice.
func after(status int, b *ledger.Bounce) (int, ledger.BounceEffect) {
	switch {
	case b.Cause == notifier.CauseHard && status != stRefused && status != stBounced && status != stPostal:
		return stBounced, ledger.BounceBounced
	case status == stUnknown && b.By != ledger.ByAddress:
		return stAccepted, ledger.BounceSettled
	}
	return status, ledger.BounceNoted
}

func (t *tx) bounceRow(b *ledger.Bounce, wave, status, attempts int, prev int64, at time.Time) error {
	note, err := json.Marshal(ledger.BounceNote{ID: hex.EncodeToString(b.ID[:bounceID]), By: b.By, Came: b.Came})
	if err != nil {
		return refuse(err)
	}
	o := notifier.Outcome{
		Claim:  notifier.Claim{Key: b.Key, Wave: t.names.waveOf[wave], Attempt: attempts},
		Status: statusOf[status], Cause: b.Cause, Code: b.Code, Enhanced: b.Enhanced, Reply: b.Reply, At: at,
	}
	return t.append(&ledger.Evidence{Kind: ledger.KindBounce, Outcome: o, Note: string(note), Prev: prev})
}

// factBounces is when what came back was last looked for, in Unix milliseconds.
const factBounces = "bounces_read"

// ReadBounces records that it was looked for.
func (w *writer) ReadBounces(_ context.Context, b ledger.BouncesRead) error {
	return w.do(func(t *tx) error {
		if b.Fresh() {
			if err := t.decision(ledger.KindBounces, b.At, b); err != nil {
				return err
			}
		}
		return t.setFact(factBounces, b.At.UnixMilli())
	})
}

func (t *tx) setFact(name string, n int64) error {
	_, err := t.exec("INSERT INTO facts VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = ?2", name, strconv.FormatInt(n, 10))
	return err
}

// fact returns a number that setFact wrote, 0 where there is none.
func (r *Reader) fact(ctx context.Context, name string) (int64, error) {
	var n int64
	err := r.db.QueryRowContext(ctx, "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM facts WHERE name = ?), 0)", name).Scan(&n)
	return n, err
}

// Came counts what came back.
func (r *Reader) Came(ctx context.Context) (ledger.Came, error) {
	var c ledger.Came
	if there, err := r.aftermath(ctx); err != nil || !there {
		return c, err
	}
	err := each(ctx, r.db, "SELECT cause, count(*) FROM bounces GROUP BY cause", nil, func(scan scanner) error {
		var cause string
		var n int64
		err := scan(&cause, &n)
		if of := c.Of(notifier.Cause(cause)); of != nil {
			*of = n
		} else if err == nil {
			err = damaged("something came back with a cause that is none")
		}
		return err
	})
	if err != nil {
		return c, err
	}
	at, err := r.fact(ctx, factBounces)
	if at != 0 {
		c.Read = time.UnixMilli(at)
	}
	return c, err
}

// aftermath reports whether this ledger is of a version that keeps what comes
// after the sending.
func (r *Reader) aftermath(ctx context.Context) (bool, error) {
	user, err := userVersion(ctx, r.db)
	return user >= versionAftermath, err
}

// Returns calls f for everything that Bounces recorded.
func (r *Reader) Returns(ctx context.Context, f func(id []byte, cause notifier.Cause, seq int64) error) error {
	if there, err := r.aftermath(ctx); err != nil || !there {
		return err
	}
	return eachRaw(ctx, r.db, "SELECT id, cause, seq FROM bounces", nil, func(v []driverValue) error {
		if err := ofKinds(v, "bti"); err != nil {
			return err
		}
		return f(asBytes(v[0]), notifier.Cause(asText(v[1])), asInt(v[2]))
	})
}

// Decisions calls f for every row of evidence of that kind.
func (r *Reader) Decisions(ctx context.Context, kind ledger.Kind, f func(ledger.Evidence) error) error {
	code, err := kindCode(kind)
	if err != nil {
		return err
	}
	if code == 0 {
		return errors.New("attempts are no decisions")
	}
	return r.evidence(ctx, "WHERE a.kind = ? AND a.kind <> 0 ORDER BY a.seq", []any{code}, f)
}
