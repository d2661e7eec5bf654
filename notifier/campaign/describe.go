package campaign

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"breachmail/notifier"
	"breachmail/notifier/export"
	"breachmail/notifier/intake"
	"breachmail/notifier/report"
)

// describe notes how an export was read.
func (e *readExport) describe(reader *export.Reader) {
	info := reader.Info()
	e.Packing = append([]string{}, info.Packing...)
	e.Encoding, e.Guessed = info.Encoding, info.Guessed
	e.Delimiter = map[rune]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "bar"}[info.Delimiter]
	e.LineBreak = info.LineBreak
	e.Corrections = reader.Corrections()
	e.Changed = []report.Changed{}
	for _, c := range info.Changed {
		e.Changed = append(e.Changed, report.Changed{Byte: fmt.Sprintf("%02X", c.Byte), Character: string(c.Character), Line: c.Line})
	}
	e.Columns = []report.Column{}
	for _, c := range info.Columns {
		e.Columns = append(e.Columns, report.Column{Header: c.Header, Field: c.Field})
	}
}

// fewRejects may always be set aside, however short the export.
const fewRejects = 20

// judge says whether plan would refuse an export, and why. Rows that are set
// aside once more after somebody corrected them count as what they were before.
func (r *reading) judge(e *readExport, shift *intake.Shift) {
	aside := e.Rejected - e.marks.again()
	words := shift.Words()
	e.Shifted = words
	if r.marks >= mostMarks {
		e.Refused = fmt.Sprintf("more than %d rows are set aside: this is not a file of accounts as it should be", mostMarks)
		return
	}
	if aside <= fewRejects || float64(aside) <= r.max.Fraction()*float64(e.Rows) {
		return
	}
	e.Refused = fmt.Sprintf("%d of %d rows would be set aside, more than exports.max_rejected allows (%v, and %d rows in any case)",
		aside, e.Rows, r.max, fewRejects)
	if words != "" {
		e.Refused += "; " + words
	}
}

// refused is an error when an export may not be loaded.
func (c *Campaign) refused(r *reading) error {
	for i := range r.exports {
		if e := &r.exports[i]; e.Refused != "" {
			return hint(fmt.Errorf("%s: %s; nothing was loaded", e.Name, e.Refused), "see why with: %s", c.Command("check "+quote(e.Name)))
		}
	}
	return nil
}

// reasons counts why rows were set aside.
type reasons struct {
	list []report.Rejected
	at   map[[2]string]int // by field and reason
	rows int64
}

// mostReasons is how many reasons are told apart: hostile bytes could make up
// one a row.
const mostReasons = 100

var otherReasons = [2]string{"", "for other reasons"}

func (r *reasons) add(j *notifier.Reject) {
	r.rows++
	why := [2]string{j.Field, j.Reason}
	at, ok := r.at[why]
	if !ok && len(r.list) >= mostReasons {
		why = otherReasons
		at, ok = r.at[why]
	}
	if !ok {
		if r.at == nil {
			r.at = map[[2]string]int{}
		}
		at = len(r.list)
		r.at[why] = at
		r.list = append(r.list, report.Rejected{
			Field: why[0], Reason: why[1], File: j.Source.File, Line: j.Source.Line, Example: exampleOf(j),
		})
	}
	r.list[at].Rows++
}

// take takes back one row.
func (r *reasons) take(field, reason string) {
	at, ok := r.at[[2]string{field, reason}]
	if !ok {
		at, ok = r.at[otherReasons]
	}
	if ok {
		r.list[at].Rows--
		r.rows--
	}
}

// sorted returns the reasons, those of most rows first.
func (r *reasons) sorted() []report.Rejected {
	list := slices.DeleteFunc(append([]report.Rejected{}, r.list...), func(j report.Rejected) bool { return j.Rows == 0 })
	slices.SortStableFunc(list, func(a, b report.Rejected) int { return int(b.Rows - a.Rows) })
	return list
}

// exampleOf shows the shape of what was set aside, and none of its letters and
// digits.
func exampleOf(j *notifier.Reject) string {
	text := j.Line.Reveal()
	switch j.Field {
	case export.FieldName:
		text = j.Row.Name.Reveal()
	case export.FieldZIP:
		text = j.Row.ZIP
	case export.FieldPhone:
		text = j.Row.Phone.Reveal()
	case export.FieldEmail:
		text = j.Row.Email.Reveal()
	case export.FieldAccountNumber:
		text = j.Row.Number.Reveal()
	case export.FieldAccountType:
		text = j.Row.Type
	}
	return shapeOf(text)
}

// mostShape is the longest shape that is shown, in characters.
const mostShape = 60

// shapeOf writes x for letters, X for capitals and 9 for digits.
func shapeOf(text string) string {
	var b strings.Builder
	n := 0
	for _, c := range text {
		if n++; n > mostShape {
			b.WriteRune('…')
			break
		}
		switch {
		case unicode.IsUpper(c):
			c = 'X'
		case unicode.IsDigit(c):
			c = '9'
		case c == ' ' || c < 0x7f && unicode.IsPrint(c) && !unicode.IsLetter(c):
		case unicode.IsPrint(c) || unicode.IsMark(c):
			c = 'x'
		default:
			c = '·'
		}
		b.WriteRune(c)
	}
	return b.String()
}
