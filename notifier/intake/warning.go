package intake

import (
	"strings"
	"unicode"

	"breachmail/notifier"
)

// Warning is something about rows that were taken that a person should know.
type Warning struct {
	Code    string // never changes, for programs
	Field   string // the column it is about
	Text    string
	Rows    int64
	First   notifier.Source
	Example string // how the first value looks, without its data; may be empty
}

// warningKind names a warning by its place in warnings.
type warningKind int

const (
	zipPadded warningKind = iota
	zipDecimal
	zipEmpty
	zipUnknown
	stateUnread
	stateContradicts
	phoneAsFound
	consentUnread
	nameDamaged
	languageMissing
)

// warnings are all that there are, in the order in which they are given.
var warnings = [...]Warning{
	zipPadded:        {Code: "zip_padded", Field: "zip", Text: "a spreadsheet ate the leading zero of the ZIP code; it was put back"},
	zipDecimal:       {Code: "zip_decimal", Field: "zip", Text: "the ZIP code was turned into a decimal number; its .0 was taken off"},
	zipEmpty:         {Code: "zip_empty", Field: "zip", Text: "there is no ZIP code, and nothing else says the state; it is unknown"},
	zipUnknown:       {Code: "zip_unknown", Field: "zip", Text: "the ZIP code is damaged, unassigned, military or foreign, and nothing else says the state; it is unknown"},
	stateUnread:      {Code: "state_unread", Field: "state", Text: "the column state holds something else than a state; the ZIP code decides"},
	stateContradicts: {Code: "state_contradicts_zip", Field: "state", Text: "the column state and the ZIP code name different states; the column decides"},
	phoneAsFound:     {Code: "phone_as_found", Field: "phone", Text: "the phone number has an extension or cannot be one; it is kept as found"},
	consentUnread:    {Code: "consent_unread", Field: "consent", Text: "the column consent says neither yes nor no; it counts as no consent"},
	nameDamaged:      {Code: "name_damaged", Field: "name", Text: "the name was damaged by an earlier program that read it in the wrong encoding; it is kept as found"},
	languageMissing:  {Code: "language_missing", Field: "language", Text: "the row asks for a language in which there is no notice (it takes a template and incident.translations); theirs is in English"},
}

// warn counts one row, whose value may be shown as an example of its shape.
func (in *Intake) warn(kind warningKind, a *notifier.Account, value string) {
	w := &in.warned[kind]
	if w.Rows == 0 {
		w.First, w.Example = a.Source, shape(value)
	}
	w.Rows++
}

// Warnings returns what was noticed about the rows that were taken, in a fixed
// order. It is complete after Recipients.
func (in *Intake) Warnings() []Warning {
	var out []Warning
	for kind, noted := range in.warned {
		if noted.Rows > 0 {
			w := warnings[kind]
			w.Rows, w.First, w.Example = noted.Rows, noted.First, noted.Example
			out = append(out, w)
		}
	}
	return out
}

// longestShape is more characters than the shape of a value needs.
const longestShape = 24

// shape shows how a value is written without saying what it is: each digit is
// 9, each letter A or a, and all other characters beyond ASCII are ?.
func shape(s string) string {
	n := 0
	return strings.Map(func(r rune) rune {
		if n++; n > longestShape {
			return -1
		}
		switch {
		case unicode.IsDigit(r):
			return '9'
		case unicode.IsUpper(r):
			return 'A'
		case unicode.IsLetter(r):
			return 'a'
		case r < ' ' || r > '~':
			return '?'
		}
		return r
	}, s)
}
