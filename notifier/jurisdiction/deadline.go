package jurisdiction

import (
	"strconv"
	"time"
)

// Clocks are the incident's dates from which a deadline may be counted.
type Clocks struct {
	Discovered time.Time
	Determined time.Time // that a breach occurred; also its confirmation
	ScopeEnded time.Time // the scope was found
}

// Deadline is the day by which the people of a state are to be told.
type Deadline struct {
	State      string
	On         time.Time // the last day, at the same time of day as From
	From       time.Time // what it was counted from
	Days       int       // calendar days
	Clock      string    // what the law counts from, one of the Clock constants
	Source     string
	SourceDate string // empty where nobody knows
	Confidence string // Verified, Memory or Counsel
}

// Deadline returns the deadline of a state. A clock that the incident does not
// give falls back to the day of discovery, which is never later. It is false
// where the law gives no number of days, and where no clock has begun.
func (l *Law) Deadline(state string, c Clocks) (Deadline, bool) {
	days, ok := l.facts[state][FactDeadlineDays]
	if !ok {
		return Deadline{}, false
	}
	n, err := strconv.Atoi(days.Value)
	if err != nil {
		return Deadline{}, false
	}
	clock := l.facts[state][FactDeadlineClock].Value
	from := c.start(clock)
	if from.IsZero() {
		return Deadline{}, false
	}
	return Deadline{
		State: state, On: from.AddDate(0, 0, n), From: from, Days: n, Clock: clock,
		Source: days.Source, SourceDate: days.SourceDate, Confidence: days.Confidence,
	}, true
}

// start returns when a clock began.
func (c Clocks) start(clock string) time.Time {
	at := c.Discovered
	switch clock {
	case ClockDetermination, ClockConfirmation:
		at = c.Determined
	case ClockScopeEnded:
		at = c.ScopeEnded
	}
	if at.IsZero() {
		return c.Discovered
	}
	return at
}
