package review

import (
	"fmt"
	"regexp"

	"breachmail/notifier"
	"breachmail/notifier/notice"
)

var todoPattern = regexp.MustCompile(`(?:^|\PL)TODO(?:\PL|$)`)

// todoProblems are gaps that nobody filled.
func todoProblems(sentence string) []problem {
	if !todoPattern.MatchString(sentence) {
		return nil
	}
	return []problem{{rule: RuleTODO, fragments: []string{sentence, "TODO"}, text: "the reader would see TODO (write what belongs there)"}}
}

// judgeDenials looks for what says that data was not involved though
// incident.data_not_involved does not.
func (l *linter) judgeDenials(w *wording) error {
	n := l.Bare
	if n == nil {
		n = l.Notices
	}
	text, html, err := bodies(n, w)
	if err != nil {
		return err
	}
	var out []problem
	for _, s := range merged(sentences(string(text)), sentences(readDocument(html).text)) {
		key := w.language + "\n" + s
		if _, ok := l.denials[key]; !ok {
			l.denials[key] = deniesData(w.language, s)
		}
		if l.denials[key] {
			out = append(out, problem{rule: RuleNotInvolved, fragments: []string{s},
				text: fmt.Sprintf("%q says that some data was not involved (only incident.data_not_involved may say so, with what counsel has confirmed)", beginning(s))})
		}
	}
	l.judge(w, out)
	return nil
}

func bodies(n *notice.Notice, w *wording) (text, html []byte, err error) {
	r := n.Sample(w.variant)
	return n.Render(&r)
}

// deniesData reports whether a sentence says that data was not involved.
func deniesData(language, sentence string) bool {
	v := vocabularies[language]
	if v == nil {
		return false
	}
	s := folded(sentence)
	return v.denial.MatchString(s) && (v.data.MatchString(s) || v.nothing.MatchString(s)) || v.safe.MatchString(s) && v.data.MatchString(s)
}

// beginning returns the beginning of a sentence, to be quoted: without numbers
// and addresses in full, which may be somebody's.
func beginning(s string) string {
	const most = 100
	s = numberPattern.ReplaceAllStringFunc(s, func(n string) string { return notifier.NewPhone(digits(n)).String() })
	s = emailAddress.ReplaceAllStringFunc(s, func(a string) string { return notifier.NewAddress(a).String() })
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}
