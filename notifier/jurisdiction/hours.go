package jurisdiction

import "time"

// Hours are the time of day at which people may be written to: at From and
// after, and before To, every day. From is less than To, and where Zone is nil by
// at least 4 hours: the contiguous states lie in four zones.
type Hours struct {
	From, To time.Duration  // since midnight, by the clock on the wall
	Zone     *time.Location // whose clock; nil: that of the recipient's state, of both zones where it has two
}

// Class names the hours of a state: those who share a class may be written to at
// the same time. It is the names of the zones, joined by "+".
func (h Hours) Class(state string) string {
	if h.Zone != nil {
		return h.Zone.String()
	}
	return classOf(state)
}

// farthest is for how long Next looks: the clocks change on one day.
const farthest = 8 * 24 * time.Hour

// Next returns the first moment from at on that lies within the hours in every
// zone of a class that Class gave: at itself where that does. Hours that no
// moment of the next days lies within are over for those days.
func (h Hours) Next(class string, at time.Time) time.Time {
	in := h.zones(class)
	if h.everywhere(in, at) {
		return at
	}
	// Each step passes over moments only that are outside of one zone's hours.
	t := at.Round(0) // a moment by the clock, for it is compared after a wait
	for end := t.Add(farthest); t.Before(end) && !h.everywhere(in, t); {
		for _, zone := range in {
			t = h.opening(t.In(zone))
		}
	}
	return t.In(at.Location())
}

func (h Hours) zones(class string) []*time.Location {
	if h.Zone != nil {
		return []*time.Location{h.Zone}
	}
	z := loadZones()
	if in, ok := z.in[class]; ok {
		return in
	}
	return z.in[contiguous]
}

func (h Hours) everywhere(in []*time.Location, at time.Time) bool {
	for _, zone := range in {
		if d := sinceMidnight(at.In(zone)); d < h.From || d >= h.To {
			return false
		}
	}
	return true
}

// opening returns the first moment from t on within the hours of t's zone. It
// goes from one change of the clocks to the next: between them a day is 24
// hours long. What an hour that is left out would have begun begins when the
// clocks are set forward; an hour that comes twice counts twice.
func (h Hours) opening(t time.Time) time.Time {
	for end := t.Add(farthest); t.Before(end); {
		d := sinceMidnight(t)
		next := t
		switch {
		case d < h.From:
			next = t.Add(h.From - d)
		case d >= h.To:
			next = t.Add(24*time.Hour - d + h.From)
		}
		_, change := t.ZoneBounds()
		if change.IsZero() || next.Before(change) {
			return next
		}
		t = change
	}
	return t
}

// sinceMidnight is what the clock on the wall shows.
func sinceMidnight(t time.Time) time.Duration {
	hour, minute, second := t.Clock()
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute +
		time.Duration(second)*time.Second + time.Duration(t.Nanosecond())
}
