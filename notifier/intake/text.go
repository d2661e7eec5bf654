package intake

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// foldText returns s in the form by which two texts are the same but for case:
// Unicode's full case folding, in NFC.
func foldText(s string) string {
	if isASCII(s) {
		return lowerASCII(s)
	}
	if folded, ok := foldByTable(s); ok {
		return folded
	}
	return foldFully(s)
}

// foldFully is foldText for any text.
func foldFully(s string) string {
	// Folding may leave NFC and normalising may leave the folded form, so both
	// are repeated until nothing changes; a third round has not been seen.
	for range 4 {
		next := norm.NFC.String(cases.Fold().String(norm.NFC.String(s)))
		if next == s {
			break
		}
		s = next
	}
	return s
}

// foldLimit is beyond the letters that names in Latin, Greek and Cyrillic
// script are written with, Vietnamese ones among them.
const foldLimit = 0x1f00

// folds gives the full case folding of a character below foldLimit, or 0 where
// that is not one character, or is folded again.
var folds = sync.OnceValue(func() *[foldLimit]rune {
	fold := cases.Fold()
	t := new([foldLimit]rune)
	for r := range rune(foldLimit) {
		folded := fold.String(string(r))
		if f, n := utf8.DecodeRuneInString(folded); n == len(folded) && fold.String(folded) == folded {
			t[r] = f
		}
	}
	return t
})

// foldByTable is foldFully for texts whose characters fold one by one and stay
// in NFC; ok is false for all others.
func foldByTable(s string) (folded string, ok bool) {
	if !norm.NFC.IsNormalString(s) {
		return "", false
	}
	t := folds()
	var room [64]byte
	b := room[:0]
	for _, r := range s {
		if r >= foldLimit || t[r] == 0 {
			return "", false
		}
		b = utf8.AppendRune(b, t[r])
	}
	if !norm.NFC.IsNormal(b) {
		return "", false
	}
	if string(b) == s {
		return s, true
	}
	return string(b), true
}

// cleanName returns a name as it may stand in a notice: in NFC, each run of
// white space (line breaks too) one space, and neither control characters nor
// marks that nobody sees.
func cleanName(s string) string {
	if isTidy(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.IsControl(r) || isInvisible(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return trimJoiners(norm.NFC.String(strings.Join(strings.Fields(s), " ")))
}

// cleanField returns a field that is kept as found, without control characters
// and without what is written around a value so that a spreadsheet keeps it as
// text.
func cleanField(s string) string {
	for {
		clean := unguarded(cleanName(s))
		if clean == s {
			return s
		}
		s = clean
	}
}

// isTidy reports whether s is visible ASCII and Latin letters in NFC, with
// single spaces inside.
func isTidy(s string) bool {
	space, ascii := true, true
	for _, r := range s {
		switch {
		case r > ' ' && r < 0x7f:
			space = false
		case r == ' ' && !space:
			space = true
		case isLatin(r):
			space, ascii = false, false
		default:
			return false
		}
	}
	return s == "" || !space && (ascii || norm.NFC.IsNormalString(s))
}

// isLatin reports whether r is a letter of Latin-1, Latin Extended-A, -B or
// Additional. All others are looked at more closely.
func isLatin(r rune) bool {
	return r >= 0xc0 && r < 0x250 && r != '×' && r != '÷' || r >= 0x1e00 && r < foldLimit
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// lowerASCII returns s with A to Z in lower case.
func lowerASCII(s string) string {
	for i := range len(s) {
		if s[i] >= 'A' && s[i] <= 'Z' {
			var room [64]byte
			return string(appendLower(room[:0], s))
		}
	}
	return s
}

// appendLower appends s with A to Z in lower case.
func appendLower(b []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		b = append(b, c)
	}
	return b
}

// isNumber reports whether s has nothing but digits; it may be empty.
func isNumber(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// words makes a set of the words in list; a word with spaces stands in quotes.
func words(list string) map[string]bool {
	set := make(map[string]bool)
	for i, part := range strings.Split(list, `"`) {
		if i%2 == 1 {
			set[part] = true
			continue
		}
		for _, w := range strings.Fields(part) {
			set[w] = true
		}
	}
	return set
}

// squeezed is s with nothing but its ASCII letters and digits, in lower case,
// as spellings are looked up. It is empty where s has other letters, or more
// than any spelling has.
type squeezed struct {
	b [24]byte
	n int
}

func squeeze(s string) (q squeezed) {
	for _, r := range s {
		switch {
		case r >= 'A' && r <= 'Z':
			r |= 0x20
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		case r >= utf8.RuneSelf && (r == utf8.RuneError || unicode.IsLetter(r) || unicode.IsNumber(r)):
			return squeezed{}
		default:
			continue
		}
		if q.n == len(q.b) {
			return squeezed{}
		}
		q.b[q.n] = byte(r)
		q.n++
	}
	return q
}

func (q *squeezed) bytes() []byte { return q.b[:q.n] }

// unguarded takes off what is written around a value so that a spreadsheet
// keeps it as text: ="0012345" or '0012345.
func unguarded(s string) string {
	if inner, ok := strings.CutPrefix(s, `="`); ok {
		if inner, ok = strings.CutSuffix(inner, `"`); ok && !strings.Contains(inner, `"`) {
			return inner
		}
	}
	if len(s) > 1 && s[0] == '\'' && s[1] != '\'' && s[len(s)-1] != '\'' {
		return s[1:]
	}
	return s
}
