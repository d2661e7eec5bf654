package campaign

import "time"

// Outlook is what the law asks for beside how long sending takes.
type Outlook struct {
	States  []StateLaw    `json:"states"`      // those that occur, most people first
	Federal *StateLaw     `json:"federal"`     // what holds in the whole country, if anything does
	Rate    Rate          `json:"-"`           // the lowest of what limits and relays allow
	RatedBy string        `json:"-"`           // which of them is the lowest: limits.rate, or the relays' rates
	Needs   time.Duration `json:"-"`           // how long sending takes at that rate
	Last    time.Time     `json:"last_notice"` // when the last notice will have left, begun now
}

// outlook says what the laws ask for at these numbers of people by state, while
// that many notices are left to send and holds stand as they do.
func (c *Campaign) outlook(people map[string]int64, notices int64, holds Holds) Outlook {
	o := Outlook{Rate: c.rate(), RatedBy: "limits.rate"}
	if o.Rate < c.Config.Limits.Rate {
		o.RatedBy = "the relays' rates"
	}
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

// rate is what all relays together may be handed in a second.
func (c *Campaign) rate() Rate {
	var sum Rate
	for _, r := range c.Config.Relays {
		if r.Rate == 0 {
			return c.Config.Limits.Rate
		}
		sum += r.Rate
	}
	if sum == 0 {
		return c.Config.Limits.Rate
	}
	return min(sum, c.Config.Limits.Rate)
}
