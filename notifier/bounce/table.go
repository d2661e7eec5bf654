package bounce

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

// A table is CSV (RFC 4180) for relays whose logs are none of the others,
// separated by comma, semicolon or tab. Its header names the columns, in any
// order:
//
//	key         the recipient's key; or
//	message_id  the notice's Message-ID; one of the two has to be there
//	status      accepted, taken or queued, which are said of all that the relay takes; sent or delivered; deferred;
//	            bounced, failed or expired; rejected or refused
//	time        RFC 3339
//	relay_id    the relay's id
//	code        SMTP reply code
//	enhanced    RFC 3463 status
//	reply       what was said
//
// Other columns are passed over.
var tableKinds = map[string]Kind{
	"accepted": Taken, "taken": Taken, "sent": Taken, "queued": Taken, "delivered": Taken,
	"deferred": Deferred,
	"bounced":  Bounced, "failed": Bounced, "expired": Bounced,
	"rejected": Rejected, "refused": Rejected,
}

// columns says where the columns of a table are.
type columns struct {
	comma rune
	at    map[string]int
}

// columnsOf reads a header. It reports whether it is one of a table.
func columnsOf(header string) (columns, bool) {
	header = strings.TrimPrefix(header, "\ufeff")
	c := columns{comma: ',', at: map[string]int{}}
	for _, other := range []rune{';', '\t'} {
		if strings.Count(header, string(other)) > strings.Count(header, string(c.comma)) {
			c.comma = other
		}
	}
	r := csv.NewReader(strings.NewReader(header))
	r.Comma = c.comma
	fields, err := r.Read()
	if err != nil {
		return c, false
	}
	for i, field := range fields {
		name := strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(strings.TrimSpace(field)))
		if _, twice := c.at[name]; !twice {
			c.at[name] = i
		}
	}
	_, key := c.at["key"]
	_, id := c.at["message_id"]
	_, status := c.at["status"]
	return c, status && (key || id)
}

// field returns what a row has in a column.
func (c *columns) field(row []string, name string) string {
	i, ok := c.at[name]
	if !ok || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}

// maxRowLines is how many lines a row may have.
const maxRowLines = 64

// table reads a table.
func (w *walk) table(t *text) error {
	var header *columns
	rows := framer{}
	each := func(row []byte, n int) error { return w.row(header, row, n) }
	err := w.lines(t, func(line []byte) error {
		if header == nil {
			c, _ := columnsOf(string(line))
			header = &c
			return nil
		}
		return rows.add(w, line, w.Lines, each)
	})
	for err == nil && len(rows.lines) > 0 {
		err = rows.abandon(w, each)
	}
	return err
}

// framer puts together the lines of a row: those up to one behind which no quote
// is open. A line whose quote never closes is given up after maxRowLines, or
// 1 MiB, and the lines behind it are read anew.
type framer struct {
	lines   [][]byte
	numbers []int
	size    int
	open    bool // a quote is
}

func (f *framer) add(w *walk, line []byte, n int, each func([]byte, int) error) error {
	if len(f.lines) == 0 {
		f.numbers, f.size, f.open = nil, 0, false
	}
	if bytes.Count(line, []byte(`"`))%2 == 1 {
		f.open = !f.open
	}
	if !f.open && len(f.lines) == 0 {
		return each(line, n)
	}
	f.lines, f.numbers = append(f.lines, bytes.Clone(line)), append(f.numbers, n)
	f.size += len(line) + 1
	switch {
	case !f.open:
		row := bytes.Join(f.lines, []byte("\n"))
		f.lines = nil
		return each(row, f.numbers[0])
	case len(f.lines) >= maxRowLines || f.size > maxLine:
		return f.abandon(w, each)
	}
	return nil
}

// abandon gives up the first line, and reads the others again.
func (f *framer) abandon(w *walk, each func([]byte, int) error) error {
	if len(f.lines) == 0 {
		return nil
	}
	w.unreadable(f.numbers[0], "has a quote that does not close")
	rest, numbers := f.lines[1:], f.numbers[1:]
	f.lines = nil
	for i, line := range rest {
		if err := f.add(w, line, numbers[i], each); err != nil {
			return err
		}
	}
	return nil
}

// row reads one row.
func (w *walk) row(c *columns, row []byte, line int) error {
	r := csv.NewReader(bytes.NewReader(row))
	r.Comma, r.FieldsPerRecord = c.comma, -1
	fields, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		w.unreadable(line, "is no row of CSV")
		return nil
	}
	f, reason := c.fact(fields)
	if reason != "" {
		w.unreadable(line, reason)
		return nil
	}
	w.stamp(f.At)
	who := w.messageID([]byte(c.field(fields, "message_id")))
	if key, ok := parseKey([]byte(c.field(fields, "key"))); ok {
		who.key, who.keyed = key, true
	}
	if who.keyed {
		w.seen(f.At)
	}
	if !w.asked(who) {
		return nil
	}
	return w.fact(f, who, line)
}

// fact reads what a row says, or why it cannot be read.
func (c *columns) fact(row []string) (f Fact, reason string) {
	var ok bool
	status := strings.ToLower(c.field(row, "status"))
	if f.Kind, ok = tableKinds[status]; !ok {
		return f, "has a status that is not known (accepted, deferred, bounced or rejected)"
	}
	f.Arrived = status == "accepted" || status == "taken" || status == "queued"
	if text := c.field(row, "time"); text != "" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return f, "has a time that is not RFC 3339, such as 2018-08-24T15:04:05Z"
		}
		f.At = at.UTC()
	}
	f.replied(c.field(row, "reply"), c.field(row, "enhanced"))
	if code, err := strconv.Atoi(c.field(row, "code")); err == nil && code >= 200 && code < 600 {
		f.Code = code
	}
	f.RelayID = c.field(row, "relay_id")
	return f, ""
}
