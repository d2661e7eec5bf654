package campaign

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"time"
)

// Reason is why some recipients stay unknown.
type Reason struct {
	N   int    `json:"n"`
	Why string `json:"why"`
}

// why is what keeps somebody unknown.
type why int

// Why somebody stays unknown.
const (
	lackFirst      why = iota + 1 // the relay took nothing before
	lackLast                      // the relay took nothing since
	lackAll                       // the logs have nothing that the relay took
	lackBefore                    // they have not all that it took before
	lackAfter                     // they have not all that it took later
	lackBetween                   // nor all that it took meanwhile
	lackForeign                   // they name things otherwise than the relay did
	lackClock                     // their times are others
	lackArrivals                  // they do not say when anything came in
	lackGap                       // a file may be missing
	lackUnreadable                // a line may have said it
	lackNoLog                     // none was given
	lackUnused                    // the ledger has nothing that the relay took
	onlyBegun                     // it began to come in
	onlyEarly                     // it is named at times before it was claimed
	heldAbsent                    // demonstrably never taken
	heldRefused                   // refused, or broken off, by the log's own word
)

// lack is what is missing in the logs.
type lack struct {
	why    why
	file   string        // the log where it is missing
	at, to time.Time     // from when and until when, where that is known
	n      int           // how many lines
	apart  time.Duration // how far clocks are apart
}

// standings count people by why they stay unknown.
type standings struct {
	in   *time.Location
	list []*standing
}

// standing is a reason, and whom it holds for.
type standing struct {
	lack
	relay       string
	n           int
	first, last time.Time // the claims of those people
}

// add counts one case.
func (r *standings) add(o *openCase, l lack) {
	same := func(s *standing) bool { return s.relay == o.relay && s.lack == l }
	i := slices.IndexFunc(r.list, same)
	if i < 0 {
		i = len(r.list)
		r.list = append(r.list, &standing{lack: l, relay: o.relay, first: o.claimed, last: o.claimed})
	}
	s := r.list[i]
	s.n++
	if o.claimed.Before(s.first) {
		s.first = o.claimed
	}
	if o.claimed.After(s.last) {
		s.last = o.claimed
	}
}

// said returns the reasons in words, the most frequent first.
func (r *standings) said() []Reason {
	slices.SortStableFunc(r.list, func(a, b *standing) int { return cmp.Compare(b.n, a.n) })
	list := make([]Reason, len(r.list))
	for i, s := range r.list {
		list[i] = Reason{N: s.n, Why: s.words(r.in)}
	}
	return list
}

// words says a reason. The people are "they".
func (s *standing) words(in *time.Location) string {
	at := func(t time.Time) string { return t.In(in).Format(time.DateTime) }
	first, last := at(s.first), at(s.last)
	switch s.why {
	case lackFirst:
		return fmt.Sprintf("nothing was sent through relay %s before them, so that no log can be held against it", s.relay)
	case lackLast:
		return fmt.Sprintf("nothing was sent through relay %s that it took after %s (go on, or send a test mail with \"breachmail test\", and give its log once more)", s.relay, last)
	case lackAll:
		return fmt.Sprintf("the logs hold nothing that relay %s took (give its own log)", s.relay)
	case lackBefore:
		return fmt.Sprintf("the logs do not hold all that relay %s took before %s (give the log before)", s.relay, first)
	case lackAfter:
		return fmt.Sprintf("the logs do not hold all that relay %s took after %s (give its next log)", s.relay, last)
	case lackBetween:
		return fmt.Sprintf("the logs do not hold all that relay %s took right after %s (give the log of that time)", s.relay, first)
	case lackForeign:
		return fmt.Sprintf("the logs name notices by other ids than relay %s gave them (give that relay's own log, not the one behind it)", s.relay)
	case lackClock:
		return fmt.Sprintf("the clock of the logs is %s apart from the one of the ledger (where they are of another zone, name it with --zone)", s.apart.Abs())
	case lackArrivals:
		return fmt.Sprintf("the logs do not say, with times, what relay %s took, only what became of it", s.relay)
	case lackNoLog:
		return fmt.Sprintf("no log was given that shows what relay %s took after %s", s.relay, last)
	case lackUnused:
		return fmt.Sprintf("this ledger has nothing that relay %s took, so that no log can be told to be that relay's", s.relay)
	case lackGap:
		return s.gap(at)
	case lackUnreadable:
		return fmt.Sprintf("%s that could not be read may be about them, in %s", Many(int64(s.lack.n), "line", "lines"), filepath.Base(s.file))
	case onlyBegun:
		return "their notice began to come in, and the logs do not say whether it was taken"
	case onlyEarly:
		return "the logs name them only before they were claimed (these are other logs, or of another zone: name it with --zone)"
	case heldAbsent:
		return fmt.Sprintf("the logs show that relay %s never took their notice (--absent=resend queues it again)", s.relay)
	default:
		return fmt.Sprintf("the logs say that relay %s refused their notice, or lost the connection before its end (--absent=resend queues it again)", s.relay)
	}
}

// gap says where a log may be missing.
func (s *standing) gap(at func(time.Time) string) string {
	switch {
	case s.file != "" && !s.to.IsZero():
		return fmt.Sprintf("%s ends at %s, and the next log begins at %s: one may be missing in between", filepath.Base(s.file), at(s.at), at(s.to))
	case s.file != "":
		return fmt.Sprintf("%s ends at %s, and no other goes on there (give its next log)", filepath.Base(s.file), at(s.at))
	case s.at.IsZero():
		return fmt.Sprintf("a log begins at %s where no other ends: one may be missing before it", at(s.to))
	case s.to.IsZero():
		return fmt.Sprintf("the logs end at %s (give the next one)", at(s.at))
	}
	return fmt.Sprintf("the logs hold nothing between %s and %s: one may be missing there", at(s.at), at(s.to))
}
