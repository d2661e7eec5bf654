package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"breachmail/notifier"
)

// Kind tells what an evidence row is about.
type Kind string

// The kinds of evidence.
const (
	KindAttempt   Kind = "attempt"
	KindApproval  Kind = "approval"
	KindHalt      Kind = "halt"
	KindClearHalt Kind = "clear_halt"
	KindRelease   Kind = "release"
	KindResend    Kind = "resend"
	KindReconcile Kind = "reconcile"
	KindTest      Kind = "test"    // a test message to a reviewer; its note is a TestNote
	KindStart     Kind = "start"   // a run that sends began; its note is a Start
	KindAdopt     Kind = "adopt"   // a copy, or an older ledger, became the one that is sent from; its note is an Adoption
	KindPurge     Kind = "purge"   // personal data was removed; its note is a Purged
	KindBounce    Kind = "bounce"  // one thing that came back about a notice; its note is a BounceNote
	KindBounces   Kind = "bounces" // what came back was read; its note is a BouncesRead
	KindListed    Kind = "listed"  // people were listed for letters; its note is a Listing
	KindLetters   Kind = "letters" // letters were sent; its note is a Mailing
	KindDone      Kind = "done"    // something outside was done; its note is a Done
)

// TestNote is what the evidence of a test holds beside the relay's answer. The
// reviewer's address is personal and stands nowhere.
type TestNote struct {
	Domain    string `json:"domain"`            // the reviewer's, ASCII
	MessageID string `json:"message_id"`        // of the test message, without its brackets
	Variant   string `json:"variant,omitempty"` // its wording, where that of the outcome is in no plan; RecordTest sets it
}

// Evidence is one row of the append-only record. It holds no personal values.
// Its chain value is drawn in the package comment.
type Evidence struct {
	Seq     int64
	Kind    Kind
	Outcome notifier.Outcome // with its claim; without a key where it is nobody's, and little else where Kind is not attempt or test
	Note    string           // JSON; empty for an attempt
	Chain   notifier.Digest
	Prev    int64 // the row before this one about the same recipient, 0 where there is none; follows from the rows, so no part of the chain
}

// Next returns the chain value of e after prev.
func (e *Evidence) Next(prev notifier.Digest) notifier.Digest {
	b := make([]byte, 0, 512)
	b = append(b, prev[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Seq))
	o := &e.Outcome
	var key, digest []byte
	if o.Claim.Key != (notifier.Key{}) {
		key = o.Claim.Key[:]
	}
	if o.Digest != (notifier.Digest{}) {
		digest = o.Digest[:]
	}
	b = field(b, string(e.Kind))
	b = field(b, key)
	for _, s := range [...]string{o.Claim.Wave, o.Claim.Relay, string(o.Status), string(o.Cause), o.Enhanced, o.Reply, o.RelayID, o.Variant} {
		b = field(b, s)
	}
	b = field(b, digest)
	b = field(b, e.Note)
	b = binary.AppendVarint(b, int64(o.Claim.Attempt))
	b = binary.AppendVarint(b, o.Claim.Approval)
	b = binary.AppendVarint(b, int64(o.Code))
	b = binary.AppendVarint(b, seconds(o.Claim.At))
	b = binary.AppendVarint(b, millis(o.At))
	return sha256.Sum256(b)
}

func field[T ~string | ~[]byte](b []byte, v T) []byte {
	b = binary.AppendUvarint(b, uint64(len(v)))
	return append(b, v...)
}

func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
