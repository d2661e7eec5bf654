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
	flawMultiline flaw = "a quoted field runs on over the line's end, and the row has not as many fields as the header"
)

// record is one row of the file. Its text is valid until the next one is read.
type record struct {
	text   []byte // without the line break that ends it
	line   int    // physical line it begins on, from 1
	fields int
	quotes bool // there is a quote in it
	brk    int  // bytes of the line break that ends it
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

	ends [3]bool // there were lines that end with so many bytes: LF 1, CR LF 2
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
// and how many bytes its line break has.
func (f *framer) begin() (end, brk int, err error) {
	for {
		f.compact()
		end, brk, err = f.lineEnd(f.pos)
		if err != nil || end-f.pos > maxRecord || !f.blank(f.buf[f.pos:end]) {
			return end, brk, err
		}
		f.ends[brk] = true
		f.advance(end + brk)
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

// judge returns the record that begins at pos, whose first line ends at end
// with a break of brk bytes. It stays at pos.
func (f *framer) judge(end, brk int) (record, error) {
	rec := record{line: f.line, brk: brk}
	if bytes.IndexByte(f.buf[f.pos:end], '"') < 0 {
		rec.fields = 1 + bytes.Count(f.buf[f.pos:end], []byte{f.sep})
	} else {
		var err error
		if end, rec.brk, err = f.quoted(&rec); err != nil {
			return record{}, err
		}
		rec.quotes = true
	}
	if rec.flaw == sound && f.width > 0 && rec.fields != f.width {
		rec.flaw = flawRagged
		if rec.quotes && bytes.IndexByte(f.buf[f.pos:end], '\n') >= 0 {
			rec.flaw = flawMultiline
		}
	}
	if rec.flaw != sound {
		var err error
		if end, rec.brk, err = f.lineEnd(f.pos); err != nil {
			return record{}, err
		}
	}
	rec.text = f.buf[f.pos:end]
	if rec.flaw == sound && bytes.IndexByte(rec.text, 0) >= 0 {
		rec.flaw = flawNUL
	}
	return rec, nil
}

// pass moves behind rec, which begins at pos.
func (f *framer) pass(rec record) {
	f.ends[rec.brk] = true
	to := f.pos + len(rec.text) + rec.brk
	if rec.quotes {
		f.advance(to)
		return
	}
	f.line += min(rec.brk, 1)
	f.pos = to
}

// quoted scans the record at pos by the rules of RFC 4180, section 2, over
// line ends where they stand inside quotes, and returns where it ends.
func (f *framer) quoted(rec *record) (end, brk int, err error) {
	rec.fields = 1
	at, start := f.pos, true // start: at the start of a field
	for {
		c, ok, err := f.byteAt(at)
		if err != nil {
			return 0, 0, err
		}
		switch {
		case !ok:
			return at, 0, nil
		case at-f.pos > maxRecord:
			rec.flaw = flawOpen
			return 0, 0, nil
		case c == ' ' && start && f.sep != '\t': // as encoding/csv, see feed
			at++
			continue
		case c == '"' && start:
			if at, err = f.closing(at+1, rec); err != nil || rec.flaw != sound {
				return 0, 0, err
			}
		case c == '"':
			rec.flaw = flawBare
			return 0, 0, nil
		case c == f.sep:
			rec.fields++
			at++
			start = true
			continue
		case c == '\n':
			return at, 1, nil
		case c == '\r':
			if n, ok, err := f.byteAt(at + 1); err != nil || ok && n == '\n' {
				return at, 2, err
			}
			at++
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
		case !ok || c == f.sep || c == '\n':
			return at, nil
		case c == '\r':
			if n, ok, err := f.byteAt(at + 1); err != nil || !ok || n == '\n' {
				return at, err
			}
			rec.flaw = flawAfter
			return 0, nil
		default:
			rec.flaw = flawAfter
			if bytes.IndexByte(f.buf[f.pos:at], '\n') >= 0 {
				rec.flaw = flawOpen // the quote that closed it belongs to a later row
			}
			return 0, nil
		}
	}
}

// lineEnd returns where the physical line that at stands in ends, and how many
// bytes its line break has. A line longer than maxRecord ends anywhere after
// that. At the end of the file it is io.EOF.
func (f *framer) lineEnd(at int) (end, brk int, err error) {
	from := at
	for {
		if i := bytes.IndexByte(f.buf[from:], '\n'); i >= 0 {
			end = from + i
			if end > at && f.buf[end-1] == '\r' {
				return end - 1, 2, nil
			}
			return end, 1, nil
		}
		from = len(f.buf)
		if from-at > maxRecord {
			return from, 0, nil
		}
		more, err := f.fill()
		if err != nil {
			return 0, 0, err
		}
		if !more {
			if at == len(f.buf) {
				return 0, 0, io.EOF
			}
			return len(f.buf), 0, nil
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
		if i := bytes.IndexByte(f.buf[f.pos:], '\n'); i >= 0 {
			brk := 1
			if i > 0 && f.buf[f.pos+i-1] == '\r' {
				brk = 2
			}
			f.ends[brk] = true
			f.advance(f.pos + i + 1)
			return rec, nil
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
