package campaign

import "time"

// Outlook is what the law asks for beside how long sending takes.
type Outlook struct {
	States  []StateLaw    `json:"states"`      // those that occur, most people first
	Federal *StateLaw     `json:"federal"`     // what holds in the whole country, if anything does
	Rate    Rate          `json:"-"`           // the lowest of what limits and relays allow
	Needs   time.Duration `json:"-"`           // how long sending takes at that rate
	Last    time.Time     `json:"last_notice"` // when the last notice will have left, begun now
}

// outlook says what the laws ask for at these numbers of people by state, while
// that many notices are left to send.
func (c *Campaign) outlook(people map[string]int64, notices int64) Outlook {
	o := Outlook{Rate: c.rate()}
	o.Needs = time.Duration(float64(notices) / float64(o.Rate) * float64(time.Second))
	o.Last = time.Now().Add(o.Needs).Truncate(time.Second)
	o.States = c.describeLaw(people, o.Last)
	var all int64
	for _, n := range people {
		all += n
	}
	o.Federal = c.federal(all, o.Last)
	return o
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
