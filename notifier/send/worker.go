package send

import (
	"context"
	"errors"
	"time"

	"breachmail/notifier"
)

// idleClose is how long a session is kept open without work: less than what
// relays allow, which should be five minutes (RFC 5321, 4.5.3.2.7) and is less
// where they are busy.
const idleClose = 30 * time.Second

// worker is one connection to one relay.
type worker struct {
	*run
	lane     *lane
	session  Session
	began    time.Time
	carried  int  // notices that the session was given
	fruitful bool // the session took a notice
	leaving  bool // the session is closed after what is on the wire
	tooMany  bool // and this worker ends
}

// shipment is a notice on its way: claimed, or about to be.
type shipment struct {
	parcel  notifier.Parcel
	task    notifier.Task
	domain  string
	claim   notifier.Claim
	digest  notifier.Digest
	durable chan error // the claim's
	waited  bool       // durable was read
	left    bool       // the content left
}

// work delivers tasks until there are no more, or one worker too many. It takes
// a task only when it has a session: a relay that is down holds nobody up.
func (w *worker) work(ctx context.Context) error {
	defer w.hangUp()
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
		if w.tooMany {
			return nil
		}
	}
}

// connected reports whether the session can be used, and closes it if not.
func (w *worker) connected() bool {
	if w.session != nil && (w.leaving || !w.session.Usable()) {
		w.hangUp()
	}
	return w.session != nil
}

// connect waits until somebody is to be sent, and dials until it has a
// session. It is false when the run ends or this worker is one too many.
func (w *worker) connect() bool {
	for w.dialing.Err() == nil {
		select {
		case _, ok := <-w.lane.hint:
			if !ok {
				return false
			}
		case <-w.lane.leave:
			return false
		}
		if w.dial() {
			return true
		}
	}
	return false
}

// dial opens a session.
func (w *worker) dial() bool {
	began := time.Now()
	s, err := w.lane.dial(w.dialing, func(b backoff) {
		w.log.Warn("the relay is left alone for a while", "relay", w.lane.Name, "failures", b.failures, "last", w.opts.Progress.Counts().Trouble)
	})
	w.lane.dialled(err == nil)
	if err == nil {
		w.session, w.began, w.carried, w.fruitful, w.leaving = s, time.Now(), 0, false, false
		w.opts.Progress.connections.Add(1)
		return true
	}
	poke(w.wake)
	if w.dialing.Err() == nil {
		w.opts.Progress.trouble(err.Error())
		w.log.Warn("cannot connect", "relay", w.lane.Name, "error", err)
		var moody interface{ Mood() notifier.Mood }
		if errors.As(err, &moody) {
			w.leave(w.lane, w.lane.refused(moody.Mood(), reason(err), began))
		}
	}
	return false
}

// reason says why a relay cannot be dialled, without its name where it can.
func reason(err error) string {
	var r interface{ Reason() string }
	if errors.As(err, &r) {
		return r.Reason()
	}
	return err.Error()
}

// hangUp closes the session, if there is one.
func (w *worker) hangUp() {
	if w.session == nil {
		return
	}
	_ = w.session.Close()
	w.session = nil
	w.lane.closed()
	w.opts.Progress.connections.Add(-1)
	poke(w.wake)
}

// next waits for a task. A session that has none for a while is closed; then
// it returns without one.
func (w *worker) next(ctx context.Context) (notifier.Task, bool) {
	idle := time.NewTimer(idleClose)
	defer idle.Stop()
	select {
	case t, ok := <-w.lane.tasks:
		return t, ok && ctx.Err() == nil
	case <-w.lane.leave:
		return notifier.Task{}, false
	case <-idle.C:
		w.hangUp()
		return notifier.Task{}, true
	}
}

// deliver sends a notice, and after it on the same connection those for whom it
// is time while the one before is on its way. Its error stops the run: the
// ledger cannot be written, or a notice cannot be made.
func (w *worker) deliver(ctx context.Context, t *notifier.Task) error {
	s, err := w.ship(t)
	for s != nil && err == nil {
		var following *shipment
		var o notifier.Outcome
		var unmade error
		o, err = w.session.Deliver(w.abort, &s.parcel, func() *notifier.Parcel {
			following, unmade = w.follow(ctx)
			if following == nil {
				return nil
			}
			return &following.parcel
		})
		w.carried++
		err = errors.Join(w.finish(s, o, err), unmade)
		if err != nil && following != nil {
			w.abandon(following)
			return err
		}
		s = following
	}
	return err
}

// ship composes a notice and queues its claim. It returns none where the notice
// may not leave.
func (w *worker) ship(t *notifier.Task) (*shipment, error) {
	s := &shipment{task: *t, domain: registrable(t.Recipient.Address), claim: w.claimFor(t), durable: make(chan error, 1)}
	content, digest, err := w.notice.Compose(&t.Recipient, s.claim.At)
	if err != nil {
		return nil, w.unmade(err)
	}
	s.digest = digest
	s.parcel = notifier.Parcel{Envelope: w.notice.Envelope(&t.Recipient), Content: func() ([]byte, error) {
		if err := s.claimed(); err != nil {
			return nil, err
		}
		s.left = true
		return content, nil
	}}
	s.parcel.Envelope.Size = len(content)
	w.records.Add(1) // the claim's outcome, or its failure
	w.claims.queued(time.Now())
	w.ledger.Claim(s.claim, func(err error) {
		w.claims.written()
		s.durable <- err
	})
	return s, nil
}

// claimed waits until the claim is durable.
func (s *shipment) claimed() error {
	if s.waited {
		return nil
	}
	s.waited = true
	return <-s.durable
}

// follow returns the notice that may leave right behind the one that does now,
// none where there is none yet. The outcome of the one before that is queued in
// the ledger by now, and so the connection never holds more than two claims
// without one.
func (w *worker) follow(ctx context.Context) (*shipment, error) {
	if ctx.Err() != nil || w.leaving || w.lane.resting() || w.lane.retires(w.carried+1) {
		return nil, nil
	}
	select {
	case <-w.lane.leave:
		w.tooMany, w.leaving = true, true
		return nil, nil
	case t, ok := <-w.lane.tasks:
		if !ok {
			return nil, nil
		}
		return w.ship(&t)
	default:
		return nil, nil
	}
}

// finish waits for the claim, where the relay never asked for the content, and
// records the outcome. An error is the ledger's.
func (w *worker) finish(s *shipment, o notifier.Outcome, err error) error {
	if claimErr := s.claimed(); claimErr != nil {
		err = claimErr
	}
	if err != nil {
		w.records.Done()
		return err
	}
	o.Claim = s.claim
	o.Reply = s.task.Recipient.Conceal(o.Reply) // it is kept, and nobody can take it out later
	o.Variant = s.task.Recipient.Variant.String()
	if s.left {
		o.Digest = s.digest
	}
	w.elsewhere(&o)
	w.lane.doubts(&o)
	w.opts.Retry.schedule(&s.task, &o, w.lane.means(o.Mood))
	w.record(s, o)
	return nil
}

// elsewhere has a notice that this relay cannot carry tried again where there are
// others.
func (w *worker) elsewhere(o *notifier.Outcome) {
	if o.Mood == notifier.MoodUnfit && len(w.lanes) > 1 {
		o.Status = notifier.Deferred
	}
}

// abandon ends a notice whose envelope may have left when the run failed: the
// relay was not asked to take it.
func (w *worker) abandon(s *shipment) {
	o, err := w.session.Deliver(w.abort, &s.parcel, nil)
	_ = w.finish(s, o, err) // the first error is the run's
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

// record queues the outcome. Nobody waits for it but the claim after the next,
// which stands behind it in the ledger's queue.
func (w *worker) record(s *shipment, o notifier.Outcome) {
	w.judge(&o)
	w.hear(w.lane, s.domain, &o)
	w.log.Debug("attempt", "key", o.Claim.Key.String(), "attempt", o.Claim.Attempt, "wave", o.Claim.Wave,
		"relay", o.Claim.Relay, "outcome", o.Status, "cause", o.Cause, "code", o.Code, "enhanced", o.Enhanced, "reply", o.Reply)
	w.ledger.Record(o, func(err error) {
		defer w.records.Done()
		if err != nil {
			w.fail(err)
			return
		}
		w.opts.Progress.count(&o)
		if reason := w.breaker.count(&o, s.domain); reason != "" {
			w.halt(reason)
		}
		w.settle(o.Claim.ID)
	})
}

// judge takes from an outcome how the session is. The relay's own trouble ends
// it also where it is still open, because the relay wants to be left alone, but
// not before the notice whose envelope is on the wire is delivered.
func (w *worker) judge(o *notifier.Outcome) {
	trouble := o.Cause == notifier.CauseRelay || !w.session.Usable()
	if !trouble {
		w.lane.answers()
	}
	switch {
	case o.Status == notifier.Accepted:
		w.fruitful = true
		w.lane.well()
	case trouble && !w.leaving:
		if !w.lane.resting() { // then it was said why
			w.opts.Progress.trouble("relay " + w.lane.Name + ": " + o.Reply)
		}
		if !w.fruitful {
			w.lane.unwell(w.began)
		}
		w.leaving = true
	}
	w.leaving = w.leaving || w.lane.retires(w.carried)
}
