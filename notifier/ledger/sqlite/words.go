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

// inWords says of a failure of SQLite what it means and what to do about it.
// Damage becomes ledger.ErrDamaged.
func inWords(err error) error {
	var fault *sqlite.Error
	if !errors.As(err, &fault) {
		return err
	}
	switch code := fault.Code() & 0xff; {
	case code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w: %w", ledger.ErrDamaged, err)
	case troubles[code] != "":
		return fmt.Errorf("%s: %w", troubles[code], err)
	}
	return err
}
