// Package send hands notices to relays: waves in their order, at the set pace,
// retried when deferred, stopped by the breaker or by a notice that may not leave.
//
//	Queue ──► feed ──► dispatcher ──► workers ──► Session
//	          waves     rate tokens    claim, deliver, record
//
// The feed reads who is due, the dispatcher lets each one through when a rate
// token is in hand, a worker claims, delivers and records. Only the outcome
// moves a recipient on: whatever is read but not claimed is read again by the
// next run.
//
// Stopping goes in the order of the line: the feed ends, the dispatcher lets
// nobody through any more, workers finish what is on the wire, and Run returns
// when the last outcome is durable.
package send

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"breachmail/notifier"
)

// Ledger takes claims and outcomes; done is called once each is durable.
type Ledger interface {
	Claim(c notifier.Claim, done func(error))
	Record(o notifier.Outcome, done func(error))
}

// Queue is where tasks come from: the ledger as far as it is approved.
type Queue interface {
	// Pending returns the next tasks of a wave with ids above after, in the
	// order of their ids; none when there are no more.
	Pending(ctx context.Context, wave string, after int64) ([]notifier.Task, error)
	// Due returns deferred tasks that are due by until, and when the next one
	// after those is due; a zero time when there is none.
	Due(ctx context.Context, until time.Time) (tasks []notifier.Task, next time.Time, err error)
}

// Session is one SMTP session.
type Session interface {
	// Deliver hands over one notice. An error of p.Content ends the session and
	// is returned, with nothing sent. Where the relay allows, next is asked, once
	// and when the content of p is about to leave, for the notice that follows,
	// and the envelope of that leaves with it; nil says that there is none. What
	// next returned has to be delivered next, also when the session has ended.
	Deliver(ctx context.Context, p *notifier.Parcel, next func() *notifier.Parcel) (notifier.Outcome, error)
	// Usable reports whether another notice can be delivered.
	Usable() bool
	// Close ends the session.
	Close() error
}

// Relay is an SMTP server to hand notices to.
type Relay struct {
	Name        string
	Connections int     // at most this many at once, at least 1
	Rate        float64 // notices a second; 0: no limit of its own
	Dial        func(ctx context.Context) (Session, error)
}

// Notice makes a recipient's message. An error of Compose ends the run before
// that recipient is claimed; one that is Halting halts it.
type Notice interface {
	Compose(r *notifier.Recipient, date time.Time) (content []byte, digest notifier.Digest, err error)
	Envelope(r *notifier.Recipient) notifier.Envelope
}

// Halting is an error that nobody may send on from before a person has looked:
// the message that was made is not one that may leave.
type Halting interface {
	error
	Halt() string // what was found, in words that name nobody
}

// Wave is a part of the plan that is sent as one step.
type Wave struct {
	Name string
	Gate bool // nothing after this wave is sent until Options.Opened says so
}

// Options tell how to send.
//
// Freed reports whether the queue has begun to give people it kept back when it
// was last asked. It is asked at the end of the waves, and while deferred ones
// are waited for; the waves are then gone through again.
type Options struct {
	Relays   []Relay
	Waves    []Wave  // in order
	Rate     float64 // notices a second over all relays
	Retry    Retry
	Halt     Halt
	Wait     bool                                                 // wait for deferred ones until they are due
	Opened   func(ctx context.Context, wave string) (bool, error) // whether the gate after wave is open
	Freed    func(ctx context.Context) (bool, error)              // see below; nil: nobody ever is
	Progress *Progress                                            // counts as it goes; nil is allowed
	Log      *slog.Logger                                         // nil: nothing is logged
}

// End says why a run ended.
type End string

// The ends of a run.
const (
	Drained     End = "drained"     // nothing is left that may be sent
	AtGate      End = "at_gate"     // a gate is closed
	Waiting     End = "waiting"     // deferred ones are left, and Wait is off
	Halted      End = "halted"      // the breaker or a Halting error stopped the run
	Interrupted End = "interrupted" // the context was cancelled
)

// Result is how a run ended.
type Result struct {
	End    End
	Wave   string    // the wave behind whose gate it stopped
	Reason string    // why it was halted
	Next   time.Time // when the next deferred one is due; zero where none is
}

// errHalt stops a run that a person has to look at.
var errHalt = errors.New("halted")

// Run sends what is due. When ctx is cancelled it finishes what is on the wire
// and returns Interrupted; when abort is cancelled as well, what is on the wire
// is given up and becomes unknown. The error is one of the ledger, the queue
// or the composing of a notice; whatever was claimed by then has its outcome
// or is left to the ledger's Recover.
func Run(ctx, abort context.Context, l Ledger, q Queue, n Notice, o Options) (Result, error) {
	r := newRun(ctx, abort, l, q, n, o)
	defer r.stop(nil)
	g, gctx := errgroup.WithContext(r.ctx)
	g.Go(func() error { return r.feed(gctx) })
	g.Go(func() error { return r.dispatch(gctx) })
	for i := range r.relays {
		r.startRelay(gctx, g, r.relays[i])
	}
	err := g.Wait()
	r.records.Wait()
	return r.result(ctx, err)
}

// result tells from what stopped the run how it ended.
func (r *run) result(ctx context.Context, err error) (Result, error) {
	if fatal := r.failure(); fatal != nil {
		err = fatal
	}
	switch {
	case err != nil && !errors.Is(err, errHalt):
		return Result{}, err
	case r.haltReason() != "":
		return Result{End: Halted, Reason: r.haltReason()}, nil
	case ctx.Err() != nil:
		return Result{End: Interrupted}, nil
	}
	return r.end, nil
}
