package sqlite

import (
	"context"
	"database/sql"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

func (t *tx) claim(c *notifier.Claim) error {
	wave, err := t.waveNumber(c.Wave)
	if err != nil {
		return err
	}
	relay, err := t.relayID(c.Relay)
	if err != nil {
		return err
	}
	res, err := t.exec(`INSERT INTO claims SELECT id, ?, ?, ?, ?, ?, status FROM recipients WHERE id = ? AND key = ? AND status = ?`,
		c.Attempt, wave, relay, c.At.Unix(), c.Approval, c.ID, c.Key[:], statusCode[c.Was])
	if err := changedOne(res, err, "the claim", c.Key); err != nil {
		return err
	}
	t.countSent(c, relay)
	return nil
}

// record ends a claim: evidence, the recipient's state, the account.
func (t *tx) record(o *notifier.Outcome) error {
	c := &o.Claim
	wave, err := t.waveNumber(c.Wave)
	if err != nil {
		return err
	}
	res, err := t.exec("DELETE FROM claims WHERE id = ? AND attempt = ?", c.ID, c.Attempt)
	if err := changedOne(res, err, "the outcome", c.Key); err != nil {
		return err
	}
	prev, err := t.lastRow(c)
	if err != nil {
		return err
	}
	if err := t.append(&ledger.Evidence{Kind: ledger.KindAttempt, Outcome: *o, Prev: prev}); err != nil {
		return err
	}
	to := statusCode[o.Status]
	t.move(wave, statusCode[c.Was], to)
	if o.Status == notifier.Deferred {
		// The time until it is given up begins with the first failure that counts.
		var first any
		if o.Tries > 0 {
			first = c.At.Unix()
		}
		res, err = t.exec("UPDATE recipients SET status = ?, attempts = ?, tries = ?, first = coalesce(first, ?), due = ?, last = ? WHERE id = ? AND last = ?",
			to, c.Attempt, o.Tries, first, o.Due.UnixMilli(), noRow+t.head.seq, c.ID, noRow+prev)
	} else {
		res, err = t.exec("UPDATE recipients SET status = ?, attempts = ?, tries = ?, due = NULL, last = ? WHERE id = ? AND last = ?",
			to, c.Attempt, o.Tries, noRow+t.head.seq, c.ID, noRow+prev)
	}
	return changedOne(res, err, "the status", c.Key)
}

// lastRow returns the last row of evidence about who was claimed. Before the first
// claim there is none; record fails where that is not so.
func (t *tx) lastRow(c *notifier.Claim) (int64, error) {
	if c.Attempt == 1 {
		return 0, nil
	}
	var last int64
	err := t.queryRow("SELECT last FROM recipients WHERE id = ?", []any{c.ID}, &last)
	return last - noRow, err
}

// open is a claim without outcome, as found after a crash.
type open struct {
	claim   notifier.Claim
	tries   int
	variant int64
}

// Recover turns claims without outcome into unknown.
func (w *writer) Recover(_ context.Context, at time.Time) (n int, err error) {
	err = w.do(func(t *tx) error {
		if n, err = t.recover(at); err != nil {
			return err
		}
		return t.forgetSent(minuteOf(at))
	})
	return n, err
}

func (t *tx) recover(at time.Time) (int, error) {
	list, err := t.openClaims()
	if err != nil {
		return 0, err
	}
	for _, c := range list {
		o := notifier.Outcome{
			Claim: c.claim, Status: notifier.Unknown, Cause: notifier.CauseInterrupted,
			At: at, Tries: c.tries,
		}
		if v, ok := t.names.byID[c.variant]; ok {
			o.Variant = v.String()
		}
		if err := t.record(&o); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

func (t *tx) openClaims() ([]open, error) { return readOpen(background, t.conn, &t.names) }

// Open calls f for every claim without outcome.
func (r *Reader) Open(ctx context.Context, f func(notifier.Claim) error) error {
	var n names
	if err := n.load(ctx, r.db); err != nil {
		return err
	}
	list, err := readOpen(ctx, r.db, &n)
	for i := range list {
		if err := f(list[i].claim); err != nil {
			return err
		}
	}
	return err
}

func readOpen(ctx context.Context, q rowsQuerier, n *names) ([]open, error) {
	relays := map[int64]string{}
	for name, id := range n.relays {
		relays[id] = name
	}
	var list []open
	err := each(ctx, q, `SELECT c.id, r.key, c.was, c.attempt, c.wave, c.relay, c.at, c.approval, r.tries, r.variant
		FROM claims c JOIN recipients r ON r.id = c.id ORDER BY c.id`, nil, func(scan scanner) error {
		var o open
		var key sql.RawBytes
		var was, wave int
		var relay, at int64
		c := &o.claim
		if err := scan(&c.ID, &key, &was, &c.Attempt, &wave, &relay, &at, &c.Approval, &o.tries, &o.variant); err != nil {
			return err
		}
		if wave < 0 || wave >= len(n.waveOf) {
			return damaged("a claim is of wave %d, which is none", wave)
		}
		copy(c.Key[:], key)
		c.Was, c.Wave, c.Relay, c.At = statusOf[was], n.waveOf[wave], relays[relay], time.Unix(at, 0)
		list = append(list, o)
		return nil
	})
	return list, err
}
