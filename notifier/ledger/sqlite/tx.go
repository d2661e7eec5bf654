package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// tx is the writing connection with its prepared statements and what it keeps
// in memory of the ledger: the head of the chain, the names behind numbers,
// and the changes of the tally and of the claims by minute that the running
// transaction has still to write.
type tx struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	head  head
	names names
	tally map[tallyKey]int64
	sent  map[sentKey]sentCount
	// broken is the first thing that SQLite could not do in the running
	// transaction. It may have rolled back by itself, and what it did then
	// would be durable alone.
	broken error
	// forgot is the hour since 1970 in which old counts were last dropped.
	forgot int64
}

type tallyKey struct{ wave, status int }

// head is the last evidence row.
type head struct {
	seq   int64
	chain notifier.Digest
}

func newTx(ctx context.Context, conn *sql.Conn) (*tx, error) {
	t := &tx{conn: conn, stmts: map[string]*sql.Stmt{}, tally: map[tallyKey]int64{}, sent: map[sentKey]sentCount{}}
	return t, t.load(ctx)
}

// load reads what tx keeps in memory.
func (t *tx) load(ctx context.Context) error {
	h, err := readHead(ctx, t.conn)
	if err != nil {
		return err
	}
	t.head = h
	clear(t.tally)
	clear(t.sent)
	t.forgot = 0
	return t.names.load(ctx, t.conn)
}

func (t *tx) close() {
	for _, s := range t.stmts {
		_ = s.Close()
	}
	_ = t.conn.Close()
}

// background is what the writer's statements run under: a commit is never
// given up half-way.
var background = context.Background()

// exec runs a statement that is prepared once, unless the transaction is broken.
func (t *tx) exec(query string, args ...any) (sql.Result, error) {
	if t.broken != nil {
		return nil, t.broken
	}
	s, err := t.prepare(query)
	if err != nil {
		return nil, err
	}
	res, err := s.ExecContext(background, args...)
	return res, t.mind(err)
}

// mind returns err, and keeps it in mind where it broke the transaction.
func (t *tx) mind(err error) error {
	if broke(err) {
		t.broken = err
	}
	return err
}

func (t *tx) prepare(query string) (*sql.Stmt, error) {
	if s := t.stmts[query]; s != nil {
		return s, nil
	}
	s, err := t.conn.PrepareContext(background, query)
	if err != nil {
		return nil, t.mind(err)
	}
	t.stmts[query] = s
	return s, nil
}

func (t *tx) queryRow(query string, args []any, into ...any) error {
	s, err := t.prepare(query)
	if err != nil {
		return err
	}
	return t.mind(s.QueryRowContext(background, args...).Scan(into...))
}

// QueryContext runs a query that is prepared once: tx is a rowsQuerier.
func (t *tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := t.prepare(query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// run applies a group in one transaction.
func (t *tx) run(group []op) error {
	t.broken = nil
	if _, err := t.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := t.apply(group)
	if err == nil {
		_, err = t.exec("COMMIT")
	}
	if err != nil {
		_, back := t.conn.ExecContext(background, "ROLLBACK")
		if again := t.load(background); again != nil {
			return errors.Join(fmt.Errorf("%w", errors.Join(err, back)), again)
		}
	}
	return err
}

func (t *tx) apply(group []op) error {
	for i := range group {
		if err := group[i].apply(t); err != nil {
			var own *ownError
			if errors.As(err, &own) {
				own.index = i
			}
			return err
		}
	}
	if err := t.writeSent(); err != nil {
		return err
	}
	return t.writeTally()
}

// move counts one recipient of wave from one status to another.
func (t *tx) move(wave, from, to int) {
	t.tally[tallyKey{wave, from}]--
	t.tally[tallyKey{wave, to}]++
}

func (t *tx) writeTally() error {
	for k, n := range t.tally {
		if n == 0 {
			continue
		}
		_, err := t.exec(`INSERT INTO tally VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n`, k.wave, k.status, n)
		if err != nil {
			return err
		}
	}
	clear(t.tally)
	return nil
}

// changedOne makes it damage when a statement did not change exactly one row.
func changedOne(res sql.Result, err error, what string, k notifier.Key) error {
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n != 1 {
		err = fmt.Errorf("%w: %s of %s changed %d rows", ledger.ErrDamaged, what, k, n)
	}
	return err
}
