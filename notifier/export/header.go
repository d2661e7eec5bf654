package export

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// binding says what is read from the columns of a file.
type binding struct {
	fields []string // for each column, in order, its field or ""
	keys   []string // for each column, its name towards gocsv
	extras []extra  // in the order of their names
	origin []int    // in a rejected.csv, the places of originColumns; else nil
	tail   int      // in a rejected.csv, how many columns at the end have no header
}

// extra is a column for templates.
type extra struct {
	name   string
	column int
}

// bind finds the fields among the headers of a file, those named in opts
// first. Its errors say what is wrong and what to do, without the place.
func bind(headers []string, opts Options) (*binding, error) {
	if err := checkFields(opts.Columns); err != nil {
		return nil, err
	}
	if isOwn(headers) {
		return bindCorrections(headers, opts)
	}
	b := &binding{fields: make([]string, len(headers))}
	if err := b.named(headers, opts.Columns); err != nil {
		return nil, err
	}
	extraErr := b.findExtras(headers, opts.Extra)
	if err := b.recognised(headers, opts.Columns); err != nil {
		return nil, err
	}
	b.preferFullName(opts.Columns)
	if missing := b.missing(); len(missing) > 0 {
		return nil, b.missingError(headers, missing)
	}
	return b, extraErr
}

// checkFields refuses columns of fields that do not exist.
func checkFields(columns map[string]string) error {
	for _, field := range slices.Sorted(maps.Keys(columns)) {
		if _, ok := headerNames[field]; !ok {
			return fmt.Errorf("exports.columns names a field %q that does not exist (fields: %s)", field, strings.Join(Fields(), ", "))
		}
	}
	return nil
}

// named binds the columns that campaign.yaml names.
func (b *binding) named(headers []string, columns map[string]string) error {
	for _, field := range slices.Sorted(maps.Keys(columns)) {
		at, err := columnOf(headers, columns[field], "exports.columns names for "+field)
		if err != nil {
			return err
		}
		if b.fields[at] != "" {
			return fmt.Errorf("exports.columns names the header %q for both %s and %s (give each its own)",
				columns[field], b.fields[at], field)
		}
		b.fields[at] = field
	}
	return nil
}

// findExtras finds the columns for templates. A file that was written by us
// has them under their names.
func (b *binding) findExtras(headers []string, extras map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(extras)) {
		header := extras[name]
		if len(matching(headers, header)) == 0 && len(matching(headers, name)) > 0 {
			header = name
		}
		at, err := columnOf(headers, header, "exports.extra names for "+name)
		if err != nil {
			return err
		}
		b.extras = append(b.extras, extra{name, at})
	}
	return nil
}

// columnOf returns the one column that has header. why ends the sentence "the
// header that …".
func columnOf(headers []string, header, why string) (int, error) {
	switch at := matching(headers, header); len(at) {
	case 1:
		return at[0], nil
	case 0:
		return 0, fmt.Errorf("no column has the header %q that %s (%s)", header, why, found(headers))
	default:
		return 0, fmt.Errorf("two columns have the header %q that %s (columns %d and %d: rename one)",
			header, why, at[0]+1, at[1]+1)
	}
}

// matching returns the columns whose header is header to the letter, or where
// there is none, as fold sees it.
func matching(headers []string, header string) []int {
	var exact, folded []int
	for i, h := range headers {
		if trim(h) == trim(header) {
			exact = append(exact, i)
		}
		if f := fold(h); f != "" && f == fold(header) {
			folded = append(folded, i)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return folded
}

// recognised binds the remaining columns whose headers are usual names. A
// column that is named as an extra stands back where another has the field.
func (b *binding) recognised(headers []string, columns map[string]string) error {
	isExtra := func(i int) bool {
		return slices.ContainsFunc(b.extras, func(e extra) bool { return e.column == i })
	}
	for _, second := range []bool{false, true} {
		for i, h := range headers {
			field := fieldOf(h)
			if isExtra(i) != second || b.fields[i] != "" || field == "" || columns[field] != "" {
				continue
			}
			first := slices.Index(b.fields, field)
			switch {
			case first >= 0 && !second:
				return fmt.Errorf("two columns for %s: %s and %s (say which one to read under exports.columns in campaign.yaml, as %s: HEADER)",
					field, quoted(headers, first), quoted(headers, i), field)
			case first < 0:
				b.fields[i] = field
			}
		}
	}
	return nil
}

// preferFullName leaves either name or first and last name bound: the full
// name, unless campaign.yaml names the parts.
func (b *binding) preferFullName(columns map[string]string) {
	parts := columns[FieldFirstName] != "" || columns[FieldLastName] != ""
	drop := []string{FieldFirstName, FieldLastName}
	if parts || !b.has(FieldName) {
		drop = []string{FieldName}
	}
	for i, field := range b.fields {
		if slices.Contains(drop, field) {
			b.fields[i] = ""
		}
	}
}

func (b *binding) has(field string) bool { return slices.Contains(b.fields, field) }

// missing returns the required fields without a column.
func (b *binding) missing() []string {
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
