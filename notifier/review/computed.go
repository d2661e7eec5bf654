package review

import (
	"strconv"
	"strings"
)

// judgeComputed looks for what templates compute with a recipient's own values:
// somebody could get words there that stand on no sample.
func (l *linter) judgeComputed() {
	for _, at := range l.Notices.Computed() {
		file, line, _ := strings.Cut(at, ":")
		n, _ := strconv.Atoi(line)
		p := problem{rule: RuleComputed}
		l.note(Finding{
			File: file, Line: n, Rule: p.rule, Waivable: Waivable(p.rule),
			Text: "the notice depends here on the recipient's own values, so that somebody may get words that stand on no sample (print such a value, or test whether it is there, and nothing else)",
		}, "", p, true)
	}
}
