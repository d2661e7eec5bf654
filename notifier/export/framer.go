package export

import (
	"bytes"
	"io"
	"unicode/utf8"
)

const (
	// maxRecord is the longest record, in bytes. A quoted field that has not
	// closed by then never will, and a longer line is no row of an export.
	maxRecord = 256 << 10

	// readSize is how much is read from the file at a time.
	readSize = 64 << 10
)

// flaw is why a record cannot be read.
type flaw string

const (
	sound         flaw = ""
	flawOpen      flaw = "a quoted field does not end"
	flawBare      flaw = "a quote stands inside an unquoted field"
	flawAfter     flaw = "text follows the closing quote of a field"
	flawRagged    flaw = "not as many fields as the header"
	flawTooLong   flaw = "the line is longer than 256 KiB"
	flawNUL       flaw = "the row contains a NUL byte"
	flawSpilt     flaw = "text stands in a column without a header (a separator too many, or a note: take it out)"
	flawMultiline flaw = "a quoted field runs on over the line's end, and the row has not as many fields as the header"
)

// record is one row of the file. Its text is valid until the next one is read.
type record struct {
	text   []byte // without the line break that ends it
	line   int    // physical line it begins on, from 1
	fields int
	quotes bool // there is a quote in it
	brk    lineBreak
	flaw   flaw
}

// framer cuts a file into records. A record that is broken is its first
// physical line alone: reading goes on with the line after it.
type framer struct {
	r     io.Reader
	buf   []byte // what was read and not yet handed on starts at pos
	pos   int
	eof   bool
	line  int  // number of the line at pos
	sep   byte // between fields
	width int  // fields in the header; 0 until it was read

	rows  []int     // the columns in whose cells rows may stand, quoted
	spans []span    // of the record being judged, the quoted fields behind its first line
	ends  [4]bool   // the line breaks there were
	last  lineBreak // of the line before
}

func newFramer(r io.Reader) *framer {
	return &framer{r: r, buf: make([]byte, 0, 2*readSize), line: 1, sep: ','}
}

// next returns the next record that is not blank. It ends with io.EOF.
func (f *framer) next() (record, error) {
	end, brk, err := f.begin()
	if err != nil {
		return record{}, err
	}
	if end-f.pos > maxRecord {
		return f.skipLong()
	}
	rec, err := f.judge(end, brk)
	if err != nil {
		return record{}, err
	}
	f.pass(rec)
	return rec, nil
}

// begin moves to the next line that is not blank, and returns where it ends
// and in what.
func (f *framer) begin() (end int, brk lineBreak, err error) {
	for {
		f.compact()
		end, brk, err = f.lineEnd(f.pos)
		if err != nil || end-f.pos > maxRecord || !f.blank(f.buf[f.pos:end]) {
			return end, brk, err
		}
		f.pass(record{text: f.buf[f.pos:end], brk: brk})
	}
}

// blank reports whether nothing stands in line. A line of tabs is a row of
// empty fields where tabs separate them.
func (f *framer) blank(line []byte) bool {
	if len(line) > 0 && line[0] > ' ' && line[0] < utf8.RuneSelf {
		return false
	}
	return len(bytes.TrimSpace(line)) == 0 && (f.sep != '\t' || bytes.IndexByte(line, '\t') < 0)
}

// judge returns the record that begins at pos, whose first line ends at first
// in brk. It stays at pos.
func (f *framer) judge(first int, brk lineBreak) (record, error) {
	rec, end := record{line: f.line, brk: brk}, first
	if bytes.IndexByte(f.buf[f.pos:end], '"') < 0 {
		rec.fields = 1 + bytes.Count(f.buf[f.pos:end], []byte{f.sep})
	} else {
		var err error
		if end, rec.brk, err = f.quoted(&rec, first); err != nil {
			return record{}, err
		}
		rec.quotes = true
	}
	switch {
	case rec.flaw != sound:
	case f.width > 0 && rec.fields != f.width && end > first:
		rec.flaw = flawMultiline
	case f.width > 0 && rec.fields != f.width:
		rec.flaw = flawRagged
	case end > first && f.swallows(rec.fields):
		rec.flaw = flawOpen
	}
	if rec.flaw != sound {
		end, rec.brk = first, brk
	}
	rec.text = f.buf[f.pos:end]
	if rec.flaw == sound && bytes.IndexByte(rec.text, 0) >= 0 {
		rec.flaw = flawNUL
	}
	return rec, nil
}

// pass moves behind rec, which begins at pos.
func (f *framer) pass(rec record) {
	f.ended(rec.brk)
	to := f.pos + len(rec.text) + rec.brk.size()
	if rec.quotes {
		f.line += linesIn(f.buf[f.pos:to])
	} else {
		f.line += min(rec.brk.size(), 1)
	}
	f.pos = to
}

// quoted scans the record at pos by the rules of RFC 4180, section 2, over
// line ends where they stand inside quotes, and returns where it ends. Its
// first line ends at first.
func (f *framer) quoted(rec *record, first int) (end int, brk lineBreak, err error) {
	rec.fields = 1
	f.spans = f.spans[:0]
	at, start := f.pos, true // start: at the start of a field
	for {
		c, ok, err := f.byteAt(at)
		if err != nil {
			return 0, 0, err
		}
		switch {
		case !ok:
			return at, noBreak, nil
		case at-f.pos > maxRecord:
			rec.flaw = flawOpen
			return 0, 0, nil
		case c == ' ' && start && f.sep != '\t': // as encoding/csv, see feed
			at++
			continue
		case c == '"' && start:
			from := at + 1
			if at, err = f.closing(from, rec); err != nil || rec.flaw != sound {
				return 0, 0, err
			}
			if at > first {
				f.spans = append(f.spans, span{rec.fields - 1, from, at - 1})
			}
		case c == '"':
			rec.flaw = flawBare
			return 0, 0, nil
		case c == f.sep:
			rec.fields++
			at++
			start = true
			continue
		case c == '\n' || c == '\r':
			brk, err = f.breakAt(at)
			return at, brk, err
		default:
			at++
		}
		start = false
	}
}

// closing returns the place after the quote that closes the field whose text
// begins at at. What may follow is a separator, a line end or the file's.
func (f *framer) closing(at int, rec *record) (int, error) {
	for {
		if at-f.pos > maxRecord {
			rec.flaw = flawOpen
			return 0, nil
		}
		i := bytes.IndexByte(f.buf[min(at, len(f.buf)):], '"')
		if i < 0 {
			at = len(f.buf)
			if more, err := f.fill(); err != nil {
				return 0, err
			} else if !more {
				rec.flaw = flawOpen
				return 0, nil
			}
			continue
		}
		at += i + 1
		c, ok, err := f.byteAt(at)
		switch {
		case err != nil:
			return 0, err
		case ok && c == '"':
			at++
		case !ok || c == f.sep || c == '\n' || c == '\r':
			return at, nil
		default:
			rec.flaw = flawAfter
			if linesIn(f.buf[f.pos:at]) > 0 {
				rec.flaw = flawOpen // the quote that closed it belongs to a later row
			}
			return 0, nil
		}
	}
}
