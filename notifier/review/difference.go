package review

import (
	"slices"
	"strings"

	"breachmail/notifier"
)

// difference says of a spot who gets it and why.
func (r *reader) difference(order int, s *spot, base *wordingText, texts []*wordingText) Difference {
	r.trace(s.seen[0].text.variant, s.added)
	d := Difference{
		Order: order, At: s.at, Under: s.under(), Before: s.before(),
		Removed: base.blocks[s.at : s.at+s.removed], Added: s.added,
	}
	for _, at := range s.seen {
		d.Variants = append(d.Variants, at.text.variant)
		d.People += at.text.people
	}
	byState, byTypes := reasons(d.Variants, base.variant, texts)
	if byTypes {
		for _, types := range []string{"prepaid", "postpaid", "both"} {
			if slices.ContainsFunc(d.Variants, func(v notifier.Variant) bool { return v.Types == types }) {
				d.Types = append(d.Types, types)
			}
		}
	}
	if byState {
		d.States = r.statesOf(d.Variants)
	}
	d.About = r.about(base.variant.Language, &d)
	return d
}

// reasons says whether some of texts get a difference because of their state,
// or because of their account types: whether others, who are the same but for
// that, do not. Where nobody is left to compare them with, it may be both. What
// people without a law of their own get as well is not because of a state.
func reasons(have []notifier.Variant, base notifier.Variant, texts []*wordingText) (byState, byTypes bool) {
	common, all := false, true
	for _, t := range texts {
		v := t.variant
		if slices.Contains(have, v) {
			common = common || ruleOf(v) == ruleOf(base)
			continue
		}
		all = false
		sameTypes := slices.ContainsFunc(have, func(h notifier.Variant) bool { return h.Types == v.Types })
		sameState := slices.ContainsFunc(have, func(h notifier.Variant) bool { return ruleOf(h) == ruleOf(v) })
		byState = byState || sameTypes // and not sameState, or neither alone decides
		byTypes = byTypes || sameState
	}
	if !byState && !byTypes && !all {
		byState, byTypes = true, true
	}
	return byState && !common, byTypes
}

// ruleOf is what of a variant a state's law decides.
func ruleOf(v notifier.Variant) [2]string { return [2]string{v.Template, v.State} }

// statesOf returns the states whose people get one of those wordings.
func (r *reader) statesOf(variants []notifier.Variant) []string {
	var out []string
	for _, to := range r.Reached {
		if to.People > 0 && slices.Contains(variants, to.Variant) && !slices.Contains(out, to.State) {
			out = append(out, to.State)
		}
	}
	slices.Sort(out)
	return out
}

// under returns the heading above a spot. Where wordings have different ones
// there, what they have in common.
func (s *spot) under() string {
	out := headingAbove(s.seen[0])
	for _, at := range s.seen[1:] {
		out = inCommon(out, headingAbove(at))
	}
	return out
}

func headingAbove(s sighting) string {
	for _, b := range slices.Backward(s.text.blocks[:s.at]) {
		if b.Kind == Heading {
			return b.words()
		}
	}
	return ""
}

// inCommon returns the words with which two headings begin and end, with … for
// those between.
func inCommon(a, b string) string {
	if a == b {
		return a
	}
	x, y := strings.Fields(a), strings.Fields(b)
	n := 0
	for n < min(len(x), len(y)) && x[n] == y[n] {
		n++
	}
	m := 0
	for m < min(len(x), len(y))-n && x[len(x)-1-m] == y[len(y)-1-m] {
		m++
	}
	if n+m == 0 {
		return ""
	}
	return strings.Join(slices.Concat(x[:n], []string{"…"}, x[len(x)-m:]), " ")
}

// before returns the last words of the block before a spot, where that is the
// same in all wordings.
func (s *spot) before() string {
	const most = 8
	words := ""
	for i, at := range s.seen {
		w := ""
		if at.at > 0 {
			w = at.text.blocks[at.at-1].words()
		}
		if i > 0 && w != words {
			return ""
		}
		words = w
	}
	list := strings.Fields(words)
	if len(list) > most {
		return "… " + strings.Join(list[len(list)-most:], " ")
	}
	return words
}
