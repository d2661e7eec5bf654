package campaign

import (
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// Person is what show tells about one recipient. Their own values are masked
// unless they were to be revealed; empty once they were purged.
type Person struct {
	Asked   []int    `json:"asked"`    // which of those asked for, from 1
	FoundBy []string `json:"found_by"` // the By… constants
	ByHash  bool     `json:"by_hash"`  // found by a keyed hash alone: what it was made from is gone

	Reference string       `json:"reference"`
	Key       string       `json:"key"`
	MessageID string       `json:"message_id"` // empty for whom is told by post
	Name      string       `json:"name"`
	Address   string       `json:"address"`
	Phone     string       `json:"phone"`
	Accounts  []HeldShown  `json:"accounts"`
	Late      []LateShown  `json:"added_after_notice"`
	State     string       `json:"state"`
	Language  string       `json:"language"`
	Batch     int          `json:"batch"`
	Wave      string       `json:"wave"`
	Channel   string       `json:"channel"`
	Reason    string       `json:"reason"` // why the channel is postal
	Wording   string       `json:"wording"`
	Approvals []ApprovedBy `json:"approvals"` // those it was sent under, or else the newest that lists the batch

	Status notifier.Status `json:"status"`  // empty for whom is told by post
	Cause  notifier.Cause  `json:"cause"`   // behind it
	Due    *time.Time      `json:"due"`     // of a deferred one
	HeldBy []string        `json:"held_by"` // holds that keep it back
	Gate   string          `json:"gate"`    // the wave behind whose closed gate it waits
	Halted bool            `json:"halted"`  // it waits, and the campaign is halted

	Attempts  []Attempt    `json:"attempts"`
	Decisions []Decision   `json:"decisions"`
	Letter    *LetterShown `json:"letter"`            // null where none was listed
	Message   *Message     `json:"message,omitempty"` // where it was made again
}

// HeldShown is an account.
type HeldShown struct {
	Number string               `json:"number"`
	Type   notifier.AccountType `json:"type"`
}

// LateShown is an account that came after the notice.
type LateShown struct {
	HeldShown
	Export string `json:"export"`
}

// ApprovedBy names an approval.
type ApprovedBy struct {
	Row   int64     `json:"row"` // in the evidence
	By    string    `json:"by"`
	At    time.Time `json:"at"`
	Code  string    `json:"approval_code"`
	Wrong string    `json:"wrong"` // why it does not count; empty where it does
}

// Attempt is one claim, and what became of it.
type Attempt struct {
	Row      int64           `json:"row"` // in the evidence; 0 where it has no outcome yet
	Number   int             `json:"attempt"`
	Wave     string          `json:"wave"`
	Claimed  time.Time       `json:"claimed"`
	Known    *time.Time      `json:"known"` // when its outcome was
	Relay    string          `json:"relay"`
	Outcome  notifier.Status `json:"outcome"`
	Cause    notifier.Cause  `json:"cause"`
	Code     int             `json:"code"`
	Enhanced string          `json:"enhanced"`
	Reply    string          `json:"reply"`
	RelayID  string          `json:"relay_id"`
	Wording  string          `json:"wording"`
	Digest   string          `json:"digest"` // of the bytes handed to the relay; empty when none left
	Approval int64           `json:"approval"`
}

// The kinds of decisions.
const (
	DecidedResend    = string(ledger.KindResend)
	DecidedReconcile = string(ledger.KindReconcile)
	DecidedBounce    = string(ledger.KindBounce)
)

// LetterShown is somebody's letter.
type LetterShown struct {
	List   int       `json:"list"`   // its number
	Listed time.Time `json:"listed"` // when
	Row    int64     `json:"row"`    // of the evidence that it was sent; 0 where it was not
	Sent   string    `json:"sent"`   // the day, as 2018-08-30
}

// Decision is what a person, a relay's log, or something that came back said about
// a notice.
type Decision struct {
	Row      int64           `json:"row"`
	Kind     string          `json:"kind"`
	At       time.Time       `json:"at"`
	Status   notifier.Status `json:"status"` // what the notice is by it
	Cause    notifier.Cause  `json:"cause"`
	By       string          `json:"by"` // file and line of a log, what was decided, or what matched a bounce
	Happened *time.Time      `json:"happened"`
	Code     int             `json:"code"`
	Enhanced string          `json:"enhanced"`
	Reply    string          `json:"reply"`
	RelayID  string          `json:"relay_id"`
}

// attemptOf reads an attempt from its row of evidence.
func attemptOf(e *ledger.Evidence) Attempt {
	o := &e.Outcome
	a := claimed(&o.Claim)
	known := o.At.UTC()
	a.Row, a.Known, a.Outcome, a.Cause = e.Seq, &known, o.Status, o.Cause
	a.Code, a.Enhanced, a.Reply, a.RelayID = o.Code, o.Enhanced, o.Reply, o.RelayID
	a.Wording = o.Variant
	if o.Digest != (notifier.Digest{}) {
		a.Digest = o.Digest.String()
	}
	return a
}

// claimed is an attempt as far as its claim tells.
func claimed(c *notifier.Claim) Attempt {
	return Attempt{Number: c.Attempt, Wave: c.Wave, Claimed: c.At.UTC(), Relay: c.Relay, Approval: c.Approval}
}
