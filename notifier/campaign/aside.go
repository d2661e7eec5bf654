package campaign

import (
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"breachmail/notifier/export"
	"breachmail/notifier/internal/atomicfile"
)

// asideFile is rejected.csv. Rows are gathered in a temporary file: only when
// all exports are read is it known which of them another export corrects.
type asideFile struct {
	path    string
	spool   *os.File
	rejects *export.RejectWriter
}

func newAsideFile(out string, extra []string) (*asideFile, error) {
	spool, err := os.CreateTemp(out, ".rejected.*.tmp") // mode 0600
	if err != nil {
		return nil, err
	}
	return &asideFile{path: filepath.Join(out, "rejected.csv"), spool: spool, rejects: export.NewRejectWriter(spool, extra)}, nil
}

// abort removes the temporary file.
func (a *asideFile) abort() {
	_ = a.spool.Close()           // it is dropped
	_ = os.Remove(a.spool.Name()) // a later run sweeps up what is left
}

// finish puts rejected.csv in place, without the rows that r found corrected,
// or removes an old one when no row is left. The temporary file is gone then: a
// plan that is killed after its commit is not run again in this folder.
func (a *asideFile) finish(r *reading) error {
	defer a.abort()
	if err := a.rejects.Flush(); err != nil {
		return err
	}
	if _, err := a.spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	left := r.reasons.rows
	for _, n := range r.replaced {
		left -= int64(n)
	}
	if left == 0 {
		r.reasons = reasons{}
		path := a.path
		a.path = ""
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	return atomicfile.Write(a.path, personal, func(w io.Writer) error {
		if len(r.replaced) == 0 {
			_, err := io.Copy(w, a.spool)
			return err
		}
		return a.filter(w, r)
	})
}

// filter copies all rows but those that were corrected.
func (a *asideFile) filter(w io.Writer, r *reading) error {
	in, out := csv.NewReader(a.spool), csv.NewWriter(w)
	header, err := in.Read()
	if err != nil {
		return err
	}
	field, reason := slices.Index(header, "field"), slices.Index(header, "reason")
	if err := out.Write(header); err != nil {
		return err
	}
	replaced := maps.Clone(r.replaced)
	for i := range r.exports {
		for _, m := range r.exports[i].marks.aside {
			row, err := in.Read()
			if err != nil {
				return err
			}
			if !m.again && replaced[m.Mark] > 0 {
				replaced[m.Mark]--
				r.reasons.take(row[field], row[reason])
				continue
			}
			if err := out.Write(row); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}
