package review

import (
	"slices"
	"strings"
	"time"

	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/notice"
)

// californiaHeadings are those of Cal. Civ. Code § 1798.82(d)(1), below the
// title that it asks for.
var californiaHeadings = []string{
	"What Happened", "What Information Was Involved", "What We Are Doing", "What You Can Do", "For More Information",
}

const californiaTitle = "Notice of Data Breach"

// lacks says in words what of a block a wording does not have. It is empty
// where nothing is missing, or where it cannot be known.
func (l *linter) lacks(w *wording, state, block string) []string {
	return recall(w.lacked, keyOf(state, block), func() []string { return l.lacking(w, state, block) })
}

// keyOf is what evidence of a block depends on beside the wording: the block
// alone, unless the state's law data count.
func keyOf(state, block string) string {
	switch block {
	case jurisdiction.BlockAttorneyGeneral, jurisdiction.BlockConsumerAgency, jurisdiction.BlockParentCompany, jurisdiction.BlockMitigation:
		return state + " " + block
	}
	return block
}

func (l *linter) lacking(w *wording, state, block string) []string {
	i := &l.Incident
	what := lackedWords(block)
	switch block {
	case jurisdiction.BlockTitle:
		return unless(w.heading(californiaTitle), what)
	case jurisdiction.BlockHeadings:
		return l.lackedHeadings(w)
	case jurisdiction.BlockNoticeDate:
		return unless(i.NoticeDate.IsZero() || hasDay(w, i.NoticeDate), what)
	case jurisdiction.BlockDates:
		return l.lackedDates(w, what)
	case jurisdiction.BlockDiscovered:
		return unless(i.Discovered.IsZero() || l.tellsDiscovery(w), what)
	case jurisdiction.BlockCount:
		return unless(w.says(i.Affected), orMissing(what, i.Affected, "incident.affected"))
	case jurisdiction.BlockDelay:
		return unless(l.states(w, block), orMissing(what, i.LawEnforcementDelay, "incident.law_enforcement_delay"))
	case jurisdiction.BlockParentCompany:
		return l.lackedFact(w, state, block, i.Parent, "incident.parent_company")
	case jurisdiction.BlockMitigation:
		t, _ := l.incidentIn(w.language)
		return l.lackedFact(w, state, block, t.Services, "incident.services")
	case jurisdiction.BlockNature, jurisdiction.BlockStepsTaken, jurisdiction.BlockStepsToTake, jurisdiction.BlockDataTypes:
		return l.lackedText(w, block)
	}
	return l.lackedContact(w, state, block)
}

// lackedContact is for how the company can be reached.
func (l *linter) lackedContact(w *wording, state, block string) []string {
	c := &l.Incident.Contact
	what := lackedWords(block)
	switch block {
	case jurisdiction.BlockContactPhone:
		return unless(w.hasNumber(c.Phone), orMissing(what, c.Phone, "incident.contact.phone"))
	case jurisdiction.BlockContactPost:
		return unless(w.says(c.Post), orMissing(what, c.Post, "incident.contact.post"))
	case jurisdiction.BlockBureausByPhone:
		there := c.Phone != "" && w.hasNumber(c.Phone) && l.states(w, block)
		return unless(there, orMissing(what, c.Phone, "incident.contact.phone"))
	case jurisdiction.BlockTollFree:
		return unless(isTollFree(c.Phone) && w.hasNumber(c.Phone), what)
	case jurisdiction.BlockWeb:
		return unless(w.says(bareWeb(c.Web)), orMissing(what, c.Web, "incident.contact.web"))
	case jurisdiction.BlockContact:
		return unless(w.says(l.Incident.Company) && (w.hasNumber(c.Phone) || w.says(bareWeb(c.Web)) || w.says(c.Post)), what)
	}
	return l.lackedOffices(w, state, block)
}

func unless(there bool, what string) []string {
	if there {
		return nil
	}
	return []string{what}
}

// orMissing says what is lacked, and which key is empty where that is why.
func orMissing(what, value, key string) string {
	if value == "" {
		return what + " (" + key + " is empty)"
	}
	return what
}

func (l *linter) lackedHeadings(w *wording) []string {
	var out []string
	for _, h := range californiaHeadings {
		if !w.heading(h) {
			out = append(out, `the heading "`+h+`"`)
		}
	}
	return out
}

// lackedDates asks for no day that nobody knows: laws want it as far as it is.
func (l *linter) lackedDates(w *wording, what string) []string {
	o := l.Incident.Occurred
	if !o.Known() {
		return nil
	}
	there := hasDay(w, o.From) && (o.OneDay() || hasDay(w, o.To))
	return unless(there, what)
}

// tellsDiscovery reports whether a sentence says when the breach was discovered.
func (l *linter) tellsDiscovery(w *wording) bool { return l.discovery(w) != "" }

// discovery returns the sentence that says when the breach was discovered, also
// where that is the day it happened: "on the same day". It is "" where there is
// none.
func (l *linter) discovery(w *wording) string {
	v := vocabularyOf(w.language)
	on := l.Incident.Discovered
	if v == nil {
		return strings.Join(w.onDays(on), " ")
	}
	var last time.Time // the day named last
	for _, s := range w.sentences {
		at := recall(l.discovered, w.language+"\n"+s, func() discovery { return v.discovery(w.language, s, on) })
		if !at.last.IsZero() {
			last = at.last
		}
		if at.told || at.sameDay && sameDay(last, on) {
			return s
		}
	}
	return ""
}

// discovery is what a sentence says of when a breach was discovered.
type discovery struct {
	last    time.Time // the last day in it
	told    bool      // on the day that was looked for
	sameDay bool      // on the day named last
}

func (v *vocabulary) discovery(language, sentence string, on time.Time) discovery {
	s := folded(sentence)
	days := daysIn(language, s)
	var out discovery
	if len(days) > 0 {
		out.last = days[len(days)-1].on
	}
	if !v.discovered.MatchString(s) {
		return out
	}
	alone := len(days) == 1 && !v.happened.MatchString(s)
	out.told = slices.ContainsFunc(days, func(d day) bool { return sameDay(d.on, on) && (alone || verbOf(v, s, d.at) == verbDiscovered) })
	out.sameDay = v.sameDay.MatchString(s)
	return out
}

// lackedFact is for what only some companies have to say. Where the law advises
// it and there is nothing to say, nothing is missing.
func (l *linter) lackedFact(w *wording, state, block, value, key string) []string {
	f, _ := l.Law.Block(state, block)
	if value == "" && f.Value == jurisdiction.Advised || value != "" && l.holdsAny(w, value) {
		return nil
	}
	return []string{orMissing(lackedWords(block), value, key)}
}

// lackedText is for the incident's own texts, as rendered.
func (l *linter) lackedText(w *wording, block string) []string {
	t, ok := l.incidentIn(w.language)
	if !ok {
		return nil
	}
	if block != jurisdiction.BlockDataTypes {
		return unless(l.holdsAny(w, incidentText(t, block)), lackedWords(block))
	}
	var out []string
	for _, kind := range t.Involved {
		if !w.says(kind) {
			out = append(out, `"`+kind+`" among the kinds of data`)
		}
	}
	return out
}

func incidentText(t notice.Translation, block string) string {
	switch block {
	case jurisdiction.BlockNature:
		return t.WhatHappened
	case jurisdiction.BlockStepsTaken:
		return t.WhatWeAreDoing
	default:
		return t.WhatYouCanDo
	}
}

// holdsAny reports whether a wording has a sentence of a text.
func (l *linter) holdsAny(w *wording, text string) bool { return len(held(w, text)) > 0 }

// held returns the sentences of a text that a wording has. Very short ones
// could be anybody's.
func held(w *wording, text string) []string {
	const fewWords = 3
	all := sentences(joined(text))
	var out []string
	for _, s := range all {
		if w.says(s) && (strings.Count(w.plain.words(s), " ")+1 >= fewWords || len(all) == 1) {
			out = append(out, s)
		}
	}
	return out
}

// joined returns Markdown with its paragraphs on one line each.
func joined(text string) string {
	var out []string
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		out = append(out, strings.Join(strings.Fields(paragraph), " "))
	}
	return strings.Join(out, "\n")
}

// states reports whether a wording says what a block is known by, as far as
// its language is known.
func (l *linter) states(w *wording, block string) bool {
	return vocabularyOf(w.language) == nil || len(l.said(w, block)) > 0
}

// hasNumbers reports whether the text has all telephone numbers in s.
func (w *wording) hasNumbers(s string) bool {
	if w.says(s) {
		return true
	}
	in, list := w.allNumbers(), numbersIn(s)
	return len(list) > 0 && !slices.ContainsFunc(list, func(n string) bool { return !slices.Contains(in, n) })
}

// allNumbers returns the telephone numbers of the text.
func (w *wording) allNumbers() []string {
	if w.numbers == nil {
		w.numbers = append([]string{}, numbersIn(w.text)...)
	}
	return w.numbers
}

// hasNumber reports whether the text has one of the telephone numbers in s.
func (w *wording) hasNumber(s string) bool {
	if w.says(s) {
		return true
	}
	in := w.allNumbers()
	return slices.ContainsFunc(numbersIn(s), func(n string) bool { return slices.Contains(in, n) })
}

// has returns the pieces of a wording that are a block: what is in it though
// the law forbids it.
func (l *linter) has(w *wording, state, block string) []string {
	switch block {
	case jurisdiction.BlockNature:
		return l.nature(w)
	case jurisdiction.BlockCount:
		return l.counts(w, state)
	case jurisdiction.BlockParentCompany, jurisdiction.BlockMitigation:
		t, _ := l.incidentIn(w.language)
		return held(w, map[bool]string{true: l.Incident.Parent, false: t.Services}[block == jurisdiction.BlockParentCompany])
	}
	if list := l.said(w, block); len(list) > 0 {
		return list
	}
	if len(l.lacks(w, state, block)) > 0 {
		return nil
	}
	return []string{blockWords[block]}
}

func hasDay(w *wording, t time.Time) bool {
	return slices.ContainsFunc(w.days, func(d day) bool { return sameDay(d.on, t) })
}
