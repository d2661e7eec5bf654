package bounce

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// entry is one line of syslog or journal, taken apart. Its slices are valid
// until the next entry.
type entry struct {
	at     time.Time
	host   []byte
	daemon []byte // the last part of the tag: "smtp" of "postfix-out/smtp"
	pid    []byte
	text   []byte
	line   int
}

// syslogEntry takes a line of syslog apart. What has no tag is an entry without
// daemon. It reports whether there is a time.
func syslogEntry(c *clock, line []byte, n int) (entry, bool) {
	at, rest, ok := c.syslog(line)
	if !ok {
		return entry{}, false
	}
	e := entry{at: at, line: n}
	rest = bytes.TrimLeft(rest, " ")
	host, rest, _ := bytes.Cut(rest, []byte(" "))
	tag, text, ok := bytes.Cut(rest, []byte(": "))
	if !ok || bytes.IndexByte(tag, ' ') >= 0 {
		return e, true
	}
	e.host, e.text = host, text
	e.daemon, e.pid = tagged(tag)
	return e, true
}

// tagged takes "postfix-out/smtp[123]" apart.
func tagged(tag []byte) (daemon, pid []byte) {
	if i := bytes.IndexByte(tag, '['); i >= 0 {
		tag, pid = tag[:i], bytes.TrimSuffix(tag[i+1:], []byte("]"))
	}
	return tag[bytes.LastIndexByte(tag, '/')+1:], pid
}

// journalLine is what journalctl -o json writes about an entry; see
// systemd.journal-fields(7). A field may be a text, a list of texts, the bytes
// of what is no text, or null where it is too long.
type journalLine struct {
	Time    journalText `json:"__REALTIME_TIMESTAMP"` // microseconds since 1970
	Host    journalText `json:"_HOSTNAME"`
	Tag     journalText `json:"SYSLOG_IDENTIFIER"`
	PID     journalText `json:"SYSLOG_PID"`
	OwnPID  journalText `json:"_PID"`
	Message journalText `json:"MESSAGE"`
}

// journalText is the first text of a field.
type journalText []byte

// UnmarshalJSON implements json.Unmarshaler.
func (t *journalText) UnmarshalJSON(b []byte) error {
	*t = nil
	if b[0] != '[' {
		return t.text(b)
	}
	var list []json.RawMessage
	if err := json.Unmarshal(b, &list); err != nil || len(list) == 0 {
		return err
	}
	if list[0][0] == '"' {
		return t.text(list[0])
	}
	for _, item := range list {
		c, err := strconv.ParseUint(string(item), 10, 8)
		if err != nil {
			return err
		}
		*t = append(*t, byte(c))
	}
	return nil
}

// text reads a string, or null; of anything else it makes nothing.
func (t *journalText) text(b []byte) error {
	if b[0] != '"' {
		return nil
	}
	var s string
	err := json.Unmarshal(b, &s)
	*t = journalText(s)
	return err
}

// journalEntry reads an object of the journal. It reports whether it is one.
func journalEntry(object []byte, n int) (entry, bool) {
	var j journalLine
	if err := json.Unmarshal(object, &j); err != nil {
		return entry{}, false
	}
	micros, err := strconv.ParseInt(string(j.Time), 10, 64)
	if err != nil {
		return entry{}, false
	}
	e := entry{at: time.UnixMicro(micros).UTC(), host: j.Host, pid: j.PID, text: bytes.TrimRight(j.Message, "\n"), line: n}
	e.daemon, _ = tagged(j.Tag)
	if len(e.pid) == 0 {
		e.pid = j.OwnPID
	}
	return e, true
}

// machine is the first label of a host's name, by which queue ids are told
// apart: one log may say mx, and another mx.example.net.
func (e *entry) machine() string {
	label, _, _ := bytes.Cut(e.host, []byte("."))
	return strings.ToLower(string(label))
}

// maxReply bounds what is kept of a reply.
const maxReply = 1 << 10

// shortened returns b as a text of its own, cut to what is kept, in UTF-8 and
// without control characters.
func shortened(b []byte) string {
	s := string(b[:min(len(b), maxReply)])
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(b) > maxReply {
		s = strings.TrimRight(s, "\uFFFD")
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}
