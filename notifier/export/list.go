package export

import (
	"errors"
	"io"
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/internal/unpack"
)

// Entry is one row of a list: an address, an account number, or both.
type Entry struct {
	Source notifier.Source
	Email  notifier.Address
	Number notifier.AccountNumber
	Name   notifier.Name
	Named  bool // the list has a column for the name
}

// ListReader streams a list of people: those who were told already, or who may
// not be sent email. It has a header with a column for the address, the
// account number or both, and perhaps the name; or no header, and one address
// or account number a line. It is not safe for concurrent use.
//
// Where an export sets a bad row aside, a list ends with an error, in the form
// "file:line: what is wrong (what to do)": one that is half understood is
// worse than none.
type ListReader struct {
	*table
	at      map[string]int // field to column; nil where there is no header
	pending bool           // the current record is the first row
}

// listFields are what is read from a list.
var listFields = []string{FieldEmail, FieldAccountNumber, FieldName, FieldFirstName, FieldLastName}

const listHeader = "(a list has one address or account number a line, or a header with a column email or account_number)"

const saveList = "save the list as UTF-8"

// OpenList opens a list. Options.Columns apply where the list has such headers.
func OpenList(f unpack.File, opts Options) (*ListReader, error) {
	opts.list = true
	t, err := openTable(f, opts)
	if err != nil {
		return nil, err
	}
	r, err := t.list(opts)
	if err != nil {
		_ = t.Close() // it was only read
		return nil, err
	}
	return r, nil
}

// list reads the first record and decides whether it is a header.
func (t *table) list(opts Options) (*ListReader, error) {
	headers, err := t.header(knownTo(Options{Columns: opts.Columns}))
	if err == io.EOF {
		return nil, t.fail(1, errors.New("the file is empty (leave the list out, or give it a header if nobody is on it)"))
	}
	if err != nil {
		return nil, err
	}
	r := &ListReader{table: t}
	b, err := bindList(headers, opts.Columns)
	if err != nil {
		return nil, t.fail(t.current.line, err)
	}
	if b != nil {
		t.columns = b.columnsRead(headers)
		r.at = map[string]int{}
		for i, field := range b.fields {
			if field != "" {
				r.at[field] = i
			}
		}
		return r, nil
	}
	t.columns = []Column{{Field: FieldEmail + " or " + FieldAccountNumber}}
	r.pending = true
	return r, nil
}

// bindList finds the fields among the headers of a list. Without an error or a
// binding, the first line is no header.
func bindList(headers []string, columns map[string]string) (*binding, error) {
	b := &binding{fields: make([]string, len(headers))}
	for _, field := range listFields {
		if at := matching(headers, columns[field]); columns[field] != "" && len(at) == 1 {
			b.fields[at[0]] = field
		}
	}
	known := false
	for i, h := range headers {
		field := fieldOf(h)
		known = known || field != ""
		if b.fields[i] != "" || !slices.Contains(listFields, field) {
			continue
		}
		if first := slices.Index(b.fields, field); first >= 0 {
			if matchesNamed(headers[first], columns[field]) {
				continue
			}
			return nil, errors.New("two columns for " + field + ": " + quoted(headers, first) + " and " + quoted(headers, i) + " (take one out)")
		}
		b.fields[i] = field
	}
	b.preferFullName(columns)
	b.dropHalfName()
	switch {
	case b.has(FieldEmail) || b.has(FieldAccountNumber):
		return b, nil
	case len(headers) > 1:
		return nil, errors.New("the list has several columns, and none is known for the address or the account number " + listHeader)
	case known:
		return nil, errors.New("the list has a column for " + fieldOf(headers[0]) + " only " + listHeader)
	}
	return nil, nil
}

// matchesNamed reports whether header is the one that columns name for a field.
func matchesNamed(header, named string) bool {
	return named != "" && len(matching([]string{header}, named)) == 1
}

// dropHalfName leaves no first name without a last name, or the other way
// round: it would be nobody's full name.
func (b *binding) dropHalfName() {
	if b.has(FieldFirstName) == b.has(FieldLastName) {
		return
	}
	for i, field := range b.fields {
		if field == FieldFirstName || field == FieldLastName {
			b.fields[i] = ""
		}
	}
}

// Next returns the next entry. It ends with io.EOF.
func (r *ListReader) Next() (Entry, error) {
	for {
		if !r.pending {
			if err := r.next(); err != nil {
				return Entry{}, err
			}
		}
		r.pending = false
		cells, err := r.row()
		if err != nil {
			return Entry{}, r.fail(r.current.line, err)
		}
		if !slices.ContainsFunc(cells, func(c string) bool { return clean(c) != "" }) {
			continue
		}
		e, err := r.entry(cells)
		if err != nil {
			return Entry{}, r.fail(r.current.line, err)
		}
		e.Source = r.source()
		return e, nil
	}
}

// row returns the fields of the current record, or what is wrong with it.
func (r *ListReader) row() ([]string, error) {
	switch {
	case r.current.flaw == flawRagged && r.at == nil:
		return nil, errSeveral
	case r.current.flaw != sound:
		return nil, errors.New(string(r.current.flaw) + " (correct the line)")
	case r.damaged():
		return nil, errors.New("the line is not valid " + r.seen.shown + " (correct it, and " + saveList + ")")
	}
	cells, err := r.split(r.current)
	if err != nil { // not met: the framer found it sound
		return nil, errors.New("the row cannot be read (correct the line)")
	}
	return cells, nil
}

// entry reads one row that is not empty.
func (r *ListReader) entry(cells []string) (Entry, error) {
	if r.at == nil {
		return single(clean(cells[0]))
	}
	cell := func(field string) string {
		if i, ok := r.at[field]; ok {
			return clean(cells[i])
		}
		return ""
	}
	address := cell(FieldEmail)
	if isAddress(address) && strings.ContainsAny(address, noAddress) {
		return Entry{}, errors.New("the column for the address holds more than an address (one address a row)")
	}
	e := Entry{
		Email:  notifier.NewAddress(address),
		Number: notifier.NewAccountNumber(cell(FieldAccountNumber)),
		Name:   notifier.NewName(strings.TrimSpace(cell(FieldName) + cell(FieldFirstName) + " " + cell(FieldLastName))),
	}
	_, full := r.at[FieldName]
	_, parts := r.at[FieldFirstName]
	e.Named = full || parts
	if e.Email.IsZero() && e.Number.IsZero() {
		return Entry{}, errors.New("the row has neither an address nor an account number (add one, or take the row out)")
	}
	return e, nil
}

// noAddress are characters that stand beside an address, not in one.
const noAddress = " <>" + noNumber

// noNumber are characters that stand between two values.
const noNumber = ",;|\t\r\n"

var errSeveral = errors.New("the line holds more than one address or account number " + listHeader)

func isAddress(value string) bool { return strings.Contains(value, "@") }

// single reads the value of a line in a list without a header.
func single(value string) (Entry, error) {
	switch {
	case strings.ContainsAny(value, noNumber) || isAddress(value) && strings.ContainsAny(value, noAddress):
		return Entry{}, errSeveral
	case isAddress(value):
		return Entry{Email: notifier.NewAddress(value)}, nil
	case !strings.ContainsAny(value, "0123456789"):
		return Entry{}, errors.New("the line is neither an address nor an account number " + listHeader)
	}
	return Entry{Number: notifier.NewAccountNumber(value)}, nil
}
