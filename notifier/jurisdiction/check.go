package jurisdiction

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// check judges a fact by itself.
func (f Fact) check() error {
	block, isOfBlock := strings.CutPrefix(f.Fact, BlockPrefix)
	certain := []string{Verified, Memory, Counsel}
	switch {
	case !isState(f.State):
		return errors.New("the state is not two capital letters (for example CA)")
	case isOfBlock && !isBlock(block):
		return fmt.Errorf("there is no block %q (blocks: %s)", block, strings.Join(Blocks, ", "))
	case !isOfBlock && !slices.Contains(facts, f.Fact):
		return fmt.Errorf("there is no fact %q (facts: %s, and %s with a block)", f.Fact, strings.Join(facts, ", "), BlockPrefix)
	case f.Value == "":
		return fmt.Errorf("%s has no value (write one, or take the line out)", f.Fact)
	case f.Source == "":
		return errors.New("the source is missing (say where the fact was read, or \"counsel\")")
	case !isDate(f.SourceDate), !isDate(f.CheckedOn):
		return errors.New("a date is not written as 2026, 2026-08 or 2026-08-20 (leave it empty where nobody knows)")
	case !isPlain(f.Value), !isPlain(f.Source):
		return errors.New("the line holds a line break, a control character or bytes that are not UTF-8 (write it on one line, in UTF-8)")
	case !slices.Contains(certain, f.Confidence):
		return fmt.Errorf("the confidence is not one of %s", strings.Join(certain, ", "))
	}
	return f.checkValue(isOfBlock)
}

// choices are the values that some facts may have.
var choices = map[string][]string{
	FactDeadlineClock: {ClockDiscovery, ClockDetermination, ClockConfirmation, ClockScopeEnded},
	FactEmail:         {EmailAllowed, EmailPrimary, EmailConsent},
	BlockPrefix:       {Required, Advised, Forbidden},
}

// templateName is what a template's file may be called before its language.
var templateName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// checkValue judges a fact's value.
func (f Fact) checkValue(isOfBlock bool) error {
	kind := f.Fact
	if isOfBlock {
		kind = BlockPrefix
	}
	list := choices[kind]
	n, err := strconv.Atoi(f.Value)
	_, isOffice := readOffice(f.Value)
	switch {
	case list != nil && !slices.Contains(list, f.Value):
		return fmt.Errorf("%s is not one of %s", f.Fact, strings.Join(list, ", "))
	case f.Fact == FactDeadlineDays && (err != nil || n < 1 || n > 3650):
		return errors.New("the deadline is not a number of days (for example 30; where the law gives none, take the line out)")
	case (f.Fact == FactRegulatorFrom || f.Fact == FactBureausFrom) && (err != nil || n < 1):
		return fmt.Errorf("%s is not a number of people (for example 501 where the law says more than 500, 1 where it says any)", f.Fact)
	case slices.Contains(offices, f.Fact) && !isOffice:
		return fmt.Errorf("%s is not written as: name | postal address | telephone | web address (leave a part empty where nobody knows it)", f.Fact)
	case f.Fact == FactTemplate && !templateName.MatchString(f.Value):
		return errors.New("the template is not the first part of a file name in templates/ (for example massachusetts)")
	}
	return nil
}

// conditions are the facts that say nothing where all of some others are
// missing.
var conditions = []struct {
	fact  string
	needs []string
	todo  string
}{
	{FactDeadlineDays, []string{FactDeadlineClock}, "say what the days are counted from"},
	{FactDeadlineClock, []string{FactDeadlineDays}, "take the line out where the law gives no number"},
	{FactRegulatorFrom, []string{FactRegulator, FactRegulatorFirst}, "say who is to be told"},
	{FactRegulatorBy, []string{FactRegulator, FactRegulatorFirst}, "say who is to be told"},
	{FactBureausBy, []string{FactBureausFrom}, "say from how many people on, 1 where the law says any"},
}

// check judges the facts of each state together.
func (l *Law) check(name string) error {
	for _, state := range l.States() {
		if err := l.checkConditions(name, state); err != nil {
			return err
		}
		if err := l.checkOffices(name, state); err != nil {
			return err
		}
	}
	return nil
}

func (l *Law) checkConditions(name, state string) error {
	for _, c := range conditions {
		f, ok := l.Fact(state, c.fact)
		if ok && !l.hasAny(state, c.needs) {
			return fmt.Errorf("%s:%d: %s has %s without %s (%s)", name, f.Line, state, c.fact, strings.Join(c.needs, " or "), c.todo)
		}
	}
	return nil
}

func (l *Law) hasAny(state string, names []string) bool {
	for _, n := range names {
		if _, ok := l.Fact(state, n); ok {
			return true
		}
	}
	return false
}

// checkOffices holds that whom a notice to the state should name is known.
func (l *Law) checkOffices(name, state string) error {
	for _, block := range Blocks {
		if !l.Asks(state, block) {
			continue
		}
		where, named := namedBy(state, block)
		for _, office := range named {
			if _, ok := l.Fact(where, office); !ok {
				f, _ := l.Block(state, block)
				return fmt.Errorf("%s:%d: %s asks for %s, but %s has no %s to name (add the line %s,%s, or take this one out)",
					name, f.Line, state, block, where, office, where, office)
			}
		}
	}
	return nil
}

// namedBy returns the offices that a block names, and the state they stand
// under.
func namedBy(state, block string) (where string, named []string) {
	switch block {
	case BlockAttorneyGeneral:
		return state, []string{OfficeAttorneyGeneral}
	case BlockConsumerAgency:
		return state, []string{OfficeConsumerAgency}
	case BlockFTC:
		return Federal, []string{OfficeFTC}
	case BlockBureaus:
		return Federal, []string{OfficeEquifax, OfficeExperian, OfficeTransUnion}
	}
	return "", nil
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

// isPlain reports whether s can be printed on one line.
func isPlain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}
