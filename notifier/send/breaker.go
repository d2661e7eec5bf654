package send

import (
	"fmt"
	"sync"

	"breachmail/notifier"
)

// Halt are the shares of the last Over outcomes above which a run stops; 1
// means never. Trouble of the relay itself does not count.
type Halt struct {
	Refused  float64
	Deferred float64
	Unknown  float64
	Over     int
}

// fewest is how many outcomes a wave must have for its end to be judged.
const fewest = 20

// breaker watches the last outcomes.
type breaker struct {
	limits Halt

	mu   sync.Mutex
	last []notifier.Status // ring of the last limits.Over outcomes
	next int
	seen map[notifier.Status]int
	why  string
}

func newBreaker(h Halt) *breaker {
	return &breaker{limits: h, seen: map[notifier.Status]int{}}
}

// count takes an outcome in and reports whether the run has to stop.
func (b *breaker) count(o *notifier.Outcome) bool {
	if o.Status == notifier.Deferred && o.Cause == notifier.CauseRelay || b.limits.Over <= 0 {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.last) < b.limits.Over {
		b.last = append(b.last, o.Status)
	} else {
		b.seen[b.last[b.next]]--
		b.last[b.next] = o.Status
		b.next = (b.next + 1) % len(b.last)
	}
	b.seen[o.Status]++
	return len(b.last) == b.limits.Over && b.judge()
}

// judgeEnd judges what there is at the end of a wave.
func (b *breaker) judgeEnd() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.last) >= fewest && b.judge()
}

func (b *breaker) judge() bool {
	for _, l := range []struct {
		status notifier.Status
		most   float64
	}{{notifier.Refused, b.limits.Refused}, {notifier.Unknown, b.limits.Unknown}, {notifier.Deferred, b.limits.Deferred}} {
		n := b.seen[l.status]
		if float64(n) > l.most*float64(len(b.last)) && b.why == "" {
			b.why = fmt.Sprintf("%d of the last %d notices were %s, more than the %.3g%% of halt.%s",
				n, len(b.last), l.status, l.most*100, l.status)
		}
	}
	return b.why != ""
}

func (b *breaker) reason() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.why
}
