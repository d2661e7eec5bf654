package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

// The fields that a reject of this package names, as package export does.
const (
	fieldNumber = "account_number"
	fieldType   = "account_type"
)

// maxNumber is the longest account number, in characters; longer ones are
// other columns.
const maxNumber = 64

// judged is an account that is not set aside, in the form that is grouped.
type judged struct {
	key      notifier.Key
	ordinal  int64 // among the accounts taken, from 0
	number   string
	kind     notifier.AccountType
	name     string
	email    string // as first written; empty where it is not usable
	phone    string
	zip      string
	state    string
	language string
	reason   string // why email is empty
}

// held returns the account as a recipient holds it.
func (j *judged) held() notifier.Held {
	return notifier.Held{Number: notifier.NewAccountNumber(j.number), Type: j.kind}
}

// judge reads an account. Where it has to be set aside, it returns the field
// and the reason.
func judge(secret []byte, a *notifier.Account) (j judged, field, reason string) {
	number, reason := judgeNumber(a.Number.Reveal())
	if reason != "" {
		return judged{}, fieldNumber, reason
	}
	kind, reason := judgeType(a.Type)
	if reason != "" {
		return judged{}, fieldType, reason
	}
	zip, state := judgeZIP(a.ZIP)
	j = judged{
		number: number, kind: kind, zip: zip, state: state,
		name:     judgeName(a.Name.Reveal()),
		phone:    cleanField(a.Phone.Reveal()),
		language: cleanField(a.Language),
	}
	who := foldText(j.name)
	canonical, err := judgeEmail(a.Email.Reveal())
	if err != nil {
		j.reason = err.Error()
		j.key = notifier.KeyByAccount(secret, number, who)
		return j, "", ""
	}
	j.email = a.Email.Reveal()
	j.key = notifier.KeyByEmail(secret, canonical, who)
	return j, "", ""
}

// judgeName returns a name as it may be addressed, or "" where there is none.
func judgeName(s string) string {
	s = cleanName(s)
	if missingNames[lowerASCII(s)] {
		return ""
	}
	return s
}

// missingNames are what is written where there is no name.
var missingNames = words(`n/a none null nil unknown - -- . ?`)

// judgeEmail is CanonicalEmail for a field of an export, which may hold a
// placeholder.
func judgeEmail(s string) (string, error) {
	if s != "" && isPlaceholder(s) {
		return "", errPlaceholder
	}
	return CanonicalEmail(s)
}

// judgeNumber returns an account number, or why it cannot be one.
func judgeNumber(s string) (number, reason string) {
	switch {
	case s == "" || missingNumbers[lowerASCII(s)]:
		return "", "account_number is empty"
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return "", "account_number contains control characters"
	case utf8.RuneCountInString(s) > maxNumber:
		return "", "account_number is longer than 64 characters (are the columns shifted?)"
	case strings.ContainsRune(s, '@'):
		return "", "account_number contains an @ (are the columns shifted?)"
	case isRounded(s):
		return "", "account_number is damaged: a spreadsheet turned this into a rounded number"
	case s[0] == '#':
		return "", "account_number is damaged: a spreadsheet wrote an error in its place"
	case strings.HasSuffix(s, ".0") && isNumber(s[:len(s)-2]):
		return "", "account_number is damaged: it was turned into a decimal number"
	}
	return s, ""
}

// missingNumbers are what is written where there is no account number.
var missingNumbers = words(`n/a na none null nil unknown - -- . ?`)

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

// accountTypes are the usual spellings, with letters only and in lower case.
var accountTypes = map[string]notifier.AccountType{
	"prepaid": notifier.Prepaid, "pre": notifier.Prepaid, "prepay": notifier.Prepaid, "prepayment": notifier.Prepaid,
	"prepaidaccount": notifier.Prepaid, "payg": notifier.Prepaid, "paygo": notifier.Prepaid, "payasyougo": notifier.Prepaid,
	"postpaid": notifier.Postpaid, "post": notifier.Postpaid, "postpay": notifier.Postpaid, "postpayment": notifier.Postpaid,
	"postpaidaccount": notifier.Postpaid, "contract": notifier.Postpaid, "monthly": notifier.Postpaid,
	"paymonthly": notifier.Postpaid, "billpay": notifier.Postpaid, "billed": notifier.Postpaid,
}

// judgeType returns an account type, or why it is none.
func judgeType(s string) (kind notifier.AccountType, reason string) {
	if kind, ok := accountTypes[s]; ok {
		return kind, ""
	}
	if s == "" {
		return "", "account_type is empty"
	}
	folded := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, s)
	if kind, ok := accountTypes[folded]; ok {
		return kind, ""
	}
	return "", "account_type is neither prepaid nor postpaid in any usual spelling"
}

// judgeZIP returns a ZIP code as text, with the zero that a spreadsheet took
// off put back, and its state. A code it cannot read is kept as found.
func judgeZIP(s string) (zip, state string) {
	zip = cleanField(s)
	if whole, ok := strings.CutSuffix(zip, ".0"); ok && isNumber(whole) {
		zip = whole // a number column on its way through a script
	}
	if five, four, ok := strings.Cut(zip, "-"); ok && len(five) == 4 && len(four) == 4 && isNumber(five) && isNumber(four) {
		zip = "0" + zip
	} else if len(zip) == 4 && isNumber(zip) {
		zip = "0" + zip
	}
	return zip, jurisdiction.StateOf(zip)
}
