package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"breachmail/notifier/jurisdiction"
)

// judgeAddresses looks for offices that notices name and whose address nobody
// has compared with a source. They are one finding.
func (l *linter) judgeAddresses() error {
	if l.Law == nil {
		return nil
	}
	facts, err := l.fromMemory()
	if err != nil || len(facts) == 0 {
		return err
	}
	lines := make([]string, len(facts))
	for i, f := range facts {
		lines[i] = fmt.Sprintf(":%d", f.Line)
	}
	text := fmt.Sprintf("%s named in notices and not verified: %s%s (compare each with its source, correct it, and write %q as its confidence)",
		many(int64(len(facts)), "address of an office is", "addresses of offices are"), lawFile, strings.Join(lines, ", "), jurisdiction.Counsel)
	p := problem{rule: RuleUnverified, level: Warning, legal: true}
	l.note(Finding{File: lawFile, Line: 1, Rule: p.rule, Text: text, Waivable: Waivable(p.rule)}, "", p, true)
	return nil
}

// fromMemory returns the offices that notices name to somebody and whose line
// rests on general knowledge, in the order of the law data.
func (l *linter) fromMemory() ([]jurisdiction.Fact, error) {
	var out []jurisdiction.Fact
	for _, r := range l.Reached {
		if r.People == 0 {
			continue
		}
		list, err := l.wordings(r.Variant)
		if err != nil {
			return nil, fmt.Errorf("sample %s: %w", r.Variant, err)
		}
		for _, name := range officeNames {
			state := officeState(r.State, name)
			f, ok := l.Law.Fact(state, name)
			if !ok || f.Confidence != jurisdiction.Memory || slices.Contains(out, f) {
				continue
			}
			if o, ok := l.Law.Office(state, name); ok && slices.ContainsFunc(list, func(w *wording) bool { return w.names(o) }) {
				out = append(out, f)
			}
		}
	}
	slices.SortFunc(out, func(a, b jurisdiction.Fact) int { return cmp.Compare(a.Line, b.Line) })
	return out, nil
}
