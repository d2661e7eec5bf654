package send

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

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
	start   func(*worker) // starts a worker
	pace    atomic.Pointer[Pace]
	lanes   []*lane
	domains *domains
	shelves *shelves
	breaker *breaker
	records sync.WaitGroup // outcomes on their way to the disk
	claims  claims         // those on their way to the disk

	wake chan struct{} // a token when the dispatcher should look again
	anew atomic.Bool   // a domain stands apart from now on: the shelves are filled anew
	end  Result        // set by the feed before it ends

	mu      sync.Mutex
	fatal   error          // why the run cannot go on
	halted  string         // why a person has to look before anybody goes on
	out     map[int64]bool // handed out and without durable outcome
	settled chan struct{}  // a token whenever one of out was settled
}

func newRun(ctx, abort context.Context, l Ledger, q Queue, n Notice, o Options) *run {
	now := time.Now()
	r := &run{
		abort: abort, ledger: l, queue: q, notice: n, opts: o, log: o.Log,
		breaker: newBreaker(o.Halt),
		domains: newDomains(o.Retry, lastClaim(o.Past, now)),
		wake:    make(chan struct{}, 1),
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
	r.pace.Store(&o.Pace)
	r.shelves = newShelves(r.pace.Load, r.domains, func() { poke(r.wake) })
	r.domains.set(now, o.Pace.Domains)
	for _, relay := range o.Relays {
		l := newLane(relay, o.Past, now)
		l.apply(now, o.Pace.share(relay.Name))
		r.lanes = append(r.lanes, l)
	}
	return r
}

// staff makes a relay's workers as many as it may have connections: it starts
// those that are missing, and has those that are too many leave.
func (r *run) staff(l *lane) {
	want := r.pace.Load().share(l.Name).Connections
	for ; l.workers < want; l.workers++ {
		select {
		case <-l.leave: // one that was to leave stays
		default:
			r.start(&worker{run: r, lane: l})
		}
	}
	for ; l.workers > want; l.workers-- {
		l.leave <- struct{}{}
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

// settle notes that tasks have their durable outcome, or were put back.
func (r *run) settle(ids ...int64) {
	r.mu.Lock()
	for _, id := range ids {
		delete(r.out, id)
	}
	r.mu.Unlock()
	poke(r.settled)
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

// underWay counts them.
func (r *run) underWay() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.out)
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

// hear takes from an outcome how its relay and its domain are.
func (r *run) hear(l *lane, domain string, o *notifier.Outcome) {
	if slowed := l.hears(o); slowed > 0 {
		r.log.Warn("the relay says not so fast: its rate is halved", "relay", l.Name, "per_second", slowed)
	}
	r.leave(l, l.judge(o))
	before := r.domains.apart(domain)
	if wait := r.domains.hears(domain, o, time.Now()); wait > 0 {
		r.log.Warn("a domain that defers again and again is left alone", "for", wait.Round(time.Second), "reply", o.Reply)
		r.anew.CompareAndSwap(false, before == "")
	}
	if r.domains.apart(domain) != "" {
		poke(r.wake)
	}
}

// leave leaves a relay alone where that is the verdict, and halts the run where
// it should.
func (r *run) leave(l *lane, v verdict) {
	if v == (verdict{}) {
		return
	}
	if v.rest > 0 {
		r.log.Warn("the relay is left alone", "relay", l.Name, "for", v.rest, "because", v.reason)
		r.opts.Progress.trouble("relay " + l.Name + " is left alone until " + time.Now().Add(v.rest).Local().Format("15:04:05") + ": " + v.reason)
		poke(r.wake)
	}
	if v.halt {
		r.halt("relay " + l.Name + ": " + v.reason + ", again and again")
	}
	r.outOfRelays()
}

// outOfRelays halts the run when no relay takes anything from us: whatever was
// handed over next would fail alike.
func (r *run) outOfRelays() {
	reason := ""
	for _, l := range r.lanes {
		b := l.broken()
		if b == "" {
			return
		}
		if reason == "" {
			reason = "relay " + l.Name + ": " + b
		}
	}
	r.halt(reason)
}
