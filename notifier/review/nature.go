package review

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"breachmail/notifier/jurisdiction"
)

// nature returns what describes a breach in a wording: what campaign.yaml says
// of it, a heading that promises it, the days, and how it came about.
func (l *linter) nature(w *wording) []string {
	v := vocabularyOf(w.language)
	var out []string
	if t, known := l.incidentIn(w.language); known {
		out = held(w, t.WhatHappened)
	}
	for _, h := range w.doc.headings {
		if plainWords(h) == plainWords(californiaHeadings[0]) || v != nil && v.whatHappened.MatchString(folded(h)) {
			out = append(out, h)
		}
	}
	for _, s := range w.withSubject() {
		tells := func() bool { return l.tellsDay(w.language, s) || v != nil && v.tellsHow(folded(s)) }
		if !slices.Contains(out, s) && recall(l.natured, w.language+"\n"+s, tells) {
			out = append(out, s)
		}
	}
	return out
}

// tellsHow reports whether a folded sentence says how a breach came about or
// who did it. What may still happen to the reader is neither.
func (v *vocabulary) tellsHow(s string) bool {
	found := func(p *regexp.Regexp, meant func(before, behind string) bool) bool {
		return slices.ContainsFunc(p.FindAllStringIndex(s, -1), func(m []int) bool { return meant(s[:m[0]], s[m[1]:]) })
	}
	return found(v.how, func(before, _ string) bool { return !v.supposed.MatchString(before) }) ||
		found(v.actors, func(before, behind string) bool {
			return !v.advised.MatchString(before) && !v.mayDo.MatchString(behind)
		})
}

// tellsDay reports whether a sentence has a day on which it happened or was
// discovered, with its year or without. The date of the notice may be that day,
// too, as long as nothing is said to have happened on it.
func (l *linter) tellsDay(language, sentence string) bool {
	i := &l.Incident
	s := folded(sentence)
	var years []int
	for _, t := range l.incidentDays() {
		if !slices.Contains(years, t.Year()) {
			years = append(years, t.Year())
		}
	}
	days := daysIn(language, s, years...)
	if l.tellsMonth(language, s, days) {
		return true
	}
	return slices.ContainsFunc(days, func(d day) bool {
		if sameDay(d.on, i.NoticeDate) {
			verb := verbOf(vocabularyOf(language), s, d.at)
			return verb == verbDiscovered || verb == verbHappened
		}
		return sameDay(d.on, i.Discovered) || i.Occurred.Known() && within(i.Occurred, d.on)
	})
}

// incidentDays returns those days of the incident that are known.
func (l *linter) incidentDays() []time.Time {
	i := &l.Incident
	return slices.DeleteFunc([]time.Time{i.Occurred.From, i.Occurred.To, i.Discovered}, time.Time.IsZero)
}

// tellsMonth reports whether a folded sentence has the month of one of those
// days with its year, beside its days.
func (l *linter) tellsMonth(language, s string, days []day) bool {
	v := vocabularyOf(language)
	if v == nil {
		return false
	}
	for _, d := range days {
		s = strings.ReplaceAll(s, d.words, "…")
	}
	for _, t := range l.incidentDays() {
		for name := range strings.FieldsSeq(v.months[t.Month()-1]) {
			for _, between := range []string{" ", " of ", " de ", " del "} {
				if strings.Contains(s, name+between+strconv.Itoa(t.Year())) {
					return true
				}
			}
		}
	}
	return false
}

// natureQuestions asks counsel of the sentences that campaign.yaml adds whether
// they describe the breach. Those of one line are one question.
func (l *linter) natureQuestions(w *wording, f jurisdiction.Fact, known []string) []problem {
	var out []problem
	for _, s := range l.natureDoubts(w, known) {
		file, line := l.places.find(configFile, []string{s})
		i := slices.IndexFunc(out, func(p problem) bool { return p.file == file && p.line == line })
		if i < 0 {
			i = len(out)
			out = append(out, problem{rule: RuleForbiddenBlock, level: Warning, file: file, line: line,
				text: fmt.Sprintf("%s forbids %s (%s); counsel should read whether this does:", l.stateName(f.State), wordsFor(jurisdiction.BlockNature, f.Value), cite(f))})
		}
		out[i].text += fmt.Sprintf(" %q", beginning(s))
	}
	return out
}

// natureDoubts returns the sentences that campaign.yaml adds and that may
// describe the breach, since words do not show all; known are those that do.
func (l *linter) natureDoubts(w *wording, known []string) []string {
	t, ok := l.incidentIn(w.language)
	if !ok {
		return nil
	}
	var out []string
	for _, text := range []string{t.WhatWeAreDoing, t.Services, t.WhatYouCanDo} {
		for _, s := range held(w, text) {
			if !slices.ContainsFunc(known, func(k string) bool { return w.plain.words(k) == w.plain.words(s) }) {
				out = append(out, s)
			}
		}
	}
	return out
}
