package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

func newLaw(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "law [STATE]",
		Short: "Show what a state's law asks of a notice",
		Long: `Shows what is known about the law of STATE (two letters or a name; US for the
federal rule), each fact with its source, or without STATE all states in a
table. It is the campaign's law.csv, which counsel corrects and an approval
freezes, and outside a campaign what breachmail brings along. None of it is
legal advice: counsel decides.`,
		Example: example("  breachmail -C aug-2018 law MA\n  breachmail law", 0, 1, 64),
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return runLaw(a, args)
		},
	}
	a.jsonFlag(c)
	return c
}

// lawObject is what law --json prints.
type lawObject struct {
	File   string           `json:"file"` // empty: what breachmail brings along
	States []lawStateObject `json:"states"`
}

type lawStateObject struct {
	State  string          `json:"state"`
	Name   string          `json:"name"`
	Status string          `json:"status"` // required or voluntary, as counsel marked it; else empty
	Facts  []lawFactObject `json:"facts"`
}

type lawFactObject struct {
	Fact       string `json:"fact"`
	Value      string `json:"value"`
	Source     string `json:"source"`
	SourceDate string `json:"source_date"`
	CheckedOn  string `json:"checked_on"`
	Confidence string `json:"confidence"`
	Line       int    `json:"line"`
}

func runLaw(a *app, args []string) error {
	book, err := campaign.OpenLaw(a.dir)
	if err != nil {
		return err
	}
	states := book.Law.States()
	if len(args) == 1 {
		state, err := book.State(args[0])
		if err != nil {
			return err
		}
		states = []string{state}
	}
	w := a.words()
	if len(args) == 1 {
		printLawOf(w, book, states[0])
	} else {
		printLaws(w, book, states)
	}
	from := book.File
	if from == "" {
		from = "what breachmail brings along; a campaign has its own law.csv"
	}
	fmt.Fprintf(w, "From: %s\nNone of this is legal advice: counsel decides, and corrects law.csv.\n", from)
	return a.object(newLawObject(book, states))
}

func newLawObject(book *campaign.LawBook, states []string) lawObject {
	o := lawObject{File: book.File, States: []lawStateObject{}}
	for _, state := range states {
		s := lawStateObject{State: state, Name: book.Law.Name(state), Status: book.Status[state], Facts: []lawFactObject{}}
		for _, f := range book.Law.Facts(state) {
			s.Facts = append(s.Facts, lawFactObject{f.Fact, f.Value, f.Source, f.SourceDate, f.CheckedOn, f.Confidence, f.Line})
		}
		o.States = append(o.States, s)
	}
	return o
}

// lawWords says in words what a fact is about.
var lawWords = map[string]string{
	"statute": "where it stands", "status": "is it in force", "deadline": "tell people by",
	"deadline_days": "that is, in calendar days", "deadline_clock": "counted from",
	"regulator": "also to be told", "regulator_from": "from this many people on", "regulator_by": "and by when",
	"regulator_first": "to be told before the people are", "bureaus_from": "credit bureaus, from this many people on", "bureaus_by": "and by when",
	"email": "may be told by email", "email_words": "in words", "substitute": "where people cannot be reached",
	"records": "to be kept", "template": "has a template of its own", "attorney_general": "attorney general",
	"consumer_agency": "consumer agency", "ftc": "Federal Trade Commission", "equifax": "credit bureau",
	"experian": "credit bureau", "transunion": "credit bureau",
}

// printLawOf prints all that is known about one state.
func printLawOf(w io.Writer, book *campaign.LawBook, state string) {
	fmt.Fprintf(w, "%s (%s)\n", book.Law.Name(state), state)
	if s := book.Status[state]; s != "" {
		fmt.Fprintf(w, "  counsel marked its notice as %s (law.status in campaign.yaml)\n", s)
	}
	for _, f := range book.Law.Facts(state) {
		if f.Fact == "name" {
			continue
		}
		what := orElse(lawWords[f.Fact], f.Fact)
		if block, ok := strings.CutPrefix(f.Fact, campaign.BlockPrefix); ok {
			what = "in the notice, " + strings.ReplaceAll(block, "_", " ")
		}
		fmt.Fprintf(w, "  %s: %s\n      %s\n", what, f.Value, readIn(f))
	}
	fmt.Fprintln(w)
}

// readIn says where a fact was read, and how far it was checked.
func readIn(f campaign.Fact) string {
	s := f.Source
	if f.SourceDate != "" {
		s += ", " + f.SourceDate
	}
	if f.Confidence != "" {
		s += "; " + f.Confidence
	}
	return s
}

// printLaws prints the states in a table.
func printLaws(w io.Writer, book *campaign.LawBook, states []string) {
	rows := [][]string{{"state", "days", "counted from", "by email", "regulators from", "bureaus from", "before the people", "template"}}
	for _, state := range states {
		fact := func(name string) string {
			f, _ := book.Law.Fact(state, name)
			return f.Value
		}
		first := ""
		if fact("regulator_first") != "" {
			first = "yes"
		}
		rows = append(rows, []string{
			orElse(book.Law.Name(state), state), orElse(fact("deadline_days"), "-"), fact("deadline_clock"), orElse(fact("email"), "not known"),
			fact("regulator_from"), fact("bureaus_from"), first, fact("template"),
		})
	}
	printTable(w, rows)
}
