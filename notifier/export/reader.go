package export

import (
	"fmt"
	"io"

	"github.com/gocarina/gocsv"

	"breachmail/notifier"
	"breachmail/notifier/internal/unpack"
)

// Options says how a file is read where it does not say so itself.
type Options struct {
	// Columns names the header of a field whose header is not recognised by
	// itself: field name (see Fields) to header. A rejected.csv of ours is read
	// by its own names.
	Columns map[string]string

	// Extra names further columns for templates: name to header. What stands
	// there goes to Account.Extra. A file that lacks the header may have the
	// name in its place.
	Extra map[string]string

	// Encoding is one of Encodings. Empty or "auto": a byte order mark decides,
	// else the first mebibyte. So it is with a rejected.csv of ours, whatever
	// Encoding says of the exports beside it.
	Encoding string

	// Identity is the content of an age identity file, for encrypted files.
	Identity []byte

	list bool // it is a list, for which nobody can name an encoding
}

// Reader streams the rows of one export. It is not safe for concurrent use.
type Reader struct {
	*table
	binding *binding
	rows    *gocsv.Unmarshaller
}

// Open opens an export and checks its header: an empty file, a missing header,
// a field without a column or with two are errors here, in the form
// "file:line: what is wrong (what to do)".
func Open(f unpack.File, opts Options) (*Reader, error) {
	t, err := openTable(f, opts)
	if err != nil {
		return nil, err
	}
	r, err := t.export(opts)
	if err != nil {
		_ = t.Close() // it was only read
		return nil, err
	}
	return r, nil
}

// export reads the header and hands it to gocsv.
func (t *table) export(opts Options) (*Reader, error) {
	headers, err := t.header(knownTo(opts))
	if err == io.EOF {
		return nil, t.fail(1, errEmpty)
	}
	if err != nil {
		return nil, err
	}
	r := &Reader{table: t}
	if r.binding, err = bind(headers, opts); err != nil {
		return nil, t.fail(t.current.line, err)
	}
	t.framer.rows = r.binding.origin
	t.columns = r.binding.columnsRead(headers)
	t.feed(t.current)
	if r.rows, err = gocsv.NewUnmarshaller(t.fields, &row{}); err != nil {
		return nil, t.fail(t.current.line, fmt.Errorf("the header cannot be read: %w", err))
	}
	r.binding.nameColumns()
	if err := r.rows.RenormalizeHeaders(func([]string) []string { return r.binding.keys }); err != nil {
		return nil, t.fail(t.current.line, err)
	}
	return r, nil
}

// Next returns the next row: an account, or a reject for a row that was set
// aside, or an error, which is io.EOF after the last row. Rows follow each
// other in the order of the file, blank lines left out.
func (r *Reader) Next() (acc notifier.Account, rej *notifier.Reject, err error) {
	if err := r.next(); err != nil {
		return notifier.Account{}, nil, err
	}
	acc.Source = r.source()
	if r.binding.tail > 0 && r.spilt() {
		r.current.flaw = flawSpilt
	}
	if flaw := r.current.flaw; flaw != sound && flaw != flawNUL {
		acc.Origin = r.strayOrigin()
		return notifier.Account{}, r.reject(&acc, "", r.reason()), nil
	}
	if err := r.read(&acc); err != nil {
		return notifier.Account{}, r.reject(&acc, "", "the row cannot be read"), nil
	}
	if field, reason := r.check(&acc); reason != "" {
		return notifier.Account{}, r.reject(&acc, field, reason), nil
	}
	return acc, nil, nil
}

// read reads the fields of the current record.
func (r *Reader) read(acc *notifier.Account) error {
	r.feed(r.current)
	if !r.binding.more() {
		v, err := r.rows.Read()
		if err != nil {
			return err
		}
		v.(*row).account(acc)
		return nil
	}
	v, others, err := r.rows.ReadUnmatched()
	if err != nil {
		return err
	}
	w := v.(*row)
	w.account(acc)
	r.binding.rest(acc, w, others)
	return nil
}

// Line returns the text of the row that Next last returned, decoded, and as
// rejected.csv can hold it: without NUL, its line breaks LF. It is for a
// reject that a later stage makes of that row's account.
func (r *Reader) Line() notifier.Line { return notifier.NewLine(original(r.current.text)) }

// Corrections reports whether the file is a rejected.csv of ours. Its rows
// carry the Origin they stand in for.
func (r *Reader) Corrections() bool { return r.binding.origin != nil }

func (r *Reader) reject(acc *notifier.Account, field, reason string) *notifier.Reject {
	return &notifier.Reject{Source: acc.Source, Field: field, Reason: reason, Row: *acc, Line: r.Line()}
}

// reason says why the current record was not read.
func (r *Reader) reason() string {
	if r.current.flaw == flawRagged {
		return fmt.Sprintf("%s where the header has %d (a separator too many or too few)",
			fieldsOf(r.current.fields), r.framer.width)
	}
	return string(r.current.flaw)
}
