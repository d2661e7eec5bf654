package export

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// binding says which column holds which field: for each column of the file,
// in order, the field's name or "".
type binding []string

// bind finds the fields among the headers of a file, those named in columns
// first. Its errors say what is wrong and what to do, without the place.
func bind(headers []string, columns map[string]string) (binding, error) {
	if slices.ContainsFunc(headers, func(h string) bool { return strings.Contains(h, "\r") }) {
		return nil, errors.New("the lines end in a lone CR (save the file with LF or CR LF)")
	}
	b := make(binding, len(headers))
	if err := b.named(headers, columns); err != nil {
		return nil, err
	}
	if err := b.recognised(headers, columns); err != nil {
		return nil, err
	}
	b.preferFullName(columns)
	if missing := b.missing(); len(missing) > 0 {
		return nil, b.missingError(headers, missing)
	}
	return b, nil
}

// named binds the columns that campaign.yaml names.
func (b binding) named(headers []string, columns map[string]string) error {
	for _, field := range slices.Sorted(maps.Keys(columns)) {
		if _, ok := headerNames[field]; !ok {
			return fmt.Errorf("exports.columns names a field %q that does not exist (fields: %s)",
				field, strings.Join(slices.Sorted(maps.Keys(headerNames)), ", "))
		}
		at := -1
		for i, h := range headers {
			if fold(h) != fold(columns[field]) {
				continue
			}
			if at >= 0 {
				return fmt.Errorf("two columns have the header %q that exports.columns names for %s (columns %d and %d: rename one)",
					columns[field], field, at+1, i+1)
			}
			at = i
		}
		if at < 0 {
			return fmt.Errorf("no column has the header %q that exports.columns names for %s (%s)",
				columns[field], field, found(headers))
		}
		if b[at] != "" {
			return fmt.Errorf("exports.columns names the header %q for both %s and %s (give each its own)",
				columns[field], b[at], field)
		}
		b[at] = field
	}
	return nil
}

// recognised binds the remaining columns whose headers are usual names.
func (b binding) recognised(headers []string, columns map[string]string) error {
	for i, h := range headers {
		field := fieldOf(fold(h))
		if b[i] != "" || field == "" || columns[field] != "" {
			continue
		}
		if first := slices.Index(b, field); first >= 0 {
			return fmt.Errorf("two columns for %s: %s and %s (say which one to read under exports.columns, as %s: HEADER)",
				field, quoted(headers, first), quoted(headers, i), field)
		}
		b[i] = field
	}
	return nil
}

// preferFullName leaves either name or first and last name bound: the full
// name, unless campaign.yaml names the parts.
func (b binding) preferFullName(columns map[string]string) {
	parts := columns[FieldFirstName] != "" || columns[FieldLastName] != ""
	drop := []string{FieldFirstName, FieldLastName}
	if parts || !b.has(FieldName) {
		drop = []string{FieldName}
	}
	for i, field := range b {
		if slices.Contains(drop, field) {
			b[i] = ""
		}
	}
}

func (b binding) has(field string) bool { return slices.Contains(b, field) }

// missing returns the required fields without a column.
func (b binding) missing() []string {
	var missing []string
	for _, field := range required {
		if field == FieldName && b.has(FieldFirstName) && b.has(FieldLastName) {
			continue
		}
		if !b.has(field) {
			missing = append(missing, field)
		}
	}
	return missing
}

func (b binding) missingError(headers, missing []string) error {
	known := 0
	for _, field := range b {
		if field != "" {
			known++
		}
	}
	if known == 0 {
		return fmt.Errorf("no header found: none of the %s in the first line has a known name%s "+
			"(put a line with the names %s above the rows)", columnsOf(len(headers)), separatorHint(headers), strings.Join(required, ", "))
	}
	return fmt.Errorf("no column for %s (%s; say which header it has under exports.columns, as %s: HEADER)",
		strings.Join(missing, ", "), found(headers), missing[0])
}

// separatorHint says so when the first line looks separated by something that
// is not a comma.
func separatorHint(headers []string) string {
	if len(headers) != 1 {
		return ""
	}
	for _, s := range []struct{ mark, name string }{{";", "semicolons"}, {"\t", "tabs"}, {"|", "bars"}} {
		if strings.Count(headers[0], s.mark) >= 2 {
			return " and it seems to be separated by " + s.name + ", not commas"
		}
	}
	return ""
}

// found lists the headers of a file. A first line that is no header may hold
// personal data, so only what looks like a header is quoted, and nothing
// unless the line holds two known names.
func found(headers []string) string {
	known := 0
	for _, h := range headers {
		if fieldOf(fold(h)) != "" {
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
	h := strings.TrimSpace(headers[i])
	digits := 0
	for _, r := range h {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if h == "" || len(h) > 40 || digits > 2 || !utf8.ValidString(h) || strings.Contains(h, "@") ||
		strings.ContainsFunc(h, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Sprintf("column %d", i+1)
	}
	return fmt.Sprintf("%q", h)
}

func columnsOf(n int) string {
	if n == 1 {
		return "1 column"
	}
	return fmt.Sprintf("%d columns", n)
}
