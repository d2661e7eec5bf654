package review

import "regexp"

// statement is by what a text is known to say something.
type statement struct {
	words    []*regexp.Regexp // all of them
	within   int              // in so many sentences that follow one another; 0 is one
	whether  bool             // who denies it says it as well
	byReader bool             // it is what readers do, not the company
}

// said returns the sentences with which a wording begins to say what a block
// is known by.
func (l *linter) said(w *wording, block string) []string {
	v := vocabularyOf(w.language)
	if v == nil {
		return nil
	}
	st, ok := v.blocks[block]
	if !ok {
		return nil
	}
	var out []string
	for i, s := range w.sentences {
		part := func(j int) uint { return l.partsOf(w, w.sentences[i+j])[block] }
		if st.begins(len(w.sentences)-i, part) {
			out = append(out, s)
		}
	}
	return out
}

// begins reports whether the first of n sentences begins to say it; part returns
// which of its words each of them has.
func (st statement) begins(n int, part func(i int) uint) bool {
	var parts uint
	for i := range min(n, max(st.within, 1)) {
		parts |= part(i)
		if parts == 0 {
			return false // the first one has none
		}
	}
	return parts != 0 && parts == 1<<len(st.words)-1
}

// partsOf returns which parts of each block's statement a sentence has, as one
// bit for each of its words. Wordings have most of their sentences in common.
func (l *linter) partsOf(w *wording, sentence string) map[string]uint {
	return recall(l.parts, w.language+"\n"+sentence, func() map[string]uint { return vocabularyOf(w.language).partsOf(sentence) })
}

func (v *vocabulary) partsOf(sentence string) map[string]uint {
	s := v.free.ReplaceAllString(folded(sentence), v.gratis)
	parts := map[string]uint{}
	for block, st := range v.blocks {
		for i, words := range st.words {
			if v.says(s, words, st) {
				parts[block] |= 1 << i
			}
		}
	}
	return parts
}

// says reports whether a folded sentence has words that are meant as they
// stand: neither denied nor, where the reader should act, done by somebody else.
func (v *vocabulary) says(s string, words *regexp.Regexp, st statement) bool {
	for _, m := range words.FindAllStringIndex(s, -1) {
		before := s[:m[0]]
		if !st.whether && (v.negation.MatchString(s[m[0]:m[1]]) || v.isUndone(before)) {
			continue
		}
		if st.byReader && v.weDo.MatchString(before) {
			continue
		}
		return true
	}
	return false
}

// isUndone reports whether an action behind some words is not taken: "there is
// no need to".
func (v *vocabulary) isUndone(before string) bool {
	if i := v.turn.FindAllStringIndex(before, -1); len(i) > 0 {
		before = before[i[len(i)-1][1]:]
	}
	return v.undone.MatchString(before)
}
