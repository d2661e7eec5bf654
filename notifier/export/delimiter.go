package export

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// delimiters are what may stand between two fields, the usual one first.
var delimiters = []byte{',', ';', '\t', '|'}

// delimiterNames are the delimiters in words, in the same order.
const delimiterNames = "comma, semicolon, tab or bar"

// header reads the first record and finds out what separates its fields: what
// Excel's line "sep=;" says above it, or else that delimiter under which most
// headers are known, the one with more columns where there are several. It
// ends with io.EOF where the file has no record.
func (t *table) header(known func(header string) bool) ([]string, error) {
	end, brk, err := t.framer.begin()
	candidates := delimiters
	if err == nil && t.framer.line == 1 {
		sep, ok, bad := declared(string(t.framer.buf[t.framer.pos:end]))
		if bad != nil {
			return nil, t.fail(1, bad)
		}
		if ok {
			candidates = []byte{sep}
			t.framer.pass(record{text: t.framer.buf[t.framer.pos:end], brk: brk})
			t.framer.sep = sep
			end, brk, err = t.framer.begin()
		}
	}
	if err == nil && end-t.framer.pos <= maxRecord {
		err = t.choose(candidates, known, end, brk)
	}
	switch {
	case err == io.EOF:
		return nil, err
	case err != nil:
		return nil, t.stopped(err)
	}
	if err := t.next(); err != nil {
		return nil, err
	}
	if t.current.flaw != sound {
		return nil, t.fail(t.current.line, fmt.Errorf("the header cannot be read: %s (correct the line)", t.current.flaw))
	}
	headers, err := t.split(t.current)
	if err != nil { // not met: the framer found it sound
		return nil, t.fail(t.current.line, errors.New("the header cannot be read (correct the line)"))
	}
	t.framer.width = len(headers)
	return slices.Clone(headers), nil
}

// choose sets the delimiter that suits the record at the framer's place best.
func (t *table) choose(candidates []byte, known func(string) bool, end int, brk lineBreak) error {
	best, most := candidates[0], [2]int{-1, 0}
	for _, sep := range candidates {
		t.framer.sep = sep
		rec, err := t.framer.judge(end, brk)
		if err != nil {
			return err
		}
		if rec.flaw != sound {
			continue
		}
		headers, err := t.split(rec)
		if err != nil {
			continue
		}
		found := [2]int{0, len(headers)}
		for _, h := range headers {
			if known(h) {
				found[0]++
			}
		}
		if slices.Compare(found[:], most[:]) > 0 {
			best, most = sep, found
		}
	}
	t.framer.sep = best
	return nil
}

// declared reads the line that Excel puts above the header to say what
// separates fields: sep=; with or without quotes. A program that did not know
// it may have added empty cells.
func declared(line string) (sep byte, ok bool, err error) {
	line = strings.Trim(line, `"`)
	if len(line) < 4 || !strings.EqualFold(line[:4], "sep=") {
		return 0, false, nil
	}
	rest := line[4:]
	if rest == "" || slices.Index(delimiters, rest[0]) < 0 || strings.Trim(rest[1:], `",;`+"\t|") != "" {
		return 0, false, errors.New("the line sep= does not name a delimiter that can be read (it is " + delimiterNames + ": change the line and the file, or take the line out)")
	}
	return rest[0], true, nil
}

// knownTo returns what reports whether a header is one that opts or the table
// of names knows.
func knownTo(opts Options) func(string) bool {
	named := map[string]bool{}
	for _, header := range opts.Columns {
		named[fold(header)] = true
	}
	for name, header := range opts.Extra {
		named[fold(name)], named[fold(header)] = true, true
	}
	delete(named, "")
	return func(header string) bool {
		folded := fold(header)
		return fieldNames[folded] != "" || named[folded]
	}
}
