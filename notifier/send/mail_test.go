package send

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"breachmail/notifier"
)

// Replies as package relay finds them.
var (
	replyTook   = answer{o: notifier.Outcome{Status: notifier.Accepted, Code: 250, Reply: "ok"}}
	replySoft   = answer{o: notifier.Outcome{Status: notifier.Deferred, Cause: notifier.CauseRecipient, Mood: notifier.MoodSoft, Code: 451, Reply: "later"}}
	replyQuota  = answer{o: notifier.Outcome{Status: notifier.Deferred, Cause: notifier.CauseRelay, Mood: notifier.MoodQuota, Code: 454, Reply: "daily quota exceeded"}, early: true}
	replyPolicy = answer{o: notifier.Outcome{Status: notifier.Deferred, Cause: notifier.CausePolicy, Mood: notifier.MoodPolicy, Code: 554, Enhanced: "5.7.1", Reply: "blocked"}}
	replySetup  = answer{o: notifier.Outcome{Status: notifier.Deferred, Cause: notifier.CauseRelay, Mood: notifier.MoodSetup, Code: 530, Enhanced: "5.7.0", Reply: "authentication required"}, early: true}
	replyRefuse = answer{o: notifier.Outcome{Status: notifier.Refused, Cause: notifier.CauseRecipient, Code: 550, Enhanced: "5.1.1", Reply: "no such user"}, early: true}
	replyClosed = answer{o: notifier.Outcome{Status: notifier.Deferred, Cause: notifier.CauseRelay, Code: 421, Reply: "closing"}, early: true, drop: true}
	replyLost   = answer{o: notifier.Outcome{Status: notifier.Unknown, Cause: notifier.CauseNoReply}, drop: true}
)

// answer is what a host says to one notice.
type answer struct {
	o     notifier.Outcome
	early bool // to the envelope: the content is never asked for
	drop  bool // and it closes the connection
}

// host is a relay that keeps the contract of Session to the letter and counts.
type host struct {
	t          testing.TB
	name       string
	pipelining bool
	latency    time.Duration // from content to reply
	says       func(a arrival) answer
	refuses    func(dial int) error // nil: every dial succeeds

	mu       sync.Mutex
	dials    []time.Time
	arrived  []arrival
	contents []time.Time    // when the contents came
	taken    map[string]int // by key, how often the content was taken
	open     int            // sessions now
	widest   []widest       // how many there were, whenever there were more
	sessions []*call
}

// envelopeTakes is how long an envelope is on the wire by itself. One that flew
// with the content before costs nothing more.
const envelopeTakes = time.Millisecond

type widest struct {
	at time.Time
	n  int
}

// arrival is one notice that came.
type arrival struct {
	n       int // counted from 1
	session int // counted from 1
	key     string
	at      time.Time
}

func (h *host) dial(context.Context) (Session, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.dials = append(h.dials, time.Now())
	if h.refuses != nil {
		if err := h.refuses(len(h.dials)); err != nil {
			return nil, err
		}
	}
	if h.taken == nil {
		h.taken = map[string]int{}
	}
	c := &call{host: h, number: len(h.sessions) + 1, usable: true}
	h.sessions = append(h.sessions, c)
	h.open++
	if len(h.widest) == 0 || h.open > h.widest[len(h.widest)-1].n {
		h.widest = append(h.widest, widest{time.Now(), h.open})
	}
	return c, nil
}

// call is a session with a host.
type call struct {
	*host
	number  int
	usable  bool
	closed  bool
	carried int
	flown   *notifier.Parcel
}

func (c *call) Usable() bool { return c.usable }

func (c *call) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		c.t.Error("closed twice")
	}
	if c.flown != nil {
		c.t.Error("closed with an envelope on the wire")
	}
	c.open--
	c.usable, c.closed = false, true
	return nil
}

func (c *call) Deliver(ctx context.Context, p *notifier.Parcel, next func() *notifier.Parcel) (notifier.Outcome, error) {
	if c.closed {
		c.t.Error("used after it was closed")
	}
	if c.flown != nil && c.flown != p {
		c.t.Error("another notice than the one whose envelope is on the wire")
	}
	flew := c.flown != nil
	c.flown = nil
	if !c.usable {
		return c.end(replyClosed.o), nil
	}
	if c.pipelining && !flew {
		time.Sleep(envelopeTakes)
	}
	a := c.hear(p.Envelope.From)
	if a.early {
		c.usable = c.usable && !a.drop
		return c.end(a.o), nil
	}
	if _, err := p.Content(); err != nil {
		c.usable = false
		return notifier.Outcome{}, err
	}
	c.mu.Lock()
	c.contents = append(c.contents, time.Now())
	c.mu.Unlock()
	if c.pipelining && next != nil && ctx.Err() == nil {
		c.flown = next()
	}
	if c.latency > 0 && sleep(ctx, c.latency) != nil {
		a = replyLost
	}
	c.usable = !a.drop
	if a.o.Status == notifier.Accepted {
		c.mu.Lock()
		c.taken[p.Envelope.From]++
		c.mu.Unlock()
	}
	return c.end(a.o), nil
}

func (c *call) hear(key string) answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.carried++
	a := arrival{n: len(c.arrived) + 1, session: c.number, key: key, at: time.Now()}
	c.arrived = append(c.arrived, a)
	if c.says == nil {
		return replyTook
	}
	return c.says(a)
}

func (c *call) end(o notifier.Outcome) notifier.Outcome {
	o.At = time.Now()
	return o
}

// within counts arrivals from one moment to another, counted from start.
func (h *host) within(start time.Time, from, to time.Duration) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, a := range h.arrived {
		if since := a.at.Sub(start); since >= from && since < to {
			n++
		}
	}
	return n
}

// throughHosts are options for several hosts.
func throughHosts(rate float64, shares map[string]Share, hosts ...*host) Options {
	o := options(&desk{}, 1, rate, Wave{Name: "rest"})
	o.Relays, o.Pace.Relays = nil, shares
	for _, h := range hosts {
		o.Relays = append(o.Relays, Relay{Name: h.name, Dial: h.dial})
	}
	return o
}

// wantAll fails unless a run ended with everybody told exactly once.
func wantAll(t *testing.T, b *book, n int, res Result, err error, hosts ...*host) {
	t.Helper()
	if err != nil || res.End != Drained || b.count(notifier.Accepted) != n || len(b.claims) != 0 {
		t.Fatalf("%+v, %v, %d of %d accepted, %d claims left", res, err, b.count(notifier.Accepted), n, len(b.claims))
	}
	wantOnce(t, b, hosts...)
}

// wantOnce fails unless hosts took the notices of those accepted, once each.
func wantOnce(t testing.TB, b *book, hosts ...*host) {
	t.Helper()
	for i := range b.rows {
		key, status := b.rows[i].task.Recipient.Key.String(), b.rows[i].task.Status
		n := 0
		for _, h := range hosts {
			n += h.taken[key]
		}
		if status == notifier.Accepted && n != 1 || status != notifier.Accepted && n != 0 {
			t.Errorf("recipient %d is %s and was taken %d times", i+1, status, n)
		}
	}
}

// moody is an error of Dial that says what the relay makes of us.
type moody struct{ mood notifier.Mood }

func (moody) Error() string         { return "535 5.7.8 credentials invalid" }
func (m moody) Mood() notifier.Mood { return m.mood }

func rest(t testing.TB, n int) *book { return newBook(t, map[string]int{"rest": n}, "rest") }

var errRefused = errors.New("connection refused")
