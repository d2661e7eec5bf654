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
	"strings"
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

// States returns the states about which anything is known, in their order.
func (l *Law) States() []string { return slices.Sorted(maps.Keys(l.facts)) }

// Name returns the name of a state, or "" where there is none.
func (l *Law) Name(state string) string { return l.facts[state][FactName].Value }

// Fact returns one fact about a state.
func (l *Law) Fact(state, fact string) (Fact, bool) {
	f, ok := l.facts[state][fact]
	return f, ok
}
