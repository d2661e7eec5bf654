package review

import (
	"slices"

	"breachmail/notifier/notice"
)

// publicRules are the rules for texts for everybody, beside those of the law,
// which are about notices.
var publicRules = []string{
	RuleTODO, RuleDate, RuleTollFree, RuleNotInvolved, RuleShortener, RuleLinkText, RuleDataRequest, RuleFullNumber, RuleForeignAddress,
}

// judgePublications judges the texts for the website and the call center, which
// reach everybody.
func (l *linter) judgePublications() error {
	list, err := l.Notices.Publications()
	if err != nil {
		return err
	}
	var bare []notice.Publication
	if l.Bare != nil {
		if bare, err = l.Bare.Publications(); err != nil {
			return err
		}
	}
	for i := range list {
		w := l.publicWording(&list[i])
		without := w // incident.data_not_involved
		if len(bare) == len(list) {
			without = l.publicWording(&bare[i])
		}
		l.judge(w, l.publicProblems(w, &list[i]))
		l.judge(w, l.denialProblems(w.language, without.sentences))
	}
	return nil
}

// publicWording takes a text for everybody apart, as if it were a notice.
func (l *linter) publicWording(p *notice.Publication) *wording {
	w := &wording{
		name: p.Name + "." + p.Language, everybody: true, language: p.Language, file: p.File,
		text: string(p.Text), html: string(p.HTML), doc: readDocument(p.HTML), found: map[Finding]bool{},
	}
	w.sentences = l.merged(l.sentencesIn(w.text), l.sentencesIn(w.doc.text))
	return w
}

// publicProblems judges a text by the rules that make sense for it. Those who
// answer calls may have to ask.
func (l *linter) publicProblems(w *wording, p *notice.Publication) []problem {
	var out []problem
	for _, s := range w.sentences {
		out = append(out, l.ofSentence(w, s)...)
	}
	for _, at := range w.doc.links {
		out = append(out, shownProblems(at)...)
	}
	out = append(out, addressProblems(l, w)...)
	return slices.DeleteFunc(out, func(f problem) bool {
		return !slices.Contains(publicRules, f.rule) || f.rule == RuleDataRequest && p.Name != notice.Website
	})
}
