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
	dialing context.Context // cancelled when no session is needed any more
	noMore  context.CancelFunc
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

	fed   chan notifier.Task // from the feed to the dispatcher
	tasks chan notifier.Task // from the dispatcher to workers with a session
	hint  chan struct{}      // from the dispatcher to those without: somebody waits to be sent
	end   Result             // set by the feed before it ends

	mu      sync.Mutex
	fatal   error          // why the run cannot go on
	halted  string         // why a person has to look before anybody goes on
	out     map[int64]bool // handed out and without durable outcome
	settled chan struct{}  // a token whenever one of out was settled
}

func newRun(ctx, abort context.Context, l Ledger, q Queue, n Notice, o Options) *run {
	r := &run{
		abort: abort, ledger: l, queue: q, notice: n, opts: o, log: o.Log,
		limiter: newLimiter(o.Rate),
		breaker: newBreaker(o.Halt),
		fed:     make(chan notifier.Task),
		tasks:   make(chan notifier.Task),
		hint:    make(chan struct{}),
		out:     map[int64]bool{},
		settled: make(chan struct{}, 1),
	}
	r.ctx, r.stop = context.WithCancelCause(ctx)
	r.dialing, r.noMore = context.WithCancel(r.ctx)
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	if r.opts.Progress == nil {
		r.opts.Progress = new(Progress)
	}
	for _, relay := range o.Relays {
		r.relays = append(r.relays, newLane(relay))
	}
	return r
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

// startRelay starts a relay's workers.
func (r *run) startRelay(ctx context.Context, g *errgroup.Group, l *lane) {
	for range l.Connections {
		w := &worker{run: r, lane: l}
		g.Go(func() error { return w.work(ctx) })
	}
}

// dispatch lets each task through when a rate token is in hand.
func (r *run) dispatch(ctx context.Context) error {
	defer close(r.tasks)
	defer close(r.hint)
	defer r.noMore()
	for t := range r.fed {
		if r.limiter.Wait(ctx) != nil || !r.offer(ctx, t) {
			return nil
		}
	}
	return nil
}

// offer hands a task to a worker that has a session. Until one takes it, those
// without are told that it is worth dialling.
func (r *run) offer(ctx context.Context, t notifier.Task) bool {
	for {
		select {
		case r.tasks <- t:
			return true
		default:
		}
		select {
		case r.tasks <- t:
			return true
		case r.hint <- struct{}{}:
		case <-ctx.Done():
			return false
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

// halt stops the run until a person has looked. The first reason is kept.
func (r *run) halt(reason string) {
	r.mu.Lock()
	if r.halted == "" {
		r.halted = reason
	}
	r.mu.Unlock()
	r.stop(errHalt)
}

func (r *run) haltReason() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.halted
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
