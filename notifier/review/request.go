package review

import (
	"fmt"
	"regexp"
	"strings"
)

// requestProblems are requests for data, to log in or to click, as phishing
// mails have them. A sentence that denies them, or warns of them, or says what
// others did, is none.
func requestProblems(language, sentence string) []problem {
	v := vocabularyOf(language)
	if v == nil {
		return nil
	}
	s := folded(sentence)
	if v.warns.MatchString(s) || v.others.MatchString(s) && !v.ourselves.MatchString(s) {
		return nil // a credit bureau may ask for data
	}
	for _, r := range v.requests {
		for _, m := range r.pattern.FindAllStringIndex(s, -1) {
			if r.unless != nil && r.unless.MatchString(s) {
				break
			}
			before := s[:m[0]]
			weDo := v.weDo.MatchString(before) && (v.asIfWe == nil || !v.asIfWe.MatchString(before))
			if !weDo && v.addresses(s, m[0], m[1]) && !denied(v, before) {
				return []problem{{rule: RuleDataRequest, fragments: []string{sentence},
					text: fmt.Sprintf("%q asks the reader %s (phishing mails do; let them type your address or call a number they know)", beginning(sentence), r.what)}}
			}
		}
	}
	return nil
}

// addresses reports whether what stands from one place of a sentence to another
// is what the reader should do: it begins its clause, or the clause asks the
// reader for something.
func (v *vocabulary) addresses(s string, from, to int) bool {
	before := s[:from]
	for _, m := range v.turn.FindAllStringIndex(before, -1) {
		if end := m[1]; end == len(before) || before[end-1] != '.' && before[end-1] != ':' || before[end] == ' ' { // else it is in an address
			before = s[end:from]
		}
	}
	clause := before[strings.LastIndexAny(before, ",(!?")+1:]
	clause, purpose := v.unopened(clause)
	switch {
	case clause != "":
		return v.bidden.MatchString(clause)
	case purpose:
		return !v.weThen.MatchString(s[to:])
	}
	return !strings.Contains(before, ",") || v.condition.MatchString(before) || v.bidden.MatchString(before) || !v.acted.MatchString(before)
}

// unopened returns a clause without its openers, and whether the last of them
// says what for.
func (v *vocabulary) unopened(clause string) (rest string, purpose bool) {
	rest = strings.TrimLeft(clause, " \"'-*")
	for {
		m := v.openers.FindString(rest)
		if m == "" {
			return rest, purpose
		}
		purpose = v.purpose.MatchString(m)
		rest = strings.TrimLeft(rest[len(m):], " \"'-*")
	}
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
	v := vocabularyOf(language)
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
	unless  *regexp.Regexp // what makes it none; may be nil
}
