package export

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/transform"

	"breachmail/notifier"
	"breachmail/notifier/internal/unpack"
)

// lookSize is how much of a file is looked at to decide its encoding, in bytes.
const lookSize = 1 << 20

// table is a file of rows as it is being read: its bytes become records, and
// records fields. Reader and ListReader stand on it.
type table struct {
	name    string         // of the file, in messages
	packed  *unpack.Reader // nil where the bytes come from elsewhere
	framer  *framer
	seen    seen
	decoder transform.Transformer // nil for UTF-8
	current record
	columns []Column

	// fields reads from text through input, one record at a time, so that
	// nothing it does can reach beyond the record.
	text   recordText
	input  *bufio.Reader
	fields *csv.Reader
}

// openTable opens f as far as its first record.
func openTable(f unpack.File, opts Options) (*table, error) {
	in, err := unpack.Open(f, unpack.Options{Identity: opts.Identity})
	if err != nil {
		return nil, err
	}
	t, err := newTable(f.Name, in, opts)
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	t.packed = in
	return t, nil
}

// newTable decides how the bytes of from are to be read.
func newTable(name string, from io.Reader, opts Options) (*table, error) {
	t := &table{name: name}
	head, err := io.ReadAll(io.LimitReader(from, lookSize))
	if err != nil {
		from = failed{err}
	}
	cut := len(head) == lookSize || err != nil
	if named, _ := codingOf(opts.Encoding); named != nil && ownHeader(head) {
		opts.Encoding = "" // ours is UTF-8, or what a spreadsheet made of it
	}
	if t.seen, err = decide(head, cut, opts); err != nil {
		return nil, t.fail(1, err)
	}
	if t.seen.marked {
		head = head[len(t.seen.mark):]
	}
	in := io.MultiReader(bytes.NewReader(head), from)
	if t.decoder = t.seen.decoder(); t.decoder != nil {
		in = transform.NewReader(in, t.decoder)
	}
	t.framer = newFramer(in)
	t.input = bufio.NewReaderSize(&t.text, 4096)
	t.fields = csv.NewReader(t.input) // keeps input as it is, being large enough
	t.fields.FieldsPerRecord = -1     // the framer counts
	t.fields.ReuseRecord = true
	return t, nil
}

// ownHeader reports whether a file that begins with head is a rejected.csv of
// ours, in whatever encoding it seems to be.
func ownHeader(head []byte) bool {
	t, err := newTable("", bytes.NewReader(head), Options{})
	if err != nil {
		return false
	}
	headers, err := t.header(knownTo(Options{}))
	return err == nil && isOwn(headers)
}

// failed is what is left of a file that could not be read on.
type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }

// recordText gives the text of one record and says in the same breath that
// it ends.
type recordText struct{ rest []byte }

func (t *recordText) Read(p []byte) (int, error) {
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	if len(t.rest) == 0 {
		return n, io.EOF
	}
	return n, nil
}

// next moves to the next record. It ends with io.EOF.
func (t *table) next() error {
	rec, err := t.framer.next()
	if err != nil && err != io.EOF {
		return t.stopped(err)
	}
	if err == nil {
		t.current = rec
	}
	return err
}

// feed makes rec what encoding/csv reads next. Space before a quote is not
// part of a field, except where tabs separate fields: encoding/csv would take
// them for space.
func (t *table) feed(rec record) {
	t.text.rest = rec.text
	t.input.Reset(&t.text)
	t.fields.Comma = rune(t.framer.sep)
	t.fields.TrimLeadingSpace = rec.quotes && t.framer.sep != '\t'
}

// split returns the fields of rec. They are valid until the next call.
func (t *table) split(rec record) ([]string, error) {
	t.feed(rec)
	return t.fields.Read()
}

// decoded reports whether the text was not UTF-8 from the start.
func (t *table) decoded() bool { return t.decoder != nil }

// Offset returns how many bytes of the file on disk have been read. It runs
// ahead of the rows by what is kept in memory.
func (t *table) Offset() int64 { return t.packed.Offset() }

// Size returns how many bytes the file has on disk.
func (t *table) Size() int64 { return t.packed.Size() }

// Close closes the file.
func (t *table) Close() error { return t.packed.Close() }

func (t *table) source() notifier.Source {
	return notifier.Source{File: t.name, Line: t.current.line}
}

// fail says where err was found: in that line of the file.
func (t *table) fail(line int, err error) error {
	return fmt.Errorf("%s:%d: %w", t.name, line, err)
}

// stopped says how far reading came. What package unpack says names the file.
func (t *table) stopped(err error) error {
	var named *unpack.Error
	if errors.As(err, &named) {
		return fmt.Errorf("%w; reading stopped at line %d", err, t.framer.line)
	}
	return t.fail(t.framer.line, err)
}
