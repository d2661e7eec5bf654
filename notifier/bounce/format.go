package bounce

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Format is what a log is written in.
type Format string

// The formats.
const (
	Empty    Format = "empty"
	Postfix  Format = "Postfix, syslog"
	Journal  Format = "Postfix, journal JSON"
	Exim     Format = "Exim main log"
	SES      Format = "SES event JSON"
	SendGrid Format = "SendGrid event JSON"
	Table    Format = "CSV"
)

// understood names the formats in errors.
const understood = "understood are the logs of Postfix (syslog, or journalctl -o json) and Exim (mainlog), event JSON of SES and SendGrid, " +
	"and CSV with a header of key or message_id, and status; each may be packed with gzip"

// lookAt is how much of a file decides what it is.
const lookAt = 64 << 10

// text is a log with gzip taken off.
type text struct {
	name string
	file io.ReadCloser
	r    *bufio.Reader
}

// open opens a log.
func (l Log) open() (*text, error) {
	file, err := l.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.Name, err)
	}
	t := &text{name: l.Name, file: file, r: bufio.NewReaderSize(file, lookAt)}
	if head, _ := t.r.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		packed, err := gzip.NewReader(t.r)
		if err != nil {
			_ = file.Close()
			return nil, t.own(err)
		}
		t.r = bufio.NewReaderSize(packed, lookAt)
	}
	return t, nil
}

// own turns what reading gave into an error that names the file.
func (t *text) own(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s: the gzip file is cut off (get it again, or wait until it is complete)", t.name)
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.As(err, &corrupt):
		return fmt.Errorf("%s: the gzip file is damaged (get it again)", t.name)
	}
	return fmt.Errorf("%s: %w", t.name, err)
}

// recognise tells the format by the first lines.
func (t *text) recognise(c *clock) (Format, error) {
	head, err := t.r.Peek(lookAt)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", t.own(err)
	}
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	n, first := 0, 0
	for line := range bytes.Lines(head) {
		n++
		line = bytes.TrimSpace(line)
		if len(line) == 0 || bytes.HasPrefix(line, []byte("-- ")) { // journalctl's own words
			continue
		}
		if f, ok := formatOf(c, line, head, first == 0); ok {
			return f, nil
		}
		if first == 0 {
			first = n
		}
	}
	if first == 0 {
		return Empty, nil
	}
	return "", fmt.Errorf("%s:%d: this is no log that breachmail can read (%s)", t.name, first, understood)
}

// formatOf tells the format by one line of the head of a file.
func formatOf(c *clock, line, head []byte, isFirst bool) (Format, bool) {
	switch {
	case line[0] == '{' || line[0] == '[':
		return jsonFormat(head)
	case isTime(c.syslog(line)):
		return Postfix, true
	case isTime(c.dated(line, ' ')):
		return Exim, true
	case isFirst:
		if _, ok := columnsOf(string(line)); ok {
			return Table, true
		}
	}
	return "", false
}

// isTime reports whether a time was read with more behind it.
func isTime(_ time.Time, rest []byte, ok bool) bool {
	return ok && len(rest) > 0 && rest[0] == ' '
}

// marks are names of fields that show what an object is; the first one in a file
// decides. The same names inside a text have a backslash before the last quote.
var marks = []struct {
	field  string
	format Format
}{
	{`"__REALTIME_TIMESTAMP"`, Journal},
	{`"sg_event_id"`, SendGrid}, {`"sg_message_id"`, SendGrid}, {`"smtp-id"`, SendGrid},
	{`"eventType"`, SES}, {`"notificationType"`, SES}, {`"detail-type"`, SES}, {`"TopicArn"`, SES},
	{`\"eventType\"`, SES}, {`\"notificationType\"`, SES},
}

func jsonFormat(head []byte) (Format, bool) {
	first, format := len(head), Format("")
	for _, m := range marks {
		if i := bytes.Index(head[:first], []byte(m.field)); i >= 0 {
			first, format = i, m.format
		}
	}
	if format != "" {
		return format, true
	}
	return Empty, strings.Trim(string(head), "[] \r\n\t") == ""
}
