package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Remove removes the file or folder at path, with all that is in it, for good:
// it does not come back after a power cut. removed is false where there was none.
func Remove(path string) (removed bool, err error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err := os.RemoveAll(path); err != nil {
		return false, err
	}
	return true, syncDir(filepath.Dir(path))
}

// SyncDir flushes a directory, so that the names in it survive a power cut.
func SyncDir(path string) error { return syncDir(path) }
