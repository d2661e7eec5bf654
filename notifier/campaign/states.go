package campaign

import (
	"cmp"
	"slices"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

// StateLaw is how many recipients live in a state, and what its law asks for at
// that number, as far as law.csv knows. Counsel decides.
type StateLaw struct {
	State    string      `json:"state"` // two letters, or "unknown"
	Name     string      `json:"name"`
	People   int64       `json:"people"`
	Status   string      `json:"status"`  // required or voluntary, as counsel marked it; else empty
	TellBy   string      `json:"tell_by"` // the last day; empty where the law names no number of days, or no clock has begun
	Words    string      `json:"deadline"`
	Source   string      `json:"source"`
	Read     string      `json:"source_date"` // empty where nobody knows
	Sure     string      `json:"confidence"`
	Passed   bool        `json:"passed"` // the last day is over
	Missed   bool        `json:"missed"` // it will be over before the last notice has left
	Holds    []string    `json:"holds"`  // those that keep these people back until somebody releases them
	Duties   []StateDuty `json:"also_to_be_told"`
	Deadline time.Time   `json:"-"`               // the beginning of the last day; zero where TellBy is empty
	Doubt    string      `json:"doubt,omitempty"` // why it may not be in force
}

// StateDuty is somebody else who is to be told of a breach.
type StateDuty struct {
	Who    string `json:"who"`
	From   int64  `json:"from"` // from how many people on
	By     string `json:"by"`
	First  bool   `json:"first"` // before the people are
	Met    bool   `json:"met"`   // there are so many
	Source string `json:"source"`
	Read   string `json:"source_date"`
}

// describeLaw says what the laws of states ask for at these numbers of people,
// most people first.
func (c *Campaign) describeLaw(counts map[string]int64, ahead *ahead) []StateLaw {
	list := make([]StateLaw, 0, len(counts))
	for state, n := range counts {
		list = append(list, c.stateLaw(state, n, ahead))
	}
	slices.SortFunc(list, func(a, b StateLaw) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.State, b.State))
	})
	return list
}

// federal says the same of the rule that holds in the whole country, where
// law.csv has one.
func (c *Campaign) federal(people int64, ahead *ahead) *StateLaw {
	if _, ok := c.Law.Fact(jurisdiction.Federal, jurisdiction.FactDeadline); !ok {
		return nil
	}
	s := c.stateLaw(jurisdiction.Federal, people, ahead)
	return &s
}

func (c *Campaign) stateLaw(state string, people int64, ahead *ahead) StateLaw {
	s := StateLaw{State: state, Name: c.Law.Name(state), People: people, Status: c.Config.Law.Status[state]}
	if state == notifier.UnknownState {
		s.Name = "state unknown"
	}
	if f, ok := c.Law.Fact(state, jurisdiction.FactDeadline); ok {
		s.Words, s.Source, s.Read, s.Sure = f.Value, f.Source, f.SourceDate, f.Confidence
	}
	if f, ok := c.Law.Fact(state, jurisdiction.FactStatus); ok {
		s.Doubt = f.Value
	}
	if d, ok := c.Law.Deadline(state, c.clocks()); ok {
		s.Deadline, s.TellBy = d.On, d.On.Format(time.DateOnly)
		s.Source, s.Read, s.Sure = d.Source, d.SourceDate, d.Confidence
		over := d.On.AddDate(0, 0, 1)
		s.Passed, s.Missed = !time.Now().Before(over), !ahead.last(state).Before(over)
	}
	s.Holds = ahead.names(state)
	s.Duties = []StateDuty{}
	for _, d := range c.Law.Duties(state, people) {
		s.Duties = append(s.Duties, StateDuty{d.Who, d.From, d.By, d.First, d.Met, d.Fact.Source, d.Fact.SourceDate})
	}
	return s
}
