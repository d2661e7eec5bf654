package intake

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"breachmail/notifier/internal/foreign"
)

// maxNumber is the longest account number, in characters; longer ones are
// other columns.
const maxNumber = 64

// judgeNumber returns an account number without what stands around it, or why
// it cannot be one.
func judgeNumber(s string) (number, reason string) {
	if s != "" && len(s) <= maxNumber && isNumber(s) {
		return s, ""
	}
	if s = trimField(unguarded(trimField(s))); s != "" && s[0] == '=' {
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
	case hasFormat(s):
		return "account_number contains an invisible character (was it copied from a page or a document?)"
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
	case foreign.HasAction(s):
		return "account_number holds what a template or a program left in its place"
	case isDecimal(s):
		return "account_number is damaged: it was turned into a decimal number"
	}
	return ""
}

// missingNumbers are what is written where there is no account number, nor a
// language.
var missingNumbers = words(`n/a na nan nat none null nil unknown - -- . ?`)

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
