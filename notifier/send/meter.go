package send

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

// meter lets so many notices a second through. It begins, and goes on after a
// pause, with next to nothing in hand, and with nothing when the last notice
// left only just before. One goroutine uses it.
type meter struct {
	last    time.Time // when the last notice left, also before this run
	limiter *rate.Limiter
	limit   float64 // 0: none
}

// slack is the part of a second's notices that the bucket holds beyond one:
// what late timers may catch up with. In any ten seconds that is a fifth of a
// hundredth more than the rate, well below the two of a hundred that DESIGN
// section 9 allows.
const slack = 1.0 / 50

// burst is what the bucket holds. Below a few notices a second timers are never
// late enough to matter.
func burst(perSecond float64) int {
	if perSecond < 5 {
		return 1
	}
	return 2 + int(perSecond*slack)
}

// set changes the limit. What is in hand stays, as far as the new bucket has
// room for it.
func (m *meter) set(now time.Time, perSecond float64) {
	switch {
	case perSecond == m.limit:
	case perSecond <= 0:
		m.limiter = nil
	case m.limiter == nil:
		m.limiter = rate.NewLimiter(rate.Limit(perSecond), burst(perSecond))
		m.limiter.AllowN(m.empty(now, perSecond), burst(perSecond))
	default:
		m.limiter.SetLimitAt(now, rate.Limit(perSecond))
		m.limiter.SetBurstAt(now, burst(perSecond))
	}
	m.limit = perSecond
}

// empty returns since when a new bucket fills: so that there is one notice in
// it at most, and none that would follow the last one too soon.
func (m *meter) empty(now time.Time, perSecond float64) time.Time {
	since := now.Add(-seconds(1 / perSecond))
	if m.last.After(since) {
		return m.last
	}
	return since
}

// wait returns how long until a notice may leave, 0 where one may now.
func (m *meter) wait(now time.Time) time.Duration {
	if m.limiter == nil {
		return 0
	}
	missing := 1 - m.limiter.TokensAt(now)
	if missing <= 1e-9 {
		return 0
	}
	return max(seconds(missing/m.limit), time.Microsecond)
}

// spare returns how many notices could leave now.
func (m *meter) spare(now time.Time) float64 {
	if m.limiter == nil {
		return math.Inf(1)
	}
	return m.limiter.TokensAt(now)
}

// take lets a notice through.
func (m *meter) take(now time.Time) {
	m.last = now
	if m.limiter != nil {
		m.limiter.ReserveN(now, 1)
	}
}

// longest keeps waits within what a Duration can hold.
const longest = 365 * 24 * time.Hour

func seconds(s float64) time.Duration {
	if s > longest.Seconds() {
		return longest
	}
	return time.Duration(s * float64(time.Second))
}

// quota lets so many notices through in any span. It counts by the minute and
// lets a minute fall out when all of it is over.
type quota struct {
	span    time.Duration
	most    int64 // 0: no limit, but it is counted
	sum     int64
	minutes []minute // oldest first
}

type minute struct {
	start time.Time
	n     int64
}

// add counts n notices. Times before the last one count for that.
func (q *quota) add(at time.Time, n int64) {
	q.sum += n
	start := at.Truncate(time.Minute)
	if last := len(q.minutes) - 1; last >= 0 && !start.After(q.minutes[last].start) {
		q.minutes[last].n += n
		return
	}
	q.minutes = append(q.minutes, minute{start, n})
}

// wait returns how long until a notice may leave, 0 where one may now.
func (q *quota) wait(now time.Time) time.Duration {
	for len(q.minutes) > 0 && q.over(0, now) <= 0 {
		q.sum -= q.minutes[0].n
		q.minutes = q.minutes[1:]
	}
	if q.most <= 0 || q.sum < q.most {
		return 0
	}
	left := q.sum
	for i := range q.minutes {
		if left -= q.minutes[i].n; left < q.most {
			return q.over(i, now)
		}
	}
	return q.span
}

// over returns how long until a minute falls out.
func (q *quota) over(i int, now time.Time) time.Duration {
	return q.minutes[i].start.Add(time.Minute + q.span).Sub(now)
}
