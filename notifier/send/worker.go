package send

import (
	"context"
	"errors"
	"time"

	"breachmail/notifier"
)

// idleClose is how long a session is kept open without work: less than the
// five minutes after which relays close it themselves (RFC 5321, 4.5.3.2.7).
const idleClose = time.Minute

// worker is one connection to one relay.
type worker struct {
	*run
	lane     *lane
	session  Session
	fruitful bool       // the session took a notice
	durable  chan error // the claim that is under way
}

// work delivers tasks until there are no more. It takes a task only when it
// has a session: a relay that is down holds nobody up.
func (w *worker) work(ctx context.Context) error {
	defer w.hangUp()
	w.durable = make(chan error, 1)
	for {
		if !w.connected() && !w.connect() {
			return nil
		}
		t, ok := w.next(ctx)
		if !ok {
			return nil
		}
		if w.session == nil {
			continue // it was idle and is closed; a hint will come
		}
		if err := w.deliver(ctx, &t); err != nil {
			w.fail(err)
			return err
		}
	}
}

// connected reports whether the session can be used, and closes it if not.
func (w *worker) connected() bool {
	if w.session != nil && !w.session.Usable() {
		w.hangUp()
	}
	return w.session != nil
}

// connect waits until somebody is to be sent, and dials until it has a
// session. It is false when the run ends.
func (w *worker) connect() bool {
	for w.dialing.Err() == nil {
		if _, ok := <-w.hint; !ok {
			return false
		}
		s, err := w.lane.dial(w.dialing, func(b backoff) {
			w.log.Warn("the relay is left alone for a while", "relay", w.lane.Name, "failures", b.failures, "last", w.opts.Progress.Counts().Trouble)
		})
		if err == nil {
			w.session, w.fruitful = s, false
			w.opts.Progress.connections.Add(1)
			return true
		}
		if w.dialing.Err() == nil {
			w.opts.Progress.trouble(err.Error())
			w.log.Warn("cannot connect", "relay", w.lane.Name, "error", err)
		}
	}
	return false
}

// hangUp closes the session, if there is one.
func (w *worker) hangUp() {
	if w.session == nil {
		return
	}
	_ = w.session.Close()
	w.session = nil
	w.opts.Progress.connections.Add(-1)
}

// next waits for a task. A session that has none for a while is closed; then
// it returns without one.
func (w *worker) next(ctx context.Context) (notifier.Task, bool) {
	idle := time.NewTimer(idleClose)
	defer idle.Stop()
	select {
	case t, ok := <-w.tasks:
		return t, ok && ctx.Err() == nil
	case <-idle.C:
		w.hangUp()
		return notifier.Task{}, true
	}
}

// deliver claims, delivers and records one notice. Its error stops the run:
// the ledger cannot be written, or the notice cannot be made.
func (w *worker) deliver(ctx context.Context, t *notifier.Task) error {
	if w.lane.limiter.Wait(ctx) != nil {
		return nil // the run ends, and the task was not claimed
	}
	c := w.claimFor(t)
	content, digest, err := w.notice.Compose(&t.Recipient, c.At)
	if err != nil {
		return w.unmade(err)
	}
	w.records.Add(1) // the claim's outcome, or its failure
	w.ledger.Claim(c, func(err error) { w.durable <- err })
	waited, left := false, false
	o, err := w.session.Deliver(w.abort, &notifier.Parcel{Envelope: w.notice.Envelope(&t.Recipient), Content: func() ([]byte, error) {
		waited = true
		if err := <-w.durable; err != nil {
			return nil, err
		}
		left = true
		return content, nil
	}}, nil)
	if !waited {
		if claimErr := <-w.durable; claimErr != nil {
			err = claimErr
		}
	}
	if err != nil {
		w.records.Done()
		return err
	}
	o.Claim = c
	o.Variant = t.Recipient.Variant.String()
	if left {
		o.Digest = digest
	}
	w.opts.Retry.schedule(t, &o)
	w.record(o)
	return nil
}

// unmade judges why a notice could not be made. What halts the run is no error
// of it: the others finish what is on the wire.
func (w *worker) unmade(err error) error {
	var halting Halting
	if !errors.As(err, &halting) {
		return err
	}
	w.halt(halting.Halt())
	return nil
}

func (w *worker) claimFor(t *notifier.Task) notifier.Claim {
	return notifier.Claim{
		ID: t.Recipient.ID, Key: t.Recipient.Key, Was: t.Status, Attempt: t.Attempt + 1,
		Wave: t.Wave, Relay: w.lane.Name, At: time.Now().UTC().Truncate(time.Second), Approval: t.Approval,
	}
}

// record queues the outcome. Nobody waits for it but the next claim, which
// stands behind it in the ledger's queue.
func (w *worker) record(o notifier.Outcome) {
	w.judge(&o)
	w.log.Debug("attempt", "key", o.Claim.Key.String(), "attempt", o.Claim.Attempt, "wave", o.Claim.Wave,
		"relay", o.Claim.Relay, "outcome", o.Status, "cause", o.Cause, "code", o.Code, "enhanced", o.Enhanced, "reply", o.Reply)
	w.ledger.Record(o, func(err error) {
		defer w.records.Done()
		if err != nil {
			w.fail(err)
			return
		}
		w.opts.Progress.count(&o)
		if w.breaker.count(&o) {
			w.halt(w.breaker.reason())
		}
		w.settle(o.Claim.ID)
	})
}

// judge takes from an outcome how the relay is. Its own trouble ends the
// session also where that is still open: the relay wants to be left alone, and
// the recipient is due again at once.
func (w *worker) judge(o *notifier.Outcome) {
	switch {
	case o.Status == notifier.Accepted:
		w.fruitful = true
		w.lane.well()
	case o.Cause == notifier.CauseRelay, !w.session.Usable():
		w.opts.Progress.trouble(o.Reply)
		if !w.fruitful {
			w.lane.unwell()
		}
		w.hangUp()
	}
}
