package export

import (
	"slices"

	"breachmail/notifier"
)

// spilt reports whether the current record of a rejected.csv has text in the
// columns at the end that have no header: its cells stand in wrong columns.
func (r *Reader) spilt() bool {
	if r.current.flaw != sound {
		return false
	}
	cells, err := r.split(r.current)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(cells[len(cells)-r.binding.tail:], func(c string) bool { return trim(c) != "" })
}

// strayOrigin returns where a row stood whose cells do not stand in the columns
// of their headers: the last ones say so also when one before them fell apart.
// It takes no other cells for them, which may be personal.
func (r *Reader) strayOrigin() *notifier.Origin {
	b := r.binding
	if r.current.flaw != flawRagged && r.current.flaw != flawSpilt || !b.originLast() {
		return nil
	}
	cells, err := r.split(r.current)
	if err != nil {
		return nil
	}
	for b.tail > 0 && len(cells) > 0 && trim(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	at := len(cells) - len(originColumns)
	if at < 0 {
		return nil
	}
	if field := clean(cells[at+2]); field != "" && !slices.Contains(Fields(), field) {
		return nil
	}
	return originOf(func(i int) string { return cells[at+i] })
}

// originLast reports whether the columns of a rejected.csv that say where a row
// stood are the last ones that have a header, in our order.
func (b *binding) originLast() bool {
	return b.origin != nil && b.originTogether() && b.origin[originText] == len(b.fields)-b.tail-1
}
