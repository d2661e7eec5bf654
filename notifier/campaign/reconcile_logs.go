package campaign

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"breachmail/notifier/bounce"
)

// LogRead is what was found in one log.
type LogRead struct {
	Name       string         `json:"name"`
	Format     bounce.Format  `json:"format"`
	Lines      int            `json:"lines"`
	Ours       int            `json:"ours"` // lines, or events, that name a notice of this campaign
	From       time.Time      `json:"from,omitzero"`
	To         time.Time      `json:"to,omitzero"`
	Unreadable int            `json:"unreadable"`
	Samples    []UnreadableAt `json:"-"`
}

// UnreadableAt is a line of a log that could not be read.
type UnreadableAt = bounce.Unreadable

func logsRead(sum bounce.Summary) []LogRead {
	list := make([]LogRead, len(sum.Logs))
	for i, l := range sum.Logs {
		list[i] = LogRead{l.Name, l.Format, l.Lines, l.Seen, l.First, l.Last, l.Unreadable, l.Samples}
	}
	return list
}

// logFiles are the logs of one run.
type logFiles struct {
	list  []bounce.Log
	dir   string // where what cannot be read twice is kept
	kept  bool   // something is
	found []fs.FileInfo
}

// openLogs finds the logs that are named: files, folders of files, "-" for stdin.
// What cannot be read twice is kept in the campaign directory until close,
// readable by its owner only.
func (c *Campaign) openLogs(ctx context.Context, paths []string, stdin io.Reader) (*logFiles, error) {
	l := &logFiles{dir: c.path(outDir)}
	if err := l.sweep(); err != nil { // a killed run may have left something
		return nil, err
	}
	for _, path := range paths {
		if err := l.add(ctx, path, stdin); err != nil {
			l.close()
			return nil, err
		}
		if path == "-" {
			stdin = nil
		}
	}
	if len(l.list) == 0 && len(paths) > 0 {
		return nil, fmt.Errorf("there is no log in %s (name the files, or another folder)", strings.Join(paths, ", "))
	}
	return l, nil
}

// spooled is how files are called in which logs are kept that come through a pipe.
const spooled = ".reconcile.*.tmp"

func (l *logFiles) sweep() error {
	left, err := filepath.Glob(filepath.Join(l.dir, spooled))
	for _, path := range left {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

func (l *logFiles) add(ctx context.Context, path string, stdin io.Reader) error {
	if path == "-" {
		if stdin == nil {
			return fmt.Errorf("%w: there is no standard input to read, or - stands twice", ErrUsage)
		}
		return l.keep(ctx, stdinName, stdin)
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	switch {
	case info.IsDir():
		return l.folder(path)
	case !info.Mode().IsRegular(): // a pipe, which can be read once
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		return l.keep(ctx, path, f)
	}
	l.file(path, info)
	return nil
}

// folder adds the files in a folder, but for hidden ones.
func (l *logFiles) folder(dir string) error {
	entries, err := os.ReadDir(dir) // by name
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path := filepath.Join(dir, e.Name())
		info, statErr := os.Stat(path)
		err = errors.Join(err, statErr)
		if statErr == nil && info.Mode().IsRegular() {
			l.file(path, info)
		}
	}
	return err
}

// file adds a file, unless it was added before.
func (l *logFiles) file(path string, info fs.FileInfo) {
	if slices.ContainsFunc(l.found, func(f fs.FileInfo) bool { return os.SameFile(f, info) }) {
		return
	}
	l.found = append(l.found, info)
	l.list = append(l.list, bounce.Log{Name: path, Open: func() (io.ReadCloser, error) { return openLog(path, info) }})
}

// openLog opens a file as it was found: a log may grow meanwhile, and is read
// twice. The name stands in bounce's errors.
func openLog(path string, found fs.FileInfo) (io.ReadCloser, error) {
	f, err := os.Open(path)
	var at *fs.PathError
	if errors.As(err, &at) {
		return nil, at.Err
	}
	if err != nil {
		return nil, err
	}
	if now, err := f.Stat(); err != nil || !os.SameFile(now, found) || now.Size() < found.Size() {
		_ = f.Close()
		return nil, errors.Join(err, errors.New("it was rotated while it was read (run it once more)"))
	}
	return &limited{io.LimitReader(f, found.Size()), f}, nil
}

// limited is the begin of a file.
type limited struct {
	io.Reader
	io.Closer
}

// keep copies what can be read only once.
func (l *logFiles) keep(ctx context.Context, name string, from io.Reader) error {
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return err
	}
	l.kept = true
	f, err := os.CreateTemp(l.dir, spooled) // mode 0600
	if err != nil {
		return err
	}
	path := f.Name()
	if err = errors.Join(copyUntil(ctx, f, from), f.Close()); err != nil {
		return err
	}
	info, err := os.Stat(path)
	l.list = append(l.list, bounce.Log{Name: name, Open: func() (io.ReadCloser, error) { return openLog(path, info) }})
	return err
}

// close removes what was kept.
func (l *logFiles) close() {
	if l.kept {
		_ = l.sweep()        // else a later run does
		_ = os.Remove(l.dir) // fails where something is in it
	}
}

// number returns the number of each log by its name.
func (l *logFiles) number() map[string]int {
	n := map[string]int{}
	for i := range l.list {
		n[l.list[i].Name] = i
	}
	return n
}

// bases returns the base names of the logs.
func (l *logFiles) bases() []string {
	list := make([]string, len(l.list))
	for i := range l.list {
		list[i] = filepath.Base(l.list[i].Name)
	}
	return list
}
