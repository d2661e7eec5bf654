package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// rejectCount counts rows set aside and rows that replaced such ones.
type rejectCount struct{ rejected, replaced int64 }

// AddReject records a row that was set aside.
func (b *batcher) AddReject(m notifier.Mark) error {
	b.marks.rejected++
	_, err := b.exec("INSERT INTO rejects VALUES(?, ?, NULL)", m[:], b.batch.Number)
	return err
}

// ReplaceReject takes back one row with that mark, the oldest.
func (b *batcher) ReplaceReject(m notifier.Mark) (bool, error) {
	res, err := b.exec(`UPDATE rejects SET replaced = ? WHERE rowid =
		(SELECT rowid FROM rejects WHERE mark = ? AND replaced IS NULL ORDER BY rowid LIMIT 1)`, b.batch.Number, m[:])
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	b.marks.replaced += n
	return n == 1, err
}

// checkMarks refuses a batch whose exports do not count the rejects that it
// recorded: the account would close and the marks would not agree with it.
func (b *batcher) checkMarks() error {
	if b.marks == b.counted {
		return nil
	}
	return refuse(fmt.Errorf("the exports of batch %d count %d rows set aside and %d replaced, recorded were %d and %d",
		b.batch.Number, b.counted.rejected, b.counted.replaced, b.marks.rejected, b.marks.replaced))
}

// Rejects returns how many rows with each mark are set aside now.
func (r *Reader) Rejects(ctx context.Context) (map[notifier.Mark]int, error) {
	open := map[notifier.Mark]int{}
	user, err := userVersion(ctx, r.db)
	if err != nil || user < versionMarks {
		return open, err
	}
	err = each(ctx, r.db, "SELECT mark, count(*) FROM rejects WHERE replaced IS NULL GROUP BY mark", nil, func(scan scanner) error {
		var mark sql.RawBytes
		var n int
		if err := scan(&mark, &n); err != nil {
			return err
		}
		if len(mark) != len(notifier.Mark{}) {
			return fmt.Errorf("%w: a row set aside has no mark", ledger.ErrDamaged)
		}
		open[notifier.Mark(mark)] = n
		return nil
	})
	return open, err
}
