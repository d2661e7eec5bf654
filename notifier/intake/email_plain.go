package intake

import "strings"

// What a byte may be in an address of plain ASCII.
const (
	inLocal  = 1 << iota // atext of RFC 5322, section 3.2.3
	inDomain             // letter, digit or hyphen (RFC 1035, section 2.3.1)
	isUpper
	isDigitOrHyphen
)

// mailBytes says of each byte what it may be.
var mailBytes = func() (t [256]byte) {
	for c := 'a'; c <= 'z'; c++ {
		t[c] = inLocal | inDomain
		t[c-0x20] = inLocal | inDomain | isUpper
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = inLocal | inDomain | isDigitOrHyphen
	}
	for _, c := range "!#$%&'*+-/=?^_`{|}~" {
		t[c] = inLocal
	}
	t['-'] |= inDomain | isDigitOrHyphen
	return t
}()

// plainEmail is CanonicalEmail for the addresses that most people have: ASCII
// letters, digits and marks, and no encoded labels. ok is false for all others,
// good or bad.
func plainEmail(s string) (canonical string, ok bool) {
	if strings.HasPrefix(s, "'") {
		return "", false
	}
	upper, at := false, 0
	for last := byte('.'); ; at++ { // a dot may not be first, nor follow another
		if at == len(s) || at > maxLocal {
			return "", false
		}
		c := s[at]
		if c == '@' {
			if last == '.' {
				return "", false
			}
			break
		}
		switch class := mailBytes[c]; {
		case class&inLocal != 0:
			upper = upper || class&isUpper != 0
		case c != '.' || last == '.':
			return "", false
		}
		last = c
	}
	capitals, ok := plainDomain(s[at+1:])
	if !ok || tooLong(s[:at], s[at+1:]) {
		return "", false
	}
	canonical = s
	if upper || capitals {
		canonical = lowerASCII(s)
	}
	return canonical, !isReserved(canonical[strings.LastIndexByte(canonical, '.')+1:])
}

// plainDomain reports whether s is a domain of at least two labels of 1 to 63
// letters, digits and hyphens, 253 in all (RFC 1035, section 2.3.4), the last
// of letters only and none of them encoded, and whether there are capitals in
// it.
func plainDomain(s string) (upper, ok bool) {
	const most = 253
	if len(s) > most {
		return false, false
	}
	start, other := 0, false // of the label, and whether it has more than letters
	for i := range len(s) {
		c := s[i]
		class := mailBytes[c]
		switch {
		case class&inDomain != 0:
			upper = upper || class&isUpper != 0
			other = other || class&isDigitOrHyphen != 0
		case c != '.' || !plainLabel(s[start:i]):
			return false, false
		default:
			start, other = i+1, false
		}
	}
	last := s[start:]
	return upper, start > 0 && !other && len(last) >= 2 && plainLabel(last)
}

// plainLabel judges a label of letters, digits and hyphens. An encoded one is
// left to IDNA.
func plainLabel(s string) bool {
	return s != "" && len(s) <= 63 && s[0] != '-' && s[len(s)-1] != '-' &&
		(len(s) < 4 || s[2] != '-' || s[3] != '-' || s[0]|0x20 != 'x' || s[1]|0x20 != 'n')
}
