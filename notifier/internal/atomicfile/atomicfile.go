// Package atomicfile writes files that are complete or absent, never half: a
// temporary file in the same directory is filled, flushed to the disk, closed
// and renamed, and then the directory is flushed too, so that the new name
// survives a power cut.
package atomicfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write puts what fill writes into the file at path, with mode as its
// permissions. On error an older file at path is as it was.
func Write(path string, mode fs.FileMode, fill func(io.Writer) error) error {
	f, err := Create(path, mode)
	if err != nil {
		return err
	}
	defer f.Abort()
	if err := fill(f); err != nil {
		return err
	}
	return f.Commit()
}

// errDone is what a File answers after Commit or Abort.
var errDone = errors.New("already committed or aborted")

// File is a file that does not exist under its own name before Commit. Writes
// are buffered. It is not safe for concurrent use.
type File struct {
	path string
	tmp  *os.File // nil after Commit or Abort
	buf  *bufio.Writer
}

// Create begins a file that will be at path, with mode as its permissions
// whatever the umask. It must be ended by Commit or Abort.
func Create(path string, mode fs.FileMode) (*File, error) {
	// CreateTemp makes the file with mode 0600, so nobody else can read it
	// before its own mode is set.
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", path, err)
	}
	f := &File{path: path, tmp: tmp, buf: bufio.NewWriterSize(tmp, 64<<10)}
	if err := tmp.Chmod(mode.Perm()); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		f.Abort()
		return nil, fmt.Errorf("create %s: %w", path, err)
	}
	return f, nil
}

// Write implements io.Writer.
func (f *File) Write(p []byte) (int, error) {
	if f.tmp == nil {
		return 0, f.fail("write", errDone)
	}
	n, err := f.buf.Write(p)
	return n, f.fail("write", err)
}

// Commit makes the file appear at path. On error nothing of it is left; only
// when the directory could not be flushed does the file stand there already,
// and may be gone after a power cut.
func (f *File) Commit() error {
	if f.tmp == nil {
		return f.fail("commit", errDone)
	}
	defer f.Abort() // does nothing once the file is renamed
	if err := f.buf.Flush(); err != nil {
		return f.fail("write", err)
	}
	if err := f.tmp.Sync(); err != nil {
		return f.fail("sync", err)
	}
	if err := f.tmp.Close(); err != nil {
		return f.fail("close", err)
	}
	if err := os.Rename(f.tmp.Name(), f.path); err != nil {
		return f.fail("rename", err)
	}
	f.tmp = nil
	return f.fail("sync the directory of", syncDir(filepath.Dir(f.path)))
}

// Publish gives the complete file at from, in the same directory and written by
// somebody who did not flush it, the name to. A file that has the name is
// replaced.
func Publish(from, to string) error {
	f, err := os.OpenFile(from, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return syncDir(filepath.Dir(to))
}

// Abort drops what was written. After Commit it does nothing, so it can be
// deferred.
func (f *File) Abort() {
	if f.tmp == nil {
		return
	}
	// The file is being dropped; there is nobody an error would help.
	_ = f.tmp.Close()
	_ = os.Remove(f.tmp.Name())
	f.tmp = nil
}

// fail names the file in err.
func (f *File) fail(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w", what, f.path, err)
}
