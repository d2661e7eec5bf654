package campaign

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"

	"breachmail/notifier"
	"breachmail/notifier/export"
	"breachmail/notifier/intake"
	"breachmail/notifier/ledger"
	"breachmail/notifier/report"
)

// Step says how far a run of check or plan is.
type Step struct {
	File       string // that is read now; empty once all are read
	Rows       int64  // read of it
	Done, Size int64  // bytes of the file; Size 0 where nobody knows
	Recipients int64  // grouped so far
}

// reading reads exports into an intake, and writes down what is set aside.
type reading struct {
	out    string // the folder for what is written
	secret []byte
	intake *intake.Intake
	opts   intake.Options // of intake
	input  *opened
	max    Percent // of an export that may be set aside
	again  bool    // exports that were planned before are read as well

	toldBefore, noEmail *intake.List // nil: none was named

	exports  []readExport
	reasons  reasons
	aside    *asideFile
	told     *listFile
	accounts int64                 // taken so far
	marks    int                   // kept so far
	replaced map[notifier.Mark]int // rows set aside in this run, and corrected in it
	progress func(Step)
}

// readExport is one export as it was read.
type readExport struct {
	report.Export
	base   string // its name without folders
	digest notifier.Digest
	first  int64 // the ordinal of its first account
	marks  marks
}

// newReading begins a run in the folder out. It is ended by close.
func newReading(out string, secret []byte, input *opened, cfg *ExportsConfig, progress func(Step)) (*reading, error) {
	aside, err := newAsideFile(out, sortedKeys(cfg.Extra))
	if err != nil {
		return nil, err
	}
	if progress == nil {
		progress = func(Step) {}
	}
	return &reading{
		out: out, secret: secret, input: input, max: cfg.MaxRejected, aside: aside,
		told:     newListFile(filepath.Join(out, "already-told.csv"), "file", "line"),
		progress: progress,
	}, nil
}

// sweep removes what a killed run left unfinished in folders like this: it
// holds personal data.
func sweep(folders string) error {
	old, err := filepath.Glob(filepath.Join(folders, ".*.tmp"))
	for _, path := range old {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// close leaves no file behind unless finish was reached, and no empty folder.
func (r *reading) close() {
	r.aside.abort()
	r.told.abort()
	r.input.close()
	if r.intake != nil {
		_ = r.intake.Close() // it only removes temporary files
	}
	_ = os.Remove(r.out) // fails where something is in it
}

// finish puts the lists of rows in place. Where nothing was read, old ones stay
// as they are.
func (r *reading) finish() error {
	r.input.close()
	if r.skipped() {
		r.aside.path = ""
		return nil
	}
	if _, err := r.told.finish(); err != nil {
		return err
	}
	return r.aside.finish(r)
}

// all reads every export; known, nil where nothing is planned, says which were
// planned before. Those are skipped, unless r.again says otherwise.
func (r *reading) all(ctx context.Context, known ledger.Reader) error {
	seen := map[notifier.Digest]string{}
	for _, file := range r.input.files {
		digest, err := file.Sum()
		if err != nil {
			return err
		}
		if twin, twice := seen[digest]; twice {
			return hint(errors.New(twin+" and "+file.Name+" are the same file"), "name it once")
		}
		seen[digest] = file.Name
		e := readExport{Export: report.Export{Name: file.Name}, base: file.Base(), digest: digest, first: r.accounts}
		if known != nil {
			if _, e.Planned, err = known.Export(ctx, digest); err != nil {
				return err
			}
		}
		if r.again || !e.Planned {
			if err := r.export(ctx, file, &e); err != nil {
				return err
			}
		}
		r.exports = append(r.exports, e)
	}
	return nil
}

// skipped reports whether every export was planned before, and none was read.
func (r *reading) skipped() bool {
	if r.again {
		return false
	}
	for i := range r.exports {
		if !r.exports[i].Planned {
			return false
		}
	}
	return true
}

// export reads one file.
func (r *reading) export(ctx context.Context, file export.File, e *readExport) (err error) {
	reader, err := export.Open(file, r.input.opts)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }() // it was only read
	shift := intake.NewShift()
	for batch, err := range rows(ctx, reader) {
		if err != nil {
			return err
		}
		for i := range batch.rows {
			if err := r.row(&batch.rows[i], e, shift); err != nil {
				return err
			}
		}
		r.progress(Step{File: e.Name, Rows: e.Rows, Done: batch.offset, Size: reader.Size()})
	}
	e.describe(reader)
	r.judge(e, shift)
	return nil
}

// row takes in one row.
func (r *reading) row(row *readRow, e *readExport, shift *intake.Shift) error {
	e.Rows++
	origin := row.account.Origin
	if row.reject != nil {
		origin = row.reject.Row.Origin
	} else {
		v, err := r.intake.Add(row.account)
		switch {
		case err != nil:
			return err
		case v.Told:
			e.AlreadyTold++
			shift.Taken(&row.account)
			if err := r.told.add(row.account.Source.File, strconv.Itoa(row.account.Source.Line)); err != nil {
				return err
			}
		case v.Reject == nil:
			r.accounts++
			shift.Taken(&row.account)
		default:
			row.reject = v.Reject
			row.reject.Line = row.line
		}
	}
	r.mark(e, row.reject, origin)
	if row.reject == nil {
		return nil
	}
	e.Rejected++
	shift.Aside(row.reject)
	r.reasons.add(row.reject)
	return r.aside.rejects.Write(*row.reject)
}
