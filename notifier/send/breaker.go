package send

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"breachmail/notifier"
)

// Halt are the shares of the last Over outcomes above which a run stops; 1
// means never. They are judged over all outcomes, over those through each relay
// and over those of each domain. Trouble of a relay itself does not count.
type Halt struct {
	Refused  float64
	Deferred float64
	Unknown  float64
	Over     int
}

const (
	fewest      = 20   // outcomes a wave must have for its end to be judged
	mostWindows = 4096 // domains whose outcomes are kept; those with few are dropped
)

// breaker watches the last outcomes.
type breaker struct {
	limits  Halt
	samples samples

	mu      sync.Mutex
	all     window
	relays  map[string]*window
	domains map[string]*window
}

// window holds the last outcomes of one kind, as numbers: there may be many.
type window = ring[byte]

// numberOf numbers the outcomes that are judged from 1 on.
func numberOf(s notifier.Status) byte {
	return byte(slices.Index([]notifier.Status{notifier.Refused, notifier.Deferred, notifier.Unknown}, s) + 1)
}

func newBreaker(h Halt) *breaker {
	return &breaker{limits: h, relays: map[string]*window{}, domains: map[string]*window{}}
}

// count takes an outcome of a domain in and returns why the run has to stop,
// empty where it has not.
func (b *breaker) count(o *notifier.Outcome, domain string) string {
	b.samples.add(o)
	if o.Status == notifier.Deferred && o.Cause == notifier.CauseRelay || b.limits.Over <= 0 {
		return ""
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.makeRoom()
	for _, at := range []struct {
		window *window
		where  string
	}{{&b.all, ""}, {of(b.relays, o.Claim.Relay), " through relay " + o.Claim.Relay}, {of(b.domains, domain), " for " + domain}} {
		at.window.add(numberOf(o.Status), b.limits.Over)
		if at.window.len() < b.limits.Over {
			continue
		}
		if reason := b.judge(at.window, at.where); reason != "" {
			return reason
		}
	}
	return ""
}

func of(windows map[string]*window, name string) *window {
	w := windows[name]
	if w == nil {
		w = new(window)
		windows[name] = w
	}
	return w
}

// makeRoom drops the domains with the fewest outcomes where there are too many.
func (b *breaker) makeRoom() {
	if len(b.domains) < mostWindows {
		return
	}
	var sizes []int
	for _, w := range b.domains {
		sizes = append(sizes, w.len())
	}
	slices.Sort(sizes)
	for name, w := range b.domains {
		if w.len() <= sizes[len(sizes)/2] {
			delete(b.domains, name)
		}
	}
}

// judgeEnd judges what there is at the end of a wave.
func (b *breaker) judgeEnd() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all.len() < fewest {
		return ""
	}
	return b.judge(&b.all, "")
}

func (b *breaker) judge(w *window, where string) string {
	for _, l := range []struct {
		status notifier.Status
		most   float64
	}{{notifier.Refused, b.limits.Refused}, {notifier.Unknown, b.limits.Unknown}, {notifier.Deferred, b.limits.Deferred}} {
		if n := w.count(numberOf(l.status)); float64(n) > l.most*float64(w.len()) {
			return fmt.Sprintf("%d of the last %d notices%s were %s, more than the %.3g%% of halt.%s",
				n, w.len(), where, l.status, l.most*100, l.status)
		}
	}
	return ""
}

// samples are replies of late that took no notice, each once, with how often it
// came.
type samples struct {
	mu   sync.Mutex
	list []sample // the latest last
}

type sample struct {
	reply string
	times int
}

// mostSamples is how many different replies are kept.
const mostSamples = 5

// add takes an outcome in.
func (s *samples) add(o *notifier.Outcome) {
	if o.Status == notifier.Accepted {
		return
	}
	reply := o.Reply
	if o.Code != 0 {
		reply = strings.Join(strings.Fields(fmt.Sprint(o.Code, " ", o.Enhanced, " ", o.Reply)), " ")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	times := 1
	if i := slices.IndexFunc(s.list, func(x sample) bool { return x.reply == reply }); i >= 0 {
		times += s.list[i].times
		s.list = slices.Delete(s.list, i, i+1)
	}
	s.list = append(s.list, sample{reply, times})
	if len(s.list) > mostSamples {
		s.list = slices.Delete(s.list, 0, 1)
	}
}

// lines returns the replies, the latest first.
func (s *samples) lines() (lines []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range slices.Backward(s.list) {
		line := x.reply
		if x.times > 1 {
			line += fmt.Sprintf(" (%d times)", x.times)
		}
		lines = append(lines, line)
	}
	return lines
}
