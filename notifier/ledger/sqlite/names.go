package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// names keeps the words that rows refer to by number.
type names struct {
	relays   map[string]int64
	waves    map[string]int
	waveOf   []string
	variants map[notifier.Variant]int64
	variant  map[string]int64 // by Variant.String
	byID     map[int64]notifier.Variant
}

type rowsQuerier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func (n *names) load(ctx context.Context, q rowsQuerier) error {
	*n = names{
		relays: map[string]int64{}, waves: map[string]int{},
		variants: map[notifier.Variant]int64{}, variant: map[string]int64{},
	}
	err := each(ctx, q, "SELECT id, name FROM relays", nil, func(scan scanner) error {
		var id int64
		var name string
		err := scan(&id, &name)
		n.relays[name] = id
		return err
	})
	if err != nil {
		return err
	}
	waves, err := readWaves(ctx, q)
	if err != nil {
		return err
	}
	for i, w := range waves {
		n.waves[w.Name] = i
		n.waveOf = append(n.waveOf, w.Name)
	}
	n.byID, err = readVariants(ctx, q)
	for id, v := range n.byID {
		n.variants[v] = id
		n.variant[v.String()] = id
	}
	return err
}

type scanner func(into ...any) error

// each calls f for every row of a query.
func each(ctx context.Context, q rowsQuerier, query string, args []any, f func(scanner) error) (err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := rows.Close(); err == nil {
			err = cerr
		}
		if t, ours := q.(*tx); ours {
			err = t.mind(err)
		}
	}()
	scan := func(into ...any) error { return ofItsKind(rows.Scan(into...)) }
	for rows.Next() {
		if err := f(scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// errOtherKind is the damage that ofItsKind tells: nothing of the row was read.
var errOtherKind = fmt.Errorf("%w: a row has another kind of value than it should", ledger.ErrDamaged)

// ofItsKind makes it damage when a column holds another kind of value than it
// should. The error does not quote the value, as database/sql does: it may be
// somebody's.
func ofItsKind(err error) error {
	if err == nil {
		return nil
	}
	at, ok := strings.CutPrefix(err.Error(), "sql: Scan error on column index ")
	if !ok {
		return err
	}
	at, _, _ = strings.Cut(at, ":") // its number and name
	return fmt.Errorf("%w, in column %s", errOtherKind, at)
}

func readWaves(ctx context.Context, q rowsQuerier) ([]ledger.Wave, error) {
	var waves []ledger.Wave
	err := each(ctx, q, "SELECT n, name, recipients, percent FROM waves ORDER BY n", nil, func(scan scanner) error {
		var n int
		var w ledger.Wave
		err := scan(&n, &w.Name, &w.Recipients, &w.Percent)
		if err == nil && n != len(waves) { // recipients name theirs by number
			err = damaged("wave %s is number %d, and %d waves are before it", w.Name, n, len(waves))
		}
		waves = append(waves, w)
		return err
	})
	return waves, err
}

func readVariants(ctx context.Context, q rowsQuerier) (map[int64]notifier.Variant, error) {
	vs := map[int64]notifier.Variant{}
	err := each(ctx, q, "SELECT id, template, language, types, state FROM variants", nil, func(scan scanner) error {
		var id int64
		var v notifier.Variant
		err := scan(&id, &v.Template, &v.Language, &v.Types, &v.State)
		vs[id] = v
		return err
	})
	return vs, err
}

func (t *tx) relayID(name string) (int64, error) {
	if id, ok := t.names.relays[name]; ok {
		return id, nil
	}
	id := int64(len(t.names.relays) + 1)
	if _, err := t.exec("INSERT INTO relays VALUES(?, ?)", id, name); err != nil {
		return 0, err
	}
	t.names.relays[name] = id
	return id, nil
}

func (t *tx) variantID(v notifier.Variant) (int64, error) {
	if id, ok := t.names.variants[v]; ok {
		return id, nil
	}
	id := int64(len(t.names.variants) + 1)
	_, err := t.exec("INSERT INTO variants VALUES(?, ?, ?, ?, ?)", id, v.Template, v.Language, v.Types, v.State)
	if err != nil {
		return 0, err
	}
	t.names.variants[v] = id
	t.names.variant[v.String()] = id
	t.names.byID[id] = v
	return id, nil
}

func (t *tx) waveNumber(name string) (int, error) {
	n, ok := t.names.waves[name]
	if !ok {
		return 0, refuse(fmt.Errorf("there is no wave %q in the plan", name))
	}
	return n, nil
}

// The statuses, both ways.
var statusCode = map[notifier.Status]int{
	notifier.Pending: stPending, notifier.Deferred: stDeferred, notifier.Accepted: stAccepted,
	notifier.Refused: stRefused, notifier.Unknown: stUnknown, notifier.Bounced: stBounced,
}

var statusOf = func() map[int]notifier.Status {
	m := map[int]notifier.Status{}
	for s, c := range statusCode {
		m[c] = s
	}
	return m
}()

// The kinds of evidence as stored; an attempt is 0.
var kinds = []ledger.Kind{
	ledger.KindAttempt, ledger.KindApproval, ledger.KindHalt, ledger.KindClearHalt,
	ledger.KindRelease, ledger.KindResend, ledger.KindReconcile, ledger.KindTest,
	ledger.KindStart, ledger.KindAdopt, ledger.KindPurge,
	ledger.KindBounce, ledger.KindBounces, ledger.KindListed, ledger.KindLetters, ledger.KindDone,
}

func kindCode(k ledger.Kind) (int, error) {
	for i, have := range kinds {
		if have == k {
			return i, nil
		}
	}
	return 0, fmt.Errorf("there is no kind of evidence %q", k)
}
