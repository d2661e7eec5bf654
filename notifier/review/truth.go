package review

import (
	"fmt"
	"slices"

	"breachmail/notifier"
)

var todoPattern = pattern(`(?:^|\PL)TODO(?:\PL|$)`)

// todoProblems are gaps that nobody filled.
func todoProblems(sentence string) []problem {
	if !todoPattern().MatchString(sentence) {
		return nil
	}
	return []problem{{rule: RuleTODO, fragments: []string{sentence, "TODO"}, text: "the reader would see TODO (write what belongs there)"}}
}

// judgeDenials looks for what says that data was not involved though
// incident.data_not_involved does not.
func (l *linter) judgeDenials(w *wording) error {
	list, err := l.bareSentences(w)
	if err != nil {
		return err
	}
	l.judge(w, l.denialProblems(w.language, list))
	return nil
}

// denialProblems are the sentences that say that some data was not involved.
func (l *linter) denialProblems(language string, list []string) []problem {
	var out []problem
	for _, s := range list {
		if recall(l.denials, language+"\n"+s, func() bool { return deniesData(language, s) }) {
			out = append(out, problem{rule: RuleNotInvolved, fragments: []string{s},
				text: fmt.Sprintf("%q says that some data was not involved (only incident.data_not_involved may say so, with what counsel has confirmed)", beginning(s))})
		}
	}
	return out
}

// bareSentences returns the sentences of a wording without
// incident.data_not_involved.
func (l *linter) bareSentences(w *wording) ([]string, error) {
	if l.Bare == nil || l.Bare == l.Notices {
		return w.sentences, nil
	}
	r := w.recipient
	text, html, err := l.Bare.Render(&r)
	if err != nil {
		return nil, err
	}
	if string(text) == w.text && string(html) == w.html {
		return w.sentences, nil
	}
	return l.merged(l.sentencesIn(string(text)), l.sentencesIn(readDocument(html).text)), nil
}

// deniesData reports whether a sentence says that data was not involved.
func deniesData(language, sentence string) bool {
	v := vocabularyOf(language)
	if v == nil {
		return false
	}
	s := v.ofReader.ReplaceAllString(folded(sentence), "")
	if v.withKind.MatchString(s) || v.denial.MatchString(s) && (v.data.MatchString(s) || v.nothing.MatchString(s)) {
		return true
	}
	return v.data.MatchString(s) && slices.ContainsFunc(v.safe.FindAllStringIndex(s, -1), func(m []int) bool { return !v.safer.MatchString(s[m[1]:]) })
}

// beginning returns the beginning of a sentence, to be quoted: without numbers
// and addresses in full, which may be somebody's.
func beginning(s string) string {
	const most = 100
	s = numberPattern().ReplaceAllStringFunc(s, func(n string) string { return notifier.NewPhone(digits(n)).String() })
	s = emailAddress().ReplaceAllStringFunc(s, func(a string) string { return notifier.NewAddress(a).String() })
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}
