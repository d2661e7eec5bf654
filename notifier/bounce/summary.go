package bounce

import (
	"fmt"
	"time"
)

// Summary is what was read, log by log, in the order they were given.
type Summary struct {
	Logs []LogSummary
}

// LogSummary says what was found in one log. Nothing in it is personal.
type LogSummary struct {
	Name   string
	Format Format
	Lines  int

	Seen                int       // lines, or events, by which a message of this campaign is named, asked for or not
	First, Last         time.Time // the earliest and latest time in the log; zero where there was none
	FirstSeen, LastSeen time.Time // the same, of the lines counted in Seen

	Unreadable int          // lines, or events, that could not be read
	Samples    []Unreadable // the first few of them
}

// maxSamples is how many unreadable lines are named one by one.
const maxSamples = 5

// Unreadable is a line that could not be read.
type Unreadable struct {
	File   string
	Line   int
	Reason string // never quotes the line
}

// String returns "file:line: reason".
func (u Unreadable) String() string { return fmt.Sprintf("%s:%d: %s", u.File, u.Line, u.Reason) }

func (s *LogSummary) unreadable(line int, reason string) {
	s.Unreadable++
	if len(s.Samples) < maxSamples {
		s.Samples = append(s.Samples, Unreadable{s.Name, line, reason})
	}
}

// stamp notes a time that stands in the log.
func (s *LogSummary) stamp(at time.Time) { widen(&s.First, &s.Last, at) }

// seen counts a message of ours.
func (s *LogSummary) seen(at time.Time) {
	s.Seen++
	widen(&s.FirstSeen, &s.LastSeen, at)
}

func widen(first, last *time.Time, at time.Time) {
	if at.IsZero() {
		return
	}
	if first.IsZero() || at.Before(*first) {
		*first = at
	}
	if at.After(*last) {
		*last = at
	}
}
