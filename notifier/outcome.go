package notifier

import (
	"time"
)

// Status is where one email recipient's notice stands.
type Status string

// The statuses. Accepted means that the relay took the notice, and no more.
const (
	Pending  Status = "pending"   // not claimed yet
	InFlight Status = "in_flight" // claimed, no durable outcome yet
	Deferred Status = "deferred"  // to be tried again
	Accepted Status = "accepted"  // taken by the relay
	Refused  Status = "refused"   // never to be tried again
	Unknown  Status = "unknown"   // we cannot tell
	Bounced  Status = "bounced"   // accepted, and later returned
)

// Cause says what lies behind an outcome.
type Cause string

// The causes.
const (
	CauseNone        Cause = ""
	CauseRecipient   Cause = "recipient"   // the relay's verdict on this recipient
	CauseRelay       Cause = "relay"       // the relay's own trouble; due again at once, no attempt counted
	CauseContent     Cause = "content"     // the relay's verdict on the message
	CausePolicy      Cause = "policy"      // the relay's verdict on us, or on what we say: reputation, block lists, spam
	CauseExpired     Cause = "expired"     // given up after retry.give_up_after
	CauseNoReply     Cause = "no_reply"    // the final dot left and no reply was read
	CauseInterrupted Cause = "interrupted" // the process ended between claim and durable outcome
	CauseResent      Cause = "resent"      // a person decided to send an unknown one again
	CauseReconciled  Cause = "reconciled"  // settled by what the relay holds
	CauseHard        Cause = "hard"        // the notice came back for good
	CauseSoft        Cause = "soft"        // it came back in a way that may not be final
	CauseComplaint   Cause = "complaint"   // it was reported as unwanted
	CauseAutoReply   Cause = "auto_reply"  // a mail program answered it by itself
)

// Mood is what a reply says about the relay, beside what it says about the
// recipient. It is not kept: it decides how fast the relay is used from now on.
type Mood string

// The moods.
const (
	MoodFine   Mood = ""       // nothing
	MoodSoft   Mood = "soft"   // not so fast, or not now
	MoodQuota  Mood = "quota"  // what it takes from us in an hour or a day is used up
	MoodPolicy Mood = "policy" // it holds us, or what we say, for abuse
	MoodSetup  Mood = "setup"  // it takes nothing from us until a person changes something
	MoodUnfit  Mood = "unfit"  // it cannot carry this one notice; another relay may
)

// Claim is the durable statement that a recipient's notice may now leave.
type Claim struct {
	ID       int64 // the recipient's
	Key      Key
	Was      Status    // Pending or Deferred: what the recipient was until now
	Attempt  int       // 1 for the first claim of this recipient, then 2, …
	Wave     string    // the wave it is sent in
	Relay    string    // the relay's name in campaign.yaml
	At       time.Time // the notice's Date header: UTC, to the second
	Approval int64     // the evidence row of the approval it is sent under
}

// Outcome is what became of one claim.
type Outcome struct {
	Claim    Claim
	Status   Status // Accepted, Deferred, Refused or Unknown
	Cause    Cause
	Code     int    // SMTP reply code, 0 where there was none
	Enhanced string // RFC 3463 status, for example "5.1.1"; empty where there was none
	Reply    string // the reply's text with the recipient taken out
	RelayID  string // the relay's own id for the message, from its 250 reply
	Variant  string
	Digest   Digest    // of the bytes handed to the relay; zero when none left
	At       time.Time // when the outcome was known
	Due      time.Time // when a deferred one is due again
	Tries    int       // failed attempts that count against the recipient, this one included
	Mood     Mood      // what it says about the relay
}

// Task is a recipient who may be claimed now.
type Task struct {
	Recipient Recipient
	Status    Status // Pending or Deferred
	Wave      string
	Attempt   int       // claims this recipient has had
	Tries     int       // failed attempts that count
	First     time.Time // when the first attempt that counts was made; zero before that
	Approval  int64     // the approval that covers the recipient
}

// Envelope is what SMTP is told about a notice before its content.
type Envelope struct {
	From string  // return path, for example "bounces+KEY@example.com"; ASCII
	To   Address // the recipient
	UTF8 bool    // the address needs SMTPUTF8 (RFC 6531)
	ID   string  // for reports about the notice (ENVID of RFC 3461): the key; empty: none
	Size int     // of the content in bytes (RFC 1870); 0: not known yet
}

// Parcel is one notice on its way to a relay.
type Parcel struct {
	Envelope Envelope
	// Content is called at most once, when the relay waits for the message. It
	// blocks until the claim is durable and returns the message, or says why
	// nothing may leave.
	Content func() ([]byte, error)
}
