package intake

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxNumber is the longest account number, in characters; longer ones are
// other columns.
const maxNumber = 64

// judgeNumber returns an account number, or why it cannot be one.
func judgeNumber(s string) (number, reason string) {
	if s != "" && len(s) <= maxNumber && isNumber(s) {
		return s, ""
	}
	if s = unguarded(s); s != "" && s[0] == '=' {
		return "", "account_number is damaged: a formula stands in its place"
	}
	if reason = whyNoNumber(s); reason != "" {
		return "", reason
	}
	return s, ""
}

func whyNoNumber(s string) string {
	switch {
	case s == "" || missingNumbers[lowerASCII(s)]:
		return "account_number is empty"
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return "account_number contains control characters"
	case utf8.RuneCountInString(s) > maxNumber:
		return "account_number is longer than 64 characters (are the columns shifted?)"
	case strings.ContainsRune(s, '@'):
		return "account_number contains an @ (are the columns shifted?)"
	case isRounded(s):
		return "account_number is damaged: a spreadsheet turned this into a rounded number"
	case isDate(s):
		return "account_number is damaged: a spreadsheet turned this into a date"
	case s[0] == '#':
		return "account_number is damaged: a spreadsheet wrote an error in its place"
	case isDecimal(s):
		return "account_number is damaged: it was turned into a decimal number"
	}
	return ""
}

// missingNumbers are what is written where there is no account number.
var missingNumbers = words(`n/a na nan nat none null nil unknown - -- . ?`)

// isRounded reports whether s is a number in scientific notation as
// spreadsheets write it: 9.00E+08, 1,2E+10, 9E+08. An account number such as
// 12E45 is not.
func isRounded(s string) bool {
	mantissa, exponent, ok := strings.Cut(strings.TrimLeft(lowerASCII(s), "+-"), "e")
	if !ok || exponent == "" || mantissa == "" || mantissa[0] < '0' || mantissa[0] > '9' {
		return false
	}
	whole, fraction, point := strings.Cut(strings.Replace(mantissa, ",", ".", 1), ".")
	signed := exponent[0] == '+' || exponent[0] == '-'
	power := strings.TrimLeft(exponent, "+-")
	return isNumber(whole) && isNumber(fraction) && power != "" && isNumber(power) && (signed || point)
}

// isDecimal reports whether s is a whole number with the tail .0 that a number
// column gets on its way through a script.
func isDecimal(s string) bool {
	whole, ok := strings.CutSuffix(s, ".0")
	return ok && isNumber(whole)
}

// months are as a spreadsheet writes them.
var months = strings.Fields("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")

// isDate reports whether s is a date that no account number looks like: Jan-45
// and 1-Jan in exactly a spreadsheet's spelling, or a day with the time of
// midnight. Whatever could be somebody's number, such as 2018-01-02 or MAR-12,
// is not.
func isDate(s string) bool {
	before, after, ok := strings.Cut(s, "-")
	switch {
	case !ok:
	case slices.Contains(months, before) && len(after) == 2 && isNumber(after),
		slices.Contains(months, after) && (len(before) == 1 || len(before) == 2) && isNumber(before):
		return true
	}
	day, time, ok := strings.Cut(s, " ")
	return ok && (time == "0:00" || time == "00:00" || time == "00:00:00") && strings.Trim(day, "0123456789-/.") == ""
}
