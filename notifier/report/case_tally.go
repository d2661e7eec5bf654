package report

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"breachmail/notifier"
)

// Counts counts people.
type Counts struct {
	People, Email, Postal int64
	Standing              [standings]int64
	Refused, Bounced      int64 // notices, whatever happened after
	Letters               int64 // people to whom a letter was sent, also those who have an email as well
	Untold                int64 // people who are still to be told

	First, Last  string // days on which the first and the last notice was sent; empty where none was
	InTime, Late int64  // of those: by the deadline, and after it; 0 where there is none
}

// Dated counts what happened on one day, in UTC.
type Dated struct {
	Day                              string
	Taken, Refused, Bounced, Letters int64
}

// Reached counts people by the day on which a notice was sent to them, by the
// clock of their state: an email that a relay took and that has not come back, or
// a letter.
type Reached struct {
	Day             string
	Emails, Letters int64
}

// TallyOptions tell how a tally counts.
type TallyOptions struct {
	AlsoPostal bool                              // an email alone is not enough: everybody gets a letter, too
	Deadline   func(state string) string         // the last day; empty where there is none
	Zone       func(state string) *time.Location // whose clock says which day it is; nil: UTC
	Waves      []string                          // in sending order
}

// Tally folds people and evidence into what a report shows. It keeps counts only,
// so it stays as small for two million people as for two thousand.
type Tally struct {
	o       TallyOptions
	All     Counts
	Notices Notices
	states  map[string]*ofState
	domains map[string]*Counts
	others  Others
	other   Counts
	days    map[string]*Dated
	reached map[string]*Reached
	clock   clock
	utc     calendar
}

// ofState counts a state.
type ofState struct {
	Counts
	calendar
	deadline string
}

// NewTally begins a tally.
func NewTally(o TallyOptions) *Tally {
	return &Tally{
		o: o, states: map[string]*ofState{}, domains: map[string]*Counts{}, days: map[string]*Dated{},
		reached: map[string]*Reached{}, clock: newClock(o.Waves), utc: calendar{zone: time.UTC},
	}
}

// Add counts somebody.
func (t *Tally) Add(p *Person) {
	s := t.state(p.State)
	stands := p.standing()
	on, byLetter := t.sent(p, stands, s)
	t.All.add(p, stands, on, s.deadline)
	s.add(p, stands, on, s.deadline)
	if p.Channel == notifier.Email {
		t.notice(p.Status)
		t.domain(p, stands, on)
	}
	t.date(p)
	if on == "" {
		return
	}
	r := t.reached[on]
	if r == nil {
		r = &Reached{Day: on}
		t.reached[on] = r
	}
	if byLetter {
		r.Letters++
	} else {
		r.Emails++
	}
}

// sent returns the day on which a notice was sent to somebody, empty where none
// was that counts, and by what.
func (t *Tally) sent(p *Person, stands Standing, s *ofState) (on string, byLetter bool) {
	if stands == ByEmail && !t.o.AlsoPostal {
		return s.day(p.Taken), false
	}
	return p.Letter, true
}

func (t *Tally) state(name string) *ofState {
	s := t.states[name]
	if s == nil {
		s = &ofState{calendar: calendar{zone: time.UTC}}
		if t.o.Deadline != nil {
			s.deadline = t.o.Deadline(name)
		}
		if t.o.Zone != nil {
			s.zone = t.o.Zone(name)
		}
		t.states[name] = s
	}
	return s
}

// add counts somebody to whom a notice was sent on a day, empty where none was.
func (c *Counts) add(p *Person, stands Standing, on, deadline string) {
	c.People++
	if p.Channel == notifier.Email {
		c.Email++
	} else {
		c.Postal++
	}
	c.Standing[stands]++
	switch p.Status {
	case notifier.Refused:
		c.Refused++
	case notifier.Bounced:
		c.Bounced++
	}
	if p.Letter != "" {
		c.Letters++
	}
	switch {
	case on == "":
		c.Untold++
		return
	case c.First == "" || on < c.First:
		c.First = on
	}
	c.Last = max(c.Last, on)
	switch {
	case deadline == "":
	case on <= deadline:
		c.InTime++
	default:
		c.Late++
	}
}

func (t *Tally) notice(s notifier.Status) {
	n := &t.Notices
	switch s {
	case notifier.Pending:
		n.Pending++
	case notifier.InFlight:
		n.InFlight++
	case notifier.Deferred:
		n.Deferred++
	case notifier.Accepted:
		n.Accepted++
	case notifier.Refused:
		n.Refused++
	case notifier.Unknown:
		n.Unknown++
	case notifier.Bounced:
		n.Bounced++
	}
}

// date counts what happened on which day.
func (t *Tally) date(p *Person) {
	if !p.Taken.IsZero() {
		t.on(t.utc.day(p.Taken)).Taken++
		t.clock.add(p.Taken, p.Wave)
	}
	if !p.Bounced.IsZero() {
		t.on(t.utc.day(p.Bounced)).Bounced++
	}
	if p.Letter != "" {
		t.on(p.Letter).Letters++
	}
}

func (t *Tally) on(day string) *Dated {
	d := t.days[day]
	if d == nil {
		d = &Dated{Day: day}
		t.days[day] = d
	}
	return d
}

// Refused counts notices that were refused on a day, 2018-08-24, in UTC.
func (t *Tally) Refused(day string, notices int64) { t.on(day).Refused += notices }

// StateCounts are the counts of a state.
type StateCounts struct {
	State string
	Counts
}

// States returns what was counted by state, most people first.
func (t *Tally) States() []StateCounts {
	var list []StateCounts
	for state, s := range t.states {
		list = append(list, StateCounts{state, s.Counts})
	}
	slices.SortFunc(list, func(a, b StateCounts) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.State, b.State))
	})
	return list
}

// Of returns what was counted in a state.
func (t *Tally) Of(state string) Counts {
	if s := t.states[state]; s != nil {
		return s.Counts
	}
	return Counts{}
}

// sum adds the numbers of another count.
func (c *Counts) sum(o *Counts) {
	c.People += o.People
	c.Email += o.Email
	c.Refused += o.Refused
	c.Bounced += o.Bounced
	c.Letters += o.Letters
	c.Untold += o.Untold
	for i := range c.Standing {
		c.Standing[i] += o.Standing[i]
	}
}

// Days returns what happened by day.
func (t *Tally) Days() []Dated {
	var list []Dated
	for _, day := range slices.Sorted(maps.Keys(t.days)) {
		list = append(list, *t.days[day])
	}
	return list
}

// Reached returns to how many people a notice was sent, by day.
func (t *Tally) Reached() []Reached {
	var list []Reached
	for _, day := range slices.Sorted(maps.Keys(t.reached)) {
		list = append(list, *t.reached[day])
	}
	return list
}
