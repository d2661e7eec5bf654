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
	accepted, deferred, refused, unknown atomic.Int64
	attempts, connections                atomic.Int64

	mu   sync.Mutex
	wave string
	last string // the last trouble in words
	at   time.Time
	next time.Time
}

// Counts is what Progress has counted.
type Counts struct {
	Attempts    int64 // outcomes of this run
	Accepted    int64
	Deferred    int64 // deferred now, those from before this run included
	Refused     int64
	Unknown     int64
	Connections int64
	Wave        string
	Trouble     string    // the last one, in words
	TroubleAt   time.Time // when that was
	Next        time.Time // when the next deferred one is due, while only those are left
}

// Begin says how many were deferred before the run.
func (p *Progress) Begin(deferred int64) { p.deferred.Store(deferred) }

// Counts returns what was counted so far.
func (p *Progress) Counts() Counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Counts{
		Attempts: p.attempts.Load(), Accepted: p.accepted.Load(), Deferred: p.deferred.Load(),
		Refused: p.refused.Load(), Unknown: p.unknown.Load(), Connections: p.connections.Load(),
		Wave: p.wave, Trouble: p.last, TroubleAt: p.at, Next: p.next,
	}
}

func (p *Progress) count(o *notifier.Outcome) {
	p.attempts.Add(1)
	if o.Claim.Was == notifier.Deferred {
		p.deferred.Add(-1)
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
	p.last, p.at = words, time.Now()
}
