package intake

import "strings"

// valueKind is what a value looks like, whatever column it stands in.
type valueKind uint8

const (
	looksEmpty   valueKind = iota // nothing, or a word for it
	looksAddress                  // has an @
	looksType                     // an account type
	looksZIP                      // five digits, or ZIP+4
	looksPhone                    // ten or eleven digits
	looksNumber                   // any other digits
	looksMixed                    // letters and digits
	looksText                     // no digits
	valueKinds
)

// kindWords name what values look like.
var kindWords = [valueKinds]string{
	looksAddress: "addresses", looksType: "account types", looksZIP: "ZIP codes", looksPhone: "phone numbers",
	looksNumber: "numbers", looksMixed: "codes", looksText: "words",
}

// Which bytes count in a value; all others are marks between them.
const (
	byteDigit = iota + 1
	byteLetter
	byteAt
)

var valueBytes = func() (t [256]byte) {
	for c := range t {
		if c >= 0x80 {
			t[c] = byteLetter
		}
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-0x20] = byteLetter, byteLetter
	}
	for c := '0'; c <= '9'; c++ {
		t[c] = byteDigit
	}
	t['@'] = byteAt
	return t
}()

// kindOf says what a value looks like.
func kindOf(s string) valueKind {
	s = trimField(s)
	digits, letters := 0, 0
	for i := range len(s) {
		switch valueBytes[s[i]] {
		case byteDigit:
			digits++
		case byteLetter:
			letters++
		case byteAt:
			return looksAddress
		}
	}
	switch {
	case s == "":
		return looksEmpty
	case digits == 0:
		if letters >= len("pre") && strings.IndexByte("pcmbPCMB", s[0]) >= 0 {
			if _, reason := judgeType(s); reason == "" {
				return looksType
			}
		}
		if isMissing(s) {
			return looksEmpty
		}
		return looksText
	case letters > 0:
		return looksMixed
	case digits == len(s) && digits == 5, len(s) == 10 && digits == 9 && s[5] == '-':
		return looksZIP
	case digits == 10 || digits == 11:
		return looksPhone
	}
	return looksNumber
}

// column is one of those that every export has.
type column int

const (
	colName column = iota
	colZIP
	colPhone
	colEmail
	colNumber
	colType
	columns
)

var columnNames = [columns]string{
	colName: fieldName, colZIP: "zip", colPhone: "phone", colEmail: "email", colNumber: fieldNumber, colType: fieldType,
}

// misplaced says which kinds of values do not belong into a column. What may be
// there by carelessness, such as a word instead of an address, is not foreign;
// nor is anything that the company's account numbers may look like.
var misplaced = func() (t [columns][valueKinds]bool) {
	for col, kinds := range map[column][]valueKind{
		colName:   {looksAddress, looksType, looksZIP, looksPhone, looksNumber},
		colZIP:    {looksAddress, looksType, looksPhone, looksText},
		colPhone:  {looksAddress, looksType, looksZIP, looksText},
		colEmail:  {looksType, looksZIP, looksPhone, looksNumber},
		colNumber: {looksAddress, looksType, looksText},
		colType:   {looksAddress, looksZIP, looksPhone, looksNumber, looksMixed},
	} {
		for _, kind := range kinds {
			t[col][kind] = true
		}
	}
	return t
}()
