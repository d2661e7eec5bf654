package export

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/gocarina/gocsv"

	"breachmail/notifier"
)

// Options says how a file is read where it does not say so itself.
type Options struct {
	// Columns names the header of a field whose header is not recognised by
	// itself: field name (see the Field constants) to header.
	Columns map[string]string
}

// Reader streams the rows of one export. It is not safe for concurrent use.
type Reader struct {
	path    string
	file    io.Closer
	framer  *framer
	binding binding
	current record

	// encoding/csv reads from text through input, one record at a time, so
	// that nothing it does can reach beyond the record.
	text  bytes.Reader
	input *bufio.Reader
	rows  *gocsv.Unmarshaller
}

// row is what gocsv fills. Its tags are the names that binding gives to the
// columns.
type row struct {
	Name      string `csv:"name"`
	FirstName string `csv:"first_name"`
	LastName  string `csv:"last_name"`
	ZIP       string `csv:"zip"`
	Phone     string `csv:"phone"`
	Email     string `csv:"email"`
	Number    string `csv:"account_number"`
	Type      string `csv:"account_type"`
	Language  string `csv:"language"`
}

// Open opens the export at path and checks its header: an empty file, a
// missing header, a field without a column or with two are errors here, in the
// form "file:line: what is wrong (what to do)".
func Open(path string, opts Options) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r, err := newReader(path, f, opts)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	r.file = f
	return r, nil
}

func newReader(path string, from io.Reader, opts Options) (*Reader, error) {
	r := &Reader{path: path}
	skipped, err := skipMark(from)
	if err != nil {
		return nil, r.fail(1, err)
	}
	r.framer = newFramer(skipped)
	header, err := r.framer.next()
	switch {
	case err == io.EOF:
		return nil, r.fail(1, errors.New("the file is empty (an export has a line with the names of its columns, then one account a line)"))
	case err != nil:
		return nil, r.fail(1, err)
	case header.flaw != sound:
		return nil, r.fail(header.line, fmt.Errorf("the header cannot be read: %s (correct the line)", header.flaw))
	}
	if err := r.start(header, opts.Columns); err != nil {
		return nil, r.fail(header.line, err)
	}
	return r, nil
}

// start hands the header to gocsv and binds its columns to the fields.
func (r *Reader) start(header record, columns map[string]string) error {
	r.input = bufio.NewReaderSize(&r.text, 4096)
	fields := csv.NewReader(r.input) // keeps input as it is, being large enough
	fields.FieldsPerRecord = -1      // the framer counts
	fields.ReuseRecord = true
	fields.TrimLeadingSpace = true
	r.feed(header)
	rows, err := gocsv.NewUnmarshaller(fields, &row{})
	if err != nil {
		return fmt.Errorf("the header cannot be read: %w", err)
	}
	r.framer.width = len(rows.Headers)
	if r.binding, err = bind(rows.Headers, columns); err != nil {
		return err
	}
	r.rows = rows
	return rows.RenormalizeHeaders(func([]string) []string { return r.binding })
}

// feed makes rec what encoding/csv reads next.
func (r *Reader) feed(rec record) {
	r.text.Reset(rec.text)
	r.input.Reset(&r.text)
}

// Next returns the next row: an account, or a reject for a row that was set
// aside, or an error, which is io.EOF after the last row. Rows follow each
// other in the order of the file, blank lines left out.
func (r *Reader) Next() (notifier.Account, *notifier.Reject, error) {
	rec, err := r.framer.next()
	if err == io.EOF {
		return notifier.Account{}, nil, io.EOF
	}
	if err != nil {
		return notifier.Account{}, nil, r.fail(r.framer.line, err)
	}
	r.current = rec
	if rec.flaw != sound && rec.flaw != flawNUL {
		return notifier.Account{}, r.reject(notifier.Account{Source: r.source()}, "", r.reason()), nil
	}
	acc, err := r.account(rec)
	if err != nil {
		return notifier.Account{}, r.reject(acc, "", "the row cannot be read"), nil
	}
	if field, reason := r.check(&acc); reason != "" {
		return notifier.Account{}, r.reject(acc, field, reason), nil
	}
	return acc, nil, nil
}

// account reads the fields of rec.
func (r *Reader) account(rec record) (notifier.Account, error) {
	r.feed(rec)
	v, err := r.rows.Read()
	if err != nil {
		return notifier.Account{Source: r.source()}, err
	}
	w := v.(*row)
	name := clean(w.Name)
	if w.FirstName != "" || w.LastName != "" {
		name = strings.TrimSpace(clean(w.FirstName) + " " + clean(w.LastName))
	}
	return notifier.Account{
		Source:   r.source(),
		Number:   notifier.NewAccountNumber(clean(w.Number)),
		Type:     clean(w.Type),
		Name:     notifier.NewName(name),
		Email:    notifier.NewAddress(clean(w.Email)),
		Phone:    notifier.NewPhone(clean(w.Phone)),
		ZIP:      clean(w.ZIP),
		Language: clean(w.Language),
	}, nil
}

// Line returns the original text of the row that Next last returned. It is for
// a reject that a later stage makes of that row's account.
func (r *Reader) Line() notifier.Line { return notifier.NewLine(original(r.current.text)) }

// Offset returns how many bytes of the file have been read.
func (r *Reader) Offset() int64 { return r.framer.read }

// Close closes the file.
func (r *Reader) Close() error { return r.file.Close() }

func (r *Reader) source() notifier.Source {
	return notifier.Source{File: r.path, Line: r.current.line}
}

func (r *Reader) reject(acc notifier.Account, field, reason string) *notifier.Reject {
	return &notifier.Reject{Source: acc.Source, Field: field, Reason: reason, Row: acc, Line: r.Line()}
}

// reason says why the current record was not read.
func (r *Reader) reason() string {
	if r.current.flaw == flawRagged {
		return fmt.Sprintf("%s where the header has %d (a separator too many or too few)",
			fieldsOf(r.current.fields), r.framer.width)
	}
	return string(r.current.flaw)
}

func fieldsOf(n int) string {
	if n == 1 {
		return "1 field"
	}
	return fmt.Sprintf("%d fields", n)
}

func (r *Reader) fail(line int, err error) error {
	return fmt.Errorf("%s:%d: %w", r.path, line, err)
}
