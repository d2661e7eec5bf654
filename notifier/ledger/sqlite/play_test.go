package sqlite_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// play is one program's use of a ledger, as a sender and its people would use
// it. What it asks for it expects of the ledger from then on, and it writes down
// on the disk what it asked for and what was answered.
type play struct {
	store ledger.Store
	disk  *disk // nil where nothing is written down

	order sync.Mutex // held while something is queued, so that want and queue agree

	mu      sync.Mutex
	want    *expected
	changes []func(*expected) // what was asked for, in the order of the queue
	acked   int               // of those, how many were said to be durable
	failed  error             // the first answer that was no
	handed  map[int64]int     // how often a notice could have left, by recipient
	wrong   []string          // what must not have been

	waiting sync.WaitGroup // for answers
}

// progress is what a program had asked for and been told at some moment.
type progress struct {
	asked, acked int
	failed       bool
	handed       map[int64]int
}

func newPlay(s ledger.Store, d *disk, base *expected, handed map[int64]int) *play {
	return &play{store: s, disk: d, want: base.clone(), handed: maps.Clone(handed)}
}

var ctx = context.Background()

// begin is when everything begins; each thing asked for is a second later.
var begin = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func (p *play) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return begin.Add(time.Duration(len(p.want.evidence)+len(p.changes)) * time.Second)
}

func (p *play) note(f func(*progress)) {
	if p.disk != nil {
		p.disk.note(f)
	}
}

// ask expects a change from now on. p.order is held until it is queued.
func (p *play) ask(change func(*expected)) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p.want)
	p.changes = append(p.changes, change)
	n = len(p.changes)
	p.note(func(g *progress) {
		if !g.failed {
			g.asked = n
		}
	})
	return n
}

// answered takes the answer to change n.
func (p *play) answered(n int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err == nil && p.failed != nil:
		p.wrong = append(p.wrong, fmt.Sprintf("change %d was taken after the ledger had failed (%v)", n, p.failed))
	case err == nil && n != p.acked+1:
		p.wrong = append(p.wrong, fmt.Sprintf("change %d was answered after %d", n, p.acked))
	case err == nil:
		p.acked = n
		p.note(func(g *progress) { g.acked = n })
	case p.failed == nil:
		p.failed = err
		p.note(func(g *progress) { g.failed = true })
	}
}

// failure returns the first answer that was no.
func (p *play) failure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed
}

// do asks for a change and waits for it.
func (p *play) do(change func(*expected), call func() error) {
	p.order.Lock()
	defer p.order.Unlock()
	n := p.ask(change)
	p.answered(n, call())
}

// refused makes a call that the ledger has to refuse, and be none the worse.
func (p *play) refused(call func() error) {
	p.order.Lock()
	defer p.order.Unlock()
	if call() == nil {
		p.mu.Lock()
		p.wrong = append(p.wrong, "what had to be refused was taken")
		p.mu.Unlock()
	}
}

// claimOf is the claim that a recipient would be sent to by now. p.order is held,
// or nobody else asks.
func (p *play) claimOf(id int64) notifier.Claim {
	row := p.want.row(id)
	return notifier.Claim{
		ID: id, Key: row.Recipient.Key, Was: row.Status, Attempt: row.Attempts + 1,
		Wave: row.Wave, Relay: []string{"primary", "second"}[id%2], At: p.now(),
		Approval: p.want.approvals[len(p.want.approvals)-1].Seq,
	}
}

// claim queues a claim; the channel gets the answer. Once it is durable the
// notice may leave, and counts as handed over.
func (p *play) claim(id int64) (notifier.Claim, <-chan error) {
	p.order.Lock()
	defer p.order.Unlock()
	c := p.claimOf(id)
	n := p.ask(func(e *expected) { e.claim(c) })
	done := make(chan error, 1)
	p.waiting.Add(1)
	p.store.Claim(c, func(err error) {
		defer p.waiting.Done()
		p.answered(n, err)
		if err == nil {
			p.handOver(id)
		}
		done <- err
	})
	return c, done
}

func (p *play) handOver(id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handed[id]++
	p.note(func(g *progress) { g.handed[id]++ })
}

// record queues the outcome of a claim; the channel gets the answer.
func (p *play) record(c notifier.Claim, s notifier.Status, cause notifier.Cause) <-chan error {
	at := p.now()
	p.order.Lock()
	defer p.order.Unlock()
	row := p.want.row(c.ID)
	o := notifier.Outcome{Claim: c, Status: s, Cause: cause, Tries: row.Tries, Variant: row.Recipient.Variant.String(), At: at}
	switch s {
	case notifier.Accepted:
		o.Code, o.Enhanced, o.Reply, o.RelayID = 250, "2.0.0", "ok", fmt.Sprintf("4XYZ%d", c.ID)
		o.Digest = sha256.Sum256(c.Key[:])
	case notifier.Deferred:
		o.Code, o.Reply, o.Due = 451, "not now", at.Add(time.Minute)
		if cause != notifier.CauseRelay {
			o.Tries++
		}
	case notifier.Refused:
		o.Code, o.Enhanced, o.Reply = 550, "5.1.1", "no such user <recipient>"
	}
	n := p.ask(func(e *expected) { e.record(o) })
	done := make(chan error, 1)
	p.waiting.Add(1)
	p.store.Record(o, func(err error) {
		defer p.waiting.Done()
		p.answered(n, err)
		done <- err
	})
	return done
}

// outcome is what becomes of a claim.
type outcome struct {
	status notifier.Status
	cause  notifier.Cause
}

var (
	taken    = outcome{notifier.Accepted, notifier.CauseNone}
	notNow   = outcome{notifier.Deferred, notifier.CauseRecipient}
	relayOut = outcome{notifier.Deferred, notifier.CauseRelay}
	never    = outcome{notifier.Refused, notifier.CauseRecipient}
	nobody   = outcome{notifier.Unknown, notifier.CauseNone}
	expired  = outcome{notifier.Refused, notifier.CauseExpired}
)

// crowd sends to recipients over three connections at once, the outcomes by
// turns. A connection has at most two claims without durable outcome.
func (p *play) crowd(ids []int64, outcomes ...outcome) {
	const connections = 3
	var all sync.WaitGroup
	for first := range connections {
		all.Go(func() {
			before := make(chan error, 1)
			before <- nil
			var last <-chan error = before
			for i := first; i < len(ids); i += connections {
				c, claimed := p.claim(ids[i])
				if <-claimed != nil {
					return
				}
				o := outcomes[i%len(outcomes)]
				known := p.record(c, o.status, o.cause)
				if <-last != nil {
					return
				}
				last = known
			}
		})
	}
	all.Wait()
	p.waiting.Wait()
}

// rush queues everything for recipients at once.
func (p *play) rush(ids []int64, outcomes ...outcome) {
	for i, id := range ids {
		c, _ := p.claim(id)
		o := outcomes[i%len(outcomes)]
		p.record(c, o.status, o.cause)
	}
	p.waiting.Wait()
}

// with returns those with one of these statuses and no claim, in a wave, or in
// any where it is empty.
func (p *play) with(wave string, statuses ...notifier.Status) []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	var ids []int64
	for _, row := range p.want.people {
		_, claimed := p.want.open[row.Recipient.ID]
		if slices.Contains(statuses, row.Status) && !claimed && (wave == "" || wave == row.Wave) {
			ids = append(ids, row.Recipient.ID)
		}
	}
	return ids
}

func first(n int, ids []int64) []int64 { return ids[:min(n, len(ids))] }

// approve approves all that is planned.
func (p *play) approve(contents ...[]byte) {
	at := p.now()
	a := ledger.Approval{By: "A. Counsel, General Counsel", Text: fmt.Sprintf("%064x", at.Unix()), Lists: map[int]string{}, At: at}
	for i := range p.want.batches {
		a.Lists[i+1] = fmt.Sprintf("%064x", i)
	}
	p.do(func(e *expected) {
		e.append(ledger.KindApproval, notifier.Outcome{})
		kept := a
		kept.Seq = int64(len(e.evidence))
		e.approvals = append(e.approvals, kept)
		for _, c := range contents {
			e.contents[sha256.Sum256(c)] = true
		}
	}, func() error {
		_, err := p.store.Approve(ctx, a, contents)
		return err
	})
}

// settled sends what can be sent until nobody is pending or deferred, planning
// and approving first where that is not there.
func (p *play) settled() {
	if len(p.want.batches) == 0 {
		planFirst(p)
	}
	if len(p.want.approvals) == 0 {
		p.approve(contents[0])
	}
	if p.want.halt != nil {
		clearHalt(p)
	}
	p.rush(p.with("", notifier.Pending, notifier.Deferred), taken)
}
