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
		return unless(i.Discovered.IsZero() || hasDay(w, i.Discovered), "it")
	case jurisdiction.BlockCount:
		return unless(w.says(i.Affected), orMissing(i.Affected, "it", "incident.affected"))
	case jurisdiction.BlockParentCompany:
		return l.lackedFact(w, state, block, i.Parent, "incident.parent_company")
	case jurisdiction.BlockMitigation:
		t, _ := l.incidentIn(w.language)
		return l.lackedFact(w, state, block, t.Services, "incident.services")
	case jurisdiction.BlockTollFree:
		return unless(isTollFree(i.Contact.Phone) && w.hasNumber(i.Contact.Phone), "a number in incident.contact.phone that costs the caller nothing")
	case jurisdiction.BlockWeb:
		return unless(w.says(bareWeb(i.Contact.Web)), orMissing(i.Contact.Web, "it", "incident.contact.web"))
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

func orMissing(value, what, key string) string {
	if value == "" {
		return what + " (" + key + " is empty)"
	}
	return what
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

// lackedFact is for what only some companies have to say. Where the law advises
// it and there is nothing to say, nothing is missing.
func (l *linter) lackedFact(w *wording, state, block, value, key string) []string {
	f, _ := l.Law.Block(state, block)
	if value == "" && f.Value == jurisdiction.Advised || value != "" && l.holdsAny(w, value) {
		return nil
	}
	return []string{orMissing(value, "it", key)}
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
		v := vocabularies[w.language]
		return unless(v == nil || len(w.paragraphs(v, block)) > 0, "it")
	}
	var out []string
	for _, name := range list {
		of := state
		if block == jurisdiction.BlockFTC || block == jurisdiction.BlockBureaus {
			of = jurisdiction.Federal
		}
		o, ok := l.Law.Office(of, name)
		switch {
		case !ok:
			out = append(out, "the office ("+lawFile+" has no "+name+" for "+of+")")
		case !w.hasOffice(o):
			out = append(out, o.Name+" with telephone or web address")
		}
	}
	return out
}

func (w *wording) hasOffice(o jurisdiction.Office) bool {
	reach := o.Phone == "" && o.Web == "" || w.says(o.Phone) || w.says(o.Web) || w.hasNumber(o.Phone)
	return reach && w.says(o.Name)
}

// hasNumber reports whether the text has one of the telephone numbers in s.
func (w *wording) hasNumber(s string) bool {
	if w.says(s) {
		return true
	}
	in := numbersIn(w.text)
	return slices.ContainsFunc(numbersIn(s), func(n string) bool { return slices.Contains(in, n) })
}

// paragraphs returns those paragraphs of the text that have all the words by
// which a block is known.
func (w *wording) paragraphs(v *vocabulary, block string) []string {
	var out []string
	for line := range strings.Lines(w.text) {
		s := folded(line)
		there := len(v.blocks[block]) > 0
		for _, p := range v.blocks[block] {
			there = there && p.MatchString(s)
		}
		if there {
			out = append(out, strings.TrimSpace(line))
		}
	}
	return out
}

// has returns the pieces of a wording that are a block: what is in it though
// the law forbids it.
func (l *linter) has(w *wording, state, block string) []string {
	v := vocabularies[w.language]
	t, known := l.incidentIn(w.language)
	switch block {
	case jurisdiction.BlockNature:
		var out []string
		if known {
			out = held(w, t.WhatHappened)
		}
		for _, h := range w.doc.headings {
			if plainWords(h) == plainWords(californiaHeadings[0]) || v != nil && v.whatHappened.MatchString(folded(h)) {
				out = append(out, h)
			}
		}
		return out
	case jurisdiction.BlockCount:
		return l.counts(w, v)
	case jurisdiction.BlockParentCompany, jurisdiction.BlockMitigation:
		return held(w, map[bool]string{true: l.Incident.Parent, false: t.Services}[block == jurisdiction.BlockParentCompany])
	}
	if v != nil && v.blocks[block] != nil {
		return w.paragraphs(v, block)
	}
	if len(l.lacks(w, state, block)) > 0 {
		return nil
	}
	return []string{blockWords[block]}
}

// counts returns the sentences that say how many people are affected.
func (l *linter) counts(w *wording, v *vocabulary) []string {
	const telling = 5 // characters; shorter ones are days and last digits as well
	var out []string
	affected := " " + plainWords(l.Incident.Affected) + " "
	for _, s := range w.sentences {
		whole := len(affected) > telling+1 && strings.Contains(" "+plainWords(s)+" ", affected)
		if whole || v != nil && v.counts(folded(s)) {
			out = append(out, s)
		}
	}
	return out
}

func hasDay(w *wording, t time.Time) bool {
	return slices.ContainsFunc(w.days, func(d day) bool { return sameDay(d.on, t) })
}
