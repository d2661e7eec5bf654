package campaign

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"breachmail/notifier/internal/atomicfile"
)

// readable is the mode of files without personal data.
const readable fs.FileMode = 0o644

type writer = io.Writer

// outbox holds the files of a report back until all of them are complete: a run
// that ends before leaves the files of the one before as they were.
type outbox struct {
	dir    string
	files  []*atomicfile.File
	ours   []string // their names, with slashes
	states []string // that have a folder for their regulator
}

func newOutbox(dir string) *outbox { return &outbox{dir: dir} }

// create begins a file.
func (o *outbox) create(name string, mode fs.FileMode) (*atomicfile.File, error) {
	at := filepath.Join(o.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return nil, err
	}
	f, err := atomicfile.Create(at, mode)
	if err == nil {
		o.files, o.ours = append(o.files, f), append(o.ours, name)
	}
	return f, err
}

// add writes a file that everybody may read.
func (o *outbox) add(name string, fill func(writer) error) error {
	f, err := o.create(name, readable)
	if err != nil {
		return err
	}
	return fill(f)
}

// commit puts all files in place, the last one at last, and before it removes what
// earlier reports wrote and this one did not.
func (o *outbox) commit() error {
	for i, f := range o.files {
		if i == len(o.files)-1 {
			if err := o.removeOthers(); err != nil {
				return err
			}
		}
		if err := f.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// abort drops what is not in place.
func (o *outbox) abort() {
	for _, f := range o.files {
		f.Abort()
	}
}

func (o *outbox) names() []string {
	names := slices.Clone(o.ours)
	slices.Sort(names)
	return names
}

// reportFiles are the names that a report's files can have, as patterns, those
// that a killed run has left half-made among them. Nothing else is ever removed.
var reportFiles = []string{
	"index.html", "by-state.csv", "evidence.jsonl", supportFile, ".*.tmp",
	"regulators/??/summary.txt", "regulators/??/sample-*.txt", "regulators/??/sample-*.eml", "regulators/??/.*.tmp",
}

// supportFile lists people.
const supportFile = "support.csv"

// removeOthers removes what is ours and was not made by this run, except what it
// holds back itself: a list or a folder of before would mislead.
func (o *outbox) removeOthers() error {
	root := os.DirFS(o.dir)
	last := path.Base(o.ours[len(o.ours)-1])
	var all error
	for _, pattern := range reportFiles {
		names, err := fs.Glob(root, pattern)
		if err != nil {
			return err
		}
		for _, name := range names {
			if ok, _ := path.Match("."+last+".*.tmp", name); ok || slices.Contains(o.ours, name) {
				continue
			}
			_, err := atomicfile.Remove(filepath.Join(o.dir, filepath.FromSlash(name)))
			all = errors.Join(all, err)
		}
	}
	folders, err := fs.Glob(root, "regulators/??")
	if err != nil {
		return errors.Join(all, err)
	}
	for _, name := range append(folders, "regulators") { // those that are empty now
		if err := os.Remove(filepath.Join(o.dir, filepath.FromSlash(name))); err != nil && !notEmpty(err) {
			all = errors.Join(all, err)
		}
	}
	return all
}

// notEmpty reports whether a folder was not removed because something is in it, or
// because it is not there.
func notEmpty(err error) bool { return errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) }
