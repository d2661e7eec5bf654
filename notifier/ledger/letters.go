package ledger

import (
	"context"
	"errors"
	"time"

	"breachmail/notifier"
)

// ErrNotListed is returned for somebody whom no list of letters names.
var ErrNotListed = errors.New("was never listed for a letter")

// Listing is the evidence that people were listed to be told by post.
type Listing struct {
	Number int       `json:"number"` // 1, 2, …
	People int64     `json:"people"`
	Digest string    `json:"digest"` // hex of KeysDigest over their keys
	Seq    int64     `json:"-"`      // its evidence row
	At     time.Time `json:"-"`
}

// Mailing is the evidence that letters were sent.
type Mailing struct {
	On     string    `json:"on"`              // the day they were sent, as 2018-08-30
	People int64     `json:"people"`          // recorded by it
	Again  int64     `json:"again,omitempty"` // named by it, and recorded before
	File   string    `json:"file"`            // hex of the SHA-256 of the list of those they were sent to
	Proof  string    `json:"proof,omitempty"` // hex of the SHA-256 of what proves it
	Digest string    `json:"digest"`          // hex of KeysDigest over the keys of People
	Seq    int64     `json:"-"`               // its evidence row
	At     time.Time `json:"-"`
}

// Done is the evidence that something was done outside, such as a posting on the
// company's web site.
type Done struct {
	Task  string    `json:"task"`
	On    string    `json:"on"`              // the day it was done, as 2018-08-30
	Proof string    `json:"proof,omitempty"` // hex of the SHA-256 of what proves it
	Note  string    `json:"note,omitempty"`
	Seq   int64     `json:"-"`
	At    time.Time `json:"-"`
}

// Letter is somebody who was listed for a letter.
type Letter struct {
	ID     int64 // the recipient's
	Key    notifier.Key
	List   int   // the number of the Listing
	Mailed int64 // the evidence row of the Mailing, 0 where the letter was not sent
}

// LetterTotals counts letters.
type LetterTotals struct {
	Listed  int64 // people listed
	Told    int64 // those of them whose letter was sent
	ToldDue int64 // those of Told who cannot be told by email: postal, refused, bounced
}

// Case is a recipient with what became of their notice and letter.
type Case struct {
	Row
	Accepted time.Time // when the relay took the notice, also one that bounced; zero where it did not
	Bounced  time.Time // when it was recorded that it came back; zero where it did not
	Listed   int       // the number of the Listing, 0 where there is none
	Mailed   int64     // the evidence row of the Mailing, 0 where there is none
}

// Aftermath tells what came after the relay took the notices. A ledger of a
// version that did not keep it has none of it.
type Aftermath interface {
	// Decisions calls f for every row of evidence of that kind, which is not
	// KindAttempt, oldest first.
	Decisions(ctx context.Context, kind Kind, f func(Evidence) error) error
	// Came counts what came back.
	Came(ctx context.Context) (Came, error)
	// Returns calls f for everything that Bounces recorded, with the first
	// sixteen bytes of its ID and its row of evidence.
	Returns(ctx context.Context, f func(id []byte, cause notifier.Cause, seq int64) error) error
	// Listings returns all lists of letters by number, Mailings all mailings and
	// DoneTasks all that was done outside, oldest first.
	Listings(ctx context.Context) ([]Listing, error)
	Mailings(ctx context.Context) ([]Mailing, error)
	DoneTasks(ctx context.Context) ([]Done, error)
	// Written returns the number of the last list that was written to a file.
	Written(ctx context.Context) (int, error)
	// Letters calls f for everybody who was listed, by id.
	Letters(ctx context.Context, f func(Letter) error) error
	// LetterTotals counts them.
	LetterTotals(ctx context.Context) (LetterTotals, error)
	// LetterOf returns the letter of one recipient, nil where there is none.
	LetterOf(ctx context.Context, k notifier.Key) (*Letter, error)
	// Cases calls f for every recipient by id; it must not keep the case.
	Cases(ctx context.Context, f func(Case) error) error
}

// Closer records what brings a campaign to its end.
type Closer interface {
	// Bounces records what came back, in one transaction, and returns what each
	// did, in their order. A key that nobody has is an error.
	Bounces(ctx context.Context, list []Bounce, at time.Time) ([]BounceEffect, error)
	// ReadBounces records that it was looked for; what found nothing new leaves no
	// evidence, but the time.
	ReadBounces(ctx context.Context, b BouncesRead) error
	// List lists, in one transaction, everybody whom due chooses and who was not
	// listed before. With nobody new it does nothing, and Number is 0. After Purge
	// it is ErrPurged.
	List(ctx context.Context, at time.Time, due func(*Row) bool) (Listing, error)
	// MarkWritten records that the lists up to that number were written to a file.
	MarkWritten(ctx context.Context, number int) error
	// Mail records letters that were sent: those that fill adds, or, on any error
	// of fill, none. add returns the number of the list, and is ErrNotListed for
	// somebody who was not listed. Where all of them were recorded before there is no
	// new evidence, and People is 0.
	Mail(ctx context.Context, m Mailing, fill func(add func(notifier.Key) (list int, err error)) error) (Mailing, error)
	// Done records what was done outside.
	Done(ctx context.Context, d Done) error
}
