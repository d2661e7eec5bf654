package send

import (
	"time"

	"breachmail/notifier"
)

// Pace is how fast may be sent. Rates are notices a second and counts are
// notices; 0 stands for no limit. The lowest limit that applies wins.
type Pace struct {
	Rate    float64            // over all relays
	PerHour int64              // in any 60 minutes
	PerDay  int64              // in any 24 hours
	Domains map[string]float64 // rates by registrable domain, ASCII and in lower case
	Ramp    *Ramp              // nil: at full rate from the start
	Hours   Hours              // nil: at any time of day
	Relays  map[string]Share   // by the relay's name
}

// Share is one relay's part.
type Share struct {
	Connections   int     // at most this many at once; at least 1
	PerConnection int     // notices after which a connection is closed; 0: never
	Weight        float64 // its part of the work beside the others'; 0 stands for 1
	Rate          float64
	PerHour       int64
	PerDay        int64
}

// Ramp lets the rate grow from From to the limit while sending for Over. What
// was sent within the last day counts.
type Ramp struct {
	From float64
	Over time.Duration
}

// Hours say at what time of day a recipient may be written to.
type Hours interface {
	// Class names the hours of a state: all of a class have the same.
	Class(state string) string
	// Next returns the first moment from at on in which those of a class may be
	// written to; at itself where that is now.
	Next(class string, at time.Time) time.Time
}

// Minute counts what was claimed through one relay within a minute.
type Minute struct {
	Start  time.Time
	Relay  string
	Claims int64
	Last   time.Time // when the last of them was made, to the second
}

// The spans of Pace.PerHour and Pace.PerDay.
const (
	hour = time.Hour
	day  = 24 * time.Hour
)

// limits are the meter and the quotas of one relay, or of all together.
type limits struct {
	rate      meter
	hour, day quota
}

// newLimits begins with what was claimed before.
func newLimits(past []Minute, now time.Time) *limits {
	l := &limits{rate: meter{last: lastClaim(past, now)}, hour: quota{span: hour}, day: quota{span: day}}
	for _, m := range past {
		l.hour.add(m.Start, m.Claims)
		l.day.add(m.Start, m.Claims)
	}
	return l
}

// set puts new limits in the place of those before.
func (l *limits) set(now time.Time, rate float64, perHour, perDay int64) {
	l.rate.set(now, rate)
	l.hour.most, l.day.most = perHour, perDay
}

// wait returns how long nothing may leave, 0 where it may now.
func (l *limits) wait(now time.Time) time.Duration {
	return max(l.rate.wait(now), l.hour.wait(now), l.day.wait(now))
}

// take lets one notice through.
func (l *limits) take(now time.Time) {
	l.rate.take(now)
	l.hour.add(now, 1)
	l.day.add(now, 1)
}

// used says which limit holds everything up, in the words of campaign.yaml.
func (l *limits) used(now time.Time) string {
	switch {
	case l.day.wait(now) > 0:
		return "per_day"
	case l.hour.wait(now) > 0:
		return "per_hour"
	}
	return "rate"
}

// lastClaim returns when the last claim was made at the latest: minutes know
// it to the second only.
func lastClaim(past []Minute, now time.Time) (last time.Time) {
	for _, m := range past {
		if end := m.Last.Add(time.Second); end.After(last) {
			last = end
		}
	}
	if last.After(now) {
		return now
	}
	return last
}

// through returns what was claimed through one relay.
func through(past []Minute, relay string) (list []Minute) {
	for _, m := range past {
		if m.Relay == relay {
			list = append(list, m)
		}
	}
	return list
}

// ramp is how far a Ramp has come.
type ramp struct {
	sent time.Duration // time spent sending
	last time.Time     // when the last notice left
}

// mostGap is the longest time between two notices that counts as sending.
const mostGap = time.Minute

// newRamp begins with the minutes in which something was claimed within a day.
func newRamp(past []Minute, now time.Time) ramp {
	minutes := map[time.Time]bool{}
	for _, m := range past {
		if now.Sub(m.Start) < day {
			minutes[m.Start] = true
		}
	}
	return ramp{sent: time.Duration(len(minutes)) * time.Minute}
}

// take notes that a notice leaves.
func (r *ramp) take(now time.Time) {
	if !r.last.IsZero() {
		r.sent += min(now.Sub(r.last), mostGap)
	}
	r.last = now
}

// rate returns what is left of full on the way up p.
func (r *ramp) rate(p *Ramp, full float64) float64 {
	if p == nil || r.sent >= p.Over || full > 0 && full <= p.From {
		return full
	}
	return p.From + (full-p.From)*float64(r.sent)/float64(p.Over)
}

// share returns a relay's part, complete.
func (p *Pace) share(relay string) Share {
	s := p.Relays[relay]
	s.Connections = max(s.Connections, 1)
	if s.Weight <= 0 {
		s.Weight = 1
	}
	return s
}

// class names the hours of a recipient.
func (p *Pace) class(r *notifier.Recipient) string {
	if p.Hours == nil {
		return ""
	}
	return p.Hours.Class(r.State)
}
