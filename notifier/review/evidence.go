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
	i := &l.Incident
	switch block {
	case jurisdiction.BlockTitle:
		return unless(w.heading(californiaTitle), "it as a heading")
	case jurisdiction.BlockHeadings:
		return l.lackedHeadings(w)
	case jurisdiction.BlockNoticeDate:
		return unless(i.NoticeDate.IsZero() || hasDay(w, i.NoticeDate), "it")
	case jurisdiction.BlockDates:
		return l.lackedDates(w)
	case jurisdiction.BlockDiscovered:
		return unless(i.Discovered.IsZero() || l.tellsDiscovery(w), "it")
	case jurisdiction.BlockCount:
		return unless(w.says(i.Affected), orMissing(i.Affected, "incident.affected"))
	case jurisdiction.BlockDelay:
		return unless(l.states(w, block), orMissing(i.LawEnforcementDelay, "incident.law_enforcement_delay"))
	case jurisdiction.BlockParentCompany:
		return l.lackedFact(w, state, block, i.Parent, "incident.parent_company")
	case jurisdiction.BlockMitigation:
		t, _ := l.incidentIn(w.language)
		return l.lackedFact(w, state, block, t.Services, "incident.services")
	case jurisdiction.BlockContactPhone:
		return unless(w.hasNumber(i.Contact.Phone), orMissing(i.Contact.Phone, "incident.contact.phone"))
	case jurisdiction.BlockContactPost:
		return unless(w.says(i.Contact.Post), orMissing(i.Contact.Post, "incident.contact.post"))
	case jurisdiction.BlockBureausByPhone:
		there := i.Contact.Phone != "" && w.hasNumber(i.Contact.Phone) && l.states(w, block)
		return unless(there, orMissing(i.Contact.Phone, "incident.contact.phone"))
	case jurisdiction.BlockTollFree:
		return unless(isTollFree(i.Contact.Phone) && w.hasNumber(i.Contact.Phone), "a number in incident.contact.phone that costs the caller nothing")
	case jurisdiction.BlockWeb:
		return unless(w.says(bareWeb(i.Contact.Web)), orMissing(i.Contact.Web, "incident.contact.web"))
	case jurisdiction.BlockContact:
		return unless(w.says(i.Company) && (w.hasNumber(i.Contact.Phone) || w.says(bareWeb(i.Contact.Web)) || w.says(i.Contact.Post)), "the company, or how to reach it")
	case jurisdiction.BlockNature, jurisdiction.BlockStepsTaken, jurisdiction.BlockStepsToTake, jurisdiction.BlockDataTypes:
		return l.lackedText(w, block)
	}
	return l.lackedOffices(w, state, block)
}

func unless(there bool, what string) []string {
	if there {
		return nil
	}
	return []string{what}
}

// orMissing says what is lacked: "it", or which key is empty.
func orMissing(value, key string) string {
	if value == "" {
		return "it (" + key + " is empty)"
	}
	return "it"
}

func (l *linter) lackedHeadings(w *wording) []string {
	var out []string
	for _, h := range californiaHeadings {
		if !w.heading(h) {
			out = append(out, `"`+h+`"`)
		}
	}
	return out
}

// lackedDates asks for no day that nobody knows: laws want it as far as it is.
func (l *linter) lackedDates(w *wording) []string {
	o := l.Incident.Occurred
	if !o.Known() {
		return nil
	}
	there := hasDay(w, o.From) && (o.OneDay() || hasDay(w, o.To))
	return unless(there, "them")
}

// tellsDiscovery reports whether a sentence says when the breach was discovered.
func (l *linter) tellsDiscovery(w *wording) bool { return l.discovery(w) != "" }

// discovery returns the sentence that says when the breach was discovered, also
// where that is the day it happened: "on the same day". It is "" where there is
// none.
func (l *linter) discovery(w *wording) string {
	v := vocabularies[w.language]
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
	return []string{orMissing(value, key)}
}

// lackedText is for the incident's own texts, as rendered.
func (l *linter) lackedText(w *wording, block string) []string {
	t, ok := l.incidentIn(w.language)
	if !ok {
		return nil
	}
	if block != jurisdiction.BlockDataTypes {
		return unless(l.holdsAny(w, incidentText(t, block)), "it")
	}
	var out []string
	for _, kind := range t.Involved {
		if !w.says(kind) {
			out = append(out, kind)
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
		if w.says(s) && (len(strings.Fields(plainWords(s))) >= fewWords || len(all) == 1) {
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

// offices are those whose data a block consists of, by block.
var offices = map[string][]string{
	jurisdiction.BlockAttorneyGeneral: {jurisdiction.OfficeAttorneyGeneral},
	jurisdiction.BlockConsumerAgency:  {jurisdiction.OfficeConsumerAgency},
	jurisdiction.BlockFTC:             {jurisdiction.OfficeFTC},
	jurisdiction.BlockBureaus:         {jurisdiction.OfficeEquifax, jurisdiction.OfficeExperian, jurisdiction.OfficeTransUnion},
}

// lackedOffices is for blocks that name offices, and for those that are known
// by their words.
func (l *linter) lackedOffices(w *wording, state, block string) []string {
	list, ok := offices[block]
	if !ok {
		return unless(l.states(w, block), "it")
	}
	var out []string
	for _, name := range list {
		of := state
		if block == jurisdiction.BlockFTC || block == jurisdiction.BlockBureaus {
			of = jurisdiction.Federal
		}
		o, ok := l.Law.Office(of, name)
		if !ok {
			out = append(out, "the office ("+lawFile+" has no "+name+" for "+of+")")
			continue
		}
		out = append(out, w.lacksOf(o)...)
	}
	return out
}

// states reports whether a wording says what a block is known by, as far as
// its language is known.
func (l *linter) states(w *wording, block string) bool {
	return vocabularies[w.language] == nil || len(l.said(w, block)) > 0
}

// lacksOf returns what a wording does not say of all that is known of an
// office.
func (w *wording) lacksOf(o jurisdiction.Office) []string {
	if !w.says(o.Name) {
		return []string{o.Name}
	}
	var out []string
	for _, part := range []struct {
		what, value string
		there       bool
	}{
		{"address", o.Address, w.says(o.Address)},
		{"telephone", o.Phone, w.hasNumbers(o.Phone)},
		{"web address", o.Web, w.says(o.Web)},
	} {
		if part.value != "" && !part.there {
			out = append(out, "the "+part.what+" of "+o.Name)
		}
	}
	return out
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
