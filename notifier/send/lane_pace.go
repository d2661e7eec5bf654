package send

import (
	"time"

	"breachmail/notifier"
)

// When a relay is slowed down, and how it recovers.
const (
	softOf    = 100 // replies that are looked at
	softMost  = softOf / 5
	slowest   = 1 // notices a second: a relay that says it then says it at any rate
	stepEvery = 30 * time.Second
	step      = 1.25
)

// lanePace slows a relay down that says "not so fast". More than a fifth of
// soft replies among the last hundred halve its rate, or, where it has none,
// what it took of late. Each half minute without that gives a quarter back,
// until it is where it was.
type lanePace struct {
	replies ring[bool]        // true: soft
	came    [softOf]time.Time // when each of them came
	slowed  float64           // notices a second; 0: not slowed
	full    float64           // what it was before
	next    time.Time         // when it may be raised
}

// ceiling returns the rate that may be used where limit is the one configured,
// 0 for none.
func (p *lanePace) ceiling(limit float64) float64 {
	if p.slowed > 0 && (limit <= 0 || p.slowed < limit) {
		return p.slowed
	}
	return limit
}

// count takes a reply in and reports whether the relay is slowed down for it.
func (p *lanePace) count(now time.Time, soft bool, limit float64) bool {
	p.came[p.replies.place(softOf)] = now
	p.replies.add(soft, softOf)
	if p.replies.len() < softOf || p.replies.count(true) <= softMost {
		return false
	}
	p.slow(now, limit)
	return true
}

func (p *lanePace) slow(now time.Time, limit float64) {
	was := p.ceiling(limit)
	oldest := p.came[p.replies.place(softOf)]
	if took := now.Sub(oldest).Seconds(); took > 0 && p.slowed == 0 {
		if measured := softOf / took; was <= 0 || measured < was {
			was = measured
		}
	}
	if p.slowed == 0 {
		p.full = was
	}
	p.slowed = max(was/2, min(was, slowest))
	p.next = now.Add(stepEvery)
	p.replies.clear()
}

// recover gives a step back where it is time.
func (p *lanePace) recover(now time.Time) {
	if p.slowed == 0 || now.Before(p.next) {
		return
	}
	p.next = now.Add(stepEvery)
	if p.slowed *= step; p.slowed >= p.full {
		p.slowed = 0
	}
}

// ring holds the last things that were added.
type ring[T comparable] struct {
	items []T
	next  int
	seen  map[T]int
}

func (r *ring[T]) len() int      { return len(r.items) }
func (r *ring[T]) count(x T) int { return r.seen[x] }
func (r *ring[T]) clear()        { *r = ring[T]{} }

// place returns where the next one goes: that of the oldest, where there are
// most already.
func (r *ring[T]) place(most int) int {
	if len(r.items) < most {
		return len(r.items)
	}
	return r.next
}

// add adds x, in the place of the oldest where there are most already.
func (r *ring[T]) add(x T, most int) {
	if r.seen == nil {
		r.seen = map[T]int{}
	}
	if len(r.items) < most {
		r.items = append(r.items, x)
	} else {
		r.seen[r.items[r.next]]--
		r.items[r.next] = x
		r.next = (r.next + 1) % most
	}
	r.seen[x]++
}

// hears takes from an outcome how fast the relay may be used. It reports
// whether it was slowed down for it, to what.
func (l *lane) hears(o *notifier.Outcome) (slowed float64) {
	if o.Code == 0 {
		return 0
	}
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pace.count(now, o.Mood == notifier.MoodSoft, l.share.Rate) {
		return l.pace.slowed
	}
	return 0
}
