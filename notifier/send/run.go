package send

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"breachmail/notifier"
)

// run is the state of one Run.
type run struct {
	ctx     context.Context // cancelled with a cause when nothing more may start
	stop    context.CancelCauseFunc
	abort   context.Context // cancelled when even the wire is given up
	ledger  Ledger
	queue   Queue
	notice  Notice
	opts    Options
	log     *slog.Logger
	limiter *rate.Limiter
	relays  []*lane
	breaker *breaker
	records sync.WaitGroup // outcomes on their way to the disk

	fed      chan notifier.Task // from the feed to the dispatcher
	returned chan notifier.Task // from workers that lost their session
	tasks    chan notifier.Task // from the dispatcher to the relays
	end      Result             // set by the feed before it ends

	mu      sync.Mutex
	fatal   error          // why the run cannot go on
	out     map[int64]bool // handed out and without durable outcome
	settled chan struct{}  // a token whenever one of out was settled
}

// lane is one relay's part of a run.
type lane struct {
	Relay
	limiter *rate.Limiter
	tasks   chan notifier.Task
}

func newRun(ctx, abort context.Context, l Ledger, q Queue, n Notice, o Options) *run {
	r := &run{
		abort: abort, ledger: l, queue: q, notice: n, opts: o, log: o.Log,
		limiter:  newLimiter(o.Rate),
		breaker:  newBreaker(o.Halt),
		fed:      make(chan notifier.Task),
		tasks:    make(chan notifier.Task),
		out:      map[int64]bool{},
		settled:  make(chan struct{}, 1),
		returned: make(chan notifier.Task, connections(o.Relays)),
	}
	r.ctx, r.stop = context.WithCancelCause(ctx)
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if r.opts.Progress == nil {
		r.opts.Progress = new(Progress)
	}
	for _, relay := range o.Relays {
		r.relays = append(r.relays, &lane{Relay: relay, limiter: newLimiter(relay.Rate), tasks: make(chan notifier.Task)})
	}
	return r
}

func connections(relays []Relay) int {
	n := 0
	for _, r := range relays {
		n += r.Connections
	}
	return n
}

// newLimiter returns a limiter of perSecond notices, without limit at 0. Its
// bucket holds a hundredth of a second's notices, so that neither the start
// nor a pause is followed by a burst.
func newLimiter(perSecond float64) *rate.Limiter {
	if perSecond <= 0 {
		return rate.NewLimiter(rate.Inf, 1)
	}
	return rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond/100)))
}

// startRelay starts a relay's dispatcher and its workers.
func (r *run) startRelay(ctx context.Context, g *errgroup.Group, l *lane) {
	g.Go(func() error {
		defer close(l.tasks)
		return r.pace(ctx, l.limiter, r.tasks, l.tasks)
	})
	for range l.Connections {
		w := &worker{run: r, lane: l, durable: make(chan error, 1)}
		g.Go(func() error { return w.work(ctx) })
	}
}

// dispatch lets tasks through when a rate token is in hand.
func (r *run) dispatch(ctx context.Context) error {
	defer close(r.tasks)
	for {
		if r.limiter.Wait(ctx) != nil {
			return nil
		}
		t, ok := r.nextTask(ctx)
		if !ok {
			return nil
		}
		select {
		case r.tasks <- t:
		case <-ctx.Done():
			return nil
		}
	}
}

// nextTask prefers what a worker gave back to what is new.
func (r *run) nextTask(ctx context.Context) (notifier.Task, bool) {
	select {
	case t := <-r.returned:
		return t, true
	default:
	}
	select {
	case t := <-r.returned:
		return t, true
	case t, ok := <-r.fed:
		return t, ok
	case <-ctx.Done():
		return notifier.Task{}, false
	}
}

// pace hands tasks on, each when a token of the relay's own is in hand.
func (r *run) pace(ctx context.Context, limiter *rate.Limiter, from <-chan notifier.Task, to chan<- notifier.Task) error {
	for {
		if limiter.Wait(ctx) != nil {
			return nil
		}
		t, ok := <-from
		if !ok {
			return nil
		}
		select {
		case to <- t:
		case <-ctx.Done():
			return nil
		}
	}
}

// fail stops the run for good.
func (r *run) fail(err error) {
	r.mu.Lock()
	if r.fatal == nil {
		r.fatal = err
	}
	r.mu.Unlock()
	r.stop(err)
}

func (r *run) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fatal
}

// handOut notes that a task is under way.
func (r *run) handOut(id int64) {
	r.mu.Lock()
	r.out[id] = true
	r.mu.Unlock()
}

// settle notes that a task has its durable outcome.
func (r *run) settle(id int64) {
	r.mu.Lock()
	delete(r.out, id)
	r.mu.Unlock()
	select {
	case r.settled <- struct{}{}:
	default:
	}
}

// under returns the ids that are under way now.
func (r *run) under() map[int64]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids := make(map[int64]bool, len(r.out))
	for id := range r.out {
		ids[id] = true
	}
	return ids
}

// sleep waits for d or until ctx is done.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
