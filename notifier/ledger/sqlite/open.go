// Package sqlite is the default ledger: one file in the campaign directory,
// in WAL mode with synchronous=FULL, with one goroutine that writes.
//
// While one commit is on its way to the disk, all claims and outcomes that
// come in wait for the next one together; nothing is committed on a timer.
// Readers use handles of their own and short transactions.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"strings"

	"modernc.org/sqlite" // also the driver
	sqlite3 "modernc.org/sqlite/lib"

	"breachmail/notifier/ledger"
)

// oldest is the lowest SQLite version we trust: earlier ones can lose a commit
// when a WAL is reset under load.
const oldest = "3.51.3"

// keptWAL cuts the WAL off at this size, in bytes, when it is begun anew: that
// of a large plan, killed or not, is as long as what it adds.
const keptWAL = "journal_size_limit(8388608)"

// Store is a ledger opened for writing. It implements ledger.Store.
type Store struct {
	*Reader
	*writer
}

// Open opens the ledger at path for writing and creates it when there is none.
// The caller holds the campaign's lock. Errors: ledger.ErrNewer,
// ledger.ErrDamaged, or what the file system says. A ledger of an older version
// is brought to this one, after a copy (see migrate).
func Open(ctx context.Context, path string) (*Store, error) {
	if err := create(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", dsn(path, "journal_mode(WAL)", "synchronous(FULL)", keptWAL))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	w, err := newWriter(ctx, db, path)
	if err != nil {
		_ = db.Close()
		return nil, describe(path, err)
	}
	r, err := OpenReader(ctx, path)
	if err != nil {
		_ = w.Close()
		return nil, err
	}
	return &Store{Reader: r, writer: w}, nil
}

// Close waits for what is queued and closes the ledger.
func (s *Store) Close() error {
	return errors.Join(s.writer.Close(), s.Reader.Close())
}

// Reader reads a ledger that another process may be writing. It implements
// ledger.Reader.
type Reader struct {
	db     *sql.DB
	frozen bool // it sees one moment; see OpenSnapshot
	still  bool // nobody writes it; see isClosed
}

// OpenReader opens the ledger at path for reading. It is an error
// (fs.ErrNotExist) when there is none, also where a run that could not write, or
// was killed, has left an empty file.
func OpenReader(ctx context.Context, path string) (*Reader, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	r, err := openReader(ctx, dsn(path, "query_only(1)"))
	if err != nil && isClosed(path, err) {
		if r, err = openReader(ctx, dsn(path, "query_only(1)")+"&mode=ro&immutable=1"); err == nil {
			r.still = true
		}
	}
	return r, describe(path, err)
}

func openReader(ctx context.Context, source string) (*Reader, error) {
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(2)
	user, err := 0, checkVersion(ctx, db)
	if err == nil {
		user, err = userVersion(ctx, db)
	}
	if err == nil && user == 0 {
		err = fs.ErrNotExist
	}
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	return &Reader{db: db}, nil
}

// isClosed reports whether a ledger that could not be opened lies where nobody may
// write, and was closed by whoever wrote it last: SQLite makes files beside it even
// to read, unless it is told that nothing will change.
func isClosed(path string, err error) bool {
	var fault *sqlite.Error
	if !errors.As(err, &fault) || fault.Code()&0xff != sqlite3.SQLITE_CANTOPEN {
		return false
	}
	_, err = os.Stat(path + "-wal")
	return errors.Is(err, fs.ErrNotExist)
}

// Close closes the reader.
func (r *Reader) Close() error { return r.db.Close() }

// create makes the file with mode 0600; WAL and index inherit it.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func dsn(path string, pragmas ...string) string {
	q := url.Values{}
	q.Add("_pragma", "busy_timeout(10000)")
	q.Add("_pragma", "temp_store(MEMORY)")
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return uri(path) + "?" + q.Encode()
}

// uri names a file so that SQLite takes no character of its path for its own.
func uri(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// checkVersion refuses an SQLite that is too old and a ledger that is too new
// or not one of ours.
func checkVersion(ctx context.Context, q querier) error {
	var lib string
	var app int
	if err := q.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&lib); err != nil {
		return err
	}
	if olderThan(lib, oldest) {
		return fmt.Errorf("this program was built with SQLite %s, %s is the least it may have", lib, oldest)
	}
	user, err := userVersion(ctx, q)
	if err != nil {
		return err
	}
	if user > version {
		return ledger.ErrNewer
	}
	if err := q.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app); err != nil {
		return err
	}
	var tables int
	if err := q.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables); err != nil {
		return err
	}
	if tables > 0 && (user == 0 || app != applicationID) {
		return fmt.Errorf("%w: it is the database of another program", ledger.ErrDamaged)
	}
	return nil
}

// olderThan compares dotted version numbers.
func olderThan(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		x, _ := strconv.Atoi(as[i])
		y, _ := strconv.Atoi(bs[i])
		if x != y {
			return x < y
		}
	}
	return len(as) < len(bs)
}

// describe puts the file's name before an error, calls damage by its name, and
// says in words what can be done about the rest.
func describe(path string, err error) error {
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, sign := range []string{"not a database", "malformed", "disk image"} {
		if strings.Contains(err.Error(), sign) {
			return fmt.Errorf("%s: %w: %s", path, ledger.ErrDamaged, err)
		}
	}
	return fmt.Errorf("%s: %w", path, InWords(err))
}
