package intake

import (
	"strings"
	"unicode/utf8"

	"breachmail/notifier/internal/foreign"
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

// whyNoName returns why a name may not stand in a notice, or "". What could be
// somebody else's address or number, or is not text at all, would end the whole
// run when that notice is about to leave, since the guard looks for the same;
// here one row is set aside.
func whyNoName(name string) (reason string) {
	switch foreign.In(name) {
	case foreign.Address:
		return "the name holds an email address (are the columns shifted?)"
	case foreign.Number:
		return "the name holds a telephone or account number (are the columns shifted?)"
	case foreign.Link:
		return "the name holds a web address"
	case foreign.Action:
		if !strings.Contains(name, "{{") {
			return "the name holds what a program writes where a value is missing"
		}
		return "the name holds a template's braces"
	}
	if strings.Contains(name, "}}") {
		return "the name holds a template's braces"
	}
	return ""
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
