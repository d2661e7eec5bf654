package bounce

import (
	"slices"
	"time"

	"breachmail/notifier"
)

// life is the time in which one message had a queue id.
type life struct {
	who    who
	begin  time.Time
	ended  time.Time // when it left the queue; zero before that
	queued bool      // it was in the queue
	events []event
}

// livesOf sorts what happened to a queue id by message. rank puts logs in the
// order of their times, for lines of the same moment.
func livesOf(events []event, rank []int) []life {
	slices.SortStableFunc(events, func(a, b event) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		if a.file != b.file {
			return rank[a.file] - rank[b.file]
		}
		return a.line - b.line
	})
	var l lives
	ids := idsOf(events)
	for i, ev := range events {
		if ev.who.keyed {
			ev.who = ev.who.with(ids[ev.who.key])
		}
		l.add(ev, events[i+1:])
	}
	return l.list
}

// idsOf gives the Message-IDs that hold a key. A return path alone would fit to
// another message's life, whose Message-ID holds none.
func idsOf(events []event) map[notifier.Key]who {
	ids := map[notifier.Key]who{}
	for _, ev := range events {
		if ev.who.keyed && ev.who.given {
			ids[ev.who.key] = ev.who
		}
	}
	return ids
}

// lives are the messages that had one queue id, one after the other. Lines of
// one second may stand in any order; an id is never used again within the
// second in which it was made.
type lives struct {
	list  []life
	early []event // that belong to no life, unless one begins in the same second
}

// add sorts in the first of some events.
func (l *lives) add(ev event, rest []event) {
	current := l.find(ev, rest)
	switch {
	case current != nil:
		current.take(ev)
	case ev.what == opened || ev.who.known():
		l.open(ev)
	default:
		l.early = append(l.early, ev)
	}
}

// find returns the life that ev belongs to, or nil.
func (l *lives) find(ev event, rest []event) *life {
	if len(l.list) == 0 {
		return nil
	}
	last := &l.list[len(l.list)-1]
	fits := !last.over(ev.at) && !last.who.differs(ev.who)
	switch {
	case ev.what == lost:
		return l.begun(ev.since)
	case ev.what == opened && !sameSecond(last.begin, ev.at):
		return nil
	case fits && !ev.who.known() && !last.queued && last.followed(rest, ev.at):
		return nil // what never came into the queue has nothing more to say
	case fits:
		return last
	case len(l.list) > 1 && ev.who.known() && sameSecond(last.begin, ev.at):
		// A late word about the one before.
		if before := &l.list[len(l.list)-2]; !before.over(ev.at) && !before.who.differs(ev.who) {
			return before
		}
	}
	return nil
}

// begun returns the life that began in that second, or nil.
func (l *lives) begun(at time.Time) *life {
	for i := range l.list {
		if sameSecond(l.list[i].begin, at) {
			return &l.list[i]
		}
	}
	return nil
}

// followed reports whether another life begins in the second of at.
func (l *life) followed(rest []event, at time.Time) bool {
	for _, ev := range rest {
		switch {
		case !sameSecond(ev.at, at):
			return false
		case ev.what == opened && !sameSecond(l.begin, ev.at), l.who.differs(ev.who):
			return true
		}
	}
	return false
}

// open begins a life with ev, and gives it what came early in the same second.
func (l *lives) open(ev event) {
	next := life{begin: ev.at}
	next.take(ev)
	for _, e := range l.early {
		if sameSecond(e.at, ev.at) {
			next.take(e)
		}
	}
	l.early = nil
	l.list = append(l.list, next)
}

func (l *life) take(ev event) {
	l.who = l.who.with(ev.who)
	switch ev.what {
	case removed:
		l.ended, l.queued = ev.at, true
	case active, sent, deferred, bounced:
		l.queued = true
	}
	l.events = append(l.events, ev)
}

// over reports whether the life had ended before the second of at.
func (l *life) over(at time.Time) bool {
	return !l.ended.IsZero() && at.After(l.ended) && !sameSecond(at, l.ended)
}

func sameSecond(a, b time.Time) bool { return a.Unix() == b.Unix() }

// kinds says what each event of a life is as a Fact, but for those that say
// nothing where there are others.
var kinds = map[what]Kind{
	active: Taken, sent: Taken, deferred: Deferred, bounced: Bounced, rejected: Rejected,
}

// weaker are said only where a life has no other fact, the first of them that
// there is.
var weaker = []struct {
	what what
	kind Kind
}{{removed, Taken}, {lost, Rejected}, {named, Begun}}

// facts gives f what a life says about its message.
func (l *life) facts(id string, logs []LogSummary, f func(Fact) error) error {
	said := false
	for i := range l.events {
		ev := &l.events[i]
		if kind, ok := kinds[ev.what]; ok {
			said = true
			if err := f(ev.fact(kind, l.who, id, logs[ev.file].Name)); err != nil {
				return err
			}
		}
	}
	for _, w := range weaker {
		i := slices.IndexFunc(l.events, func(ev event) bool { return ev.what == w.what })
		if !said && i >= 0 {
			ev := &l.events[i]
			return f(ev.fact(w.kind, l.who, id, logs[ev.file].Name))
		}
	}
	return nil
}
