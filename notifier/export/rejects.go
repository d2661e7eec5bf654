package export

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"breachmail/notifier"
)

// RejectWriter writes rows that were set aside as CSV: our column names, then
// where each stood, what is wrong with it and its original text. Corrected,
// the file is an export that Open takes.
type RejectWriter struct {
	w      *csv.Writer
	header bool
}

// rejectHeader is the header of rejected.csv.
var rejectHeader = []string{
	FieldName, FieldZIP, FieldPhone, FieldEmail, FieldAccountNumber, FieldAccountType, FieldLanguage,
	"file", "line", "field", "reason", "original",
}

// NewRejectWriter returns a writer to w. The header is written with the first
// row, or by Flush when there is none.
func NewRejectWriter(w io.Writer) *RejectWriter { return &RejectWriter{w: csv.NewWriter(w)} }

// Write writes one row.
func (w *RejectWriter) Write(r notifier.Reject) error {
	if err := w.begin(); err != nil {
		return err
	}
	line := ""
	if r.Source.Line > 0 {
		line = strconv.Itoa(r.Source.Line)
	}
	cells := []string{
		r.Row.Name.Reveal(), r.Row.ZIP, r.Row.Phone.Reveal(), r.Row.Email.Reveal(),
		r.Row.Number.Reveal(), r.Row.Type, r.Row.Language,
		r.Source.File, line, r.Field, r.Reason, r.Line.Reveal(),
	}
	for i, c := range cells {
		cells[i] = defuse(strings.ReplaceAll(c, "\x00", ""))
	}
	return w.w.Write(cells)
}

// Flush writes what is buffered. A file without rejects is its header.
func (w *RejectWriter) Flush() error {
	if err := w.begin(); err != nil {
		return err
	}
	w.w.Flush()
	return w.w.Error()
}

func (w *RejectWriter) begin() error {
	if w.header {
		return nil
	}
	w.header = true
	return w.w.Write(rejectHeader)
}

// formulaStarts are the characters with which a cell begins that a spreadsheet
// runs as a formula.
const formulaStarts = "=+-@\t\r"

// defuse puts an apostrophe before a cell that a spreadsheet would run. A cell
// that already begins with apostrophes and such a character gets one more, so
// that undefuse gives back exactly what was there.
func defuse(s string) string {
	if isFormula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// undefuse takes off the apostrophe that defuse put on.
func undefuse(s string) string {
	if s == "" || s[0] != '\'' || !isFormula(strings.TrimLeft(s, "'")) {
		return s
	}
	return s[1:]
}

func isFormula(s string) bool { return s != "" && strings.IndexByte(formulaStarts, s[0]) >= 0 }
