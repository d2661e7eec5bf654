package sqlite

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

	"breachmail/notifier"
)

// insertRow are the values of one new recipient, in the order of the table's
// columns. The id is SQLite's to give: one above the highest, which it finds
// without a search; finish checks that it came out as planned.
const (
	insertRow    = "(NULL,?,?,?,0,0,NULL,NULL,?,?,?,?,?,?,?,?,?,?,?,16777216)"
	insertParams = 14
)

// What one statement inserts, and what is handed over at once. More rows a
// statement gain nothing that can be measured.
const (
	insertRows = 32
	bufferRows = 8 * insertRows
)

const insertArgs = insertRows * insertParams // of one statement

// inserter writes new recipients, many in a statement, while the caller goes
// on preparing the next ones: one buffer is filled while another is on its way
// to SQLite. It goes past database/sql, which costs as much as SQLite itself.
//
// While a buffer is on its way nothing else may use the connection: whoever
// wants to calls wait first. An error stays, so that nothing is done after it.
type inserter struct {
	conn      *sql.Conn
	many, one driver.Stmt
	next      *rowBuffer // being filled
	spare     *rowBuffer // on its way, or free
	underway  bool
	result    chan error
	err       error
}

// rowBuffer holds what recipients bind, row after row.
type rowBuffer struct {
	rows int
	args []driver.NamedValue
	keys []byte // what the first value of each row points to
}

func newRowBuffer() *rowBuffer {
	const size = len(notifier.Key{})
	b := &rowBuffer{args: make([]driver.NamedValue, bufferRows*insertParams), keys: make([]byte, bufferRows*size)}
	for i := range b.args {
		b.args[i].Ordinal = i%insertArgs + 1
	}
	for i := range bufferRows {
		b.args[i*insertParams].Value = b.keys[i*size : (i+1)*size]
	}
	return b
}

// add binds a recipient; it keeps nothing that r points to but strings.
func (b *rowBuffer) add(r *notifier.Recipient, wave any, status, variant int64) {
	copy(b.keys[b.rows*len(r.Key):], r.Key[:])
	row := b.args[b.rows*insertParams+1:]
	for i, v := range [insertParams - 1]any{
		wave, status, textOrNull(r.Reason), textOrNull(r.Address.Reveal()), textOrNull(r.Name.Reveal()),
		textOrNull(r.Phone.Reveal()), textOrNull(r.ZIP), r.State, languageOrNull(r), encodeAccounts(r.Accounts), variant,
		r.Consent, extraOrNull(r.Extra),
	} {
		row[i].Value = v
	}
	b.rows++
}

func newInserter(conn *sql.Conn) (*inserter, error) {
	in := &inserter{conn: conn, next: newRowBuffer(), spare: newRowBuffer(), result: make(chan error, 1)}
	err := conn.Raw(func(c any) (err error) {
		const into = "INSERT INTO recipients VALUES"
		p := c.(driver.Conn)
		if in.many, err = p.Prepare(into + insertRow + strings.Repeat(","+insertRow, insertRows-1)); err != nil {
			return err
		}
		in.one, err = p.Prepare(into + insertRow)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, in.close())
	}
	return in, nil
}

// add takes a recipient that is inserted later.
func (in *inserter) add(r *notifier.Recipient, wave any, status, variant int64) error {
	if in.err != nil {
		return in.err
	}
	in.next.add(r, wave, status, variant)
	if in.next.rows < bufferRows {
		return nil
	}
	if err := in.wait(); err != nil {
		return err
	}
	in.next, in.spare = in.spare, in.next
	in.next.rows = 0
	in.underway = true
	go func(b *rowBuffer) { in.result <- in.write(b) }(in.spare)
	return nil
}

// wait returns once the connection is free, or the first error.
func (in *inserter) wait() error {
	if in.underway {
		in.err = <-in.result
		in.underway = false
	}
	return in.err
}

// flush inserts all that was added.
func (in *inserter) flush() error {
	if err := in.wait(); err != nil {
		return err
	}
	in.err = in.write(in.next)
	in.next.rows = 0
	return in.err
}

func (in *inserter) write(b *rowBuffer) error {
	return in.conn.Raw(func(any) error {
		args := b.args[:b.rows*insertParams]
		for ; len(args) >= insertArgs; args = args[insertArgs:] {
			if err := execute(in.many, args[:insertArgs]); err != nil {
				return err
			}
		}
		var row [insertParams]driver.NamedValue
		for ; len(args) > 0; args = args[insertParams:] {
			for i := range row {
				row[i] = driver.NamedValue{Ordinal: i + 1, Value: args[i].Value}
			}
			if err := execute(in.one, row[:]); err != nil {
				return err
			}
		}
		return nil
	})
}

func execute(s driver.Stmt, args []driver.NamedValue) error {
	_, err := s.(driver.StmtExecContext).ExecContext(background, args)
	return err
}

// close waits for the buffer on its way and frees the statements.
func (in *inserter) close() error {
	_ = in.wait() // flush has told
	return in.conn.Raw(func(any) error {
		var errs []error
		for _, s := range [...]driver.Stmt{in.many, in.one} {
			if s != nil {
				errs = append(errs, s.Close())
			}
		}
		return errors.Join(errs...)
	})
}
