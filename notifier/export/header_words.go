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
	return fmt.Errorf("no column for %s (%s; say which header it has under exports.columns, as %s: HEADER)",
		strings.Join(missing, ", "), found(headers), missing[0])
}

// found lists the headers of a file. A first line that is no header may hold
// personal data, so only what looks like a header is quoted, and nothing
// unless the line holds two known names.
func found(headers []string) string {
	known := 0
	for _, h := range headers {
		if fieldOf(h) != "" {
			known++
		}
	}
	if known < 2 {
		return fmt.Sprintf("found %s, %d of them with a known name", columnsOf(len(headers)), known)
	}
	list := make([]string, len(headers))
	for i := range headers {
		list[i] = quoted(headers, i)
	}
	if len(list) > 40 {
		list = append(list[:40], "…")
	}
	return "found " + strings.Join(list, ", ")
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
	digits := 0
	for _, r := range h {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return h, h != "" && len(h) <= 40 && digits <= 2 && utf8.ValidString(h) && !strings.Contains(h, "@") &&
		!strings.ContainsFunc(h, func(r rune) bool { return !unicode.IsPrint(r) })
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
