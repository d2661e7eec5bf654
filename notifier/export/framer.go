package export

import (
	"bytes"
	"io"
	"slices"
	"unicode/utf8"
)

const (
	// maxRecord is the longest record, in bytes. A quoted field that has not
	// closed by then never will, and a longer line is no row of an export.
	maxRecord = 256 << 10

	// readSize is how much is read from the file at a time.
	readSize = 64 << 10

	comma = ','
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
	flaw   flaw
}

// framer cuts a file into records. A record that is broken is its first
// physical line alone: reading goes on with the line after it.
type framer struct {
	r     io.Reader
	buf   []byte // what was read and not yet handed on starts at pos
	pos   int
	eof   bool
	line  int   // number of the line at pos
	width int   // fields in the header; 0 until it was read
	read  int64 // bytes taken from r
}

func newFramer(r io.Reader) *framer {
	return &framer{r: r, buf: make([]byte, 0, 2*readSize), line: 1}
}

// next returns the next record that is not blank. It ends with io.EOF.
func (f *framer) next() (record, error) {
	for {
		f.compact()
		end, brk, err := f.lineEnd(f.pos)
		if err != nil {
			return record{}, err
		}
		if end-f.pos > maxRecord {
			return f.skipLong()
		}
		line := f.buf[f.pos:end]
		if len(bytes.TrimSpace(line)) == 0 {
			f.advance(end + brk)
			continue
		}
		return f.frame(end, brk)
	}
}

// frame judges the record that begins at pos, whose first line ends at end
// with a break of brk bytes.
func (f *framer) frame(end, brk int) (record, error) {
	rec := record{line: f.line}
	last, lastBrk := end, brk
	if bytes.IndexByte(f.buf[f.pos:end], '"') < 0 {
		rec.fields = 1 + bytes.Count(f.buf[f.pos:end], []byte{comma})
	} else {
		var err error
		if last, lastBrk, err = f.quoted(&rec); err != nil {
			return record{}, err
		}
	}
	if rec.flaw == sound && f.width > 0 && rec.fields != f.width {
		rec.flaw = flawRagged
		if bytes.IndexByte(f.buf[f.pos:last], '\n') >= 0 {
			rec.flaw = flawMultiline
		}
	}
	if rec.flaw != sound {
		var err error
		if last, lastBrk, err = f.lineEnd(f.pos); err != nil {
			return record{}, err
		}
	}
	rec.text = f.buf[f.pos:last]
	if rec.flaw == sound && bytes.IndexByte(rec.text, 0) >= 0 {
		rec.flaw = flawNUL
	}
	f.advance(last + lastBrk)
	return rec, nil
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
		case c == ' ' && start:
			at++
			continue
		case c == '"' && start:
			if at, err = f.closing(at+1, rec); err != nil || rec.flaw != sound {
				return 0, 0, err
			}
		case c == '"':
			rec.flaw = flawBare
			return 0, 0, nil
		case c == comma:
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
// begins at at. What may follow is a comma, a line end or the file's.
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
		case !ok || c == comma || c == '\n':
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

// compact makes room at the end of buf. Places in buf found before it are
// void, so it is called between records only.
func (f *framer) compact() {
	if f.pos < readSize {
		return
	}
	f.buf = f.buf[:copy(f.buf, f.buf[f.pos:])]
	f.pos = 0
}

// fill reads more behind what is in buf. It reports false at the end of the
// file.
func (f *framer) fill() (bool, error) {
	f.buf = slices.Grow(f.buf, readSize)
	for tries := 0; !f.eof; tries++ {
		n, err := f.r.Read(f.buf[len(f.buf) : len(f.buf)+readSize])
		f.buf = f.buf[:len(f.buf)+n]
		f.read += int64(n)
		f.eof = err == io.EOF
		if err != nil && err != io.EOF {
			return false, err
		}
		if n > 0 {
			return true, nil
		}
		if tries == 100 {
			return false, io.ErrNoProgress
		}
	}
	return false, nil
}

// advance moves to at, counting the lines passed.
func (f *framer) advance(at int) {
	f.line += bytes.Count(f.buf[f.pos:at], []byte{'\n'})
	f.pos = at
}

// byteAt returns the byte at place at, or false at the end of the file.
func (f *framer) byteAt(at int) (byte, bool, error) {
	for at >= len(f.buf) {
		if more, err := f.fill(); err != nil || !more {
			return 0, false, err
		}
	}
	return f.buf[at], true, nil
}
