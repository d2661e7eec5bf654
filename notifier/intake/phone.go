package intake

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"breachmail/notifier"
)

// homeRegion is where a phone number without a country code is.
const homeRegion = "US"

// judgePhone returns a phone number in its canonical form, and warns of one that
// is kept as found.
func (in *Intake) judgePhone(a *notifier.Account) string {
	phone, ok := canonicalPhone(a.Phone.Reveal())
	if !ok {
		in.warn(phoneAsFound, a, phone)
	}
	return phone
}

// CanonicalPhone returns a phone number in the form in which recipients have it:
// E.164 (+15035550101), or as found where it cannot be written so, because it is
// no possible number or has an extension.
func CanonicalPhone(s string) string {
	phone, _ := canonicalPhone(s)
	return phone
}

// canonicalPhone is CanonicalPhone; ok is false for what is kept as found.
func canonicalPhone(found string) (phone string, ok bool) {
	if found == "" {
		return "", true
	}
	var room [16]byte
	if b, ok := appendNorthAmerican(room[:0], found); ok {
		return string(b), true
	}
	found = cleanField(found)
	if isMissing(found) {
		return "", true
	}
	number := found
	if isDecimal(found) {
		number = found[:len(found)-len(".0")]
	}
	if phone, ok := phoneByLibrary(number); ok {
		return phone, true
	}
	return found, false
}

// phoneByLibrary asks libphonenumber's rules. It takes some 14 microseconds.
func phoneByLibrary(s string) (phone string, ok bool) {
	number, err := phonenumbers.Parse(s, homeRegion)
	if err != nil || number.GetExtension() != "" || phonenumbers.IsPossibleNumberWithReason(number) != phonenumbers.IS_POSSIBLE {
		return "", false
	}
	return phonenumbers.Format(number, phonenumbers.E164), true
}

// appendNorthAmerican is phoneByLibrary for the plain numbers of the North
// American Numbering Plan: ten digits, or eleven with a leading 1 that may
// follow a plus, with the usual marks between them. Area code and exchange
// begin with 2 to 9. ok is false for all others, and for what may be a number
// with a decimal tail.
func appendNorthAmerican(b []byte, s string) (phone []byte, ok bool) {
	const most = 24 // longer ones are left to the library
	if len(s) < 10 || len(s) > most || strings.HasSuffix(s, ".0") {
		return b, false
	}
	b = append(b, "+1"...)
	plus := s[0] == '+'
	if plus {
		s = s[1:]
	}
	digits := 0 // as they are dialled at home, without the 1
	one := false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if digits == 0 && !one && c == '1' {
				one = true
				continue
			}
			if digits == 10 || (digits == 0 || digits == 3) && c < '2' {
				return b, false
			}
			b = append(b, c)
			digits++
		case c != ' ' && c != '(' && c != ')' && c != '-' && c != '.':
			return b, false
		}
	}
	return b, digits == 10 && (one || !plus)
}
