package bounce

import (
	"io"
	"time"

	"breachmail/notifier"
)

// Kind is what a log says about a message.
type Kind string

// The kinds.
const (
	// Begun: the message began to come in, and the log does not say whether
	// all of it did. It is no proof in either direction.
	Begun Kind = "begun"
	// Taken: the relay has it or had it: queued, handed on, in the mailbox.
	Taken Kind = "taken"
	// Deferred: the relay has it and still tries.
	Deferred Kind = "deferred"
	// Returned: the relay took it, and it came back from the next hop in a way
	// that may not be final.
	Returned Kind = "returned"
	// Bounced: the relay took it, gave it up, and said so.
	Bounced Kind = "bounced"
	// Rejected: the relay refused it, or lost the connection before its end: it
	// does not have what came at that time.
	Rejected Kind = "rejected"
)

// Proves reports whether a relay that wrote this once had the whole message.
func (k Kind) Proves() bool { return k != Begun && k != Rejected }

// Fact is what one line, or event, says about one message of ours. There may be
// several about a message: taken, deferred, then bounced.
type Fact struct {
	Key       notifier.Key // zero for a test mail
	MessageID string       // without <>, where the log gives ours
	Kind      Kind
	Arrived   bool             // the line is one that the relay writes about every message when it takes it over
	At        time.Time        // in UTC; zero where a table gives none
	To        notifier.Address // whom the line is about, where it says so; a relay may send copies elsewhere
	RelayID   string           // the relay's id: Postfix's queue id, Exim's message id, SES's, SendGrid's
	Code      int              // SMTP reply code of the next hop, or of a refusal; 0 where none stands there
	Enhanced  string           // RFC 3463 status, for example "5.1.1"; empty where none stands there
	Reply     notifier.Line    // what the next hop, or the refusal, said; shortened
	Source    notifier.Source  // the line, or the one an event begins on
}

// Log is one file to read. Open is called twice for the formats that name a
// message by queue id, and has to give the same bytes.
type Log struct {
	Name string // as named by the user; stands in errors and Sources
	Open func() (io.ReadCloser, error)
}

// Options say what is looked for.
type Options struct {
	Campaign string                  // the campaign's name, first half of every Message-ID
	Want     func(notifier.Key) bool // the recipients asked about
	WantID   func(id string) bool    // Message-IDs of test mails asked about, without <>; nil: none
	Location *time.Location          // of times without a zone; nil: UTC
	Now      time.Time               // a time without a year is in the last year that puts it before Now, or at most a day after
}
