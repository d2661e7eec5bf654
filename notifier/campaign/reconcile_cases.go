package campaign

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sort"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// What coverage is measured by.
const (
	// besides is how many notices before an unknown one, and how many after it,
	// have to stand in the logs, as far as the relay took so many. One machine of
	// several behind a relay's name whose log is not given takes some of them.
	besides = 20
	// settling is how long after a connection is gone a relay may still take, and
	// log, what came through it.
	settling = 10 * time.Second
	// longest is how long after its claim, at most, a notice can still come in:
	// relays wait five minutes for the next bytes (RFC 5321, 4.5.3.2), and are
	// waited for ten after the last.
	longest = 15 * time.Minute
	// backward is how far times of evidence may run backward without the clock
	// having been set: outcomes of several connections overtake each other.
	backward = 2 * time.Second
)

// neighbour is a notice, or a test mail, that a relay has taken and said so: what
// stands in the relay's log about it shows what the log covers.
type neighbour struct {
	key       notifier.Key // zero: a test mail
	messageID string       // of a test mail
	relay     string
	relayID   string // the relay's own, from its reply; empty where that was not understood
	claimed   time.Time
	known     time.Time
	jumps     int // how often the clock had been set back by then

	sighting // in the logs
}

// openCase is an unknown recipient, and the neighbours around its last claim.
type openCase struct {
	key     notifier.Key
	seq     int64 // of the row that says unknown
	relay   string
	attempt int
	claimed time.Time // its Date header
	known   time.Time // when the connection was gone, or the sender was found dead
	alive   time.Time // the last sign of life of its sender before it was found dead
	first   time.Time // when it was claimed first
	before  time.Time // when the outcome of the attempt before was known; zero: there was none

	earlier, later []*neighbour // the nearest first; through the same relay
	between        []*neighbour // one for each second from its claim to the relay's last chance

	heard // in the logs
}

// casesOf finds the unknown recipients of a ledger in its evidence, and the
// neighbours of each. It takes memory for these only.
func casesOf(ctx context.Context, r ledger.Reader) ([]*openCase, error) {
	cases, err := unknownIn(ctx, r)
	if err != nil || len(cases) == 0 {
		return nil, err
	}
	for _, o := range cases {
		if err := o.past(ctx, r); err != nil {
			return nil, err
		}
	}
	n := newNeighbours(cases)
	if err := r.Evidence(ctx, n.take); err != nil {
		return nil, err
	}
	n.end()
	return cases, nil
}

// unknownIn returns whoever is unknown, by evidence row.
func unknownIn(ctx context.Context, r ledger.Reader) ([]*openCase, error) {
	found := map[notifier.Key]*openCase{}
	var alive time.Time
	err := r.Evidence(ctx, func(e ledger.Evidence) error {
		o := &e.Outcome
		if e.Kind == ledger.KindAttempt && o.Cause != notifier.CauseInterrupted {
			alive = o.At
		}
		if o.Claim.Key == (notifier.Key{}) {
			return nil
		}
		if o.Status != notifier.Unknown {
			delete(found, o.Claim.Key)
			return nil
		}
		found[o.Claim.Key] = &openCase{
			key: o.Claim.Key, seq: e.Seq, relay: o.Claim.Relay, attempt: o.Claim.Attempt,
			claimed: o.Claim.At, known: o.At, alive: alive, first: o.Claim.At,
		}
		return nil
	})
	cases := make([]*openCase, 0, len(found))
	for _, o := range found {
		cases = append(cases, o)
	}
	slices.SortFunc(cases, func(a, b *openCase) int { return cmp.Compare(a.seq, b.seq) })
	return cases, err
}

// past looks up the attempts before the last.
func (o *openCase) past(ctx context.Context, r ledger.Reader) error {
	if o.attempt <= 1 {
		return nil
	}
	rows, err := r.History(ctx, o.key)
	for i := range rows {
		e := &rows[i]
		if e.Kind != ledger.KindAttempt || e.Seq >= o.seq {
			continue
		}
		if e.Outcome.Claim.At.Before(o.first) {
			o.first = e.Outcome.Claim.At
		}
		o.before = e.Outcome.At
	}
	return err
}

// latest is when, at the latest, the relay can have logged that it took the
// notice, by the sender's clock.
func (o *openCase) latest() time.Time {
	end := o.claimed
	if o.alive.After(end) {
		end = o.alive
	}
	if end = end.Add(longest); o.known.Before(end) {
		end = o.known
	}
	return end.Add(settling)
}

// neighbours finds those of each case while the evidence goes by.
type neighbours struct {
	byRow  map[int64]*openCase
	relays map[string]*passing
	kept   map[int64]*neighbour // that some case has

	newest time.Time
	jumps  int
}

// passing is what is gathered of one relay.
type passing struct {
	recent []nearby    // the last that it took, the newest last
	ahead  []*openCase // whose claim is still to come, the first one first
	behind []*openCase // whose end went by, and that want later neighbours

	windows []window       // from claims to the relay's last chances, by time; they do not overlap
	seconds map[int64]bool // of them that have a neighbour
	between []*neighbour   // those
}

// window is a time, both ends included.
type window struct{ from, to time.Time }

// windowsOf returns the times in which the relay may have taken something of the
// cases, which come in the order of their claims.
func windowsOf(cases []*openCase) (list []window) {
	for _, o := range cases {
		w := window{o.claimed, o.latest()}
		if last := len(list) - 1; last >= 0 && !w.from.After(list[last].to) {
			if w.to.After(list[last].to) {
				list[last].to = w.to
			}
			continue
		}
		list = append(list, w)
	}
	return list
}

// inside reports whether at is in one of the windows.
func inside(list []window, at time.Time) bool {
	i := sort.Search(len(list), func(i int) bool { return !list[i].to.Before(at) })
	return i < len(list) && !list[i].from.After(at)
}

// nearby is a neighbour by its row.
type nearby struct {
	seq int64
	neighbour
}

func newNeighbours(cases []*openCase) *neighbours {
	n := &neighbours{byRow: map[int64]*openCase{}, relays: map[string]*passing{}, kept: map[int64]*neighbour{}}
	for _, o := range cases {
		n.byRow[o.seq] = o
		p := n.of(o.relay)
		p.ahead = append(p.ahead, o)
	}
	for _, p := range n.relays {
		slices.SortStableFunc(p.ahead, func(a, b *openCase) int { return a.claimed.Compare(b.claimed) })
		p.windows = windowsOf(p.ahead)
	}
	return n
}

func (n *neighbours) of(relay string) *passing {
	if n.relays[relay] == nil {
		n.relays[relay] = &passing{seconds: map[int64]bool{}}
	}
	return n.relays[relay]
}

// take takes a row of evidence in.
func (n *neighbours) take(e ledger.Evidence) error {
	at := e.Outcome.At
	if at.Before(n.newest.Add(-backward)) {
		n.jumps++
		n.newest = at
	} else if at.After(n.newest) {
		n.newest = at
	}
	if o := n.byRow[e.Seq]; o != nil {
		p := n.of(o.relay)
		n.reach(p, o)
		p.behind = append(p.behind, o)
	}
	if one, ok := neighbourOf(&e); ok && n.relays[one.relay] != nil {
		one.jumps = n.jumps
		n.pass(n.relays[one.relay], nearby{e.Seq, one})
	}
	return nil
}

// neighbourOf returns what a row says of a notice that a relay took, or a test
// mail.
func neighbourOf(e *ledger.Evidence) (neighbour, bool) {
	o := &e.Outcome
	one := neighbour{key: o.Claim.Key, relay: o.Claim.Relay, relayID: o.RelayID, claimed: o.Claim.At, known: o.At}
	if o.Status != notifier.Accepted || o.Claim.At.IsZero() {
		return one, false
	}
	switch e.Kind {
	case ledger.KindAttempt:
		return one, true
	case ledger.KindTest:
		var note ledger.TestNote
		err := json.Unmarshal([]byte(e.Note), &note)
		one.messageID = note.MessageID
		return one, err == nil && note.MessageID != ""
	}
	return one, false
}

// pass takes in what a relay took.
func (n *neighbours) pass(p *passing, one nearby) {
	for len(p.ahead) > 0 && one.known.After(p.ahead[0].claimed) {
		n.reach(p, p.ahead[0])
	}
	if second := one.known.Unix(); !p.seconds[second] && inside(p.windows, one.known) {
		p.seconds[second] = true
		p.between = append(p.between, n.keep(one))
	}
	ready, full := 0, false // they stand in the order in which they ended
	for ready < len(p.behind) && !one.claimed.Before(p.behind[ready].known.Add(settling)) {
		o := p.behind[ready]
		o.later = append(o.later, n.keep(one))
		full = full || len(o.later) >= besides
		ready++
	}
	if full {
		p.behind = slices.DeleteFunc(p.behind, func(o *openCase) bool { return len(o.later) >= besides })
	}
	if p.recent = append(p.recent, one); len(p.recent) >= 2*besides {
		p.recent = append(p.recent[:0], p.recent[len(p.recent)-besides:]...)
	}
}

// reach gives a case its earlier neighbours, unless it has come by before: all that
// went by were known before its claim.
func (n *neighbours) reach(p *passing, o *openCase) {
	switch i := slices.Index(p.ahead, o); {
	case i < 0:
		return
	case i == 0: // nearly always
		p.ahead = p.ahead[1:]
	default:
		p.ahead = slices.Delete(p.ahead, i, i+1)
	}
	for j := len(p.recent) - 1; j >= 0 && len(o.earlier) < besides; j-- {
		o.earlier = append(o.earlier, n.keep(p.recent[j]))
	}
}

// keep returns the one neighbour of that row.
func (n *neighbours) keep(one nearby) *neighbour {
	if n.kept[one.seq] == nil {
		kept := one.neighbour
		n.kept[one.seq] = &kept
	}
	return n.kept[one.seq]
}

// end gives each case those in between.
func (n *neighbours) end() {
	for _, p := range n.relays {
		slices.SortFunc(p.between, func(a, b *neighbour) int { return a.known.Compare(b.known) })
	}
	for _, o := range n.byRow {
		list := n.relays[o.relay].between
		from := sort.Search(len(list), func(i int) bool { return !list[i].known.Before(o.claimed) })
		to := sort.Search(len(list), func(i int) bool { return list[i].known.After(o.latest()) })
		o.between = list[from:max(from, to)]
	}
}
