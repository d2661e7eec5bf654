package sqlite

import (
	"context"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// keptMinutes is for how long claims stay counted by the minute: the longest
// limit is over a day, and an hour is to spare.
const keptMinutes = 25 * 60

// sentKey is a row of the table sent: a minute since 1970 and a relay.
type sentKey struct{ minute, relay int64 }

// sentCount is how many claims were made in it, and when the last one was, in
// Unix seconds.
type sentCount struct{ claims, last int64 }

// minuteOf is the minute that a time lies in, since 1970.
func minuteOf(at time.Time) int64 { return at.Truncate(time.Minute).Unix() / 60 }

// countSent counts a claim. It is written with the transaction that the claim
// is made in.
func (t *tx) countSent(c *notifier.Claim, relay int64) {
	k := sentKey{minuteOf(c.At), relay}
	n := t.sent[k]
	n.claims++
	n.last = max(n.last, c.At.Unix())
	t.sent[k] = n
}

func (t *tx) writeSent() error {
	for k, n := range t.sent {
		_, err := t.exec(`INSERT INTO sent VALUES(?, ?, ?, ?) ON CONFLICT DO UPDATE
			SET claims = claims + excluded.claims, last = max(last, excluded.last)`, k.minute, k.relay, n.claims, n.last)
		if err != nil {
			return err
		}
		if err := t.forgetSent(k.minute); err != nil {
			return err
		}
	}
	clear(t.sent)
	return nil
}

// forgetSent drops the counts that are too old to matter in that minute, once
// an hour, so that the table does not grow.
func (t *tx) forgetSent(minute int64) error {
	if minute/60 == t.forgot {
		return nil
	}
	_, err := t.exec("DELETE FROM sent WHERE minute < ?", minute-keptMinutes)
	t.forgot = minute / 60
	return err
}

// Sent returns the claims of each minute that begins at or after since. Those
// older than 25 hours may be gone. A ledger of a version before the counts has
// none until it is opened for writing.
func (r *Reader) Sent(ctx context.Context, since time.Time) ([]ledger.Minute, error) {
	user, err := userVersion(ctx, r.db)
	if err != nil || user < versionSent {
		return nil, err
	}
	first := minuteOf(since.Add(time.Minute - 1))
	var list []ledger.Minute
	err = each(ctx, r.db, `SELECT s.minute, l.name, s.claims, s.last FROM sent s JOIN relays l ON l.id = s.relay
		WHERE s.minute >= ? ORDER BY s.minute, l.name`, []any{first}, func(scan scanner) error {
		var m ledger.Minute
		var minute, last int64
		err := scan(&minute, &m.Relay, &m.Claims, &last)
		m.Start, m.Last = time.Unix(60*minute, 0).UTC(), time.Unix(last, 0).UTC()
		list = append(list, m)
		return err
	})
	return list, err
}
