package campaign

import (
	"context"
	"encoding/csv"
	"strings"
	"sync"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/ledger"
	"breachmail/notifier/report"
)

// zones are those of the states, loaded once each: by the clock of the first of a
// state's zones a day ends first, so that nothing is in time that is not so in all
// of the state.
var zones sync.Map

func zoneOf(state string) *time.Location {
	if z, ok := zones.Load(state); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(jurisdiction.Zones(state)[0])
	if err != nil {
		z = time.UTC // the program brings all zones along
	}
	zones.Store(state, z)
	return z
}

// supportHeader is the first line of support.csv.
var supportHeader = []string{"reference", "name", "status", "date"}

// readPeople counts everybody, and lists them for the call center where that was
// asked for: then support is not nil.
func (f *reporter) readPeople(ctx context.Context, support writer) error {
	var list *csv.Writer
	if support != nil {
		list = csv.NewWriter(support)
		if err := list.Write(supportHeader); err != nil {
			return err
		}
	}
	err := f.r.Cases(ctx, func(c ledger.Case) error {
		p := f.person(&c)
		f.tally.Add(&p)
		if list == nil {
			return ctx.Err()
		}
		status, on := supportStatus(&p)
		return list.Write([]string{c.Recipient.Key.Reference(), defused(c.Recipient.Name.String()), status, on})
	})
	if err == nil && list != nil {
		list.Flush()
		err = list.Error()
	}
	return err
}

// person is somebody as they are counted.
func (f *reporter) person(c *ledger.Case) report.Person {
	r := &c.Recipient
	p := report.Person{
		State: r.State, Channel: r.Channel, Status: c.Status, Wave: c.Wave, Taken: c.Accepted, Bounced: c.Bounced, Letter: f.names[c.Mailed],
		Domain: strings.ToLower(r.Address.Domain()),
	}
	if f.open[r.Key] { // its row says what it was before the claim
		if p.Status = notifier.InFlight; !f.sending {
			p.Status = notifier.Unknown
		}
	}
	return p
}

// supportStatus is what the call center may say of somebody, and since when.
func supportStatus(p *report.Person) (status, on string) {
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(zoneOf(p.State)).Format(time.DateOnly)
	}
	switch {
	case p.Letter != "" && p.Status != notifier.Accepted:
		return "letter_sent", p.Letter
	case p.Channel == notifier.Postal:
		return "letter_due", ""
	case p.Status == notifier.Accepted:
		return string(p.Status), day(p.Taken)
	case p.Status == notifier.Bounced:
		return string(p.Status), day(p.Bounced)
	}
	return string(p.Status), ""
}

// defused keeps a spreadsheet from running a cell as a formula.
func defused(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 {
		return "'" + s
	}
	return s
}
