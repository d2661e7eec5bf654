package inbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// Message is one message, or one event.
type Message struct {
	Name  string // for words: a file's base name, FILE:NUMBER in an mbox, FILE:LINE of an event, the UID in a mailbox
	Raw   []byte // as it stands there, its first 4 MiB; valid until f returns
	Event bool   // Raw is a JSON object of SES or SendGrid

	uid      imap.UID
	validity uint32
}

// maxMessage is how much of a message is read. Nothing that a report has to say
// stands behind that.
const maxMessage = 4 << 20

// Source is a place where messages lie. It is not safe for concurrent use.
type Source interface {
	// Each calls f for every message that is there now and was neither marked
	// nor given by this Source before. It ends with f's first error. After any
	// error it can be called again; it may then give some a second time.
	Each(ctx context.Context, f func(Message) error) error
	// Mark marks messages as taken in, where the place keeps marks. It must be
	// called only after what they say is durable.
	Mark(ctx context.Context, done []Message) error
	// Close ends the use of the place.
	Close() error
}

// Options are what Open needs from outside.
type Options struct {
	Stdin  io.Reader           // for "-"
	Getenv func(string) string // where passwords are; nil: os.Getenv
	TLS    *tls.Config         // nil: Go's own choice, and the system's certificates
	Warn   func(string)        // is told, in words without personal data, what was passed over; nil: nobody
}

func (o Options) warn(format string, args ...any) {
	if o.Warn != nil {
		o.Warn(fmt.Sprintf(format, args...))
	}
}

// understood names the places in errors.
const understood = "understood are a Maildir, an mbox, a file with one message, a directory of .eml files, event JSON of SES or SendGrid, " +
	"- for standard input, and imaps://USER@HOST/MAILBOX; files may be packed with gzip"

// Open opens a place: a path, "-", or the address of a mailbox. What is none of
// the places above is an error, and so is a mailbox that does not let us in.
func Open(ctx context.Context, where string, o Options) (Source, error) {
	switch {
	case where == "-":
		if o.Stdin == nil {
			return nil, errors.New("-: there is no standard input")
		}
		return &file{name: "standard input", o: o, stdin: o.Stdin}, nil
	case isAddress(where):
		return openMailbox(ctx, where, o)
	case strings.Contains(where, "://"):
		return nil, fmt.Errorf("%s://…: this is no kind of mailbox that breachmail can read (%s)", where[:strings.Index(where, "://")], understood)
	}
	info, err := os.Stat(where)
	if err != nil {
		return nil, said(err)
	}
	if !info.IsDir() {
		return openFile(where, o)
	}
	return openDirectory(where)
}

// openDirectory tells a Maildir from a directory of .eml files.
func openDirectory(where string) (Source, error) {
	if isDirectory(where, "cur") && isDirectory(where, "new") {
		return &directory{path: where, parts: []string{"new", "cur"}, maildir: true, seen: newSet()}, nil
	}
	if isDirectory(where, "Maildir/cur") && isDirectory(where, "Maildir/new") {
		return nil, fmt.Errorf("%s: this is no Maildir, but it holds one (name %s)", where, filepath.Join(where, "Maildir"))
	}
	d := &directory{path: where, parts: []string{"."}, seen: newSet()}
	found := false
	err := d.names(context.Background(), ".", func(string) error {
		found = true
		return fs.SkipAll
	})
	if err != nil && !errors.Is(err, fs.SkipAll) {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("%s: this directory is no Maildir (it has no cur and new), and no .eml file is in it (%s)", where, understood)
	}
	return d, nil
}

func isDirectory(parts ...string) bool {
	info, err := os.Stat(filepath.Join(parts...))
	return err == nil && info.IsDir()
}

// said is an error of the file system as we say it.
func said(err error) error {
	var path *fs.PathError
	if !errors.As(err, &path) {
		return err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: there is no such file or directory", path.Path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: breachmail may not read it (run it as a user who may)", path.Path)
	}
	return fmt.Errorf("%s: %w", path.Path, path.Err)
}

// set remembers what was given, in eight bytes each: of ten million names, two
// have the same hash once in 400,000 runs.
type set struct {
	seed maphash.Seed
	has  map[uint64]struct{}
}

func newSet() set { return set{maphash.MakeSeed(), map[uint64]struct{}{}} }

func (s set) contains(name string) bool {
	_, ok := s.has[maphash.String(s.seed, name)]
	return ok
}

func (s set) add(name string) { s.has[maphash.String(s.seed, name)] = struct{}{} }
