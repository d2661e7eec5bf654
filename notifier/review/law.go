package review

import (
	"fmt"
	"slices"
	"strings"

	"breachmail/notifier/jurisdiction"
)

const lawFile = "law.csv"

// lawProblems judges a wording by the law of one state that it goes to.
func lawProblems(l *linter, w *wording, r Reach) []problem {
	if l.Law == nil {
		return nil
	}
	var out []problem
	for _, block := range jurisdiction.Blocks {
		f, ok := l.Law.Block(r.State, block)
		if !ok {
			continue
		}
		if f.Value == jurisdiction.Forbidden {
			out = append(out, forbidden(l, w, block, f)...)
			continue
		}
		out = append(out, required(l, w, r, block, f)...)
	}
	for i := range out {
		out[i].state, out[i].legal = r.State, true
	}
	return out
}

// blockRules are the rules of blocks that have one of their own.
var blockRules = map[string]string{
	jurisdiction.BlockTitle: RuleTitle, jurisdiction.BlockHeadings: RuleHeadings, jurisdiction.BlockNoticeDate: RuleNoticeDate,
}

// required judges a block that the law requires or advises.
func required(l *linter, w *wording, r Reach, block string, f jurisdiction.Fact) []problem {
	lacks := l.lacks(w, r.State, block)
	if len(lacks) == 0 {
		return nil
	}
	p := problem{rule: RuleRequiredBlock, file: w.file, line: 1}
	if rule := blockRules[block]; rule != "" {
		p.rule = rule
	}
	asks := "requires"
	if f.Value == jurisdiction.Advised {
		asks = "advises"
	}
	p.text = fmt.Sprintf("%s %s %s: this wording lacks %s (%s)", l.stateName(r.State), asks, saying(block), strings.Join(lacks, ", "), cite(f))
	switch {
	case f.Value == jurisdiction.Advised:
		p.level = Warning
	case l.Voluntary[r.State]:
		p.level, p.text = Warning, p.text+"; counsel marked the notice to this state as voluntary"
	case r.People == 0:
		p.level, p.text = Warning, p.text+"; it reaches nobody so far"
	}
	return []problem{p}
}

// forbidden judges a block that the law forbids.
func forbidden(l *linter, w *wording, block string, f jurisdiction.Fact) []problem {
	var out []problem
	there := l.has(w, f.State, block)
	for _, s := range there {
		out = append(out, problem{rule: RuleForbiddenBlock, fragments: []string{s},
			text: fmt.Sprintf("%s forbids %s: this wording has %q (%s)", l.stateName(f.State), wordsFor(block, f.Value), beginning(s), cite(f))})
	}
	if block == jurisdiction.BlockNature {
		out = append(out, l.natureQuestions(w, f, there)...)
	}
	return out
}

// judgeRegulators looks for states in which a regulator has to be told first,
// with nothing that holds their people's notices back.
func (l *linter) judgeRegulators() {
	if l.Law == nil {
		return
	}
	var seen []string
	for _, r := range l.Reached {
		f, ok := l.Law.Fact(r.State, jurisdiction.FactRegulatorFirst)
		if !ok || r.People == 0 || slices.Contains(seen, r.State) || l.Held != nil && l.Held(r.State) {
			continue
		}
		seen = append(seen, r.State)
		p := problem{rule: RuleRegulatorFirst, state: r.State, legal: true}
		text := fmt.Sprintf("%s wants a regulator told before the people, %s (%s), and no hold that somebody has to release covers the state (add one without a date to holds, and release it once the regulator was told)",
			l.stateName(r.State), f.Value, cite(f))
		if l.Voluntary[r.State] {
			p.level, text = Warning, text+"; counsel marked the notice to this state as voluntary"
		}
		key := Finding{File: configFile, Line: l.places.line(configFile, "holds:"), Rule: p.rule, State: p.state, Text: text, Waivable: Waivable(p.rule)}
		l.note(key, "", p, true)
	}
}

func (l *linter) stateName(state string) string {
	if name := l.Law.Name(state); name != "" {
		return name
	}
	return state
}

// cite says where a fact of the law data stands and was read.
func cite(f jurisdiction.Fact) string {
	s := fmt.Sprintf("%s:%d, from %s", lawFile, f.Line, f.Source)
	if f.SourceDate != "" {
		s += ", " + f.SourceDate
	}
	if f.Confidence == jurisdiction.Memory {
		s += ", not verified"
	}
	return s
}
