package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"breachmail/notifier/ledger"
)

// Exports returns all planned exports, by batch and name.
func (r *Reader) Exports(ctx context.Context) ([]ledger.Export, error) {
	user, err := userVersion(ctx, r.db)
	if err != nil {
		return nil, err
	}
	var list []ledger.Export
	err = each(ctx, r.db, fmt.Sprintf(`SELECT digest, name, batch, rows, recipients, merged, rejected, already_told,
		coalesce(%s, 0) FROM exports ORDER BY batch, name, digest`, replaced(user)), nil, func(scan scanner) error {
		var e ledger.Export
		var digest sql.RawBytes
		err := scan(&digest, &e.Name, &e.Batch, &e.Rows, &e.Recipients, &e.Merged, &e.Rejected, &e.AlreadyTold, &e.Replaced)
		copy(e.Digest[:], digest)
		list = append(list, e)
		return err
	})
	return list, err
}
