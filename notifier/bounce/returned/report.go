package returned

import (
	"time"

	"breachmail/notifier"
)

// Class is what a report says became of a notice.
type Class string

// The classes.
const (
	Hard      Class = "hard"       // it did not arrive, and nobody will try again
	Soft      Class = "soft"       // somebody still tries, or it cannot be told
	Complaint Class = "complaint"  // the recipient reported it as unwanted
	AutoReply Class = "auto_reply" // a mail program answered by itself: out of office, challenge, receipt
	Other     Class = "other"      // no bounce, and no answer that is understood: a person's own, mostly
)

// Report is what one message, or event, says.
type Report struct {
	Class    Class
	ID       notifier.Digest  // the same for the same report, wherever it was read from
	Keys     []Clue           // the recipient's keys that stand there, the most trusted first, each once
	Address  notifier.Address // the recipient that it is about; zero where none stands there
	Code     int              // SMTP reply code; 0 where none stands there
	Enhanced string           // RFC 3463 status, such as "5.1.1"; empty where none stands there
	Text     notifier.Line    // what was said, shortened to one line
	Reporter string           // the domain of who reports it, or the provider; may be empty
	At       time.Time        // by its own date, in UTC; zero where it has none
}

// Clue is a key and the place that it stood in. The zero key is where something
// stood there that is none: nobody writes that by mistake.
type Clue struct {
	Key notifier.Key
	By  string // ByVERP, ByEnvelopeID, ByHeader or ByMessageID
}

// The places a key may stand in, the most trusted first.
const (
	ByVERP       = "verp"        // bounces+KEY@…, which the report was sent to, or the notice came from
	ByEnvelopeID = "envelope_id" // the ENVID that the relay was given (RFC 3461, 4.4)
	ByHeader     = "header"      // X-Breachmail-Key of the returned notice
	ByMessageID  = "message_id"  // its Message-ID, or what an answer answers
)

// Options say whose notices are looked for.
type Options struct {
	Campaign   string // the campaign's name, first half of every Message-ID
	ReturnPath string // bounces@example.com, where notices come from bounces+KEY@example.com
	Hostname   string // second half of every Message-ID; only told for the reader's sake, since relays may rewrite it
}

// maxMessage is how much of a message is read. What a report has to say stands
// at its beginning, and the notice it returns is small.
const maxMessage = 4 << 20

// Parse reads a message. It never fails: what cannot be read is Other.
func Parse(message []byte, o Options) Report {
	m := read(message[:min(len(message), maxMessage)], o)
	r := m.judge()
	r.Keys = m.clues()
	r.At = dateOf(m.head.Get("Date"))
	r.ID = m.identity(r)
	return r
}

// judge tells what kind of message it is. What is written for programs is asked
// first, in the order in which it is hard to be there by mistake.
func (m *reading) judge() Report {
	if m.feedback != nil {
		return m.complaint()
	}
	if r, ok := m.byStatus(); ok {
		return r
	}
	if m.receipt != nil {
		return Report{Class: AutoReply}
	}
	if m.fromDaemon() {
		if r, ok := m.byText(); ok {
			return r
		}
	}
	if m.answersItself() {
		return Report{Class: AutoReply}
	}
	return Report{Class: Other}
}
