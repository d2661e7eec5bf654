package campaign

import (
	"context"
	"time"

	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/ledger"
	"breachmail/notifier/send"
)

// paceOf is how fast a campaign.yaml allows to send.
func paceOf(cfg *Config) send.Pace {
	l := &cfg.Limits
	p := send.Pace{
		Rate: float64(l.Rate), PerHour: int64(l.PerHour), PerDay: int64(l.PerDay),
		Domains: map[string]float64{}, Hours: hoursOf(l.Hours), Relays: map[string]send.Share{},
	}
	for name, rate := range l.Domains {
		p.Domains[name] = float64(rate)
	}
	if l.Ramp != nil {
		p.Ramp = &send.Ramp{From: float64(l.Ramp.From), Over: time.Duration(l.Ramp.Over)}
	}
	for i := range cfg.Relays {
		r := &cfg.Relays[i]
		p.Relays[r.Name] = send.Share{
			Connections: r.Connections, PerConnection: r.MessagesPerConnection, Weight: r.Weight,
			Rate: float64(r.Rate), PerHour: int64(r.PerHour), PerDay: int64(r.PerDay),
		}
	}
	return p
}

// hoursOf is nil where notices may leave at any time.
func hoursOf(h *HoursConfig) send.Hours {
	if h == nil {
		return nil
	}
	hours := jurisdiction.Hours{From: time.Duration(h.From) * time.Minute, To: time.Duration(h.To) * time.Minute}
	if h.Zone != ZoneRecipient {
		hours.Zone, _ = time.LoadLocation(h.Zone) // it was tried when the file was checked
	}
	return hours
}

// pastDay is how far back claims count: the longest limit is a day, and it is
// kept by the minute.
const pastDay = 25 * time.Hour

// past is what was claimed of late, also by runs that were killed.
func past(ctx context.Context, r ledger.Reader) ([]send.Minute, error) {
	minutes, err := r.Sent(ctx, time.Now().Add(-pastDay))
	list := make([]send.Minute, len(minutes))
	for i, m := range minutes {
		list[i] = send.Minute(m)
	}
	return list, err
}
