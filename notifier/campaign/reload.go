package campaign

import (
	"fmt"
	"reflect"
	"strconv"
	"sync"

	"breachmail/notifier/send"
)

// Reloaded is what reading campaign.yaml again during a run came to.
type Reloaded struct {
	Changed []string // what is otherwise now, as "limits.rate: 200/s, was 10/s"
	Later   bool     // something else in the file is otherwise too, which counts from the next run on
	Err     error    // why nothing was changed
}

// reloads has a run follow campaign.yaml whenever that is asked for, until stop
// is called. Only what is about the pace is taken over.
func (c *Campaign) reloads(o SendOptions, opts *send.Options) (stop func()) {
	if o.Reload == nil {
		return func() {}
	}
	changes, ended := make(chan send.Pace), make(chan struct{})
	opts.Changes = changes
	var work sync.WaitGroup
	work.Go(func() {
		now := c.Config
		for {
			select {
			case <-o.Reload:
			case <-ended:
				return
			}
			cfg, err := LoadConfig(c.path(ConfigFile))
			if err != nil {
				o.Reloaded(Reloaded{Err: err})
				continue
			}
			r := Reloaded{Changed: paceChanges(now, cfg), Later: otherwise(now, cfg)}
			if len(r.Changed) > 0 {
				select {
				case changes <- paceOf(cfg):
				case <-ended:
					return
				}
				now = cfg
			}
			o.Reloaded(r)
		}
	})
	return func() {
		close(ended)
		work.Wait()
	}
}

// setting is one value of the pace, as it is written.
type setting struct{ key, value string }

// paceChanges says what of the pace is otherwise in one file than in another.
func paceChanges(was, now *Config) (changes []string) {
	before := map[string]string{}
	for _, s := range paceSettings(was, was) {
		before[s.key] = s.value
	}
	for _, s := range paceSettings(now, was) {
		if old := before[s.key]; old != s.value {
			changes = append(changes, fmt.Sprintf("%s: %s, was %s", s.key, orNone(s.value), orNone(old)))
		}
		delete(before, s.key)
	}
	for _, s := range paceSettings(was, now) {
		if old, gone := before[s.key]; gone && old != "" {
			changes = append(changes, fmt.Sprintf("%s: none, was %s", s.key, old))
		}
	}
	return changes
}

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return value
}

// paceSettings lists the values of the pace, of those relays that are also in
// the other file.
func paceSettings(c, other *Config) []setting {
	l := &c.Limits
	list := []setting{
		{"limits.rate", rateText(l.Rate)}, {"limits.per_hour", countText(l.PerHour)}, {"limits.per_day", countText(l.PerDay)},
	}
	for _, domain := range sortedKeys(l.Domains) {
		list = append(list, setting{"limits.domains." + domain, rateText(l.Domains[domain])})
	}
	if l.Ramp != nil {
		list = append(list, setting{"limits.ramp", fmt.Sprintf("from %s over %s", rateText(l.Ramp.From), l.Ramp.Over)})
	}
	if l.Hours != nil {
		list = append(list, setting{"limits.hours", fmt.Sprintf("%s to %s, %s", l.Hours.From, l.Hours.To, l.Hours.Zone)})
	}
	for i := range c.Relays {
		if r := &c.Relays[i]; hasRelay(other, r.Name) {
			list = append(list, relaySettings(r)...)
		}
	}
	return list
}

func relaySettings(r *RelayConfig) []setting {
	at := "relays." + r.Name + "."
	return []setting{
		{at + "connections", countText(r.Connections)},
		{at + "messages_per_connection", countText(r.MessagesPerConnection)},
		{at + "weight", strconv.FormatFloat(r.Weight, 'f', -1, 64)},
		{at + "rate", rateText(r.Rate)},
		{at + "per_hour", countText(r.PerHour)},
		{at + "per_day", countText(r.PerDay)},
	}
}

func hasRelay(c *Config, name string) bool {
	for i := range c.Relays {
		if c.Relays[i].Name == name {
			return true
		}
	}
	return false
}

func rateText(r Rate) string {
	if r == 0 {
		return ""
	}
	return r.String()
}

func countText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// otherwise reports whether two files differ in anything but the pace.
func otherwise(a, b *Config) bool { return !reflect.DeepEqual(paceless(a), paceless(b)) }

// paceless is a copy without what is about the pace.
func paceless(c *Config) *Config {
	p := *c
	p.Limits = LimitsConfig{}
	p.Relays = append([]RelayConfig(nil), c.Relays...)
	for i := range p.Relays {
		r := &p.Relays[i]
		r.Connections, r.MessagesPerConnection, r.Weight, r.Rate, r.PerHour, r.PerDay = 0, 0, 0, 0, 0, 0
	}
	return &p
}
