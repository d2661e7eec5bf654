package review

import (
	"slices"
	"strings"
	"time"

	"breachmail/notifier/jurisdiction"
)

// stands returns the sentences by which a wording has a block, in their order.
func (l *linter) stands(w *wording, state, block string) []string {
	return recall(w.stood, keyOf(state, block), func() []string { return l.standing(w, state, block) })
}

func (l *linter) standing(w *wording, state, block string) []string {
	i := &l.Incident
	t, _ := l.incidentIn(w.language)
	switch block {
	case jurisdiction.BlockTitle:
		return w.headingsWith(californiaTitle)
	case jurisdiction.BlockHeadings:
		return w.headingsWith(californiaHeadings...)
	case jurisdiction.BlockNoticeDate:
		return w.onDays(i.NoticeDate)
	case jurisdiction.BlockDates:
		return w.onDays(i.Occurred.From, i.Occurred.To)
	case jurisdiction.BlockDiscovered:
		return w.telling(l.discovery(w))
	case jurisdiction.BlockCount:
		return w.telling(i.Affected)
	case jurisdiction.BlockParentCompany:
		return w.telling(held(w, i.Parent)...)
	case jurisdiction.BlockMitigation:
		return w.telling(held(w, t.Services)...)
	case jurisdiction.BlockNature, jurisdiction.BlockStepsTaken, jurisdiction.BlockStepsToTake:
		return w.telling(held(w, incidentText(t, block))...)
	case jurisdiction.BlockDataTypes:
		return w.naming(t.Involved)
	}
	return l.standsContact(w, state, block)
}

// standsContact is for how the company, and offices, can be reached, and for
// blocks that are known by their words.
func (l *linter) standsContact(w *wording, state, block string) []string {
	c := &l.Incident.Contact
	switch block {
	case jurisdiction.BlockContactPhone, jurisdiction.BlockTollFree:
		return w.calling(c.Phone)
	case jurisdiction.BlockContactPost:
		return w.telling(c.Post)
	case jurisdiction.BlockWeb:
		return w.telling(bareWeb(c.Web))
	case jurisdiction.BlockContact:
		reach := slices.Concat(w.calling(c.Phone), w.telling(bareWeb(c.Web)), w.telling(c.Post))
		if company := w.telling(l.Incident.Company); len(company) > 0 {
			reach = append(reach, company[0])
		}
		return w.inOrder(reach)
	}
	list, ok := offices[block]
	if !ok {
		return l.saying(w, block)
	}
	var names []string
	for _, office := range list {
		if o, ok := l.Law.Office(officeState(state, office), office); ok {
			names = append(names, o.Name)
		}
	}
	return w.telling(names...)
}

// unknownWords is said where only somebody who reads a language can judge.
const unknownWords = "breachmail does not know the words of this language; counsel has to look"

// knows reports whether the words of a language are known, and those of the
// incident in it.
func (l *linter) knows(language string) bool {
	_, known := l.incidentIn(language)
	return known && vocabularyOf(language) != nil
}

// noted says why nothing stands in a wording for a block though nothing is
// missing.
func (l *linter) noted(w *wording, block string) string {
	if !l.knows(w.language) {
		return unknownWords
	}
	key := map[string]string{
		jurisdiction.BlockDates: "occurred", jurisdiction.BlockDiscovered: "discovered", jurisdiction.BlockNoticeDate: "notice_date",
		jurisdiction.BlockParentCompany: "parent_company", jurisdiction.BlockMitigation: "services",
	}[block]
	return "there is nothing to say: incident." + key + " is empty"
}

// pick returns the sentences of which f holds, by their number.
func (w *wording) pick(f func(i int) bool) []string {
	var out []string
	for i, s := range w.sentences {
		if f(i) {
			out = append(out, s)
		}
	}
	return out
}

// inOrder returns sentences once each, in the order of the wording.
func (w *wording) inOrder(list []string) []string {
	return w.pick(func(i int) bool { return slices.Contains(list, w.sentences[i]) })
}

// headingsWith returns the headings that hold one of texts.
func (w *wording) headingsWith(texts ...string) []string {
	var out []string
	for _, h := range w.doc.headings {
		if slices.ContainsFunc(texts, func(s string) bool { return holds(h, s) }) {
			out = append(out, h)
		}
	}
	return out
}

// holds reports whether the words of s stand in a text one after the other.
func holds(text, s string) bool {
	p := plainWords(s)
	return p != "" && strings.Contains(" "+plainWords(text)+" ", " "+p+" ")
}

// onDays returns the sentences with one of those days.
func (w *wording) onDays(days ...time.Time) []string {
	return w.pick(func(i int) bool {
		return slices.ContainsFunc(daysIn(w.language, folded(w.sentences[i])), func(d day) bool {
			return slices.ContainsFunc(days, func(t time.Time) bool { return !t.IsZero() && sameDay(d.on, t) })
		})
	})
}

// calling returns the sentences with one of the telephone numbers in s.
func (w *wording) calling(s string) []string {
	list := numbersIn(s)
	return w.pick(func(i int) bool {
		return w.sentenceHas(i, 1, s) ||
			slices.ContainsFunc(numbersIn(w.sentences[i]), func(n string) bool { return slices.Contains(list, n) })
	})
}

// telling returns the sentences with the words of one of texts. A text that
// goes over several sentences is told by all of them.
func (w *wording) telling(texts ...string) []string {
	const most = 5
	told := make([]bool, len(w.sentences))
	for _, text := range texts {
		found := !w.sentenceHas(0, len(w.sentences), text) // then it is not to be looked for
		for n := 1; n <= most && !found; n++ {
			for i := 0; i+n <= len(w.sentences); i++ {
				if w.sentenceHas(i, n, text) {
					found = true
					for j := range n {
						told[i+j] = true
					}
				}
			}
		}
	}
	return w.pick(func(i int) bool { return told[i] })
}

// naming returns for each kind the sentence that says little else.
func (w *wording) naming(kinds []string) []string {
	var out []string
	for _, kind := range kinds {
		best := ""
		for i, s := range w.sentences {
			if w.sentenceHas(i, 1, kind) && (best == "" || len(s) < len(best)) {
				best = s
			}
		}
		out = append(out, best)
	}
	return w.inOrder(out)
}

// saying returns the sentences with which a wording first says what a block is
// known by.
func (l *linter) saying(w *wording, block string) []string {
	list := l.said(w, block)
	if len(list) == 0 {
		return nil
	}
	st := vocabularyOf(w.language).blocks[block]
	first := slices.Index(w.sentences, list[0])
	var parts uint
	return w.pick(func(i int) bool {
		if i < first || parts == 1<<len(st.words)-1 {
			return false
		}
		before := parts
		parts |= l.partsOf(w, w.sentences[i])[block]
		return parts != before
	})
}
