package review

import (
	"fmt"
	"regexp"
	"strings"
)

// requestProblems are requests for data, to log in or to click, as phishing
// mails have them. A sentence that denies them, or warns of them, is none.
func requestProblems(language, sentence string) []problem {
	v := vocabularies[language]
	if v == nil {
		return nil
	}
	s := folded(sentence)
	if v.warns.MatchString(s) || v.others.MatchString(s) && !v.ourselves.MatchString(s) {
		return nil // a credit bureau may ask for data
	}
	for _, r := range v.requests {
		for _, m := range r.pattern.FindAllStringIndex(s, -1) {
			if !denied(v, s[:m[0]]) && !v.weDo.MatchString(s[:m[0]]) {
				return []problem{{rule: RuleDataRequest, fragments: []string{sentence},
					text: fmt.Sprintf("%q asks the reader %s (phishing mails do; let them type your address or call a number they know)", beginning(sentence), r.what)}}
			}
		}
	}
	return nil
}

// denied reports whether what stands before a request turns it into its
// opposite: "we will never ask you to". A condition does not: "if you do not
// know this payment, click".
func denied(v *vocabulary, before string) bool {
	clauses := v.turn.Split(before, -1)
	last := clauses[len(clauses)-1]
	for n := 0; v.condition.MatchString(last) || n > 0 && v.goesOn.MatchString(last); n++ {
		_, behind, ok := strings.Cut(last, ",")
		if !ok {
			return false
		}
		last = behind
	}
	return v.negation.MatchString(last)
}

// urgencyProblems are phrases that press the reader.
func urgencyProblems(language, sentence string) []problem {
	v := vocabularies[language]
	if v == nil {
		return nil
	}
	phrase := v.urgency.FindString(folded(sentence))
	if phrase == "" {
		return nil
	}
	return []problem{{rule: RuleUrgency, level: Warning, fragments: []string{sentence},
		text: fmt.Sprintf("%q presses the reader, as phishing mails do (say calmly what can be done)", phrase)}}
}

// request is a way to ask for something.
type request struct {
	what    string
	pattern *regexp.Regexp
}
