package intake

import (
	"strings"
	"unicode"
)

// isRounded reports whether s is a number in scientific notation: 9.00E+08,
// 1,2E+10, .9E+09 or 9E+08 as spreadsheets write it, 9.00E 08 after a plus was
// taken for a space, 9.00×10^8 as documents do. Without a decimal point there
// must be a sign before the exponent, or a mark that raises it: an account
// number such as 12E45 is none.
func isRounded(s string) bool {
	power, point, ok := cutMantissa(strings.TrimLeft(s, signs))
	if !ok {
		return false
	}
	exponent, raised, ok := cutTimesTen(trimLeft(power))
	if !ok {
		return false
	}
	exponent = trimLeft(exponent)
	unsigned := strings.TrimLeft(exponent, signs)
	digits := trimLeft(unsigned)
	return digits != "" && (isNumber(digits) || strings.Trim(digits, raisedDigits) == "") &&
		(point || raised || len(unsigned) < len(exponent))
}

// Signs, and digits written small and high.
const (
	signs        = "+-\u2212" + raisedSigns
	raisedSigns  = "⁺⁻"
	raisedDigits = "⁰¹²³⁴⁵⁶⁷⁸⁹"
)

func trimLeft(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) }

// cutMantissa takes off digits with at most one decimal point or comma before,
// between or behind them.
func cutMantissa(s string) (rest string, point, ok bool) {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			ok = true
		case (c == '.' || c == ',') && !point:
			point = true
		default:
			return s[i:], point, ok
		}
	}
	return "", point, false // digits alone are not rounded
}

// cutTimesTen takes off E, or a sign of multiplication and 10. raised says that
// what follows can only be an exponent; after the letter x and the asterisk,
// which stand in account numbers too, it must be.
func cutTimesTen(s string) (exponent string, raised, ok bool) {
	if s != "" && s[0]|0x20 == 'e' {
		return s[1:], false, true
	}
	for _, times := range [...]string{"×", "·", "x", "X", "*"} {
		rest, ok := strings.CutPrefix(s, times)
		if !ok {
			continue
		}
		if rest, ok = strings.CutPrefix(trimLeft(rest), "10"); !ok {
			return "", false, false
		}
		for _, raise := range [...]string{"^", "**"} {
			if power, ok := strings.CutPrefix(rest, raise); ok {
				return power, true, true
			}
		}
		raised := rest != "" && strings.IndexAny(rest, raisedSigns+raisedDigits) == 0
		return rest, raised, raised || len(times) > 1
	}
	return "", false, false
}
