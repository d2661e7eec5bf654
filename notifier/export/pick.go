package export

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"breachmail/notifier"
)

// PickReader streams one column of a file that was written by us, or of what
// somebody has made of it: separated and encoded in any way that an export may
// be. It is not safe for concurrent use.
type PickReader struct {
	*table
	Column string // which of the names it reads

	at int
}

// OpenPick opens a file for reading the first of the named columns that it has.
// Having none of them is an error, in the form "file:line: what is wrong (what
// to do)".
func OpenPick(f File, names ...string) (*PickReader, error) {
	t, err := openTable(f, Options{list: true})
	if err != nil {
		return nil, err
	}
	r, err := t.pick(names)
	if err != nil {
		_ = t.Close() // it was only read
		return nil, err
	}
	return r, nil
}

func (t *table) pick(names []string) (*PickReader, error) {
	headers, err := t.header(func(header string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return fold(header) == fold(name) })
	})
	wanted := "(give it a header with a column " + strings.Join(names, " or ") + ")"
	if err == io.EOF {
		return nil, t.fail(1, errors.New("the file is empty "+wanted))
	}
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		switch at := matching(headers, name); len(at) {
		case 0:
		case 1:
			return &PickReader{table: t, Column: name, at: at[0]}, nil
		default:
			return nil, t.fail(t.current.line, fmt.Errorf("two columns have the header %s (rename one)", name))
		}
	}
	return nil, t.fail(t.current.line, fmt.Errorf("no column has the header %s %s", strings.Join(names, " or "), wanted))
}

// Next returns what stands in the column in the next row that is not empty, and
// where. flaw, unless empty, is why the row cannot be read. It ends with io.EOF.
func (r *PickReader) Next() (value string, from notifier.Source, flaw string, err error) {
	for {
		if err := r.next(); err != nil {
			return "", notifier.Source{}, "", err
		}
		switch {
		case r.current.flaw != sound:
			return "", r.source(), string(r.current.flaw), nil
		case r.damaged():
			return "", r.source(), "the line is not valid " + r.seen.shown, nil
		}
		cells, err := r.split(r.current)
		if err != nil { // not met: the framer found it sound
			return "", r.source(), "the row cannot be read", nil
		}
		if slices.ContainsFunc(cells, func(c string) bool { return clean(c) != "" }) {
			return clean(cells[r.at]), r.source(), "", nil
		}
	}
}
