package export

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"breachmail/notifier"
)

// maxOriginal is how much of a row's original text a reject keeps, in bytes:
// little enough for rejected.csv to be an export itself.
const maxOriginal = 32 << 10

// skipMark takes a UTF-8 byte order mark off the beginning of a file, and
// refuses a file in UTF-16.
func skipMark(r io.Reader) (io.Reader, error) {
	mark := make([]byte, 3)
	n, err := io.ReadFull(r, mark)
	mark = mark[:n]
	switch {
	case err != nil && err != io.EOF && err != io.ErrUnexpectedEOF:
		return nil, err
	case bytes.Equal(mark, []byte("\xef\xbb\xbf")):
		return r, nil
	case bytes.HasPrefix(mark, []byte("\xff\xfe")), bytes.HasPrefix(mark, []byte("\xfe\xff")):
		return nil, errors.New("the file is in UTF-16 (save it as CSV in UTF-8)")
	}
	return io.MultiReader(bytes.NewReader(mark), r), nil
}

// check sets aside a row whose text is damaged. The fields of acc are then
// readable as a suggestion of what the row may have said.
func (r *Reader) check(acc *notifier.Account) (field, reason string) {
	if r.current.flaw == flawNUL {
		mend(acc, func(s string) string { return strings.ReplaceAll(s, "\x00", "") })
		return "", string(flawNUL)
	}
	if utf8.Valid(r.current.text) {
		return "", ""
	}
	field = invalidField(acc)
	mend(acc, fromWindows)
	return field, "not valid UTF-8 (it is shown as if it were Windows-1252: check it)"
}

// invalidField returns the first field that is not valid UTF-8, or "" when
// that is another column.
func invalidField(acc *notifier.Account) string {
	for _, f := range []struct{ field, text string }{
		{FieldName, acc.Name.Reveal()}, {FieldZIP, acc.ZIP}, {FieldPhone, acc.Phone.Reveal()},
		{FieldEmail, acc.Email.Reveal()}, {FieldAccountNumber, acc.Number.Reveal()},
		{FieldAccountType, acc.Type}, {FieldLanguage, acc.Language},
	} {
		if !utf8.ValidString(f.text) {
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

// original returns a row's text as a reject keeps it: cut when very long, and
// valid UTF-8.
func original(text []byte) string {
	const mark = " … (cut)"
	if len(text) <= maxOriginal {
		return fromWindows(string(text))
	}
	cut := maxOriginal
	for !utf8.RuneStart(text[cut]) && cut > maxOriginal-utf8.UTFMax {
		cut--
	}
	return fromWindows(string(text[:cut])) + mark
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
		return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff'
	})
}

// inked reports whether c is a visible ASCII character.
func inked(c byte) bool { return c > ' ' && c < 0x7f }
