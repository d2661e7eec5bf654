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
// with it. They are the last ones, in this order.
const (
	columnFile     = "file"
	columnLine     = "line"
	columnField    = "field"
	columnReason   = "reason"
	columnOriginal = "original"
)

var originColumns = []string{columnFile, columnLine, columnField, columnReason, columnOriginal}

// ownFields returns the fields that rejected.csv begins with.
func ownFields() []string { return append(slices.Clone(required), optional...) }

// ownColumns returns how many columns for fields a rejected.csv begins with,
// or 0 where headers are not of one. Between them and the last ones stand the
// extra columns. State and consent came later than the other fields.
func ownColumns(headers []string) int {
	n := len(headers) - len(originColumns)
	own := ownFields()
	if n < 0 || !sameHeaders(headers[n:], originColumns) {
		return 0
	}
	old := own[:len(own)-2]
	switch {
	case n >= len(own) && sameHeaders(headers[:len(own)], own):
		return len(own)
	case n == len(old) && sameHeaders(headers[:n], old):
		return n
	}
	return 0
}

func sameHeaders(headers, want []string) bool {
	return slices.EqualFunc(headers, want, func(h, w string) bool { return fold(h) == fold(w) })
}

// bindCorrections binds the columns of a rejected.csv by their place: what
// campaign.yaml says of exports does not apply, except for the names of extra
// columns.
func bindCorrections(headers []string, n int, opts Options) (*binding, error) {
	end := len(headers) - len(originColumns)
	b := &binding{fields: make([]string, len(headers)), origin: end}
	copy(b.fields, ownFields()[:n])
	for _, name := range slices.Sorted(maps.Keys(opts.Extra)) {
		from, header := n, name
		if len(matching(headers[n:end], name)) == 0 { // written before this extra was asked for
			from, header = 0, opts.Extra[name]
		}
		if len(matching(headers[from:end], header)) == 0 {
			return nil, fmt.Errorf("no column has the header %q or %q that exports.extra names for %s (add it, with what stands there, behind email_consent)",
				name, header, name)
		}
		at, err := columnOf(headers[from:end], header, "exports.extra names for "+name)
		if err != nil {
			return nil, err
		}
		b.extras = append(b.extras, extra{name, from + at})
	}
	return b, nil
}

// originOf returns what the last five cells of a row say about where it stood;
// nil where they do not.
func originOf(file, line, original string) *notifier.Origin {
	n, err := strconv.Atoi(clean(line))
	file = undefuse(file)
	if err != nil || n <= 0 || strings.TrimSpace(file) == "" {
		return nil
	}
	return &notifier.Origin{
		Source:   notifier.Source{File: file, Line: n},
		Original: notifier.NewLine(undefuse(original)),
	}
}

// raggedOrigin returns where a row with too many or too few fields stood: the
// last cells of a row say so also when one before them fell apart.
func (r *Reader) raggedOrigin() *notifier.Origin {
	if r.binding.origin == 0 || r.current.flaw != flawRagged {
		return nil
	}
	cells, err := r.split(r.current)
	n := len(cells) - len(originColumns)
	if err != nil || n < 0 {
		return nil
	}
	return originOf(cells[n], cells[n+1], cells[n+4])
}
