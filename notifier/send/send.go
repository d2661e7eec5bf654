// Package send hands notices to relays: waves in their order, at the set pace,
// retried when deferred, stopped by the breaker or by a notice that may not leave.
//
//	Queue ──► feed ──► shelves ──► dispatcher ──► workers ──► Session
//	          waves    by domain    pace, hours,   claim, deliver, record
//	                   and hours    which relay
//
// The feed reads who is due and puts them on shelves: those who may be kept
// waiting by a limit of their domain, or by the time of day, stand apart from
// the others and hold nobody up. The dispatcher lets the first one through who
// may leave, when tokens are in hand, to the relay whose turn it is. A worker
// is one connection: it claims, delivers and records. Only the outcome moves a
// recipient on: whatever is read but not claimed is read again by the next run.
//
// # What an outcome does to the pace
//
// The outcome's Mood, which package relay finds in the reply, decides:
//
//	soft    when more than a fifth of a relay's last 100 replies are soft, its
//	        rate is halved, and recovers by steps (lane_pace.go)
//	quota   the relay is left alone for a quarter of an hour, then asked again
//	policy  the relay is left alone, longer each time; the third time in a row
//	        halts the run (lane_mood.go)
//	setup   the relay is left out until it takes notices again; when all are
//	        out, the run halts
//
// A domain that defers five times in a row is left alone as a whole, and then
// asked with one notice (domain.go). The shares of refused, deferred and
// unknown outcomes, overall, through a relay and in a domain, halt the run
// (breaker.go).
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
	// order of their ids, and up to which id it has looked; no tasks when there
	// are no more.
	Pending(ctx context.Context, wave string, after int64) (tasks []notifier.Task, seen int64, err error)
	// Due returns some of the deferred tasks that are due by until, and when the
	// next one after all of those is due, a zero time when there is none. Asked
	// again with the same until it returns some others, none at the end; with
	// another it begins anew.
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

// Relay is an SMTP server to hand notices to. An error of Dial may have a
// method Mood() notifier.Mood.
type Relay struct {
	Name string
	Dial func(ctx context.Context) (Session, error)
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
	Waves    []Wave // in order
	Pace     Pace
	Changes  <-chan Pace // what Pace is from now on; nil: it stays
	Past     []Minute    // what was claimed in the last 25 hours
	Retry    Retry
	Halt     Halt
	Wait     bool                                                 // wait for deferred ones until they are due
	Opened   func(ctx context.Context, wave string) (bool, error) // whether the gate after wave is open
	Freed    func(ctx context.Context) (bool, error)              // see above; nil: nobody ever is
	Progress *Progress                                            // counts as it goes; nil is allowed
	Log      *slog.Logger                                         // nil: nothing is logged
}

// End says why a run ended.
type End string

// The ends of a run.
const (
	Drained     End = "drained"     // nothing is left that may be sent
	AtGate      End = "at_gate"     // a gate is closed
	Waiting     End = "waiting"     // some are left for later, and Wait is off
	Halted      End = "halted"      // the breaker, a relay or a Halting error stopped the run
	Interrupted End = "interrupted" // the context was cancelled
)

// Result is how a run ended.
type Result struct {
	End     End
	Wave    string    // the wave behind whose gate it stopped
	Reason  string    // why it was halted
	Samples []string  // replies that led to it, without recipients
	Next    time.Time // when the next one may leave; zero where there is none
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
	r.start = func(w *worker) { g.Go(func() error { return w.work(gctx) }) }
	for _, l := range r.lanes {
		r.staff(l)
	}
	g.Go(func() error { return r.feed(gctx) })
	g.Go(func() error { return r.dispatch(gctx) })
	err := g.Wait()
	r.records.Wait()
	return r.result(ctx, err)
}

// result tells from what stopped the run how it ended.
func (r *run) result(ctx context.Context, err error) (Result, error) {
	if fatal := r.failure(); fatal != nil {
		err = fatal
	}
	halt := r.haltReason()
	switch {
	case err != nil && !errors.Is(err, errHalt):
		return Result{}, err
	case halt != "":
		return Result{End: Halted, Reason: halt, Samples: r.breaker.samples.lines()}, nil
	case ctx.Err() != nil:
		return Result{End: Interrupted}, nil
	}
	return r.end, nil
}
