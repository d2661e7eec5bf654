package export

import (
	"bytes"
	"slices"
)

// span is where the text of a quoted field stands in the framer's buf.
type span struct {
	field    int // from 0
	from, to int
}

// swallows reports whether a field of the record just scanned, which is sound
// and has width fields, holds another row: one that a quote opened and that of
// a later row closed.
func (f *framer) swallows(width int) bool {
	return slices.ContainsFunc(f.spans, func(s span) bool {
		return !slices.Contains(f.rows, s.field) && holdsRow(f.buf[s.from:s.to], f.sep, s.field, width)
	})
}

// holdsRow reports whether text, the quoted field at place at of width fields,
// runs over a line end and looks as if rows stood in it: a line of it has the
// separators of a whole row, or its first line has those that are missing
// behind the field and its last one those before it.
func holdsRow(text []byte, sep byte, at, width int) bool {
	if width < 2 {
		return false
	}
	first, rest, more := untilBreak(text)
	if !more {
		return false
	}
	head := bytes.Count(first, []byte{sep})
	whole, last := head >= width-1, 0
	for more && !whole {
		var line []byte
		line, rest, more = untilBreak(rest)
		last = bytes.Count(line, []byte{sep})
		whole = last >= width-1
	}
	return whole || head == width-1-at && last == at
}

// untilBreak cuts text at its first CR or LF. CR LF leaves an empty line.
func untilBreak(text []byte) (line, rest []byte, found bool) {
	i := bytes.IndexAny(text, "\r\n")
	if i < 0 {
		return text, nil, false
	}
	return text[:i], text[i+1:], true
}
