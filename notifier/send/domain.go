package send

import (
	"strings"
	"sync"
	"time"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"breachmail/notifier"
)

// registrable returns the domain under which the owner of a recipient's mailbox
// is registered, in ASCII and lower case: example.com for mail.example.com.
// Where there is none, as for an address literal, it is the domain as it stands.
func registrable(a notifier.Address) string {
	d := strings.ToLower(strings.TrimSuffix(a.Domain(), "."))
	if strings.HasPrefix(d, "[") {
		return d
	}
	if ascii, err := idna.Lookup.ToASCII(d); err == nil {
		d = ascii
	}
	if r, err := publicsuffix.EffectiveTLDPlusOne(d); err == nil {
		return r
	}
	return d
}

// When a domain is left alone, and of how many that is remembered.
const (
	deferralsInARow = 5
	mostDomains     = 10_000
	mostApart       = 256
	aloneMost       = 24 * time.Hour // then each recipient's own schedule is enough
)

// domains are those with a limit of their own, and those that defer.
type domains struct {
	retry Retry
	last  time.Time // when the last notice left before this run

	mu      sync.Mutex
	list    map[string]*domain
	limited int             // how many have a limit
	special map[string]bool // those whose recipients stand apart: ever limited or left alone in this run
}

// domain is what is known of one.
type domain struct {
	rate     meter
	deferred int       // in a row
	alone    time.Time // when it was first left alone, since it last took something
	until    time.Time // left alone until then
	asking   bool      // after that: one notice is on its way
}

func newDomains(retry Retry, last time.Time) *domains {
	return &domains{retry: retry, last: last, list: map[string]*domain{}, special: map[string]bool{}}
}

// set puts new limits in the place of those before.
func (ds *domains) set(now time.Time, rates map[string]float64) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	for name, d := range ds.list {
		if rates[name] == 0 {
			d.rate.set(now, 0)
		}
	}
	for name, perSecond := range rates {
		d := ds.list[name]
		if d == nil {
			d = &domain{rate: meter{last: ds.last}}
			ds.list[name] = d
		}
		d.rate.set(now, perSecond)
		ds.special[name] = true
	}
	ds.limited = len(rates)
}

// apart returns the name under which recipients of a domain stand apart, empty
// where they do not.
func (ds *domains) apart(name string) string {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if ds.special[name] {
		return name
	}
	return ""
}

// wait returns how long nothing may leave for a domain, 0 where it may now.
func (ds *domains) wait(name string, now time.Time) time.Duration {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	d := ds.list[name]
	switch {
	case d == nil:
		return 0
	case now.Before(d.until):
		return d.until.Sub(now)
	case d.asking:
		return time.Second // the answer wakes the dispatcher sooner
	}
	return d.rate.wait(now)
}

// take notes that a notice leaves for a domain.
func (ds *domains) take(name string, now time.Time) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if d := ds.list[name]; d != nil {
		d.rate.take(now)
	}
}

// ask notes whether a notice that asks a domain which was left alone is on its
// way.
func (ds *domains) ask(name string, asking bool) {
	if name == "" {
		return
	}
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if d := ds.list[name]; d != nil {
		d.asking = asking && d.deferred >= deferralsInARow
	}
}

// hears takes an outcome in. It returns for how long the domain is left alone
// because of it, 0 where it is not.
func (ds *domains) hears(name string, o *notifier.Outcome, now time.Time) time.Duration {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	d := ds.list[name]
	// Else it is about the relay, or about a single mailbox.
	mine := o.Status != notifier.Deferred || o.Cause != notifier.CauseRelay && o.Mood != notifier.MoodFine && o.Mood != notifier.MoodUnfit
	switch {
	case d == nil && (o.Status != notifier.Deferred || !mine || len(ds.list) >= mostDomains):
		return 0
	case d == nil:
		d = &domain{rate: meter{last: ds.last}}
		ds.list[name] = d
	}
	d.asking = false
	switch {
	case !mine || now.Before(d.until): // one of those that were on their way
		return 0
	case o.Status != notifier.Deferred:
		d.deferred, d.alone = 0, time.Time{}
		ds.forget(name, d)
		return 0
	}
	if d.deferred++; d.deferred < deferralsInARow || !ds.special[name] && len(ds.special)-ds.limited >= mostApart {
		return 0
	}
	ds.special[name] = true
	if d.alone.IsZero() {
		d.alone = now
	}
	if now.Sub(d.alone) > aloneMost {
		d.deferred = 0
		return 0
	}
	wait := ds.retry.wait(d.deferred - deferralsInARow + 1)
	d.until = now.Add(wait)
	return wait
}

// forget drops what need not be remembered.
func (ds *domains) forget(name string, d *domain) {
	if d.rate.limit == 0 && d.until.IsZero() {
		delete(ds.list, name)
	}
}
