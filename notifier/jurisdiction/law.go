package jurisdiction

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed law.csv
var builtIn []byte

// BuiltIn returns the law data that breachmail brings along, as init writes it
// to a campaign's law.csv.
func BuiltIn() []byte { return bytes.Clone(builtIn) }

// Law is a parsed law.csv.
type Law struct {
	facts map[string]map[string]Fact // by state and fact
}

// header is the first line of law.csv that is not a comment.
var header = []string{"state", "fact", "value", "source", "source_date", "checked_on", "confidence"}

// Parse reads law data. Lines that begin with # are comments. Its errors have
// the form "name:line: what is wrong (what to do)".
func Parse(name string, data []byte) (*Law, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	r.Comment = '#'
	r.FieldsPerRecord = -1
	first, err := r.Read()
	if err == io.EOF {
		return nil, fmt.Errorf("%s:1: the file is empty (its first line is %s)", name, strings.Join(header, ","))
	}
	if err != nil {
		return nil, unreadable(name, err)
	}
	if !slices.Equal(first, header) {
		line, _ := r.FieldPos(0)
		return nil, fmt.Errorf("%s:%d: not the header of law data (it is %s)", name, line, strings.Join(header, ","))
	}
	law := &Law{facts: make(map[string]map[string]Fact)}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, unreadable(name, err)
		}
		line, _ := r.FieldPos(0)
		if err := law.add(cells, line); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
	if err := law.check(name); err != nil {
		return nil, err
	}
	return law, nil
}

func unreadable(name string, err error) error {
	var at *csv.ParseError
	if errors.As(err, &at) {
		return fmt.Errorf("%s:%d: %w (a value with a comma or a quote stands in quotes, quotes in it doubled)", name, at.Line, at.Err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// add takes in one line.
func (l *Law) add(cells []string, line int) error {
	if len(cells) != len(header) {
		return fmt.Errorf("%d fields instead of %d (a value with a comma stands in quotes)", len(cells), len(header))
	}
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	f := Fact{
		State: cells[0], Fact: cells[1], Value: cells[2], Source: cells[3],
		SourceDate: cells[4], CheckedOn: cells[5], Confidence: cells[6], Line: line,
	}
	if err := f.check(); err != nil {
		return err
	}
	of := l.facts[f.State]
	if of == nil {
		of = make(map[string]Fact)
		l.facts[f.State] = of
	}
	if before, ok := of[f.Fact]; ok {
		return fmt.Errorf("%s has %s already on line %d (keep one)", f.State, f.Fact, before.Line)
	}
	of[f.Fact] = f
	return nil
}

// check judges a fact by itself.
func (f Fact) check() error {
	facts := []string{FactName, FactStatute, FactDeadline, FactDeadlineDays, FactDeadlineClock, FactRegulatorFirst}
	clocks := []string{ClockDiscovery, ClockDetermination, ClockConfirmation, ClockScopeEnded}
	certain := []string{Verified, Memory, Counsel}
	switch {
	case !isState(f.State):
		return errors.New("the state is not two capital letters (for example CA)")
	case !slices.Contains(facts, f.Fact):
		return fmt.Errorf("there is no fact %q (facts: %s)", f.Fact, strings.Join(facts, ", "))
	case f.Value == "":
		return fmt.Errorf("%s has no value (write one, or take the line out)", f.Fact)
	case f.Source == "":
		return errors.New("the source is missing (say where the fact was read, or \"counsel\")")
	case !isDate(f.SourceDate), !isDate(f.CheckedOn):
		return errors.New("a date is not written as 2026, 2026-08 or 2026-08-20 (leave it empty where nobody knows)")
	case !slices.Contains(certain, f.Confidence):
		return fmt.Errorf("the confidence is not one of %s", strings.Join(certain, ", "))
	case f.Fact == FactDeadlineClock && !slices.Contains(clocks, f.Value):
		return fmt.Errorf("the clock is not one of %s", strings.Join(clocks, ", "))
	}
	if f.Fact == FactDeadlineDays {
		if n, err := strconv.Atoi(f.Value); err != nil || n < 1 || n > 3650 {
			return errors.New("the deadline is not a number of days (for example 30; where the law gives none, take the line out)")
		}
	}
	return nil
}

// check judges the facts of each state together.
func (l *Law) check(name string) error {
	for _, state := range l.States() {
		days, hasDays := l.facts[state][FactDeadlineDays]
		clock, hasClock := l.facts[state][FactDeadlineClock]
		switch {
		case hasDays && !hasClock:
			return fmt.Errorf("%s:%d: %s has deadline_days without deadline_clock (say what the days are counted from)", name, days.Line, state)
		case hasClock && !hasDays:
			return fmt.Errorf("%s:%d: %s has deadline_clock without deadline_days (take the line out where the law gives no number)", name, clock.Line, state)
		}
	}
	return nil
}

// States returns the states about which anything is known, in their order.
func (l *Law) States() []string { return slices.Sorted(maps.Keys(l.facts)) }

// Name returns the name of a state, or "" where there is none.
func (l *Law) Name(state string) string { return l.facts[state][FactName].Value }

// Fact returns one fact about a state.
func (l *Law) Fact(state, fact string) (Fact, bool) {
	f, ok := l.facts[state][fact]
	return f, ok
}

func isState(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}

// isDate reports whether s is empty, or a year, a month or a day.
func isDate(s string) bool {
	if s == "" {
		return true
	}
	for _, layout := range []string{"2006", "2006-01", time.DateOnly} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}
