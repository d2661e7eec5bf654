package export

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// lineBreak is what ends a physical line.
type lineBreak byte

const (
	noBreak lineBreak = iota // the end of the file
	breakLF
	breakCR
	breakCRLF
)

// lineBreakNames are the line breaks in words.
var lineBreakNames = [...]string{breakLF: "LF", breakCR: "CR", breakCRLF: "CR LF"}

// size returns how many bytes the line break has.
func (b lineBreak) size() int {
	switch b {
	case noBreak:
		return 0
	case breakCRLF:
		return 2
	}
	return 1
}

// linesIn returns how many lines end in text.
func linesIn(text []byte) int {
	n := bytes.Count(text, []byte{'\n'})
	if bytes.IndexByte(text, '\r') >= 0 {
		n += bytes.Count(text, []byte{'\r'}) - bytes.Count(text, []byte("\r\n"))
	}
	return n
}

// ended notes that a line ended in brk.
func (f *framer) ended(brk lineBreak) {
	f.ends[brk] = true
	f.last = brk
}

// breakIn returns the place of the first line break in text, or -1. What ended
// the line before is looked for first, so that no search goes far beyond it.
func (f *framer) breakIn(text []byte) int {
	likely, other := byte('\n'), byte('\r')
	if f.last == breakCR {
		likely, other = other, likely
	}
	at := bytes.IndexByte(text, likely)
	if at >= 0 {
		text = text[:at]
	}
	if earlier := bytes.IndexByte(text, other); earlier >= 0 {
		return earlier
	}
	return at
}

// breakAt returns the line break whose first byte stands at place at.
func (f *framer) breakAt(at int) (lineBreak, error) {
	if f.buf[at] == '\n' {
		return breakLF, nil
	}
	next, ok, err := f.byteAt(at + 1)
	if ok && next == '\n' {
		return breakCRLF, nil
	}
	return breakCR, err
}

// lineEnd returns where the physical line that begins at at ends, and in what.
// A line longer than maxRecord ends anywhere after that. At the end of the file
// it is io.EOF.
func (f *framer) lineEnd(at int) (end int, brk lineBreak, err error) {
	from := at
	for {
		if i := f.breakIn(f.buf[from:]); i >= 0 {
			brk, err = f.breakAt(from + i)
			return from + i, brk, err
		}
		from = len(f.buf)
		if from-at > maxRecord {
			return from, noBreak, nil
		}
		more, err := f.fill()
		if err != nil {
			return 0, noBreak, err
		}
		if !more {
			if at == len(f.buf) {
				return 0, noBreak, io.EOF
			}
			return len(f.buf), noBreak, nil
		}
	}
}

// skipLong hands on the beginning of a line that is too long and leaves the
// rest of it out.
func (f *framer) skipLong() (record, error) {
	cut := f.pos + maxRecord
	for cut > f.pos+maxRecord-utf8.UTFMax && !utf8.RuneStart(f.buf[cut]) {
		cut--
	}
	rec := record{text: bytes.Clone(f.buf[f.pos:cut]), line: f.line, flaw: flawTooLong}
	for {
		if i := f.breakIn(f.buf[f.pos:]); i >= 0 {
			brk, err := f.breakAt(f.pos + i)
			f.pass(record{text: f.buf[f.pos : f.pos+i], brk: brk})
			return rec, err
		}
		f.buf, f.pos = f.buf[:0], 0
		more, err := f.fill()
		if err != nil {
			return record{}, err
		}
		if !more {
			return rec, nil
		}
	}
}
