package send

import (
	"sync"
	"sync/atomic"
	"time"

	"breachmail/notifier"
)

// Progress counts a run's durable outcomes as they come. It may be read at any
// time from any goroutine.
type Progress struct {
	accepted, deferred, refused, unknown, retried atomic.Int64
	connections                                   atomic.Int64

	mu   sync.Mutex
	wave string
	last string // the relay's last trouble in words
	next time.Time
}

// Counts is what Progress has counted.
type Counts struct {
	Accepted    int64
	Deferred    int64 // deferred by this run and not sent since
	Refused     int64
	Unknown     int64
	Connections int64
	Wave        string
	Trouble     string
	Next        time.Time // when the next deferred one is due, while only those are left
}

// Counts returns what was counted so far.
func (p *Progress) Counts() Counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Counts{
		Accepted: p.accepted.Load(), Deferred: p.deferred.Load() - p.retried.Load(),
		Refused: p.refused.Load(), Unknown: p.unknown.Load(), Connections: p.connections.Load(),
		Wave: p.wave, Trouble: p.last, Next: p.next,
	}
}

func (p *Progress) count(o *notifier.Outcome) {
	if o.Claim.Was == notifier.Deferred {
		p.retried.Add(1)
	}
	switch o.Status {
	case notifier.Accepted:
		p.accepted.Add(1)
	case notifier.Deferred:
		p.deferred.Add(1)
	case notifier.Refused:
		p.refused.Add(1)
	case notifier.Unknown:
		p.unknown.Add(1)
	}
}

func (p *Progress) setWave(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wave = name
}

func (p *Progress) setNext(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next = at
}

func (p *Progress) trouble(words string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = words
}
