package send

import (
	"math"
	"math/rand/v2"
	"time"

	"breachmail/notifier"
)

// Retry is the schedule by which deferred recipients are tried again.
type Retry struct {
	First       time.Duration // wait after the first failed attempt
	Factor      float64       // each wait is this many times the one before
	Most        time.Duration // no wait is longer
	GiveUpAfter time.Duration // counted from the first attempt
}

// forbearance is how often a recipient's notice may meet the relay's own
// trouble and be due again at once. After that it may be this recipient who
// troubles the relay (one that hangs up on an address, say): it waits like any
// other, so that it cannot hold up everyone else for ever, and it counts as an
// attempt, unless others meet the same.
const forbearance = 5

// schedule completes a deferred outcome: when it is due again, or that it is
// given up. relays is whether others meet the same.
func (r Retry) schedule(t *notifier.Task, o *notifier.Outcome, relays bool) {
	o.Tries = t.Tries
	if o.Status != notifier.Deferred {
		return
	}
	if o.Cause == notifier.CauseRelay {
		free := t.Attempt - t.Tries
		switch {
		case free < forbearance:
			o.Due = o.At
			return
		case relays && o.Mood != notifier.MoodFine:
			o.Due = o.At.Add(r.wait(free - forbearance + 1))
			return
		}
	}
	o.Tries++
	first := t.First
	if first.IsZero() {
		first = o.Claim.At
	}
	last := first.Add(r.GiveUpAfter)
	if !o.At.Before(last) {
		o.Status, o.Cause = notifier.Refused, notifier.CauseExpired
		return
	}
	o.Due = o.At.Add(r.wait(o.Tries))
	if o.Due.After(last) {
		o.Due = last
	}
}

// wait returns the wait after the tries-th failed attempt, give or take a
// tenth, so that those deferred together do not come back together.
func (r Retry) wait(tries int) time.Duration {
	d := float64(r.First) * math.Pow(r.Factor, float64(tries-1))
	d = min(d, float64(r.Most))
	return time.Duration(d * (0.9 + 0.2*rand.Float64())) //nolint:gosec // jitter needs no secret
}

// backoff is the wait before a relay is dialled again. It grows while no
// notice was taken since the last dial.
type backoff struct{ failures int }

// The first and the longest wait before redialling.
const (
	firstRedial = time.Second
	mostRedial  = time.Minute
)

// next returns a wait between a half and the whole of what has grown so far.
func (b *backoff) next() time.Duration {
	d := min(firstRedial<<min(b.failures-1, 10), mostRedial)
	return d/2 + rand.N(d/2) //nolint:gosec // jitter needs no secret
}
