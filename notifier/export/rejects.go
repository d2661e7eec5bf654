package export

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"breachmail/notifier"
)

// RejectWriter writes rows that were set aside as CSV: our column names and
// those of extra columns, then where each stood, what is wrong with it and its
// original text. Corrected, the file is an export that Open takes, and knows
// again as Corrections. A row that corrects another one is written with the
// place and text of that one, so that it can be corrected once more.
type RejectWriter struct {
	w      *csv.Writer
	extra  []string // the names, in their order
	header bool
}

// NewRejectWriter returns a writer to w. extra are the names of the columns
// that Options.Extra reads. The header is written with the first row, or by
// Flush when there is none.
func NewRejectWriter(w io.Writer, extra []string) *RejectWriter {
	return &RejectWriter{w: csv.NewWriter(w), extra: slices.Sorted(slices.Values(extra))}
}

// Write writes one row.
func (w *RejectWriter) Write(r notifier.Reject) error {
	if err := w.begin(); err != nil {
		return err
	}
	cells := append(w.row(&r.Row), origin(r)...)
	size := 0
	for i, c := range cells {
		c = writable(c)
		if i < len(cells)-len(originColumns) && holdsRow([]byte(c), ',', i, len(cells)) {
			c = oneLine.Replace(c) // else it would be taken for a row when it is read again
		}
		cells[i] = defuse(c)
		size += 2*len(cells[i]) + len(`"",`) // were it all quotes
	}
	if size > maxRecord { // it could not be read again; the original text tells
		for i := range cells[:len(cells)-len(originColumns)] {
			cells[i] = ""
		}
	}
	return w.w.Write(cells)
}

// row returns the cells of the account.
func (w *RejectWriter) row(a *notifier.Account) []string {
	cells := []string{
		a.Name.Reveal(), a.ZIP, a.Phone.Reveal(), a.Email.Reveal(),
		a.Number.Reveal(), a.Type, a.Language, a.State, a.Consent,
	}
	for i := range w.extra {
		text := ""
		if i < len(a.Extra) {
			text = a.Extra[i].Reveal()
		}
		cells = append(cells, text)
	}
	return cells
}

// origin returns the last cells of a row.
func origin(r notifier.Reject) []string {
	source, text := r.Source, r.Line
	if r.Row.Origin != nil {
		source, text = r.Row.Origin.Source, r.Row.Origin.Original
	}
	line := ""
	if source.Line > 0 {
		line = strconv.Itoa(source.Line)
	}
	return []string{source.File, line, r.Field, r.Reason, text.Reveal()}
}

// oneLine puts a space in the place of each line break.
var oneLine = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ")

// writable returns s as text that can be read again.
func writable(s string) string { return strings.ToValidUTF8(withoutNUL(s), foreign) }

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
	return w.w.Write(slices.Concat(ownFields(), w.extra, originColumns))
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
