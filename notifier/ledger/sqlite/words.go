package sqlite

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"breachmail/notifier/ledger"
)

// troubles are the failures that somebody who runs the program can do something
// about, by SQLite's code, in words. SQLite's own follow them.
var troubles = map[int]string{
	sqlite3.SQLITE_FULL:     "the disk is full (make room where the ledger is, then run the command again)",
	sqlite3.SQLITE_BUSY:     lockedWords,
	sqlite3.SQLITE_LOCKED:   lockedWords,
	sqlite3.SQLITE_READONLY: readOnlyWords,
	sqlite3.SQLITE_PERM:     readOnlyWords,
	sqlite3.SQLITE_CANTOPEN: "the ledger or a file beside it cannot be opened or made (look at who owns its directory and may write there, and whether the file system is mounted read-only)",
	sqlite3.SQLITE_IOERR:    "the disk failed to read or write (see whether it is full and what the system's log says of it, before the command is run again)",
}

const (
	lockedWords   = "another program has the ledger locked (close what has its file open, such as a sqlite3 shell or a backup program, then run the command again)"
	readOnlyWords = "the ledger may not be written (look at the permissions of its file and directory, and whether the file system is mounted read-only)"
)

// worded is a failure of SQLite that was said in words already.
type worded struct{ error }

func (w *worded) Unwrap() error { return w.error }

// InWords says of an error, wherever it came from, what it means and what to do
// about it, if it is a failure of SQLite's and nobody has said so yet. Damage
// becomes ledger.ErrDamaged.
func InWords(err error) error {
	var fault *sqlite.Error
	var said *worded
	if !errors.As(err, &fault) || errors.As(err, &said) {
		return err
	}
	code := fault.Code() & 0xff
	if fault.Code() == sqlite3.SQLITE_IOERR_SHMSIZE { // no room for the index of the WAL
		code = sqlite3.SQLITE_FULL
	}
	switch {
	case errors.Is(err, ledger.ErrDamaged):
	case code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB:
		return &worded{fmt.Errorf("%w: %w", ledger.ErrDamaged, err)}
	case troubles[code] != "":
		return &worded{fmt.Errorf("%s: %w", troubles[code], err)}
	}
	return err
}
