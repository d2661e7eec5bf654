package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"breachmail/notifier/ledger"
)

// holdRelease is the note of the row that releases a hold. It is of the same
// kind as a gateRelease, which has no hold.
type holdRelease struct {
	Hold   string   `json:"hold"`
	States []string `json:"states"`
}

// ReleaseHold ends a hold.
func (w *writer) ReleaseHold(_ context.Context, name string, states []string, at time.Time) error {
	return w.do(func(t *tx) error {
		if name == "" {
			return refuse(errors.New("a hold without a name cannot be released"))
		}
		return t.decision(ledger.KindRelease, at, holdRelease{name, append([]string{}, states...)})
	})
}

// ReleasedHolds tells which holds were released.
func (r *Reader) ReleasedHolds(ctx context.Context) (map[string]bool, error) {
	released := map[string]bool{}
	err := r.decisions(ctx, ledger.KindRelease, func(_ int64, note string) error {
		var n holdRelease
		err := json.Unmarshal([]byte(note), &n)
		if n.Hold != "" {
			released[n.Hold] = true
		}
		return err
	})
	return released, err
}

// HeldBack counts the recipients of these states that are pending or deferred.
// The two partial indexes find who is, of whatever state; the states stand in
// their rows. That takes 0.3 µs for each: 0.6 s when two million are pending,
// a millisecond at a run's end. For every state together it asks the tally, and
// before anything was claimed the groups, since everybody is pending then.
// CROSS keeps SQLite from going through the recipients to find the few claims.
func (r *Reader) HeldBack(ctx context.Context, states []string) (int64, error) {
	if len(states) == 0 {
		totals, err := r.Totals(ctx)
		return totals.Notices.Pending + totals.Notices.Deferred, err
	}
	list, err := json.Marshal(states)
	if err != nil {
		return 0, err
	}
	var n sql.NullInt64
	err = r.db.QueryRowContext(ctx, "SELECT sum(n) FROM groups r WHERE channel = 'email' AND "+inStates+" AND NOT "+begun, string(list)).Scan(&n)
	if err != nil || n.Valid {
		return n.Int64, err
	}
	err = r.db.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM recipients r WHERE status = 10 AND "+inStates+`)
		+ (SELECT count(*) FROM recipients r WHERE status = 11 AND `+inStates+`)
		- (SELECT count(*) FROM claims c CROSS JOIN recipients r ON r.id = c.id WHERE `+inStates+")", string(list)).Scan(&n)
	return n.Int64, err
}

// inStates is true for recipients r of the states bound to ?1 as JSON.
const inStates = "r.state IN (SELECT value FROM json_each(?1))"
