package review

import (
	"fmt"
	"strconv"
)

// judgeAffected compares how many people notices say are affected with how many
// are planned to be told: the latter are affected, so that they cannot be more.
func (l *linter) judgeAffected() {
	said, ok := wholeNumber(l.Incident.Affected)
	if !ok || said >= l.People {
		return
	}
	p := problem{rule: RuleAffected, level: Warning, legal: true}
	text := fmt.Sprintf("incident.affected says that %s affected, and %s planned to be told (correct the number, or leave out of the exports who is not affected)",
		many(said, "person is", "people are"), many(l.People, "person is", "people are"))
	l.note(Finding{File: configFile, Line: l.places.line(configFile, "affected:"), Rule: p.rule, Text: text, Waivable: Waivable(p.rule)}, "", p, true)
}

var wholeNumberPattern = pattern(`^\d+(?:[,. ]\d{3})*$`)

// wholeNumber reads a number as people write it: 2,000,000.
func wholeNumber(s string) (int64, bool) {
	if !wholeNumberPattern().MatchString(s) {
		return 0, false
	}
	n, err := strconv.ParseInt(digits(s), 10, 64)
	return n, err == nil
}

// many writes a number of something: "1 person", "2,000 people".
func many(n int64, one, more string) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if n == 1 {
		return s + " " + one
	}
	return s + " " + more
}
