package bundle

import (
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/review"
)

// groupView is states whose people get the same texts.
type groupView struct {
	review.StateGroup
	Regions string     // how many states those are, and what is none, in words
	Names   []stateRef // each state, with the wording that most of its people get
	Parts   []link     // how its notices differ from the base
	Piece   []partView // all that they say otherwise, from top to bottom
}

// stateRef is a state, how many people live there, and the wording that most of
// them get; nil where the page need not lead there.
type stateRef struct {
	Name   string
	People int
	Own    *link
}

// partView is a difference within all of a state's.
type partView struct {
	Under   string // the heading it stands under, where that is another than of the one before
	Only    string // who of the state gets it, where that is not everyone
	Removed string // what of the base notice is not there
	Added   []blockView
}

// Who names the states of a group.
func (g groupView) Who() string {
	var names []string
	for _, s := range g.Names {
		names = append(names, s.Name)
	}
	return listed(names)
}

// Adds reports whether its notices say something that the base does not.
func (g groupView) Adds() bool {
	return slices.ContainsFunc(g.Piece, func(p partView) bool { return len(p.Added) > 0 })
}

func (v *view) group(l *languageView, g review.StateGroup) groupView {
	out := groupView{StateGroup: g, Regions: regions(g.States)}
	for _, s := range g.States {
		ref := stateRef{Name: v.StateName(s.State), People: s.People}
		if !g.Base {
			ref.Own = v.own(l.Language, s.State)
		}
		out.Names = append(out.Names, ref)
	}
	above := "" // the heading that the reader has seen last
	for _, i := range g.Differences {
		d := l.Differences[i]
		out.Parts = append(out.Parts, link{d.ID, d.Label()})
		part := partView{Added: v.blocks(d.Difference.Added, ""), Removed: firstWords(d.Difference.Removed)}
		if !sameHeading(d.Under, above) {
			above, part.Under = d.Under, d.Under
		}
		above = orElse(lastHeading(d.Difference.Added), above)
		if len(d.Types) > 0 {
			part.Only = capital(accountsOf(d.Types))
		}
		out.Piece = append(out.Piece, part)
	}
	return out
}

// sameHeading compares a heading, in which … stands for what depends on the
// state, with one of a state.
func sameHeading(pattern, heading string) bool {
	begins, ends, open := strings.Cut(pattern, "…")
	return pattern == heading || open && len(heading) >= len(begins)+len(ends) && strings.HasPrefix(heading, begins) && strings.HasSuffix(heading, ends)
}

// lastHeading is the last heading among blocks, or empty.
func lastHeading(blocks []review.TextBlock) string {
	for _, b := range slices.Backward(blocks) {
		if b.Kind == review.Heading {
			return wordsOf(b)
		}
	}
	return ""
}

func wordsOf(b review.TextBlock) string {
	var out []string
	for _, s := range b.Sentences {
		out = append(out, s.Text)
	}
	return strings.Join(out, " ")
}

// firstWords are the first words of blocks, for knowing them again.
func firstWords(blocks []review.TextBlock) string {
	const most = 12
	var words []string
	for _, b := range blocks {
		words = append(words, strings.Fields(wordsOf(b))...)
	}
	if len(words) > most {
		return strings.Join(words[:most], " ") + " …"
	}
	return strings.Join(words, " ")
}

// own is the wording in a language that most people of a state get, and nil
// where that is not known.
func (v *view) own(language, state string) *link {
	var best *notifier.Variant
	most := 0
	for _, w := range v.Reached {
		if w.Variant.Language != language {
			continue
		}
		for _, p := range w.States {
			if p.State == state && (best == nil || p.People > most) {
				best, most = &w.Variant, p.People
			}
		}
	}
	if best == nil {
		return nil
	}
	return &link{anchor(*best), v.Words(*best)}
}
