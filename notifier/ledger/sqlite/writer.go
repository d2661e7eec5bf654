package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"breachmail/notifier"
)

// errClosed is what is queued after Close.
var errClosed = errors.New("the ledger is closed")

// op is one change: apply runs inside a transaction, done after its commit. One
// that is alone runs in none; its error is its own.
type op struct {
	apply func(*tx) error
	done  func(error)
	alone bool
}

// writer owns the one connection that writes, and the goroutine that uses it.
type writer struct {
	db      *sql.DB
	path    string
	stop    chan struct{} // closed when run has ended
	commits atomic.Int64

	mu     sync.Mutex
	wake   *sync.Cond
	queue  []op
	closed bool
	failed error // the first failure; everything after it fails too
}

func newWriter(ctx context.Context, db *sql.DB, path string) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, conn, path); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	// What a killed process left in the WAL is copied, so that the next commit
	// begins it anew and cuts it off.
	_, err = conn.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if err := check(ctx, conn, path); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	t, err := newTx(ctx, conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	w := &writer{db: db, path: path, stop: make(chan struct{})}
	w.wake = sync.NewCond(&w.mu)
	go w.run(t)
	return w, nil
}

// Commits returns how many transactions were committed.
func (w *writer) Commits() int64 { return w.commits.Load() }

// Close waits for what is queued, then closes the connection.
func (w *writer) Close() error {
	w.mu.Lock()
	w.closed = true
	w.wake.Signal()
	w.mu.Unlock()
	<-w.stop
	return w.db.Close()
}

// enqueue appends o to the queue. done is called from the writing goroutine.
func (w *writer) enqueue(o op) {
	w.mu.Lock()
	err := w.failed
	if err == nil && w.closed {
		err = errClosed
	}
	if err == nil {
		w.queue = append(w.queue, o)
		w.wake.Signal()
	}
	w.mu.Unlock()
	if err != nil {
		o.done(err)
	}
}

// do queues a change and waits for it. Once queued it is not given up: whether
// it became durable is always known.
func (w *writer) do(apply func(*tx) error) error {
	done := make(chan error, 1)
	w.enqueue(op{apply: apply, done: func(err error) { done <- err }})
	return <-done
}

// alone queues what is done between transactions and waits for it.
func (w *writer) alone(apply func(*tx) error) error {
	done := make(chan error, 1)
	w.enqueue(op{apply: apply, done: func(err error) { done <- err }, alone: true})
	return <-done
}

// run commits what is queued, group by group, until closed.
func (w *writer) run(t *tx) {
	defer close(w.stop)
	defer t.close()
	var group []op
	for {
		w.mu.Lock()
		for len(w.queue) == 0 && !w.closed {
			w.wake.Wait()
		}
		w.mu.Unlock()
		runtime.Gosched() // those who are about to queue something may do so first
		w.mu.Lock()
		group, w.queue = w.queue, group[:0]
		w.mu.Unlock()
		if len(group) == 0 {
			return
		}
		w.inOrder(t, group)
	}
}

// inOrder commits what is queued up to one that is alone, does that, and so on.
func (w *writer) inOrder(t *tx, group []op) {
	for i := 0; i < len(group); i++ {
		if !group[i].alone {
			continue
		}
		if i > 0 {
			w.commit(t, group[:i])
		}
		group[i].done(w.doAlone(t, group[i].apply))
		group, i = group[i+1:], -1
	}
	if len(group) > 0 {
		w.commit(t, group)
	}
}

// doAlone does what is done between transactions. A failure is final as that of a
// commit is.
func (w *writer) doAlone(t *tx, apply func(*tx) error) error {
	err := w.failure()
	if err == nil {
		err = apply(t)
	}
	var own *ownError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own.err
	}
	return w.fail(err)
}

// commit applies a group in one transaction and tells everyone who waits. What
// was queued while the commit before it failed fails with it: were it tried, it
// could become durable without what was queued before it.
func (w *writer) commit(t *tx, group []op) {
	err := w.failure()
	if err == nil {
		err = t.run(group)
	}
	var own *ownError
	switch {
	case err == nil:
		w.commits.Add(1)
	case errors.As(err, &own):
		// One change was refused by its own check and the transaction rolled
		// back: it fails alone, the others are applied without it.
		w.commitRest(t, group, own)
		return
	default:
		err = w.fail(err)
	}
	for i := range group {
		group[i].done(err)
		group[i] = op{}
	}
}

func (w *writer) commitRest(t *tx, group []op, own *ownError) {
	group[own.index].done(own.err)
	rest := make([]op, 0, len(group)-1)
	rest = append(rest, group[:own.index]...)
	rest = append(rest, group[own.index+1:]...)
	if len(rest) > 0 {
		w.commit(t, rest)
	}
}

// failure returns the first failure, or nil.
func (w *writer) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed
}

// fail makes err the first failure, unless there was one, and returns that.
func (w *writer) fail(err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed == nil {
		w.failed = fmt.Errorf("the ledger can no longer be written: %w", InWords(err))
	}
	return w.failed
}

// ownError is the failure of one change that says nothing about the store: a
// plan's fill that gave up, a wave that does not exist.
type ownError struct {
	index int
	err   error
}

func (e *ownError) Error() string { return e.err.Error() }
func (e *ownError) Unwrap() error { return e.err }

// refuse marks an error as one of the change itself, unless it is SQLite's.
func refuse(err error) error {
	if broke(err) {
		return err
	}
	return &ownError{err: err}
}

// broke reports whether SQLite could not do something, other than for a
// constraint: the disk is full, or fails.
func broke(err error) bool {
	var fault *sqlite.Error
	return errors.As(err, &fault) && fault.Code()&0xff != sqlite3.SQLITE_CONSTRAINT
}

// Claim queues a claim.
func (w *writer) Claim(c notifier.Claim, done func(error)) {
	w.enqueue(op{apply: func(t *tx) error { return t.claim(&c) }, done: done})
}

// Record queues an outcome.
func (w *writer) Record(o notifier.Outcome, done func(error)) {
	w.enqueue(op{apply: func(t *tx) error { return t.record(&o) }, done: done})
}
