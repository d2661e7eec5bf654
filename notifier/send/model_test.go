package send

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"breachmail/notifier"
)

// shop is open in some hours of each day, different ones by the state, "" ever.
type shop map[string][2]int

func (shop) Class(state string) string { return state }

func (s shop) Next(class string, at time.Time) time.Time {
	h, limited := s[class]
	if !limited {
		return at
	}
	midnight := at.UTC().Truncate(24 * time.Hour)
	for d := range 2 {
		day := midnight.Add(time.Duration(d) * 24 * time.Hour)
		from, to := day.Add(time.Duration(h[0])*time.Hour), day.Add(time.Duration(h[1])*time.Hour)
		if at.Before(from) {
			return from
		}
		if at.Before(to) {
			return at
		}
	}
	panic("open every day")
}

// world is one drawn run.
type world struct {
	t      *rapid.T
	start  time.Time
	n      int
	b      *book
	hosts  []*host
	o      Options
	paces  []Pace
	pauses []time.Duration
}

var modelDomains = []string{"one.example", "two.example", "Sub.Two.example", "three.example", "four.example", "five.example"}

func drawPace(t *rapid.T, hosts int) Pace {
	p := Pace{
		Rate:    rapid.SampledFrom([]float64{0, 0.5, 3, 20, 500}).Draw(t, "rate"),
		PerHour: rapid.SampledFrom([]int64{0, 0, 0, 50, 400}).Draw(t, "per hour"),
		Domains: map[string]float64{},
		Relays:  map[string]Share{},
	}
	for _, d := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"one.example", "two.example", "three.example"}), 0, 2, rapid.ID).Draw(t, "limited") {
		p.Domains[d] = rapid.SampledFrom([]float64{0.1, 1, 10}).Draw(t, "limit")
	}
	if p.Rate > 1 && rapid.Bool().Draw(t, "ramp") {
		p.Ramp = &Ramp{From: p.Rate / 4, Over: time.Minute}
	}
	if rapid.Bool().Draw(t, "hours") {
		from := rapid.IntRange(0, 22).Draw(t, "from")
		p.Hours = shop{"CA": {from, rapid.IntRange(from+1, 24).Draw(t, "to")}}
	}
	for i := range hosts {
		p.Relays[fmt.Sprint("r", i)] = Share{
			Connections:   rapid.IntRange(0, 5).Draw(t, "connections"),
			PerConnection: rapid.SampledFrom([]int{0, 1, 5, 100}).Draw(t, "per connection"),
			Weight:        rapid.SampledFrom([]float64{0, 1, 3}).Draw(t, "weight"),
			Rate:          rapid.SampledFrom([]float64{0, 0, 2, 50}).Draw(t, "relay rate"),
			PerHour:       rapid.SampledFrom([]int64{0, 0, 0, 200}).Draw(t, "relay per hour"),
		}
	}
	return p
}

func drawWorld(t *rapid.T, tb testing.TB) *world {
	w := &world{t: t}
	names := []string{"pilot", "canary", "rest"}[:rapid.IntRange(1, 3).Draw(t, "waves")]
	sizes, waves := map[string]int{}, []Wave{}
	for _, name := range names {
		sizes[name] = rapid.IntRange(0, 90).Draw(t, name)
		w.n += sizes[name]
		waves = append(waves, Wave{Name: name, Gate: rapid.Bool().Draw(t, "gate")})
	}
	w.b = newBook(tb, sizes, names...)
	deferred := rapid.IntRange(0, 3).Draw(t, "deferred before")
	for i := range w.b.rows {
		r := &w.b.rows[i]
		r.task.Recipient.Address = notifier.NewAddress("x@" + rapid.SampledFrom(modelDomains).Draw(t, "domain"))
		r.task.Recipient.State = rapid.SampledFrom([]string{"", "CA"}).Draw(t, "state")
		if deferred == 0 && i%2 == 0 {
			r.task.Status, r.task.Attempt = notifier.Deferred, 1 // due ever since
		}
	}
	hosts := rapid.IntRange(1, 3).Draw(t, "relays")
	w.o = Options{
		Waves: waves, Pace: drawPace(t, hosts), Wait: true,
		Retry:  Retry{First: time.Minute, Factor: 2, Most: 20 * time.Minute, GiveUpAfter: 72 * time.Hour},
		Halt:   Halt{Refused: 1, Deferred: 1, Unknown: 1, Over: 100},
		Opened: func(context.Context, string) (bool, error) { return true, nil },
	}
	for i := range hosts {
		h := w.drawHost(tb, i)
		w.hosts = append(w.hosts, h)
		w.o.Relays = append(w.o.Relays, Relay{Name: h.name, Dial: h.dial})
	}
	for range rapid.IntRange(0, 4).Draw(t, "changes") {
		w.paces = append(w.paces, drawPace(t, hosts))
		w.pauses = append(w.pauses, time.Duration(rapid.IntRange(1, 200_000).Draw(t, "pause"))*time.Millisecond)
	}
	return w
}

// drawHost draws a relay that fails in its own ways, and a domain that defers
// for some time.
func (w *world) drawHost(tb testing.TB, i int) *host {
	t := w.t
	h := &host{t: tb, name: fmt.Sprint("r", i)}
	h.pipelining = rapid.Bool().Draw(t, "pipelining")
	h.latency = rapid.SampledFrom([]time.Duration{0, time.Millisecond, 300 * time.Millisecond}).Draw(t, "latency")
	down := rapid.IntRange(0, 4).Draw(t, "down")
	h.refuses = func(dial int) error {
		if down > 1 && dial%down == 0 {
			return errRefused
		}
		return nil
	}
	every := func(name string) int { return rapid.SampledFrom([]int{0, 0, 3, 7, 31}).Draw(t, name) }
	kinds := []struct {
		every int
		a     answer
	}{
		{every("closes"), replyClosed}, {every("lost"), replyLost}, {every("refuses"), replyRefuse},
		{every("soft"), replySoft}, {every("drops after"), answer{o: replyTook.o, drop: true}},
		{10 * every("quota"), replyQuota},
	}
	sick := rapid.SampledFrom([]string{"", "one.example", "five.example"}).Draw(t, "sick")
	sickFor := time.Duration(rapid.IntRange(0, 180).Draw(t, "sick for")) * time.Minute
	of := map[string]string{}
	for _, r := range w.b.rows {
		of[r.task.Recipient.Key.String()] = registrable(r.task.Recipient.Address)
	}
	h.says = func(a arrival) answer {
		if sick != "" && of[a.key] == sick && a.at.Sub(w.start) < sickFor {
			return replySoft
		}
		for _, k := range kinds {
			if k.every > 0 && a.n%k.every == k.every-1 {
				return k.a
			}
		}
		return replyTook
	}
	return h
}

// TestNobodyIsLostNobodyTwice draws waves, domains that are limited or that
// defer, hours, changes of the pace, and relays that fail: every run ends, with
// everybody accepted, refused or unknown, and taken just once if accepted.
func TestNobodyIsLostNobodyTwice(t *testing.T) {
	cases := 30
	if testing.Short() {
		cases = 6
	}
	drawFew(t, cases)
	rapid.Check(t, func(rt *rapid.T) {
		notes := &notes{TB: t}
		w := drawWorld(rt, notes)
		synctest.Test(t, func(t *testing.T) { w.run(notes) })
		if len(notes.said) > 0 {
			rt.Fatalf("%d mistakes; the first: %s", len(notes.said), notes.said[0])
		}
	})
}

// drawFew draws no more than so many cases, unless told otherwise.
func drawFew(t *testing.T, n int) {
	checks := flag.Lookup("rapid.checks")
	if before := checks.Value.String(); before == checks.DefValue {
		_ = checks.Value.Set(strconv.Itoa(n))
		t.Cleanup(func() { _ = checks.Value.Set(before) })
	}
}

// notes keeps what is found wrong inside of a bubble, where rapid may not be
// told.
type notes struct {
	testing.TB
	mu   sync.Mutex
	said []string
}

func (n *notes) Error(args ...any) { n.Errorf("%s", fmt.Sprint(args...)) }

func (n *notes) Errorf(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.said = append(n.said, fmt.Sprintf(format, args...))
}

func (n *notes) Helper() {}

func (w *world) run(n *notes) {
	w.start = time.Now()
	changes := make(chan Pace)
	w.o.Changes = changes
	ctx, cancel := context.WithTimeout(bg, 60*24*time.Hour)
	changed := make(chan struct{})
	go func() {
		defer close(changed)
		for i, p := range w.paces {
			if sleep(ctx, w.pauses[i]) != nil {
				return
			}
			select {
			case changes <- p:
			case <-ctx.Done():
				return
			}
		}
	}()
	res, err := Run(ctx, bg, w.b, w.b, paper{}, w.o)
	cancel()
	<-changed
	w.check(n, res, err)
}

func (w *world) check(n *notes, res Result, err error) {
	ended := w.b.count(notifier.Accepted) + w.b.count(notifier.Refused) + w.b.count(notifier.Unknown)
	if err != nil || res.End != Drained || ended != w.n || len(w.b.claims) != 0 {
		n.Errorf("%+v, %v: %d of %d have an end, %d deferred, %d pending, %d claims left", res, err, ended, w.n,
			w.b.count(notifier.Deferred), w.b.count(notifier.Pending), len(w.b.claims))
	}
	wantOnce(n, w.b, w.hosts...)
	for _, h := range w.hosts {
		if h.open != 0 {
			n.Errorf("%d sessions of %s were not closed", h.open, h.name)
		}
	}
}
