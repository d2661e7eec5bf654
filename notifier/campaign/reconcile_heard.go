package campaign

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/bounce"
	"breachmail/notifier/ledger"
	"breachmail/notifier/relay"
)

// clockApart is how far the clock of a log may be from the sender's. Relays that
// could not hand a notice on try again, and name it again, after five minutes.
const clockApart = 2 * time.Minute

// heard is what logs say about one person's notice.
type heard struct {
	since    time.Time // what stands there from before is not about it; zero: all is
	copies   []copyHeard
	begun    *bounce.Fact // it began to come in, and no more is said
	rejected *bounce.Fact // the last time that it was refused, or broke off
	early    bool         // something was from before
}

// copyHeard is what logs say about one message, by the relay's id.
type copyHeard struct {
	id      string
	taken   bounce.Fact  // the first line that proves that the relay had it
	bounced *bounce.Fact // the last that says that it gave it up
	to      []string     // all whom lines were about, in lower case
}

// hear takes a fact in.
func (t *heard) hear(f bounce.Fact) {
	if !f.At.IsZero() && f.At.Before(t.since.Add(-clockApart)) {
		t.early = true
		return
	}
	switch {
	case f.Kind.Proves():
		t.copyOf(&f).hear(&f)
	case f.Kind == bounce.Begun:
		t.begun = &f
	case t.rejected == nil || f.At.After(t.rejected.At):
		t.rejected = &f
	}
}

// copyOf returns the message that f is about.
func (t *heard) copyOf(f *bounce.Fact) *copyHeard {
	for i := range t.copies {
		if t.copies[i].id == f.RelayID {
			return &t.copies[i]
		}
	}
	t.copies = append(t.copies, copyHeard{id: f.RelayID, taken: *f})
	return &t.copies[len(t.copies)-1]
}

func (c *copyHeard) hear(f *bounce.Fact) {
	if before(f, &c.taken) {
		c.taken = *f
	}
	if f.Kind == bounce.Bounced && (c.bounced == nil || before(c.bounced, f)) {
		c.bounced = f
	}
	if to := strings.ToLower(f.To.Reveal()); to != "" && !slices.Contains(c.to, to) {
		c.to = append(c.to, to)
	}
}

// before reports whether a stands before b, as far as times and lines tell.
func before(a, b *bounce.Fact) bool {
	if c := a.At.Compare(b.At); c != 0 {
		return c < 0
	}
	return a.Source.File == b.Source.File && a.Source.Line < b.Source.Line
}

// returned reports whether the relay gave the message up for that recipient. It
// may have sent copies elsewhere, which are nobody's notice.
func (c *copyHeard) returned(recipient *notifier.Recipient) bool {
	if c.bounced == nil {
		return false
	}
	to := strings.ToLower(c.bounced.To.Reveal())
	return to == "" || len(c.to) == 1 || to == strings.ToLower(recipient.Address.Reveal())
}

// verdict is what the logs prove about somebody, and false where they prove
// nothing. One message that did not come back is enough for accepted.
func (t *heard) verdict(recipient *notifier.Recipient) (ledger.Verdict, bool) {
	var taken, back *bounce.Fact
	for i := range t.copies {
		c := &t.copies[i]
		switch {
		case !c.returned(recipient):
			if taken == nil || before(&c.taken, taken) {
				taken = &c.taken
			}
		case back == nil || before(back, c.bounced):
			back = c.bounced
		}
	}
	switch {
	case taken != nil:
		return verdictBy(notifier.Accepted, taken, recipient), true
	case back != nil:
		return verdictBy(notifier.Bounced, back, recipient), true
	}
	return ledger.Verdict{}, false
}

// verdictBy keeps a line's facts with a verdict, and nothing personal: after a purge
// nobody can tell what of that stands in what was said.
func verdictBy(status notifier.Status, f *bounce.Fact, recipient *notifier.Recipient) ledger.Verdict {
	v := ledger.Verdict{Key: recipient.Key, Status: status, Code: f.Code, Enhanced: f.Enhanced, At: f.At}
	v.Note = fmt.Sprintf("%s:%d", filepath.Base(f.Source.File), f.Source.Line)
	if to := recipient.Address; !to.IsZero() {
		v.Reply = relay.Redact(recipient.Conceal(f.Reply.Reveal()), to, f.To)
		v.RelayID = relay.Redact(recipient.Conceal(f.RelayID), to, f.To)
	}
	return v
}

// refusedLast returns the line that says that the last attempt of o was refused,
// or broke off before its end; nil where none can be about that attempt only.
func (o *openCase) refusedLast() *bounce.Fact {
	f := o.rejected
	switch {
	case f == nil || o.begun != nil || len(o.copies) > 0:
		return nil
	case !o.before.IsZero() && f.At.Before(o.before.Add(clockApart)):
		return nil // it may be about the one before
	case !f.At.IsZero() && f.At.Before(o.claimed.Add(-clockApart)):
		return nil
	}
	return f
}
