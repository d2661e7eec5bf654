package review

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"znkr.io/diff"
)

// spot is a place in which some wordings differ from the base in the same way.
type spot struct {
	at      int // before which block of the base
	removed int // how many blocks of the base are not there
	added   []TextBlock
	seen    []sighting
}

// sighting is a wording that has a spot, and at which of its blocks.
type sighting struct {
	text *wordingText
	at   int
}

// spotsOf returns the places in which texts differ from base, from top to
// bottom. What texts have beside the base is cut where not all of those who
// have some of it have all of it, so that nothing is to be read twice.
func spotsOf(base *wordingText, texts []*wordingText) []*spot {
	inserted := map[int][]run{} // by place in the base
	var replacing []run
	for i, t := range texts {
		for _, h := range diff.Hunks(base.keys, t.keys, diff.Context(0), diff.Minimal()) {
			r := run{text: t, number: i, from: h.PosY, to: h.EndY, at: h.PosX, removed: h.EndX - h.PosX}
			if r.removed > 0 {
				replacing = append(replacing, r)
			} else {
				inserted[r.at] = append(inserted[r.at], r)
			}
		}
	}
	replacing = part(replacing, inserted)
	var out []*spot
	for at, runs := range inserted {
		slices.SortFunc(runs, func(a, b run) int { return a.number - b.number })
		out = append(out, pieces(at, runs)...)
	}
	out = append(out, replacements(replacing)...)
	slices.SortStableFunc(out, func(a, b *spot) int { return a.at - b.at })
	return out
}

// run is some blocks of a text, one after the other, and where they stand.
type run struct {
	text     *wordingText
	number   int // of the text
	from, to int // in its blocks
	at       int // before which block of the base
	removed  int // and in place of how many
}

func (r *run) keys() []string { return r.text.keys[r.from:r.to] }

// part takes off the runs that replace something what others have before or
// behind it without replacing anything, and adds that to what is inserted.
func part(replacing []run, inserted map[int][]run) []run {
	whole := maps.Clone(inserted)
	for i := range replacing {
		r := &replacing[i]
		before, behind := 0, 0
		for _, other := range whole[r.at] {
			if n := other.to - other.from; n > before && n <= r.to-r.from && slices.Equal(r.keys()[:n], other.keys()) {
				before = n
			}
		}
		for _, other := range whole[r.at+r.removed] {
			if n := other.to - other.from; n > behind && n <= r.to-r.from-before && slices.Equal(r.keys()[r.to-r.from-n:], other.keys()) {
				behind = n
			}
		}
		insert := func(at, from, to int) {
			if to > from {
				inserted[at] = append(inserted[at], run{text: r.text, number: r.number, from: from, to: to, at: at})
			}
		}
		insert(r.at, r.from, r.from+before)
		insert(r.at+r.removed, r.to-behind, r.to)
		r.from, r.to = r.from+before, r.to-behind
	}
	return replacing
}

// replacements returns what takes the place of blocks of the base.
func replacements(runs []run) []*spot {
	known := map[string]*spot{}
	var out []*spot
	for _, r := range runs {
		key := strconv.Itoa(r.at) + " " + strconv.Itoa(r.removed) + "\n" + strings.Join(r.keys(), "\n\n")
		s := known[key]
		if s == nil {
			s = &spot{at: r.at, removed: r.removed, added: r.text.blocks[r.from:r.to]}
			known[key] = s
			out = append(out, s)
		}
		s.seen = append(s.seen, sighting{r.text, r.from})
	}
	return out
}

// pieces cuts runs that all stand before one block of the base: each piece is
// in the same texts from its beginning to its end. In their order, the pieces
// of a text give its run.
func pieces(at int, runs []run) []*spot {
	var out []*spot
next:
	for _, b := range inOneOrder(runs) {
		first := b.seen[0]
		added := first.text.blocks[first.at : first.at+b.length]
		for _, s := range slices.Backward(out) {
			if sameTexts(s.seen, b.seen) {
				s.added = append(s.added, added...)
				continue next
			}
			if haveCommon(s.seen, b.seen) {
				break
			}
		}
		out = append(out, &spot{at: at, added: slices.Clip(added), seen: b.seen})
	}
	return out
}

// sameTexts reports whether two lists, which have their texts in the same
// order, are about the same ones.
func sameTexts(a, b []sighting) bool {
	return slices.EqualFunc(a, b, func(a, b sighting) bool { return a.text == b.text })
}

func haveCommon(a, b []sighting) bool {
	return slices.ContainsFunc(a, func(a sighting) bool {
		return slices.ContainsFunc(b, func(b sighting) bool { return a.text == b.text })
	})
}
