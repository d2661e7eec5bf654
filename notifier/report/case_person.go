package report

import (
	"time"

	"breachmail/notifier"
)

// Person is one recipient as far as a tally counts them.
type Person struct {
	State   string
	Channel notifier.Channel
	Status  notifier.Status // empty where the channel is postal
	Wave    string
	Domain  string    // of the address; empty where it is not known
	Taken   time.Time // when the relay took the notice, also of one that came back
	Bounced time.Time // when it came back
	Letter  string    // the day a letter was sent, 2018-08-30; empty: none was
}

// Standing is where somebody stands.
type Standing int

// The standings, in the order of every picture.
const (
	ByEmail   Standing = iota // the relay took the notice, and it has not come back
	ByLetter                  // a letter was sent
	LetterDue                 // a letter is to be sent
	Undecided                 // nobody can tell whether the relay took the notice
	Unsent                    // the notice is still to be sent
	standings
)

// standing returns where p stands.
func (p *Person) standing() Standing {
	switch {
	case p.Channel == notifier.Email && p.Status == notifier.Accepted:
		return ByEmail
	case p.Letter != "":
		return ByLetter
	case p.Channel == notifier.Postal, p.Status == notifier.Refused, p.Status == notifier.Bounced:
		return LetterDue
	case p.Status == notifier.Unknown:
		return Undecided
	}
	return Unsent
}

// calendar says on which day a moment is. It remembers the day it said last:
// people come in the order of their notices, or nearly so.
type calendar struct {
	zone     *time.Location
	from, to int64 // Unix seconds of the day
	text     string
}

func (c *calendar) day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	if s := at.Unix(); s < c.from || s >= c.to {
		y, m, d := at.In(c.zone).Date()
		begin := time.Date(y, m, d, 0, 0, 0, 0, c.zone)
		c.from, c.to, c.text = begin.Unix(), time.Date(y, m, d+1, 0, 0, 0, 0, c.zone).Unix(), begin.Format(time.DateOnly)
	}
	return c.text
}
