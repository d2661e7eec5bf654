package campaign

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"

	"breachmail/notifier/internal/atomicfile"
)

// listFile is a CSV that is there only when something stands in it, and then
// as a whole.
type listFile struct {
	path   string
	header []string
	file   *atomicfile.File // nil until there is a row
	csv    *csv.Writer
	rows   int64
}

func newListFile(path string, header ...string) *listFile {
	return &listFile{path: path, header: header}
}

// add writes one row.
func (l *listFile) add(cells ...string) error {
	if l.file == nil {
		f, err := atomicfile.Create(l.path, personal)
		if err != nil {
			return err
		}
		l.file, l.csv = f, csv.NewWriter(f)
		if err := l.csv.Write(l.header); err != nil {
			return err
		}
	}
	l.rows++
	return l.csv.Write(cells)
}

// finish puts the file in place and returns its path. Where nothing stands in
// it, it removes an old one and returns "".
func (l *listFile) finish() (string, error) {
	if l.file == nil {
		if err := os.Remove(l.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		return "", nil
	}
	l.csv.Flush()
	if err := l.csv.Error(); err != nil {
		return "", err
	}
	return l.path, l.file.Commit()
}

// abort leaves no file behind unless finish was reached.
func (l *listFile) abort() {
	if l.file != nil {
		l.file.Abort()
	}
}
