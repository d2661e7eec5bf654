package campaign

import (
	"context"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// Settle settles every unknown recipient by what the relay is known to hold:
// taken becomes accepted, absent becomes pending. has must be certain.
func (c *Campaign) Settle(ctx context.Context, has func(notifier.Key) bool, by string) (taken, absent int, err error) {
	unlock, err := c.lock(ctx, "reconcile")
	if err != nil {
		return 0, 0, err
	}
	defer unlock()
	store, err := c.openPlanned(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = store.Close() }()
	if _, err := store.Recover(ctx, time.Now()); err != nil {
		return 0, 0, err
	}
	var verdicts []ledger.Verdict
	err = store.Each(ctx, func(row ledger.Row) error {
		if row.Status != notifier.Unknown {
			return nil
		}
		v := ledger.Verdict{Key: row.Recipient.Key, Status: notifier.Pending, Note: by}
		if has(v.Key) {
			v.Status = notifier.Accepted
			taken++
		} else {
			absent++
		}
		verdicts = append(verdicts, v)
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	_, err = store.Reconcile(ctx, verdicts, time.Now())
	return taken, absent, err
}

// Audit reads the whole ledger and returns an error that names the first thing
// that does not agree. It is exact only while nobody sends.
func (c *Campaign) Audit(ctx context.Context) error {
	r, err := c.reader(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	return ledger.Audit(ctx, r)
}
