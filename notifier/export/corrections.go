package export

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"breachmail/notifier"
)

// The columns of rejected.csv that say where a row stood and what is wrong
// with it. As we write them they are the last ones, in this order.
var originColumns = []string{"file", "line", "field", "reason", "original"}

// What of it is read, as places in originColumns.
const (
	originFile = 0
	originLine = 1
	originText = 4
)

// ownFields returns the fields that rejected.csv begins with.
func ownFields() []string { return append(slices.Clone(required), optional...) }

// isOwn reports whether headers are of a rejected.csv: nothing else has all of
// originColumns, in whatever order a spreadsheet left them.
func isOwn(headers []string) bool {
	return !slices.ContainsFunc(originColumns, func(c string) bool { return len(columnsNamed(headers, c)) == 0 })
}

// columnsNamed returns the columns of that name, as fold sees it.
func columnsNamed(headers []string, name string) []int {
	var at []int
	for i, h := range headers {
		if fold(h) == fold(name) {
			at = append(at, i)
		}
	}
	return at
}

func sameHeaders(headers, want []string) bool {
	return slices.EqualFunc(headers, want, func(h, w string) bool { return fold(h) == fold(w) })
}

// bindCorrections binds the columns of a rejected.csv by our names: what
// campaign.yaml says of exports does not apply, except for the names of extra
// columns.
func bindCorrections(headers []string, opts Options) (*binding, error) {
	b := &binding{fields: make([]string, len(headers))}
	for b.tail < len(headers) && trim(headers[len(headers)-1-b.tail]) == "" {
		b.tail++
	}
	rest := slices.Clone(headers) // what is bound is taken out
	if err := b.bindOrigin(rest); err != nil {
		return nil, err
	}
	all := slices.Clone(rest)
	if err := b.bindOwn(rest); err != nil {
		return nil, err
	}
	return b, b.bindOwnExtras(rest, all, opts.Extra)
}

// bindOrigin finds originColumns: side by side as we write them, since an extra
// column may have the name of one, or else each by its name.
func (b *binding) bindOrigin(rest []string) error {
	n := len(originColumns)
	for at := len(rest) - n; at >= 0 && b.origin == nil; at-- {
		if sameHeaders(rest[at:at+n], originColumns) {
			b.origin = []int{at, at + 1, at + 2, at + 3, at + 4}
		}
	}
	if b.origin == nil {
		for _, name := range originColumns {
			at := columnsNamed(rest, name)
			if len(at) > 1 {
				return twiceError(name, at)
			}
			b.origin = append(b.origin, at...)
		}
	}
	for _, at := range b.origin {
		rest[at] = ""
	}
	return nil
}

// bindOwn finds the fields. Those that stand where we write them are not mixed
// up with the extra columns behind them, which may have their names.
func (b *binding) bindOwn(rest []string) error {
	own := ownFields()
	first, end := 0, 0 // of the extra columns
	if b.originTogether() && b.origin[0] >= len(own) && sameHeaders(rest[:len(own)], own) {
		first, end = len(own), b.origin[0]
	}
	var missing []string
	for _, field := range own {
		at := slices.DeleteFunc(columnsNamed(rest, field), func(i int) bool { return first <= i && i < end })
		switch {
		case len(at) > 1:
			return twiceError(field, at)
		case len(at) == 1:
			b.fields[at[0]], rest[at[0]] = field, ""
		case slices.Contains(required, field):
			missing = append(missing, field)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("the columns %s are those of a rejected.csv, but there is none for %s (put back the header as breachmail wrote it)",
			strings.Join(originColumns, ", "), strings.Join(missing, ", "))
	}
	return nil
}

// originTogether reports whether originColumns stand side by side, in our order.
func (b *binding) originTogether() bool {
	for i, at := range b.origin {
		if at != b.origin[0]+i {
			return false
		}
	}
	return true
}

func twiceError(name string, at []int) error {
	return fmt.Errorf("two columns of this rejected.csv have the header %q (columns %d and %d: take one out)", name, at[0]+1, at[1]+1)
}

// bindOwnExtras finds the extra columns among rest. A rejected.csv that was
// written before an extra was asked for may have its text in one of all
// columns.
func (b *binding) bindOwnExtras(rest, all []string, extras map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(extras)) {
		among, header := rest, name
		if len(matching(among, name)) == 0 {
			among, header = all, extras[name]
		}
		if len(matching(among, header)) == 0 {
			return fmt.Errorf("no column has the header %q or %q that exports.extra names for %s (add it, with what stands there, behind email_consent)",
				name, header, name)
		}
		at, err := columnOf(among, header, "exports.extra names for "+name)
		if err != nil {
			return err
		}
		b.extras = append(b.extras, extra{name, at})
	}
	return nil
}

// originOf returns what cells, by their places in originColumns, say about
// where a row stood; nil where they do not.
func originOf(cell func(int) string) *notifier.Origin {
	line, fraction, _ := strings.Cut(clean(cell(originLine)), ".") // a spreadsheet may make 3.0 of it
	n, err := strconv.Atoi(line)
	file := undefuse(cell(originFile))
	if err != nil || n <= 0 || strings.Trim(fraction, "0") != "" || strings.TrimSpace(file) == "" {
		return nil
	}
	return &notifier.Origin{
		Source:   notifier.Source{File: file, Line: n},
		Original: notifier.NewLine(undefuse(cell(originText))),
	}
}
