package send

import (
	"context"
	"time"

	"breachmail/notifier"
)

// idleClose is how long a session is kept open without work: less than the
// five minutes after which relays close it themselves (RFC 5321, 4.5.3.2.7).
const idleClose = time.Minute

// worker is one connection to one relay.
type worker struct {
	*run
	lane    *lane
	session Session
	wait    backoff
	durable chan error // the claim that is under way
}

// work delivers tasks until there are no more.
func (w *worker) work(ctx context.Context) error {
	defer w.hangUp()
	for {
		if err := w.connect(ctx); err != nil {
			return nil
		}
		t, ok := w.next(ctx)
		if !ok {
			return nil
		}
		if w.session == nil && w.dial(ctx) != nil {
			w.returned <- t
			continue
		}
		if err := w.deliver(&t); err != nil {
			w.fail(err)
			return err
		}
	}
}

// connect dials until it has a session, waiting longer each time. A worker
// that has never failed takes its task first and dials then.
func (w *worker) connect(ctx context.Context) error {
	if w.session != nil && w.session.Usable() {
		return nil
	}
	w.hangUp()
	for w.wait.failures > 0 {
		d := w.wait.next()
		w.log.Warn("the relay is left alone for a while", "relay", w.lane.Name, "wait", d.Round(time.Millisecond))
		if err := sleep(ctx, d); err != nil {
			return err
		}
		if w.dial(ctx) == nil {
			return nil
		}
	}
	return ctx.Err()
}

// dial opens a session. It counts as a failure until a notice was taken.
func (w *worker) dial(ctx context.Context) error {
	s, err := w.lane.Dial(ctx)
	w.wait.failures++
	if err != nil {
		if ctx.Err() == nil {
			w.opts.Progress.trouble(err.Error())
			w.log.Warn("cannot connect", "relay", w.lane.Name, "error", err)
		}
		return err
	}
	w.session = s
	w.opts.Progress.connections.Add(1)
	return nil
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

// next waits for a task; a session that has none for a while is closed.
func (w *worker) next(ctx context.Context) (notifier.Task, bool) {
	idle := time.NewTimer(idleClose)
	defer idle.Stop()
	for {
		select {
		case t, ok := <-w.lane.tasks:
			return t, ok && ctx.Err() == nil
		case <-idle.C:
			w.hangUp()
			w.wait.failures = 0
		}
	}
}

// deliver claims, delivers and records one notice. Its error stops the run:
// the ledger cannot be written, or the notice cannot be made.
func (w *worker) deliver(t *notifier.Task) error {
	c := w.claimFor(t)
	content, digest, err := w.notice.Compose(&t.Recipient, c.At)
	if err != nil {
		return err
	}
	w.records.Add(1) // the claim's outcome, or its failure
	w.ledger.Claim(c, func(err error) { w.durable <- err })
	waited, left := false, false
	o, err := w.session.Deliver(w.abort, w.notice.Envelope(&t.Recipient), func() ([]byte, error) {
		waited = true
		if err := <-w.durable; err != nil {
			return nil, err
		}
		left = true
		return content, nil
	})
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

func (w *worker) claimFor(t *notifier.Task) notifier.Claim {
	return notifier.Claim{
		ID: t.Recipient.ID, Key: t.Recipient.Key, Was: t.Status, Attempt: t.Attempt + 1,
		Wave: t.Wave, Relay: w.lane.Name, At: time.Now().UTC().Truncate(time.Second), Approval: t.Approval,
	}
}

// record queues the outcome. Nobody waits for it but the next claim, which
// stands behind it in the ledger's queue.
func (w *worker) record(o notifier.Outcome) {
	if o.Status == notifier.Accepted {
		w.wait.failures = 0
	}
	if o.Cause == notifier.CauseRelay {
		// Also where the session is still open: the relay wants to be left
		// alone, and the recipient is due again at once.
		w.opts.Progress.trouble(o.Reply)
		w.wait.failures = max(w.wait.failures, 1)
		w.hangUp()
	}
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
			w.stop(errHalt)
		}
		w.settle(o.Claim.ID)
	})
}
