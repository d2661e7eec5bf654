package send

import (
	"context"
	"sync"

	"golang.org/x/time/rate"
)

// lane is one relay's part of a run: its own limit, and how it has answered of
// late.
type lane struct {
	Relay
	limiter *rate.Limiter
	dialing chan struct{} // held by the one worker that dials

	mu   sync.Mutex
	wait backoff
}

func newLane(r Relay) *lane {
	return &lane{Relay: r, limiter: newLimiter(r.Rate), dialing: make(chan struct{}, 1)}
}

// well notes that the relay took a notice.
func (l *lane) well() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wait.failures = 0
}

// unwell notes that a dial failed, or that a session ended in trouble without
// having taken a notice. A session that took some is no sign of trouble: relays
// end sessions after so many messages, and connections break.
func (l *lane) unwell() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wait.failures++
}

// dial opens a session, one worker at a time, so that a relay that is back is
// found by one dial and not by all. While the relay is unwell it waits first.
func (l *lane) dial(ctx context.Context, waits func(backoff)) (Session, error) {
	select {
	case l.dialing <- struct{}{}:
		defer func() { <-l.dialing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	l.mu.Lock()
	wait := l.wait
	l.mu.Unlock()
	if wait.failures > 0 {
		waits(wait)
		if err := sleep(ctx, wait.next()); err != nil {
			return nil, err
		}
	}
	s, err := l.Dial(ctx)
	if err != nil {
		l.unwell()
	}
	return s, err
}
