package intake

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// judgeName returns a name as it may be addressed, or "" where there is none,
// and the form by which two names are the same.
func judgeName(s string) (name, folded string) {
	name = cleanName(s)
	folded = foldText(name)
	if isMissing(folded) {
		return "", ""
	}
	return name, folded
}

// fewestDigits is how many digits make a telephone or account number.
const fewestDigits = 7

// whyNoName returns why a name may not stand in a notice, or "". What could be
// somebody else's address or number, or is not text at all, would end the whole
// run when that notice is about to leave; here one row is set aside.
func whyNoName(name string) (reason string) {
	switch {
	case strings.IndexByte(name, '@') >= 0 && anAddress.MatchString(name):
		return "the name holds an email address (are the columns shifted?)"
	case holdsNumber(name):
		return "the name holds a telephone or account number (are the columns shifted?)"
	case strings.Contains(name, "{{"), strings.Contains(name, "}}"):
		return "the name holds a template's braces"
	}
	return ""
}

// anAddress is an @ between something and a domain.
var anAddress = regexp.MustCompile(`[^\s@]@[\pL\pM\pN-][\pL\pM\pN.-]*\.\pL{2}`)

// holdsNumber reports whether digits, with the usual marks between them, make a
// telephone or account number.
func holdsNumber(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9', r >= utf8.RuneSelf && unicode.IsDigit(r):
			if digits++; digits == fewestDigits {
				return true
			}
		case r == ' ', r == '-', r == '.', r == '(', r == ')':
		default:
			digits = 0
		}
	}
	return false
}

// missing are what is written where there is nothing to write.
var missing = words(`n/a none null nil unknown - -- . ?`)

// longestMissing is the length of the longest of them.
const longestMissing = len("unknown")

// isMissing reports whether s is written where there is nothing to write.
func isMissing(s string) bool {
	return len(s) <= longestMissing && s != "" && missing[lowerASCII(s)]
}

// isDamaged reports whether a name was read in the wrong encoding by an
// earlier program: a character was replaced (U+FFFD), or the two or three bytes
// of a UTF-8 letter became characters of their own, as in JosÃ©.
func isDamaged(s string) bool {
	if isASCII(s) {
		return false
	}
	var before rune
	for _, r := range s {
		if r == utf8.RuneError || before >= 'Â' && before <= 'ô' && followsLead(before, r) {
			return true
		}
		before = r
	}
	return false
}

// followsLead reports whether r, behind a letter that the first byte of a UTF-8
// sequence becomes in Windows-1252, is what the next byte becomes. Behind Ã and
// Â that is damage; behind other letters, what may also stand there in a real
// name is not counted.
func followsLead(lead, r rune) bool {
	const (
		windows = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘“”•–—˜™š›œžŸ" // 0x80 to 0x9f, without the apostrophe
		genuine = "\u00a0\u00ad·‘“”–—ŠŒŽšœžŸ"
	)
	if r < 0x80 || r > 0xbf && !strings.ContainsRune(windows, r) {
		return false
	}
	return lead == 'Ã' || lead == 'Â' || !strings.ContainsRune(genuine, r)
}
