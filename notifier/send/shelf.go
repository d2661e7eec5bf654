package send

import (
	"cmp"
	"slices"
	"time"

	"breachmail/notifier"
)

// place is where a recipient stands: domain where that may be kept waiting by
// itself, and class where there are hours.
type place struct{ domain, class string }

// shelf holds the tasks of one place, in the order in which they may leave.
// What does not fit is left in the queue, and read again from seen on.
type shelf struct {
	place
	due   line // deferred ones
	fresh line // of the wave
	turn  bool // a fresh one is next, where there are both: those who trouble the relay hold up nobody else

	turned bool  // what turn was before the last pop
	seen   int64 // up to which id of the wave all that belong here were taken

	closed  time.Time // the hours are over until then
	checked time.Time // until when that need not be asked again

	left int       // notices that left since
	from time.Time // this moment
}

// How much a shelf holds: it is filled again below low notices or those of a
// quarter of a second, and takes no more from full on. A block of the queue is
// taken as a whole.
const (
	low  = 128
	full = 256
)

func (s *shelf) len() int    { return s.due.len() + s.fresh.len() }
func (s *shelf) empty() bool { return s.len() == 0 }

// head returns the task that may leave first; there must be one.
func (s *shelf) head() *notifier.Task {
	if s.dueFirst() {
		return s.due.head()
	}
	return s.fresh.head()
}

func (s *shelf) dueFirst() bool { return s.due.len() > 0 && (!s.turn || s.fresh.len() == 0) }

// pop takes away the task with that id, which was the head a moment ago:
// deferred ones may have come since.
func (s *shelf) pop(id int64) {
	s.turned, s.turn = s.turn, s.due.len() > 0 && s.due.head().Recipient.ID == id
	s.last().pop()
	s.left++
}

// unpop takes back what pop did last.
func (s *shelf) unpop(t notifier.Task) {
	s.last().unpop(t)
	s.turn = s.turned
	s.left--
}

// last is the line from which the last one left.
func (s *shelf) last() *line {
	if s.turn {
		return &s.due
	}
	return &s.fresh
}

// hungry reports whether a shelf should be filled now.
func (s *shelf) hungry(now time.Time) bool { return scarce(s.fresh.len(), s.speed(now)) }

func scarce(n int, speed float64) bool { return n < low || float64(n) < speed/4 }

// speed is how many notices left in a second, of late.
func (s *shelf) speed(now time.Time) float64 {
	return float64(s.left) / max(now.Sub(s.from).Seconds(), 0.1)
}

// before reports whether a's head leaves before b's: a deferred one first, then
// by id, the plan's order.
func before(a, b *shelf) bool {
	if a.dueFirst() != b.dueFirst() {
		return a.dueFirst()
	}
	return a.head().Recipient.ID < b.head().Recipient.ID
}

// needier reports whether a is to be filled before b.
func needier(a, b *shelf) bool {
	return cmp.Or(cmp.Compare(a.len(), b.len()), cmp.Compare(a.seen, b.seen)) < 0
}

func newShelf(p place, seen int64, now time.Time) *shelf {
	return &shelf{place: p, seen: seen, from: now}
}

// line is a queue of tasks.
type line struct {
	tasks []notifier.Task
	at    int // the head's place
}

func (l *line) len() int             { return len(l.tasks) - l.at }
func (l *line) head() *notifier.Task { return &l.tasks[l.at] }
func (l *line) all() []notifier.Task { return l.tasks[l.at:] }

// add puts a task at the end. Room that those who left had is used again.
func (l *line) add(t *notifier.Task) {
	if len(l.tasks) == cap(l.tasks) && l.at > len(l.tasks)/2 {
		n := copy(l.tasks, l.all())
		clear(l.tasks[n:])
		l.tasks, l.at = l.tasks[:n], 0
	}
	l.tasks = append(l.tasks, *t)
}

// pop takes the head away, and lets go of what it holds.
func (l *line) pop() {
	l.tasks[l.at] = notifier.Task{}
	l.at++
}

// unpop puts a head back.
func (l *line) unpop(t notifier.Task) {
	if l.at == 0 {
		l.tasks = slices.Insert(l.tasks, 0, t)
		return
	}
	l.at--
	l.tasks[l.at] = t
}
