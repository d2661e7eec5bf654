package export

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

func (b *binding) missingError(headers, missing []string) error {
	if !slices.ContainsFunc(b.fields, func(field string) bool { return field != "" }) {
		return fmt.Errorf("no header found: none of the %s in the first line has a known name "+
			"(put a line with the names %s above the rows)", columnsOf(len(headers)), strings.Join(required, ", "))
	}
	return fmt.Errorf("no column for %s (%s; say which header it has under exports.columns in campaign.yaml, as %s: HEADER)",
		strings.Join(missing, ", "), found(headers), missing[0])
}

// found lists the headers of a file. A first line that is no header holds
// personal data: where it may be one, only the names that are known are told.
func found(headers []string) string {
	var known, list []string
	suspect := false
	for i, h := range headers {
		suspect = suspect || strings.Contains(h, "@") || digitsIn(h) >= 5
		list = append(list, quoted(headers, i))
		if fieldOf(h) != "" {
			known = append(known, quoted(headers, i))
		}
	}
	if suspect || len(known) < 3 {
		list = known
	}
	more := ""
	if n := len(headers) - len(list); n > 0 {
		more = columnsOf(n)
	}
	switch {
	case len(list) == 0:
		return "found " + more + ", none with a known name"
	case more != "":
		more = " and " + strings.Replace(more, " ", " other ", 1)
	}
	if len(list) > 40 {
		list = append(list[:40], "…")
	}
	return "found " + strings.Join(list, ", ") + more
}

// quoted returns header i in quotes, or its number where it does not look like
// a header.
func quoted(headers []string, i int) string {
	if h, ok := printable(headers[i]); ok {
		return fmt.Sprintf("%q", h)
	}
	return fmt.Sprintf("column %d", i+1)
}

// printable returns a header without the space around it, and whether it looks
// like one: no address, no number, nothing long.
func printable(header string) (string, bool) {
	h := strings.TrimSpace(header)
	return h, h != "" && len(h) <= 40 && digitsIn(h) <= 2 && utf8.ValidString(h) && !strings.Contains(h, "@") &&
		!strings.ContainsFunc(h, func(r rune) bool { return !unicode.IsPrint(r) })
}

func digitsIn(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

func columnsOf(n int) string {
	if n == 1 {
		return "1 column"
	}
	return fmt.Sprintf("%d columns", n)
}

func fieldsOf(n int) string {
	if n == 1 {
		return "1 field"
	}
	return fmt.Sprintf("%d fields", n)
}
