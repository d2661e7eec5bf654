package relay

import (
	"context"
	"errors"
	"strings"
	"time"

	"breachmail/notifier"
)

var errEmptyContent = errors.New("the message is empty")

// Deliver hands one message to the relay and returns what became of it. See
// the package comment for its steps.
//
// content is called at most once, and only when the relay has accepted the
// recipient and waits for the message. It blocks until the claim is durable,
// and returns the message: 7-bit lines that end with CRLF, not dot-stuffed,
// which Deliver only reads, and only until it returns. When content fails, its
// error is Deliver's, no dot was sent, and the connection is closed.
//
// In every other case but a return path that cannot be put into a command, the
// error is nil and the outcome has Status, Cause, Code, Enhanced, Reply,
// RelayID and At. Where there was no reply, Code is 0 and Reply says why in our
// own words. Cancelling ctx closes the connection at once: before the final dot
// was written the outcome is then deferred, after it unknown.
func (s *Session) Deliver(ctx context.Context, p *notifier.Parcel, _ func() *notifier.Parcel) (notifier.Outcome, error) {
	env, content := p.Envelope, p.Content
	if !printable(env.From) {
		return notifier.Outcome{}, errors.New("the return path is not plain ASCII")
	}
	d := delivery{Session: s, env: env}
	if words := d.unfit(); words != "" {
		d.silence(refused, words)
		return d.out, nil
	}
	if !s.usable || ctx.Err() != nil {
		d.silence(relayTrouble, "the session was closed, or stopped, before")
		return d.out, nil
	}
	d.forms = formsOf(env.To)
	s.watch(ctx)
	defer s.unwatch()
	err := d.run(ctx, content)
	s.last = time.Now()
	return d.out, err
}

// delivery is one message on its way.
type delivery struct {
	*Session
	env   notifier.Envelope
	forms forms

	taken   bool             // RCPT was accepted
	decided bool             // out is set
	out     notifier.Outcome // the first decision stands
}

// unfit says why the recipient cannot be named to this relay at all.
func (d *delivery) unfit() string {
	to := d.env.To.Reveal()
	switch {
	case to == "" || !notifier.CleanLine(to):
		return "the address cannot be put into a command"
	case d.env.UTF8 && !d.utf8:
		return "the address needs SMTPUTF8, which the relay does not offer"
	case !d.env.UTF8 && !printable(to):
		return "the address is not ASCII"
	}
	return ""
}

// printable reports whether s is made of printable ASCII.
func printable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// run is the whole transaction.
func (d *delivery) run(ctx context.Context, content func() ([]byte, error)) error {
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
	d.content(body)
	return nil
}

// envelope sends the commands and reads their replies. It reports whether the
// relay waits for the content; if not, the outcome is decided.
func (d *delivery) envelope() bool {
	if d.pipelining && !d.command(atEnvelope) {
		return false
	}
	for at := atReset; at <= atData; at <<= 1 {
		if at == atReset && !d.reset {
			continue
		}
		if !d.pipelining && (d.decided || !d.command(at)) {
			return false
		}
		r, err := d.readReply(d.config.Timeouts.Command)
		if err != nil {
			d.lost(at, err)
			return false
		}
		if !d.take(at, r) {
			return false
		}
	}
	return !d.decided && d.inStep(atData)
}

// inStep reports whether the relay has said no more than it was asked. A reply
// too many would be taken for the next one, in the end for the final dot's; so
// the connection is given up, and the outcome decided.
func (d *delivery) inStep(at stage) bool {
	if d.client.Text.R.Buffered() == 0 {
		return true
	}
	d.lost(at, errTurn)
	return false
}

// command sends the commands of the stages in at. It reports whether that went
// well; if not, the outcome is decided.
func (d *delivery) command(at stage) bool {
	if !d.inStep(at) {
		return false
	}
	b := d.buf[:0]
	if at&atReset != 0 && d.reset {
		b = append(b, "RSET\r\n"...)
	}
	if at&atMail != 0 {
		b = append(append(append(b, "MAIL FROM:<"...), d.env.From...), '>')
		if d.env.UTF8 {
			b = append(b, " SMTPUTF8"...)
		}
		b = append(b, "\r\n"...)
	}
	if at&atRcpt != 0 {
		b = append(append(append(b, "RCPT TO:<"...), d.env.To.Reveal()...), ">\r\n"...)
	}
	if at&atData != 0 {
		b = append(b, "DATA\r\n"...)
	}
	d.buf = b
	if _, err := d.write(b); err != nil {
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
// deliver an empty message, and the connection is closed instead.
func (d *delivery) unwanted() {
	if d.taken {
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

// decide makes a reply the outcome, unless one is decided already.
func (d *delivery) decide(at stage, r reply) {
	if d.decided {
		return
	}
	d.text = appendClean(d.text[:0], r.text)
	d.line = d.forms.appendRedacted(d.line[:0], d.text)
	text := strings.TrimSpace(string(d.line))
	d.settle(classify(at, r.code, r.enhanced, text), cut(text, maxReply))
	d.out.Code, d.out.Enhanced = r.code, r.enhanced
	if d.out.Status == notifier.Accepted {
		d.out.RelayID = relayID(text)
	}
}

// lost makes the loss of the connection the outcome, unless one is decided.
func (d *delivery) lost(at stage, err error) {
	d.silence(classifySilence(at, false), d.reason(err))
	d.drop()
}

// silence makes the want of a reply the outcome, unless one is decided.
func (d *delivery) silence(v verdict, words string) {
	if !d.decided {
		d.settle(v, words)
	}
}

func (d *delivery) settle(v verdict, words string) {
	d.decided = true
	d.out = notifier.Outcome{Status: v.status, Cause: v.cause, Reply: words, At: time.Now()}
}
