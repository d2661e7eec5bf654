package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"breachmail/notifier/campaign"
)

// mostListed is how many states or domains are listed one by one.
const mostListed = 12

// printStates lists the states and by when their laws want people told. A
// deadline in danger is listed whatever the number of people.
func printStates(w io.Writer, o *campaign.Outlook, noDay bool) {
	rows := [][]string{{"state", "people", "tell by (counsel decides)", "source"}}
	var others int64
	left := 0
	for i := range o.States {
		s := &o.States[i]
		if i >= mostListed && len(o.States) > mostListed+1 && !s.Passed && !s.Missed {
			others += s.People
			left++
			continue
		}
		rows = append(rows, stateRow(s, noDay))
	}
	if left > 0 {
		rows = append(rows, []string{fmt.Sprintf("%d more", left), number(others), "see breachmail preview", ""})
	}
	if o.Federal != nil {
		rows = append(rows, stateRow(o.Federal, noDay))
	}
	printTable(w, rows)
}

func stateRow(s *campaign.StateLaw, noDay bool) []string {
	by := "no number of days"
	switch {
	case s.Passed:
		by = s.TellBy + " PASSED"
	case s.Missed:
		by = s.TellBy + " CANNOT BE MET"
	case s.TellBy != "":
		by = s.TellBy
	case noDay:
		by = "incident.discovered is missing"
	}
	if s.Status != "" {
		by += ", " + s.Status
	}
	if len(s.Holds) > 0 {
		by += ", on hold"
	}
	if s.Doubt != "" {
		by += ", in doubt"
	}
	source := s.Source
	if s.Read != "" {
		source += " (" + s.Read + ")"
	}
	return []string{orElse(s.Name, s.State), number(s.People), by, cut(source, 46)}
}

// printDeadlines says loudly which deadlines have passed or cannot be met.
func printDeadlines(w io.Writer, o *campaign.Outlook) {
	var passed, missed []string
	for _, s := range withFederal(o) {
		switch {
		case s.Passed:
			passed = append(passed, s.Name+" ("+s.TellBy+")")
		case s.Missed:
			missed = append(missed, s.Name+" ("+s.TellBy+")")
		}
	}
	if len(passed) > 0 {
		fmt.Fprintf(w, "!! PASSED: %s: %s. Ask counsel today.\n", many(int64(len(passed)), "deadline is over", "deadlines are over"), strings.Join(passed, ", "))
	}
	if len(missed) > 0 {
		fmt.Fprintf(w, "!! CANNOT BE MET at %s and with these holds: %s before the last notice would leave: %s.\n", o.Rate,
			many(int64(len(missed)), "deadline ends", "deadlines end"), strings.Join(missed, ", "))
	}
}

func withFederal(o *campaign.Outlook) []campaign.StateLaw {
	list := o.States
	if o.Federal != nil {
		list = append(list[:len(list):len(list)], *o.Federal)
	}
	return list
}

// printDuties says who else is to be told at these numbers of people.
func printDuties(w io.Writer, o *campaign.Outlook) {
	var first, regulators, bureaus []string
	for _, s := range withFederal(o) {
		for _, d := range s.Duties {
			switch {
			case !d.Met:
			case d.First:
				first = append(first, fmt.Sprintf("%s (%s)", s.Name, d.Who))
			case d.Who == campaign.Bureaus:
				bureaus = append(bureaus, s.State)
			default:
				regulators = append(regulators, s.State)
			}
		}
	}
	lines := [][2]string{}
	for _, l := range []struct {
		what string
		who  []string
		sep  string
	}{{"before the people are told", first, "; "}, {"regulators", regulators, " "}, {"credit bureaus", bureaus, " "}} {
		if len(l.who) > 0 {
			lines = append(lines, [2]string{l.what, strings.Join(l.who, l.sep)})
		}
	}
	if len(lines) == 0 {
		return
	}
	fmt.Fprintln(w, "Also to be told at these numbers (counsel decides; who and by when: breachmail law STATE):")
	printList(w, lines)
	fmt.Fprintln(w)
}

// printOutlook says what the law asks for, and whether there is time for it.
func printOutlook(w io.Writer, o *campaign.Outlook, noDay bool) {
	printStates(w, o, noDay)
	printDuties(w, o)
	printDeadlines(w, o)
	printNeeds(w, o)
}

// printNeeds says how long sending takes, and what decides it.
func printNeeds(w io.Writer, o *campaign.Outlook) {
	if o.Needs < time.Minute {
		fmt.Fprintf(w, "At %s (%s) sending takes less than a minute.\n", o.Rate, o.RatedBy)
	} else {
		fmt.Fprintf(w, "At %s (%s) sending takes about %s: begun now, the last notice leaves %s.\n",
			o.Rate, o.RatedBy, about(o.Needs), time.Now().Add(o.Needs).Format("Mon 2 Jan 15:04"))
	}
	if o.Last.After(time.Now().Add(o.Needs + time.Hour)) {
		fmt.Fprintf(w, "Holds keep some back until %s at least.\n", o.Last.Format("Mon 2 Jan 15:04"))
	}
	if o.Needs > time.Hour {
		fmt.Fprintf(w, "To end sooner, agree on more with whoever runs the relays, and raise %s.\n", o.RatedBy)
	}
}
