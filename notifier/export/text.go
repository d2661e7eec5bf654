package export

import (
	"bytes"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"breachmail/notifier"
)

// maxOriginal is how much of a row's original text a reject keeps, in bytes:
// little enough for rejected.csv to be an export itself.
const maxOriginal = 32 << 10

var errEmpty = errors.New("the file is empty (an export has a line with the names of its columns, then one account a line)")

// foreign stands where an encoding has no character for what was there.
const foreign = string(utf8.RuneError)

// check sets aside a row whose text is damaged. The fields of acc are then
// readable as a suggestion of what the row may have said.
func (r *Reader) check(acc *notifier.Account) (field, reason string) {
	switch {
	case r.current.flaw == flawNUL:
		mend(acc, func(s string) string { return fromWindows(withoutNUL(s)) })
		return "", string(flawNUL)
	case !r.damaged():
		return "", ""
	case r.decoded():
		return fieldWith(acc, isForeign),
			"a character that does not exist in " + r.seen.shown + " (correct it, " + r.orEncoding("name the file's encoding with --encoding") + ")"
	}
	field = fieldWith(acc, func(s string) bool { return !utf8.ValidString(s) })
	mend(acc, fromWindows)
	return field, "not valid UTF-8 (shown as if it were Windows-1252: correct it, " +
		r.orEncoding("read the file with --encoding windows-1252") + ")"
}

// orEncoding is what else to do about damaged text: remedy, or where --encoding
// does not apply, something that helps.
func (r *Reader) orEncoding(remedy string) string {
	if r.Corrections() {
		return "and save the file as UTF-8"
	}
	return "or " + remedy
}

// damaged reports whether the current record has bytes that are no characters.
func (t *table) damaged() bool {
	if t.decoded() {
		return bytes.Contains(t.current.text, []byte(foreign))
	}
	return !utf8.Valid(t.current.text)
}

func isForeign(s string) bool { return strings.Contains(s, foreign) }

func withoutNUL(s string) string { return strings.ReplaceAll(s, "\x00", "") }

// fieldWith returns the first field for which bad is true, or "" when that is
// another column.
func fieldWith(acc *notifier.Account, bad func(string) bool) string {
	for _, f := range []struct{ field, text string }{
		{FieldName, acc.Name.Reveal()}, {FieldZIP, acc.ZIP}, {FieldPhone, acc.Phone.Reveal()},
		{FieldEmail, acc.Email.Reveal()}, {FieldAccountNumber, acc.Number.Reveal()},
		{FieldAccountType, acc.Type}, {FieldLanguage, acc.Language}, {FieldState, acc.State}, {FieldConsent, acc.Consent},
	} {
		if bad(f.text) {
			return f.field
		}
	}
	return ""
}

// mend applies to to every field of acc.
func mend(acc *notifier.Account, to func(string) string) {
	acc.Name = notifier.NewName(to(acc.Name.Reveal()))
	acc.ZIP = to(acc.ZIP)
	acc.Phone = notifier.NewPhone(to(acc.Phone.Reveal()))
	acc.Email = notifier.NewAddress(to(acc.Email.Reveal()))
	acc.Number = notifier.NewAccountNumber(to(acc.Number.Reveal()))
	acc.Type = to(acc.Type)
	acc.Language = to(acc.Language)
	acc.State = to(acc.State)
	acc.Consent = to(acc.Consent)
	for i, c := range acc.Extra {
		acc.Extra[i] = notifier.NewCell(to(c.Reveal()))
	}
}

// fromWindows returns s unless it is not valid UTF-8, and then what it says in
// Windows-1252.
func fromWindows(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	out, err := charmap.Windows1252.NewDecoder().String(s)
	if err != nil {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	return out
}

// original returns a row's text as a reject keeps it and as it comes back from
// rejected.csv: valid UTF-8, without NUL, its line breaks LF, and cut when
// very long.
func original(text []byte) string {
	const mark = " … (cut)"
	end := ""
	if len(text) > maxOriginal {
		cut := maxOriginal
		for !utf8.RuneStart(text[cut]) && cut > maxOriginal-utf8.UTFMax {
			cut--
		}
		text, end = text[:cut], mark
	}
	s := withoutNUL(fromWindows(string(text)))
	for strings.Contains(s, "\r\n") { // a CR may have stood before CR LF
		s = strings.ReplaceAll(s, "\r\n", "\n")
	}
	return s + end
}

// clean takes white space off both ends of a field, and the apostrophe that
// defuses a formula (see defuse).
func clean(s string) string { return trim(undefuse(trim(s))) }

// trim takes white space off both ends, invisible spaces included.
func trim(s string) string {
	if s == "" || inked(s[0]) && inked(s[len(s)-1]) {
		return s
	}
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(unseen, r)
	})
}

// unseen are characters without a form that come along with what is copied:
// zero width space, byte order mark, marks of direction, soft hyphen.
const unseen = "\u200b\ufeff\u200e\u200f\u061c\u00ad"

// inked reports whether c is a visible ASCII character.
func inked(c byte) bool { return c > ' ' && c < 0x7f }
