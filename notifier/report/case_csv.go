package report

import (
	"encoding/csv"
	"io"
	"strconv"
)

// StateRow is a state's line of a report.
type StateRow struct {
	State, Name string
	Counts
	Deadline string // the last day, 2018-09-19; empty where there is none
	Source   string
}

// StateRows are the states' lines, most people first.
func (c *Case) StateRows() []StateRow {
	deadlines := map[string]Deadline{}
	for _, d := range c.Deadlines {
		deadlines[d.State] = d
	}
	var list []StateRow
	for _, s := range c.Tally.States() {
		r := StateRow{State: s.State, Name: stateName(s.State), Counts: s.Counts}
		if d, ok := deadlines[s.State]; ok {
			r.Deadline, r.Source = d.On, d.Source
		}
		if name := c.Names[s.State]; name != "" {
			r.Name = name
		}
		list = append(list, r)
	}
	return list
}

// ByEmail counts those whose notice a relay took and that has not come back.
func (c *Counts) ByEmail() int64 { return c.Standing[ByEmail] }

// ByPost counts those to whom a letter was sent and who have no email.
func (c *Counts) ByPost() int64 { return c.Standing[ByLetter] }

// Due counts those to whom a letter is to be sent.
func (c *Counts) Due() int64 { return c.Standing[LetterDue] }

// Unknown counts those of whom nobody can tell.
func (c *Counts) Unknown() int64 { return c.Standing[Undecided] }

// Unsent counts those whose notice is still to be sent.
func (c *Counts) Unsent() int64 { return c.Standing[Unsent] }

// stateHeader is the first line of by-state.csv.
var stateHeader = []string{
	"state", "name", "people", "email_accepted", "by_post_told", "untold", "letter_due", "unknown", "not_sent",
	"refused", "bounced", "letters_sent", "first_date", "last_date", "deadline", "by_deadline", "after_deadline",
}

// StateHeader returns the columns of by-state.csv.
func StateHeader() []string { return append([]string{}, stateHeader...) }

// WriteStates writes by-state.csv: a line a state, most people first.
func WriteStates(w io.Writer, c *Case) error {
	out := csv.NewWriter(w)
	if err := out.Write(stateHeader); err != nil {
		return err
	}
	for _, r := range c.StateRows() {
		n := func(n int64) string { return strconv.FormatInt(n, 10) }
		inTime, late := "", ""
		if r.Deadline != "" {
			inTime, late = n(r.InTime), n(r.Late)
		}
		if err := out.Write([]string{
			r.State, r.Name, n(r.People), n(r.ByEmail()), n(r.ByPost()), n(r.Untold), n(r.Due()), n(r.Counts.Unknown()), n(r.Counts.Unsent()),
			n(r.Refused), n(r.Bounced), n(r.Letters), r.First, r.Last, r.Deadline, inTime, late,
		}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
