package sqlite

import (
	"context"
	"database/sql"
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// AddLate lists accounts that came after their recipient was settled.
func (b *batcher) AddLate(l ledger.Late) ([]notifier.Held, error) {
	if err := b.rows.wait(); err != nil {
		return nil, err
	}
	fresh := slices.Clone(l.Accounts)
	err := each(background, b.t, "SELECT accounts FROM late WHERE key = ?", []any{l.Key[:]}, func(scan scanner) error {
		var text string
		if err := scan(&text); err != nil {
			return err
		}
		listed, err := decodeAccounts(text)
		fresh = slices.DeleteFunc(fresh, func(h notifier.Held) bool { return slices.Contains(listed, h) })
		return err
	})
	if err != nil || len(fresh) == 0 {
		return nil, err
	}
	_, err = b.t.exec("INSERT INTO late VALUES(?, ?, ?, ?)", l.Key[:], encodeAccounts(fresh), l.Export, lateTraces(fresh, b.trace))
	return fresh, err
}

// lateTraces are those of accounts that came late, five bytes each; NULL without f.
func lateTraces(accounts []notifier.Held, f func(*notifier.Recipient) ledger.Traces) any {
	if f == nil {
		return nil
	}
	var b []byte
	for _, t := range f(&notifier.Recipient{Accounts: accounts}).Accounts {
		b = appendTrace(b, t)
	}
	return b
}

// Late calls f for everything that AddLate listed.
func (r *Reader) Late(ctx context.Context, f func(ledger.Late) error) error {
	return each(ctx, r.db, "SELECT key, accounts, export FROM late ORDER BY rowid", nil, func(scan scanner) error {
		var l ledger.Late
		var key sql.RawBytes
		var accounts string
		err := scan(&key, &accounts, &l.Export)
		if err == nil {
			l.Accounts, err = decodeAccounts(accounts)
		}
		if err != nil {
			return err
		}
		copy(l.Key[:], key)
		return f(l)
	})
}

// lateWith returns those to whom an account with that trace came late.
func (r *Reader) lateWith(ctx context.Context, trace notifier.Trace, f func(*notifier.Recipient) ledger.Traces) ([]ledger.Row, error) {
	user, err := userVersion(ctx, r.db)
	if err != nil {
		return nil, err
	}
	column := "traces"
	if user < versionTraces {
		column = "NULL"
	}
	var keys []notifier.Key
	err = each(ctx, r.db, "SELECT key, accounts, "+column+" FROM late", nil, func(scan scanner) error {
		var key, traces sql.RawBytes
		var accounts string
		if err := scan(&key, &accounts, &traces); err != nil {
			return err
		}
		list, err := decodeAccounts(accounts)
		if has(traces, trace) || slices.Contains(f(&notifier.Recipient{Accounts: list}).Accounts, trace) {
			keys = append(keys, notifier.Key(key))
		}
		return err
	})
	var rows []ledger.Row
	for _, k := range keys {
		found, err := r.Between(ctx, k, k, 1)
		if err != nil {
			return nil, err
		}
		rows = append(rows, found...)
	}
	return rows, err
}

func has(traces []byte, trace notifier.Trace) bool {
	for i := 0; i+traceBytes <= len(traces); i += traceBytes {
		if readTrace(traces[i:]) == trace {
			return true
		}
	}
	return false
}
