package intake

import (
	"strings"
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

// cleanName returns a name as it may stand in a notice: in NFC, each run of
// white space (line breaks too) one space, and neither control characters nor
// marks that turn the writing direction.
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
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

// cleanField takes control characters out of a field that is kept as found.
func cleanField(s string) string {
	if isTidy(s) {
		return s
	}
	return cleanName(s)
}

// isInvisible reports whether r is a mark that sets or isolates the writing
// direction, or takes no room. Joiners stay, since some scripts are spelled
// with them.
func isInvisible(r rune) bool {
	switch {
	case r >= '\u202a' && r <= '\u202e', r >= '\u2060' && r <= '\u2069', r == '\u200b', r == '\ufeff':
		return true
	}
	return false
}

// isTidy reports whether s is visible ASCII with single spaces inside.
func isTidy(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c >= 0x7f || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return s == "" || !space
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
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] |= 0x20
				}
			}
			return string(b)
		}
	}
	return s
}
