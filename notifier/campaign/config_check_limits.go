package campaign

import (
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

// leastHours is how long the hours of a day have to be, in minutes, where they
// are the recipient's: a state can lie in two zones, and for somebody whose
// state is unknown they have to hold in all four of the contiguous states.
const leastHours = 4 * 60

func (v configCheck) limits(l *LimitsConfig) {
	v.quotas("limits", l.PerHour, l.PerDay)
	for _, domain := range sortedKeys(l.Domains) {
		v.recipientDomain("limits.domains."+domain, domain)
	}
	if l.Ramp != nil {
		v.ramp(l)
	}
	if l.Hours != nil {
		v.hours(l.Hours)
	}
}

// quotas checks how many notices an hour and a day may have, at a relay or at
// all of them.
func (v configCheck) quotas(at string, hour, day int) {
	for _, q := range []struct {
		key string
		n   int
	}{{at + ".per_hour", hour}, {at + ".per_day", day}} {
		if v.r.given(q.key) && q.n < 1 {
			v.fail(q.key, "is 0 (write 1 or more, or leave it out for no such limit)")
		}
	}
	if v.r.given(at+".per_hour") && v.r.given(at+".per_day") && day < hour && !v.r.isWrong(at+".per_hour") {
		v.fail(at+".per_day", "is less than per_hour (write at least %d, or take per_hour out)", hour)
	}
}

// recipientDomain checks a domain with a rate of its own. Those below it count
// with it, so it has to be the one that somebody registered.
func (v configCheck) recipientDomain(key, domain string) {
	if !isDomain(domain) {
		v.fail(key, "is not a domain name (write it as gmail.com: 50/s)")
		return
	}
	switch registered, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(domain)); {
	case err != nil:
		v.fail(key, "is no single domain, others are registered under it (write each of those: example.%s: 50/s)", strings.ToLower(domain))
	case registered != domain:
		v.fail(key, "is not a registered domain in lower case (write %s: 50/s; what lies below counts with it)", registered)
	}
}

func (v configCheck) ramp(l *LimitsConfig) {
	if v.need("limits.ramp.from", "the rate to begin with: 20/s") && !v.r.isWrong("limits.rate") && l.Ramp.From >= l.Rate {
		v.fail("limits.ramp.from", "is %s, not below limits.rate (write less than %s, or take the ramp out)", l.Ramp.From, l.Rate)
	}
	if v.need("limits.ramp.over", "how long it grows: 30m") && l.Ramp.Over < Duration(time.Second) {
		v.fail("limits.ramp.over", "is %s (write at least 1s)", l.Ramp.Over)
	}
}

func (v configCheck) hours(h *HoursConfig) {
	zone := v.need("limits.hours.zone", "recipient, or a zone such as America/New_York")
	if v.need("limits.hours.from", `"08:00"`) && v.need("limits.hours.to", `"20:00"`) {
		switch {
		case h.From >= h.To:
			v.fail("limits.hours", "end before they begin (write the earlier time in from)")
		case h.Zone == ZoneRecipient && h.To-h.From < leastHours:
			v.fail("limits.hours", "are less than 4 hours of the recipient's day (write at least 4: where the state is unknown, or has two zones, it has to be that time in all of them)")
		}
	}
	if !zone || h.Zone == ZoneRecipient {
		return
	}
	_, err := time.LoadLocation(h.Zone)
	if err != nil || h.Zone == "" || h.Zone == "Local" { // Go's word for that of the machine
		v.fail("limits.hours.zone", "is not a time zone (write recipient, or a name such as America/New_York)")
	}
}
