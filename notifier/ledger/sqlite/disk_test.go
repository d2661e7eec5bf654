package sqlite_test

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"sync"

	sqlite3 "modernc.org/sqlite/lib"
)

// disk writes down, in one order, what was done to the files of a directory and
// what its program knew meanwhile, so that afterwards the files can be made as a
// crash at any of these moments would have left them. It can also fail.
type disk struct {
	mu     sync.Mutex
	events []event
	count  int             // of the events that are no notes
	known  map[string]bool // files that it has
	young  map[string]bool // journals whose first sync flushes the directory as well
	fault  fault
	failed bool // the fault came
	idle   bool // nothing is written down; syncs are left out all the same
}

// idleDisk spares the time of syncs.
func idleDisk() *disk { return &disk{idle: true, fault: fault{at: -1}} }

type eventKind int

const (
	eventCreate eventKind = iota
	eventWrite
	eventTruncate
	eventSync
	eventDelete
	eventNote
)

// event is one thing done to a file, or a note.
type event struct {
	kind  eventKind
	file  string
	off   int64 // of a write; the size after a truncation
	data  []byte
	flush bool // the directory was flushed with it
	lost  bool // a sync that failed: the system forgets what it should have written
	note  func(*progress)
}

func (e event) String() string {
	what := []string{"creation", "write", "truncation", "sync", "deletion"}[e.kind]
	return fmt.Sprintf("%s of %s at %d, %d bytes", what, e.file, e.off, len(e.data))
}

// fault is what fails.
type fault struct {
	at    int    // the number of the event, from 0; none where it is below
	stays bool   // everything after it fails too
	code  int32  // of writes; where it is 0 they fail as the others do, with an I/O error
	then  func() // called when it comes; it may not call SQLite
}

// newDisk is a disk that holds an image.
func newDisk(base image, f fault) *disk {
	d := &disk{known: map[string]bool{}, young: map[string]bool{}, fault: f}
	for name := range base {
		d.known[name] = true
	}
	return d
}

// failNext has the next event fail.
func (d *disk) failNext(f fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f.at = d.count
	d.fault, d.failed = f, false
}

// fails counts an event and reports whether it shall fail. d.mu is held.
func (d *disk) fails() bool {
	k := d.count
	d.count++
	f := k == d.fault.at || d.fault.stays && d.fault.at >= 0 && k > d.fault.at
	if f && !d.failed && d.fault.then != nil {
		d.fault.then()
	}
	d.failed = d.failed || f
	return f
}

// writes returns how many events there were.
func (d *disk) writes() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.count
}

// note puts something that the program knows among the events.
func (d *disk) note(f func(*progress)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = append(d.events, event{kind: eventNote, note: f})
}

// appear notes a file that was made by other means than SQLite's. d.mu is held.
func (d *disk) appear(file string) {
	if !d.known[file] {
		d.known[file] = true
		d.events = append(d.events, event{kind: eventCreate, file: file})
	}
}

func (d *disk) create(file string, pass func() int32) int32 {
	if d.idle {
		return pass()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fails() {
		return sqlite3.SQLITE_CANTOPEN
	}
	rc := pass()
	if rc == sqlite3.SQLITE_OK {
		d.appear(file)
		d.young[file] = strings.HasSuffix(file, "-wal") || strings.HasSuffix(file, "-journal")
	}
	return rc
}

func (d *disk) write(file string, off int64, data []byte, pass func(n int) int32) int32 {
	if d.idle {
		return pass(len(data))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.appear(file)
	n, rc, first := len(data), int32(sqlite3.SQLITE_OK), !d.failed
	if d.fails() {
		rc = cmp.Or(d.fault.code, sqlite3.SQLITE_IOERR_WRITE)
		if !first || rc != sqlite3.SQLITE_FULL {
			return rc
		}
		n /= 2 // for so much there was room
	}
	if got := pass(n); got != sqlite3.SQLITE_OK {
		return got
	}
	d.events = append(d.events, event{kind: eventWrite, file: file, off: off, data: bytes.Clone(data[:n])})
	return rc
}

func (d *disk) truncate(file string, size int64, pass func() int32) int32 {
	if d.idle {
		return pass()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.appear(file)
	if d.fails() {
		return sqlite3.SQLITE_IOERR_TRUNCATE
	}
	rc := pass()
	if rc == sqlite3.SQLITE_OK {
		d.events = append(d.events, event{kind: eventTruncate, file: file, off: size})
	}
	return rc
}

func (d *disk) sync(file string) int32 {
	if d.idle {
		return sqlite3.SQLITE_OK
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.appear(file)
	if d.fails() {
		d.events = append(d.events, event{kind: eventSync, file: file, lost: true})
		return sqlite3.SQLITE_IOERR_FSYNC
	}
	d.events = append(d.events, event{kind: eventSync, file: file, flush: d.young[file]})
	delete(d.young, file)
	return sqlite3.SQLITE_OK
}

func (d *disk) remove(file string, flush bool, pass func() int32) int32 {
	if d.idle {
		return pass()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.appear(file)
	if d.fails() {
		return sqlite3.SQLITE_IOERR_DELETE
	}
	rc := pass()
	if rc == sqlite3.SQLITE_OK {
		delete(d.known, file)
		d.events = append(d.events, event{kind: eventDelete, file: file, flush: flush})
	}
	return rc
}
