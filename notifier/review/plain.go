package review

import (
	"slices"
	"strings"
)

// plain is what has as many digits as an account or telephone number, and is
// none: dates, ranges of years, sums of money.
var plain = all(
	`\b\d{4}-\d{2}-\d{2}\b`,
	`\b\d{1,2}/\d{1,2}/\d{4}\b`,
	`\b(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|[12]\d|3[01])\.(?:19|20)\d{2}\b`,
	`\b(?:19|20)\d{2} ?[-\x{2010}-\x{2013}/] ?(?:19|20)\d{2}\b`,
	`(?:\$|\bUSD) ?\d+(?:[ ,]\d{3})*(?:\.\d{2})?\b`,
	`(?i)\b\d+(?: \d{3})*(?:\.\d{2})? (?:US )?(?:dollars|dólares|USD)\b`,
)

var (
	// caseNumber is the number of a report, case or the like, in its group.
	caseNumber = pattern(`(?i)\b(?:report|case|file|reference|claim|docket|informe|caso|expediente|referencia|denuncia|reclamación)s?(?: (?:number|no\.?|number is|id|#|número|núm\.?|n\.?[º°]))?[:# ]{1,3}(\+?[\d(][\d ()./-]*\d)`)

	// phoneShape is a telephone number of the USA all the same.
	phoneShape = pattern(`^(?:\+?1[ .-]?)?(?:(?:\(\d{3}\) ?|\d{3}[ .-])?\d{3}[ .-]\d{4}|\d{10})$`)
)

// withoutPlain blanks numbers that are nobody's own, so that all else stays in
// its place.
func withoutPlain(s string) string {
	if !strings.ContainsAny(s, "0123456789") {
		return s
	}
	b := []byte(s)
	blank := func(from, to int) {
		if !alone(s, from, to) {
			return
		}
		copy(b[from:to], strings.Repeat(";", to-from))
	}
	for _, p := range plain {
		for _, m := range p.FindAllStringIndex(s, -1) {
			blank(m[0], m[1])
		}
	}
	for _, m := range caseNumber().FindAllStringSubmatchIndex(s, -1) {
		if number := s[m[2]:m[3]]; !phoneShape().MatchString(number) {
			blank(m[2], m[3])
		}
	}
	return string(b)
}

// alone reports whether no number goes on before or behind a piece of s.
func alone(s string, from, to int) bool {
	isDigit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	joins := func(i int) bool { return i >= 0 && i < len(s) && slices.Contains([]byte("-./"), s[i]) }
	return !isDigit(from-1) && !isDigit(to) && !(joins(from-1) && isDigit(from-2)) && !(joins(to) && isDigit(to+1))
}
