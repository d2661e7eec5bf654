package campaign

import (
	"slices"
	"strings"
	"time"

	"breachmail/notifier/bounce"
)

// Whether a log would name a notice, had the relay taken it, is shown by those
// that the ledger knows the relay took:
//
//	earlier neighbours       the claim … the relay's last chance       later ones
//	──────●──●──●────────────────[─●────●────●────●──]──────────────────●──●──●────►
//	     the nearest 20           one for each second               the nearest 20
//
// All of them have to be found, as they came in, under the relay's own ids: then
// the logs are this relay's, hold all of its machines, and everything it took. From
// the claim on no file may end without another that goes on, and no line may have
// been unreadable. Times of the log are compared with times of the ledger only as far
// as the neighbours show how far the clocks are apart; where the sender's clock
// was set back meanwhile, all from the nearest neighbour to the nearest has to be
// whole.

// seam is how long a relay may have been silent where one of its log files ends
// and the next one begins.
const seam = 3 * time.Second

// sighting is what the logs have about a neighbour.
type sighting struct {
	named   bool      // something
	late    bool      // that it arrived, at another time
	foreign bool      // that it arrived, under another id than the relay gave
	arrived bool      // that it arrived
	at      time.Time // when, by the log's clock
	file    int       // and in which log
}

// hear takes a fact about a neighbour in.
func (n *neighbour) hear(f *bounce.Fact, file int) {
	if !f.Kind.Proves() {
		return
	}
	n.named = true
	switch {
	case !f.Arrived || f.At.IsZero():
	case !sameID(n.relayID, f.RelayID):
		n.foreign = true
	case f.At.Before(n.claimed.Add(-clockApart)) || f.At.After(n.known.Add(clockApart)):
		n.late = true
		if !n.arrived {
			n.at = f.At
		}
	case !n.arrived || f.At.Before(n.at):
		n.arrived, n.at, n.file = true, f.At, file
	}
}

// sameID reports whether a relay's id of its reply may be that of its log: some
// put more behind it there.
func sameID(reply, log string) bool {
	return reply == "" || log == "" || reply == log || strings.HasPrefix(log, reply+".")
}

// logbook is all the logs that were read.
type logbook []bounce.LogSummary

// covers returns why the logs do not show that the relay never took the notice of
// o, nil where they do.
func (b logbook) covers(o *openCase) *lack {
	l := o.unseen()
	if l != nil && l.why != lackBetween {
		return l
	}
	from, to := o.window()
	in := map[int]bool{}
	for _, n := range o.besides() {
		if n.arrived {
			in[n.file] = true
		}
	}
	if file := b.whole(in, from, to); file != nil {
		return file // it says more
	}
	return l
}

// besides returns all neighbours.
func (o *openCase) besides() []*neighbour { return slices.Concat(o.earlier, o.between, o.later) }

// unseen says which neighbours are not where they have to be.
func (o *openCase) unseen() *lack {
	named := func(n *neighbour) bool { return n.named }
	switch {
	case len(o.earlier) == 0:
		return &lack{why: lackFirst}
	case !slices.ContainsFunc(o.earlier, named) && !slices.ContainsFunc(o.later, named):
		return &lack{why: lackAll}
	}
	if l := missing(o.earlier, lackBefore); l != nil {
		return l
	}
	if len(o.later) == 0 {
		return &lack{why: lackLast}
	}
	if l := missing(o.later, lackAfter); l != nil {
		return l
	}
	return missing(o.between, lackBetween)
}

// missing says what is wrong with the nearest neighbour that is not found as it
// has to be; unnamed is why where it is not named at all.
func missing(list []*neighbour, unnamed why) *lack {
	i := slices.IndexFunc(list, func(n *neighbour) bool { return !n.arrived })
	if i < 0 {
		return nil
	}
	switch n := list[i]; {
	case !n.named:
		return &lack{why: unnamed}
	case n.foreign:
		return &lack{why: lackForeign}
	case n.late:
		return &lack{why: lackClock, apart: n.at.Sub(n.known).Round(time.Minute)}
	}
	return &lack{why: lackArrivals}
}

// window returns the time, by the log's clock, in which the relay would have
// taken the notice.
func (o *openCase) window() (from, to time.Time) {
	last, next := o.earlier[0], o.later[0]
	if last.jumps != next.jumps {
		return last.at, next.at
	}
	slow, fast := clocks(o.besides())
	from, to = o.claimed.Add(slow), o.latest().Add(fast)
	if to.After(next.at) {
		to = next.at
	}
	return from, to
}

// clocks returns how far the log's clock is behind the sender's, and ahead of it,
// at most. Logs and claims are as exact as a second.
func clocks(list []*neighbour) (slow, fast time.Duration) {
	for _, n := range list {
		if !n.arrived {
			continue
		}
		slow = min(slow, n.at.Sub(n.known))
		fast = max(fast, n.at.Sub(n.claimed))
	}
	return slow - time.Second, fast + time.Second
}

// whole returns what may be missing between two times in the logs of one relay,
// some of which are in.
func (b logbook) whole(in map[int]bool, from, to time.Time) *lack {
	for f := range in {
		switch b[f].Format {
		case bounce.Postfix, bounce.Journal, bounce.Exim:
		default:
			return b.stream(b[f].Format, from, to)
		}
	}
	w := &whole{logbook: b, in: in, next: map[int]int{}, joined: map[int]bool{}, from: from, to: to}
	return w.judge()
}

// whole joins the log files of machines: where one ends, another one has to go on,
// and each of them only once, so that the log of one machine does not stand in for
// that of another.
type whole struct {
	logbook
	in       map[int]bool
	next     map[int]int  // the file that goes on where another ends
	joined   map[int]bool // it does
	from, to time.Time
}

func (w *whole) judge() *lack {
	work := []int{}
	for f := range w.in {
		work = append(work, f)
	}
	slices.Sort(work)
	begun := false
	for len(work) > 0 {
		f := work[0]
		work = work[1:]
		s := &w.logbook[f]
		if s.Unreadable > 0 && !s.Last.Before(w.from) && !s.First.After(w.to) {
			return &lack{why: lackUnreadable, file: s.Name, n: s.Unreadable}
		}
		begun = begun || !s.First.After(w.from) && !s.Last.Before(w.from)
		for _, join := range []func(int) (int, *lack){w.after, w.before} {
			g, l := join(f)
			if l != nil {
				return l
			}
			if g >= 0 && !w.in[g] {
				w.in[g] = true
				work = append(work, g)
			}
		}
	}
	if !begun {
		return &lack{why: lackGap, to: w.begins(w.from)}
	}
	return nil
}

// after returns the file that goes on where f ends, -1 where none has to.
func (w *whole) after(f int) (int, *lack) {
	s := &w.logbook[f]
	if g, ok := w.next[f]; ok {
		return g, nil
	}
	if s.Last.Before(w.from) || !s.Last.Before(w.to) {
		return -1, nil
	}
	g := w.nearest(f, func(g int, t *bounce.LogSummary) (time.Duration, bool) {
		return t.First.Sub(s.Last).Abs(), !w.joined[g] && !t.Last.Before(s.Last)
	})
	if g < 0 {
		return -1, &lack{why: lackGap, file: s.Name, at: s.Last, to: w.begins(s.Last)}
	}
	w.next[f], w.joined[g] = g, true
	return g, nil
}

// before returns the file that ends where f begins, -1 where none has to.
func (w *whole) before(f int) (int, *lack) {
	s := &w.logbook[f]
	if w.joined[f] || !s.First.After(w.from) || s.First.After(w.to) {
		return -1, nil
	}
	g := w.nearest(f, func(g int, t *bounce.LogSummary) (time.Duration, bool) {
		_, taken := w.next[g]
		return s.First.Sub(t.Last).Abs(), !taken && !t.First.After(s.First)
	})
	if g < 0 {
		return -1, &lack{why: lackGap, to: s.First}
	}
	w.next[g], w.joined[f] = f, true
	return g, nil
}

// nearest returns the file of the same kind that is joined to f with the shortest
// silence, -1 where none is with less than a seam.
func (w *whole) nearest(f int, join func(g int, t *bounce.LogSummary) (time.Duration, bool)) int {
	best, silence := -1, seam+1
	for g := range w.logbook {
		t := &w.logbook[g]
		if g == f || t.Format != w.logbook[f].Format || t.First.IsZero() {
			continue
		}
		if d, ok := join(g, t); ok && d < silence {
			best, silence = g, d
		}
	}
	return best
}

// begins returns when the next file begins behind a time, zero where none does.
func (w *whole) begins(at time.Time) (next time.Time) {
	for i := range w.logbook {
		if t := w.logbook[i].First; t.After(at) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	return next
}

// stream does the same for events of a service, or a table: they say nothing of
// machines, and files of them may overlap.
func (b logbook) stream(format bounce.Format, from, to time.Time) *lack {
	var list []bounce.LogSummary
	for _, s := range b {
		if s.Format == format && !s.First.IsZero() {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b bounce.LogSummary) int { return a.First.Compare(b.First) })
	var reached time.Time
	for _, s := range list {
		if s.Unreadable > 0 && !s.Last.Before(from) && !s.First.After(to) {
			return &lack{why: lackUnreadable, file: s.Name, n: s.Unreadable}
		}
		if s.First.After(reached.Add(seam)) && s.First.After(from) && reached.Before(to) {
			return &lack{why: lackGap, at: reached, to: s.First}
		}
		if s.Last.After(reached) {
			reached = s.Last
		}
	}
	if reached.Before(to) {
		return &lack{why: lackGap, at: reached}
	}
	return nil
}
