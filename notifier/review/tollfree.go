package review

import (
	"fmt"
)

// tollFreeProblems are statements that a call costs nothing, where it does.
func tollFreeProblems(l *linter, language, sentence string) []problem {
	v := vocabularyOf(language)
	if v == nil {
		return nil
	}
	s := folded(sentence)
	for _, m := range v.callsFree.FindAllStringIndex(s, -1) {
		if v.isUndone(s[:m[0]]) {
			continue
		}
		number, ok := nearestNumber(s, m[0], m[1])
		if !ok && v.ourselves.MatchString(s) {
			number, ok = l.Incident.Contact.Phone, true
		}
		if ok && !isTollFree(number) {
			return []problem{{rule: RuleTollFree, fragments: []string{sentence},
				text: fmt.Sprintf("%q says that a call costs nothing, and the number is not toll-free (name one that is, or do not say so)", beginning(sentence))}}
		}
	}
	return nil
}

// nearestNumber returns the telephone number that stands nearest to a piece of
// a sentence.
func nearestNumber(s string, from, to int) (string, bool) {
	s = withoutPlain(s)
	best, distance := "", len(s)+1
	for _, m := range numberPattern().FindAllStringIndex(s, -1) {
		d := m[0] - to
		if m[1] <= from {
			d = from - m[1]
		}
		if d = max(d, 0); d < distance {
			best, distance = s[m[0]:m[1]], d
		}
	}
	return best, best != ""
}
