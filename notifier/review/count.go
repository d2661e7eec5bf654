package review

import (
	"strings"
)

// counts returns the sentences that say how many people are affected, or how
// many in a state.
func (l *linter) counts(w *wording, state string) []string {
	const telling = 5 // characters; shorter ones are days and last digits as well
	v := vocabularyOf(w.language)
	name := folded(l.stateName(state))
	affected := " " + w.plain.words(l.Incident.Affected) + " "
	var out []string
	for _, s := range w.withSubject() {
		told := recall(l.counted, w.language+"\n"+s, func() bool {
			whole := len(affected) > telling+1 && strings.Contains(" "+w.plain.words(s)+" ", affected)
			return whole || v != nil && v.tellsCount(folded(s))
		})
		if told || v != nil && recall(l.stateCount, w.language+"\n"+state+"\n"+s, func() bool { return v.tellsCountIn(folded(s), name) }) {
			out = append(out, s)
		}
	}
	return out
}

var (
	isYear    = pattern(`^(?:19|20)\d\d$`)
	isPercent = pattern(`(?:%|cent|ciento)$`)
	isLonger  = pattern(`^[-/:.]\d`) // the number goes on, as telephone numbers do
	nextWord  = pattern(`^ [a-z]+`)
	ofThem    = pattern(`^ (?:of|de)\b`)
)

// tellsCount reports whether a folded sentence says how many people there are.
func (v *vocabulary) tellsCount(s string) bool {
	s = v.withoutDays(s)
	for _, p := range v.counts {
		n := p.SubexpIndex("n")
		for _, m := range p.FindAllStringSubmatchIndex(s, -1) {
			if v.isCount(s, m[0], m[1], s[m[2*n]:m[2*n+1]]) {
				return true
			}
		}
	}
	return false
}

// tellsCountIn reports whether a folded sentence says how many people there are
// in a state.
func (v *vocabulary) tellsCountIn(s, state string) bool {
	if !strings.Contains(s, state) {
		return false
	}
	s = v.withoutDays(s)
	for at := range occurrences(s, state) {
		if m := v.inState.FindStringSubmatch(s[:at]); m != nil && !isYear().MatchString(m[1]) {
			return true
		}
	}
	return false
}

var telephone = pattern(`(?:\b1[ .-])?(?:\(\d{3}\) ?|\b\d{3}[ .-])?\b\d{3}[ .-]\d{4}\b`)

// withoutDays returns a folded sentence without its dates and telephone
// numbers.
func (v *vocabulary) withoutDays(s string) string {
	for _, p := range v.dates {
		s = p.ReplaceAllString(s, "…")
	}
	return telephone().ReplaceAllString(s, "…")
}

// isCount tells a count of people, found from one place to another, from years,
// time and money, and from those who work for the company.
func (v *vocabulary) isCount(s string, from, to int, number string) bool {
	switch {
	case isYear().MatchString(number) && v.aYear.MatchString(s[:from]):
	case strings.HasSuffix(s[:from], "$"):
	case isLonger().MatchString(s[to:]), v.uncounted.MatchString(s[from:to] + nextWord().FindString(s[to:])), v.team.MatchString(s[:from]), v.atWork.MatchString(s[to:]):
	case number == "100" && isPercent().MatchString(s[from:to]) && !ofThem().MatchString(s[to:]): // "we are 100% sure"
	default:
		return true
	}
	return false
}

// occurrences yields where words stand in s.
func occurrences(s, words string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for at := 0; words != ""; {
			i := strings.Index(s[at:], words)
			if i < 0 || !yield(at+i) {
				return
			}
			at += i + len(words)
		}
	}
}
