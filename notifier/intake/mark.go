package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Joiners shape the letters beside them. Some scripts are spelled with them.
const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// vowelSeparator stands before a last vowel in Mongolian names.
const vowelSeparator = '\u180e'

// isFormat reports whether r is a format character (Unicode's category Cf):
// nearly all of them take no room and cannot be seen.
func isFormat(r rune) bool { return r >= utf8.RuneSelf && unicode.Is(unicode.Cf, r) }

// isInvisible reports whether r is a format character that belongs into no
// name: it sets the writing direction, allows or forbids a line break, or says
// something to a program. Those that names are spelled with stay, and so do
// the few that can be seen, such as the Arabic number sign.
func isInvisible(r rune) bool {
	return isFormat(r) && r != nonJoiner && r != joiner && r != vowelSeparator &&
		!unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// hasFormat reports whether a format character is in s.
func hasFormat(s string) bool { return !isASCII(s) && strings.ContainsFunc(s, isFormat) }

// trimField takes white space and format characters off both ends of a field
// other than a name.
func trimField(s string) string {
	if s == "" || isInk(s[0]) && isInk(s[len(s)-1]) {
		return s
	}
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || isFormat(r) })
}

// isInk reports whether c is a visible ASCII character.
func isInk(c byte) bool { return c > ' ' && c < 0x7f }

// trimJoiners takes joiners that join nothing off both ends of a name in NFC,
// with the white space beside them. One that follows a combining mark ends the
// name: in scripts of India it shapes the last letter.
func trimJoiners(s string) string {
	isJoiner := func(r rune) bool { return r == joiner || r == nonJoiner }
	s = strings.TrimLeftFunc(s, func(r rune) bool { return r == ' ' || isJoiner(r) })
	for {
		last, n := utf8.DecodeLastRuneInString(s)
		before, _ := utf8.DecodeLastRuneInString(s[:len(s)-n])
		if last != ' ' && (!isJoiner(last) || unicode.IsMark(before)) {
			return s
		}
		s = s[:len(s)-n]
	}
}
