package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// Claimed returns the claim of that recipient which has no outcome yet.
func (r *Reader) Claimed(ctx context.Context, k notifier.Key) (*notifier.Claim, error) {
	c := notifier.Claim{Key: k}
	var was int
	var at int64
	err := r.db.QueryRowContext(ctx, `SELECT c.id, c.was, c.attempt, w.name, l.name, c.at, c.approval
		FROM recipients r JOIN claims c ON c.id = r.id JOIN waves w ON w.n = c.wave JOIN relays l ON l.id = c.relay
		WHERE r.key = ?`, k[:]).Scan(&c.ID, &was, &c.Attempt, &c.Wave, &c.Relay, &at, &c.Approval)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	c.Was, c.At = statusOf[was], time.Unix(at, 0)
	return &c, err
}

// LateOf returns what AddLate listed for one recipient.
func (r *Reader) LateOf(ctx context.Context, k notifier.Key) ([]ledger.Late, error) {
	var list []ledger.Late
	err := each(ctx, r.db, "SELECT accounts, export FROM late WHERE key = ? ORDER BY rowid", []any{k[:]}, func(scan scanner) error {
		l := ledger.Late{Key: k}
		var accounts string
		err := scan(&accounts, &l.Export)
		if err == nil {
			l.Accounts, err = decodeAccounts(accounts)
		}
		list = append(list, l)
		return err
	})
	return list, err
}
