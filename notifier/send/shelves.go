package send

import (
	"slices"
	"sync"
	"time"

	"breachmail/notifier"
)

// shelves are between feed and dispatcher. The feed fills, the dispatcher takes.
type shelves struct {
	pace    func() *Pace
	domains *domains
	changed func()        // wakes the dispatcher
	eaten   chan struct{} // wakes the feed: there is room, or it has to begin anew

	mu       sync.Mutex
	list     map[place]*shelf
	frontier int64 // up to which id the wave was read
	ended    bool  // and that was all of it
	finished bool  // nothing more will come
	edition  int   // counts resets
}

func newShelves(pace func() *Pace, d *domains, changed func()) *shelves {
	return &shelves{pace: pace, domains: d, changed: changed, eaten: make(chan struct{}, 1), list: map[place]*shelf{}}
}

// begin starts reading a wave. What stands on the shelves stays.
func (s *shelves) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frontier, s.ended = 0, false
	for _, shelf := range s.list { // also an empty one stays: the dispatcher may have its last one in hand
		shelf.seen = 0
	}
}

// finish says that nothing more will come.
func (s *shelves) finish() {
	s.mu.Lock()
	s.finished = true
	s.mu.Unlock()
	s.changed()
}

// reset clears the shelves, because recipients may belong elsewhere now, and
// has the wave read again. Whoever stood there is not under way any more, which
// settle is told before anybody can read them again. Only the dispatcher may call
// it, while it has nobody in hand.
func (s *shelves) reset(settle func(ids ...int64)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []int64
	for _, shelf := range s.list {
		for _, t := range slices.Concat(shelf.due.all(), shelf.fresh.all()) {
			ids = append(ids, t.Recipient.ID)
		}
	}
	settle(ids...)
	clear(s.list)
	s.frontier, s.ended = 0, false
	s.edition++
	poke(s.eaten)
}

// of returns the place of a task.
func (s *shelves) of(t *notifier.Task) place {
	return place{s.domains.apart(registrable(t.Recipient.Address)), s.pace().class(&t.Recipient)}
}

// at returns the shelf of a place, a new one where there was none. Whoever
// belongs there was not met up to the frontier.
func (s *shelves) at(p place, now time.Time) *shelf {
	shelf := s.list[p]
	if shelf == nil {
		shelf = newShelf(p, s.frontier, now)
		s.list[p] = shelf
	}
	return shelf
}

// want returns from which id on the feed should read next, false where there is
// no need to, and the edition that what is read is for.
func (s *shelves) want(now time.Time) (after int64, edition int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var behind *shelf
	free, speed := 0, 0.0
	for _, shelf := range s.list {
		if s.blocked(shelf, now) == 0 {
			free += shelf.len()
			speed += shelf.speed(now)
		}
		if shelf.seen < s.frontier && shelf.hungry(now) && (behind == nil || needier(shelf, behind)) {
			behind = shelf
		}
	}
	if behind != nil {
		return behind.seen, s.edition, true
	}
	return s.frontier, s.edition, !s.ended && scarce(free, speed)
}

// reading is a part of a wave as it was read: the tasks with ids above after,
// up to seen. No tasks stand for the end of the wave.
type reading struct {
	after, seen int64
	tasks       []notifier.Task
	edition     int
	under       map[int64]bool // who was under way before
}

// fill puts those who were read on their shelves, and calls handOut for each.
// Shelves that are full leave theirs in the queue.
func (s *shelves) fill(r reading, now time.Time, handOut func(id int64)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.edition != s.edition {
		return
	}
	if len(r.tasks) == 0 {
		s.ended, r.seen = true, s.frontier
	}
	to := make([]*shelf, len(r.tasks))
	for i := range r.tasks {
		to[i] = s.at(s.of(&r.tasks[i]), now)
	}
	takes := map[*shelf]bool{}
	for _, shelf := range s.list {
		takes[shelf] = r.after <= shelf.seen && (shelf.fresh.len() < full || shelf.hungry(now))
	}
	for i := range r.tasks {
		id, shelf := r.tasks[i].Recipient.ID, to[i]
		if takes[shelf] && id > shelf.seen && !r.under[id] {
			handOut(id)
			shelf.fresh.add(&r.tasks[i])
		}
	}
	s.frontier = max(s.frontier, r.seen)
	for shelf, took := range takes {
		if took {
			shelf.seen = max(shelf.seen, r.seen)
			shelf.left, shelf.from = 0, now
		}
	}
	s.changed()
}

// fillDue puts deferred tasks that are due on their shelves, as far as there is
// room, and calls handOut for each. It returns how many.
func (s *shelves) fillDue(tasks []notifier.Task, under map[int64]bool, now time.Time, handOut func(id int64)) (placed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	room := map[*shelf]bool{}
	for i := range tasks {
		shelf := s.at(s.of(&tasks[i]), now)
		if _, known := room[shelf]; !known {
			room[shelf] = shelf.due.len() < full
		}
		if id := tasks[i].Recipient.ID; room[shelf] && !under[id] {
			handOut(id)
			shelf.due.add(&tasks[i])
			placed++
		}
	}
	if placed > 0 {
		s.changed()
	}
	return placed
}

// read reports whether all of the wave was read: what is left of it stands on
// the shelves or is under way.
func (s *shelves) read() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, shelf := range s.list {
		if shelf.seen < s.frontier {
			return false
		}
	}
	return s.ended
}

// freeDue counts the deferred ones on the shelves who may leave now.
func (s *shelves) freeDue(now time.Time) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, shelf := range s.list {
		if s.blocked(shelf, now) == 0 {
			n += shelf.due.len()
		}
	}
	return n
}

// aMoment is how long somebody may have to wait and still be waited for before the
// next wave begins.
const aMoment = time.Minute

// stuck counts those who stand on shelves on which nobody may leave for a while,
// and returns for how long at least. It is false as long as somebody else is left
// to be read or to leave.
func (s *shelves) stuck(now time.Time) (n int, wait time.Duration, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, shelf := range s.list {
		if shelf.empty() && shelf.seen >= s.frontier {
			continue
		}
		d := s.blocked(shelf, now)
		if d < aMoment {
			return 0, 0, false
		}
		if n += shelf.len(); wait == 0 || d < wait {
			wait = d
		}
	}
	return n, wait, s.ended && wait > 0
}

// hoursCheck is how long hours that are open are taken for open.
const hoursCheck = time.Second

// blocked returns how long nobody of a shelf may leave, 0 where they may now.
func (s *shelves) blocked(shelf *shelf, now time.Time) time.Duration {
	if hours := s.pace().Hours; hours != nil && !now.Before(shelf.checked) {
		shelf.closed = hours.Next(shelf.class, now)
		if shelf.checked = now.Add(hoursCheck); shelf.closed.After(shelf.checked) {
			shelf.checked = shelf.closed
		}
	}
	if now.Before(shelf.closed) {
		return shelf.closed.Sub(now)
	}
	if shelf.domain == "" {
		return 0
	}
	return s.domains.wait(shelf.domain, now)
}

// next returns the shelf whose head leaves first, with a copy of that. Where
// there is none, it returns how long that stays so if nothing happens, 0 where
// the shelves are empty.
func (s *shelves) next(now time.Time) (first *shelf, t notifier.Task, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, shelf := range s.list {
		if shelf.empty() {
			continue
		}
		switch d := s.blocked(shelf, now); {
		case d > 0:
			if wait == 0 || d < wait {
				wait = d
			}
		case first == nil || before(shelf, first):
			first = shelf
		}
	}
	if first != nil {
		return first, *first.head(), 0
	}
	return nil, t, wait
}

// over reports whether nothing is left and nothing more will come.
func (s *shelves) over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, shelf := range s.list {
		if !shelf.empty() {
			return false
		}
	}
	return s.finished
}

// take takes the one who was at the head of a shelf away, for putBack or a
// worker.
func (s *shelves) take(shelf *shelf, id int64, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	shelf.pop(id)
	if shelf.hungry(now) {
		poke(s.eaten)
	}
}

// putBack puts the one who was taken away back.
func (s *shelves) putBack(shelf *shelf, t notifier.Task) {
	s.mu.Lock()
	defer s.mu.Unlock()
	shelf.unpop(t)
}

// poke leaves a token in a channel of one.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
