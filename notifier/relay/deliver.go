package relay

import (
	"context"
	"errors"
	"net"
	"time"

	"breachmail/notifier"
)

var (
	errEmptyContent = errors.New("the message is empty")
	errReturnPath   = errors.New("the return path is not plain ASCII")
	errOtherParcel  = errors.New("the envelope of another notice has left already, and that one has to be delivered first")
)

// Deliver hands one message to the relay and returns what became of it. See
// the package comment for its steps.
//
// p.Content is called at most once, and only when the relay has accepted the
// recipient and waits for the message. It blocks until the claim is durable,
// and returns the message: lines that end with CRLF, of seven bits unless the
// envelope is UTF8, not dot-stuffed, which Deliver only reads, and only until
// it returns. When Content fails, its error is Deliver's, no dot was sent, and
// the connection is closed.
//
// next may be nil. Where the relay offers PIPELINING it is called at most once,
// after p.Content has returned the message, and the envelope of the parcel that
// it returns flies behind the final dot (RFC 2920, 3.1). Deliver then reads no
// more than the reply to the dot. The next call has to be for that same parcel,
// also when the session has ended; anything else is a mistake of the caller: an
// error, and the connection is closed. A parcel that cannot be named to this
// relay, or is nil, flies not, and nothing is owed.
//
// In every other case but a return path that cannot be put into a command, the
// error is nil and the outcome has Status, Cause, Mood, Code, Enhanced, Reply,
// RelayID and At. Where there was no reply, Code is 0 and Reply says why in our
// own words. Cancelling ctx closes the connection at once: before the final dot
// was written the outcome is then deferred, after it unknown.
func (s *Session) Deliver(ctx context.Context, p *notifier.Parcel, next func() *notifier.Parcel) (notifier.Outcome, error) {
	d := delivery{Session: s, env: p.Envelope, flew: s.flown != nil}
	if d.flew && s.flown != p {
		s.drop()
		return notifier.Outcome{}, errOtherParcel
	}
	s.flown = nil
	if !d.flew { // what flew was fit
		v, words, err := s.unfit(&p.Envelope)
		if err != nil {
			return notifier.Outcome{}, err
		}
		if words != "" {
			d.silence(v, words)
			return d.out, nil
		}
	}
	if !s.usable || ctx.Err() != nil {
		d.silence(relayTrouble, "the session was closed, or stopped, before")
		if d.flew {
			s.drop() // its replies would be taken for those of the next one
		}
		return d.out, nil
	}
	d.forms = formsOf(p.Envelope.To)
	s.watch(ctx)
	defer s.unwatch()
	err := d.run(ctx, p.Content, next)
	s.last = time.Now()
	return d.out, err
}

// delivery is one message on its way.
type delivery struct {
	*Session
	env   notifier.Envelope
	forms forms

	flew    bool             // the envelope left with the content before
	taken   bool             // RCPT was accepted
	decided bool             // out is set
	out     notifier.Outcome // the first decision stands
}

// run is the whole transaction.
func (d *delivery) run(ctx context.Context, content func() ([]byte, error), next func() *notifier.Parcel) error {
	if !d.envelope() {
		return nil
	}
	if ctx.Err() != nil {
		d.lost(atData, ctx.Err())
		return nil
	}
	body, err := content()
	if err == nil && len(body) == 0 {
		err = errEmptyContent
	}
	if err != nil {
		d.drop()
		return err
	}
	if d.silent() {
		if ctx.Err() == nil {
			d.flown = d.follower(next)
		}
		d.content(body)
	}
	return nil
}

// silent reports whether the relay still waits for the content. It may have
// closed the connection while the claim became durable, or said a word that
// would be taken for its reply to the dot; then nothing leaves, and the outcome
// is decided. In TLS it is a record that is seen, which could also be none of
// SMTP's; that costs a connection, and nobody a notice.
func (d *delivery) silent() bool {
	if (d.conn.heard == nil || !d.conn.heard()) && !d.decrypted() {
		return true
	}
	r, err := d.readReply(graceReply)
	switch {
	case err != nil:
		d.lost(atData, err)
	case r.code == 421:
		d.decide(atData, r)
		d.drop()
	default:
		d.lost(atData, errTurn)
	}
	return false
}

// decrypted reports whether TLS has more of the relay's words than were read: whole
// records that came together with the one before.
func (d *delivery) decrypted() bool {
	if d.config.TLS == TLSNone {
		return false
	}
	d.conn.arm(-time.Second, d.config.Timeouts.Command)
	_, err := d.client.Text.R.Peek(1)
	var network net.Error
	return err == nil || !errors.As(err, &network) || !network.Timeout()
}

// follower asks for the notice whose envelope leaves with this one's content.
func (d *delivery) follower(next func() *notifier.Parcel) *notifier.Parcel {
	if next == nil || !d.pipelining {
		return nil
	}
	p := next()
	if p == nil {
		return nil
	}
	if _, words, err := d.unfit(&p.Envelope); words != "" || err != nil {
		return nil // its own Deliver says so
	}
	return p
}

// envelope sends the commands, unless they flew, and reads their replies. It
// reports whether the relay waits for the content; if not, the outcome is
// decided.
func (d *delivery) envelope() bool {
	if d.pipelining && !d.flew && !d.command(atEnvelope) {
		return false
	}
	for at := atReset; at <= atData; at <<= 1 {
		if at == atReset && !d.reset {
			continue
		}
		if !d.pipelining && (d.decided || !d.command(at)) {
			break
		}
		r, err := d.readReply(d.patience(at))
		if err != nil {
			d.lost(at, err)
			return false
		}
		if !d.take(at, r) {
			return false
		}
	}
	return d.usable && d.inStep(atData) && !d.decided
}

// flownReply is how long the first reply to an envelope that flew is waited for.
// The relay has had it since before it answered the dot.
const flownReply = 30 * time.Second

// patience returns how long the reply of that stage is waited for.
func (d *delivery) patience(at stage) time.Duration {
	if d.unanswered(at) {
		return min(d.config.Timeouts.Command, flownReply)
	}
	return d.config.Timeouts.Command
}

// unanswered reports whether what is waited for at that stage is the first sign
// that the relay has got an envelope that flew.
func (d *delivery) unanswered(at stage) bool { return d.flew && at == atMail }

// inStep reports whether the relay has said no more than it was asked. A reply
// too many would be taken for the next one, in the end for another notice's; so
// the connection is given up. What was decided by one of these replies may
// be somebody else's, and stands no more.
func (d *delivery) inStep(at stage) bool {
	if d.client.Text.R.Buffered() == 0 {
		return true
	}
	d.decided = false
	d.lost(at, errTurn)
	return false
}

// command sends the commands of the stages in at. It reports whether that went
// well; if not, the outcome is decided.
func (d *delivery) command(at stage) bool {
	if !d.inStep(at) {
		return false
	}
	d.buf = d.appendCommands(d.buf[:0], at, &d.env)
	if _, err := d.write(d.buf); err != nil {
		d.lost(at, err)
		return false
	}
	return true
}

// take takes a reply to an envelope command in. It reports whether the replies
// that are still to come, if any, should be read.
func (d *delivery) take(at stage, r reply) bool {
	switch {
	case r.class() == 2 && at != atData:
		d.reset = d.reset && at != atReset
		d.taken = d.taken || at == atRcpt
		return true
	case r.code == 354 && at == atData:
		if d.decided {
			d.unwanted()
		}
		return true
	}
	d.decide(at, r)
	d.reset = true
	if at == atReset || r.code == 421 || r.class() < 4 {
		d.drop() // closing, or out of step
		return false
	}
	return true
}

// unwanted answers a 354 that came although the transaction was refused. With
// no recipient accepted a lone dot is right (RFC 2920, 3.1); otherwise it would
// deliver an empty message, and the connection is closed instead. So it is when
// the relay is out of step, and nobody knows whom the 354 is for.
func (d *delivery) unwanted() {
	if d.taken || d.client.Text.R.Buffered() > 0 {
		d.drop()
		return
	}
	d.buf = append(d.buf[:0], finalDot...)
	_, err := d.write(d.buf)
	if err == nil {
		var r reply
		r, err = d.readReply(d.config.Timeouts.Command)
		if err == nil && (r.code == 421 || r.class() == 3) {
			err = errMalformed
		}
	}
	if err != nil {
		d.drop()
	}
}
