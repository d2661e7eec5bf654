package campaign

import "time"

// Outlook is what the law asks for beside how long sending takes.
type Outlook struct {
	States  []StateLaw    `json:"states"`      // those that occur, most people first
	Federal *StateLaw     `json:"federal"`     // what holds in the whole country, if anything does
	Rate    Rate          `json:"-"`           // the lowest of what limits and relays allow
	RatedBy string        `json:"-"`           // which of them is the lowest, such as limits.rate, and the hours
	Needs   time.Duration `json:"-"`           // how long sending takes at that rate
	Last    time.Time     `json:"last_notice"` // when the last notice will have left, begun now
}

// outlook says what the laws ask for at these numbers of people by state, while
// that many notices are left to send and holds stand as they do.
func (c *Campaign) outlook(people map[string]int64, notices int64, holds Holds) Outlook {
	var o Outlook
	o.Rate, o.RatedBy = c.rate()
	o.Needs = time.Duration(float64(notices) / float64(o.Rate) * float64(time.Second))
	a := &ahead{end: time.Now().Add(o.Needs).Truncate(time.Second)}
	for i, h := range holds {
		if h.State == holdHeld {
			a.holds = append(a.holds, c.Config.Holds[i])
		}
	}
	o.Last = a.end
	o.States = c.describeLaw(people, a)
	var all int64
	for state, n := range people {
		all += n
		if last := a.last(state); last.After(o.Last) {
			o.Last = last
		}
	}
	o.Federal = c.federal(all, a)
	if o.Federal != nil {
		o.Federal.Missed = o.Federal.TellBy != "" && !o.Last.Before(o.Federal.Deadline.AddDate(0, 0, 1))
	}
	return o
}

// ahead is what lies between now and the last notice.
type ahead struct {
	end   time.Time    // of sending, if nobody were held back
	holds []HoldConfig // that stand
}

// last returns when the last notice to a state can have left: not before the
// holds on it end by themselves. When a person ends one, nobody knows.
func (a *ahead) last(state string) time.Time {
	last := a.end
	for i := range a.holds {
		if ends := a.holds[i].ends(); a.holds[i].Match.keeps(state) && ends.After(last) {
			last = ends
		}
	}
	return last
}

// names returns the holds on a state that a person has to end.
func (a *ahead) names(state string) []string {
	list := []string{}
	for i := range a.holds {
		if h := &a.holds[i]; h.NotBefore.IsZero() && h.Match.keeps(state) {
			list = append(list, h.Name)
		}
	}
	return list
}

// rate is what may be sent in a second in the long run, and by which limit. The
// hours leave a part of each day; domains and the ramp are not looked at.
func (c *Campaign) rate() (rate Rate, by string) {
	l := &c.Config.Limits
	rate, by = lasting(l.Rate, l.PerHour, l.PerDay, "limits.")
	var relays Rate
	for i := range c.Config.Relays {
		r := &c.Config.Relays[i]
		own, _ := lasting(r.Rate, r.PerHour, r.PerDay, "")
		if relays += own; own == 0 { // no limit
			relays = 0
			break
		}
	}
	if relays > 0 && relays < rate {
		rate, by = relays, "the relays' rates"
	}
	if h := l.Hours; h != nil {
		rate *= Rate(h.To-h.From) / (24 * 60)
		by += " and limits.hours"
	}
	return rate, by
}

// lasting is the lowest of a rate and two counts, in a second, and which of them
// that is; 0 where there is none.
func lasting(rate Rate, perHour, perDay int, in string) (lowest Rate, by string) {
	for _, l := range []struct {
		rate Rate
		name string
	}{{rate, "rate"}, {Rate(perHour) / 3600, "per_hour"}, {Rate(perDay) / 86400, "per_day"}} {
		if l.rate > 0 && (lowest == 0 || l.rate < lowest) {
			lowest, by = l.rate, in+l.name
		}
	}
	return lowest, by
}
