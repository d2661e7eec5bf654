package campaign

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"breachmail/notifier"
	"breachmail/notifier/export"
	"breachmail/notifier/intake"
	"breachmail/notifier/internal/atomicfile"
	"breachmail/notifier/ledger"
)

// ReadExport is what was read of one export.
type ReadExport struct {
	Path     string
	Digest   notifier.Digest
	Rows     int64
	Rejected int64
	Skipped  bool  // planned before
	first    int64 // the ordinal of its first account
}

// Rejected says why rows were set aside.
type Rejected struct {
	Field  string
	Reason string
	Rows   int64
	First  notifier.Source
}

// Reading is what was read of all exports of one run.
type Reading struct {
	Exports      []ReadExport
	Rejects      []Rejected // by reason, in the order they were met
	RejectedFile string     // empty when nothing was set aside
}

// reading reads exports into an intake and writes rejected.csv.
type reading struct {
	Reading
	out      string // the folder for what is written
	intake   *intake.Intake
	opts     export.Options
	rejects  *export.RejectWriter
	file     *atomicfile.File
	accounts int64
	progress func(file string, rows int64)
}

// readRows is how many rows pass between two looks at progress and context.
const readRows = 4096

func newReading(out string, in *intake.Intake, opts export.Options, progress func(string, int64)) (*reading, error) {
	if err := sweep(out); err != nil {
		return nil, err
	}
	f, err := atomicfile.Create(filepath.Join(out, "rejected.csv"), personal)
	if err != nil {
		return nil, err
	}
	if progress == nil {
		progress = func(string, int64) {}
	}
	return &reading{
		Reading: Reading{RejectedFile: filepath.Join(out, "rejected.csv")},
		out:     out, intake: in, opts: opts, file: f, rejects: export.NewRejectWriter(f), progress: progress,
	}, nil
}

// sweep removes what a killed run left unfinished: it holds personal data.
func sweep(out string) error {
	old, err := filepath.Glob(filepath.Join(out, ".*.tmp"))
	for _, path := range old {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// abort leaves no file behind unless finish was reached, and no empty folder.
func (r *reading) abort() {
	r.file.Abort()
	_ = os.Remove(r.out) // fails where something is in it
}

// finish puts rejected.csv in place, or removes an old one when no row was set
// aside. Where nothing was read, the old one stays as it is.
func (r *reading) finish() error {
	if r.skipped() {
		r.file.Abort()
		r.RejectedFile = ""
		return nil
	}
	if len(r.Rejects) == 0 {
		r.file.Abort()
		old := r.RejectedFile
		r.RejectedFile = ""
		if err := os.Remove(old); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	if err := r.rejects.Flush(); err != nil {
		return err
	}
	return r.file.Commit()
}

// export reads one file.
func (r *reading) export(ctx context.Context, path string, digest notifier.Digest) error {
	e := ReadExport{Path: path, Digest: digest, first: r.accounts}
	reader, err := export.Open(path, r.opts)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }() // it was only read
	for {
		account, reject, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		e.Rows++
		if e.Rows%readRows == 0 {
			r.progress(path, e.Rows)
			if ctx.Err() != nil {
				return ErrInterrupted
			}
		}
		if reject == nil {
			reject, err = r.intake.Add(account)
			if err != nil {
				return err
			}
			if reject == nil {
				r.accounts++
				continue
			}
			reject.Line = reader.Line()
		}
		e.Rejected++
		if err := r.reject(reject); err != nil {
			return err
		}
	}
	r.Exports = append(r.Exports, e)
	return nil
}

func (r *reading) reject(j *notifier.Reject) error {
	for i := range r.Rejects {
		if r.Rejects[i].Field == j.Field && r.Rejects[i].Reason == j.Reason {
			r.Rejects[i].Rows++
			return r.rejects.Write(*j)
		}
	}
	r.Rejects = append(r.Rejects, Rejected{Field: j.Field, Reason: j.Reason, Rows: 1, First: j.Source})
	return r.rejects.Write(*j)
}

// byExport credits recipients to the export their first row stood in.
func (r *reading) byExport() *credits { return &credits{exports: r.Exports} }

type credits struct {
	exports    []ReadExport
	recipients []int64
}

// add credits a recipient whose first row had that ordinal.
func (c *credits) add(first int64) {
	if c.recipients == nil {
		c.recipients = make([]int64, len(c.exports))
	}
	c.recipients[c.find(first)]++
}

// name returns the base name of the export in which that row stood.
func (c *credits) name(first int64) string { return filepath.Base(c.exports[c.find(first)].Path) }

func (c *credits) find(first int64) int {
	at := 0
	for i := range c.exports {
		if !c.exports[i].Skipped && c.exports[i].first <= first {
			at = i
		}
	}
	return at
}

// export returns the account of the i-th export: what is neither a recipient
// nor set aside was merged.
func (c *credits) export(i int) ledger.Export {
	e := &c.exports[i]
	out := ledger.Export{Digest: e.Digest, Name: filepath.Base(e.Path), Rows: e.Rows, Rejected: e.Rejected}
	if c.recipients != nil {
		out.Recipients = c.recipients[i]
	}
	out.Merged = out.Rows - out.Rejected - out.Recipients
	return out
}

// tooMany is an error when more of an export would be set aside than may be.
func (c *Campaign) tooMany(e *ReadExport) error {
	const few = 20
	most := c.Config.Exports.MaxRejected
	if e.Rejected <= few || float64(e.Rejected) <= most.Fraction()*float64(e.Rows) {
		return nil
	}
	return hint(fmt.Errorf("%s: %d of %d rows would be set aside, more than exports.max_rejected allows (%v); nothing was loaded",
		e.Path, e.Rejected, e.Rows, most), "see why with: %s", c.Command("check "+quote(e.Path)))
}
