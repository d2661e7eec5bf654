package intake

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// CanonicalNumber returns the form in which an account number, or a phone number
// in its canonical form, is looked up: what is heard when it is read out, its
// letters in lower case and its digits, leading zeros too. A number without any of
// them is looked up as it is.
func CanonicalNumber(s string) string {
	if strings.HasPrefix(s, "+") && isNumber(s[1:]) { // most phone numbers
		return s[1:]
	}
	if isReadOut(s) {
		return s
	}
	folded := foldText(norm.NFKC.String(s))
	heard := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.M, unicode.N) {
			return r
		}
		return -1
	}, folded)
	if heard == "" {
		return folded
	}
	return heard
}

// isReadOut reports whether s is digits and small letters of ASCII alone.
func isReadOut(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
