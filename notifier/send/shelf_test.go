package send

import (
	"testing"
	"time"

	"breachmail/notifier"
)

// stocked are shelves without limits, with the tasks of a book in them.
func stocked(b *book, now time.Time) *shelves {
	pace := Pace{}
	s := newShelves(func() *Pace { return &pace }, newDomains(Retry{}, now), func() {})
	s.begin()
	var tasks []notifier.Task
	for _, r := range b.rows {
		tasks = append(tasks, r.task)
	}
	s.fill(reading{seen: int64(len(tasks)), tasks: tasks}, now, func(int64) {})
	return s
}

// retried is a task that is due again.
func retried(t notifier.Task) notifier.Task {
	t.Attempt, t.Status = t.Attempt+1, notifier.Deferred
	return t
}

// TestAnswerMeetsItsShelf: a notice may have its outcome, and be due again, as
// soon as it was taken off its shelf. What stands there from then on is the
// later one: for the earlier the ledger would refuse a second claim, and the run
// would end.
func TestAnswerMeetsItsShelf(t *testing.T) {
	now := time.Now()
	b := rest(t, 2)
	s := stocked(b, now)
	for attempt, want := range []int64{1, 1, 2} {
		shelf, task, _ := s.next(now)
		if shelf == nil || task.Recipient.ID != want || want == 1 && task.Attempt != attempt {
			t.Fatalf("step %d: recipient %d with attempt %d stands first", attempt, task.Recipient.ID, task.Attempt)
		}
		s.take(shelf, task.Recipient.ID, now)
		if attempt == 0 {
			s.fillDue([]notifier.Task{retried(task)}, nil, now, func(int64) {})
		}
	}
	if shelf, task, _ := s.next(now); shelf != nil {
		t.Errorf("recipient %d still stands there", task.Recipient.ID)
	}
}

// TestPutBackIsAsBefore: whoever nobody took is the first again, also where a
// fresh one had its turn before a deferred one, and where others came meanwhile.
func TestPutBackIsAsBefore(t *testing.T) {
	now := time.Now()
	for _, came := range []bool{false, true} {
		b := rest(t, 20)
		s := stocked(b, now)
		late := rest(t, 40)
		var due []notifier.Task
		for _, r := range late.rows[20:30] {
			due = append(due, retried(r.task))
		}
		s.fillDue(due, nil, now, func(int64) {})
		seen := map[int64]bool{}
		for len(seen) < 30 {
			shelf, task, _ := s.next(now)
			if shelf == nil {
				t.Fatalf("%d of 30 left", len(seen))
			}
			for range 2 {
				s.take(shelf, task.Recipient.ID, now)
				if came && len(seen) == 4 {
					s.fillDue([]notifier.Task{retried(late.rows[30].task)}, nil, now, func(int64) {})
					came = false
					seen[0] = true // makes it one more to come
				}
				s.putBack(shelf, task)
				if _, again, _ := s.next(now); again.Recipient.ID != task.Recipient.ID {
					t.Fatalf("after %d: recipient %d was put back, and %d stands first", len(seen), task.Recipient.ID, again.Recipient.ID)
				}
			}
			s.take(shelf, task.Recipient.ID, now)
			if seen[task.Recipient.ID] {
				t.Fatalf("recipient %d left twice", task.Recipient.ID)
			}
			seen[task.Recipient.ID] = true
		}
	}
}

// TestResetSettles: whoever stood on the shelves is not under way any more before
// the shelves can be filled again, and what was read before does not fill them.
func TestResetSettles(t *testing.T) {
	now := time.Now()
	b := rest(t, 3)
	s := stocked(b, now)
	var ids []int64
	s.reset(func(gone ...int64) {
		if s.edition != 0 {
			t.Error("the new edition shows already")
		}
		ids = gone
	})
	if len(ids) != 3 {
		t.Errorf("%d stood there, want 3", len(ids))
	}
	s.fill(reading{seen: 3, tasks: []notifier.Task{b.rows[0].task}}, now, func(int64) { t.Error("filled with what was read before") })
	if shelf, _, _ := s.next(now); shelf != nil {
		t.Error("somebody stands there")
	}
}

// TestShelvesHoldNoMore than what stands on them, however many went through: a
// shelf that is never empty must not keep the places of all who left.
func TestShelvesHoldNoMore(t *testing.T) {
	var l line
	b := rest(t, 1)
	for i := range 100_000 {
		l.add(&b.rows[0].task)
		if i >= low {
			l.pop()
		}
	}
	if l.len() != low || cap(l.tasks) > 10*full {
		t.Errorf("%d tasks stand in room for %d", l.len(), cap(l.tasks))
	}
}

// TestBeginKeepsWhoIsInHand: a wave begins while the dispatcher has the last one of
// a shelf in hand, whom nobody takes: that one stands there again.
func TestBeginKeepsWhoIsInHand(t *testing.T) {
	now := time.Now()
	s := stocked(rest(t, 1), now)
	shelf, task, _ := s.next(now)
	s.take(shelf, task.Recipient.ID, now)
	s.begin()
	s.putBack(shelf, task)
	if shelf, again, _ := s.next(now); shelf == nil || again.Recipient.ID != task.Recipient.ID {
		t.Error("whoever was put back is gone")
	}
}
