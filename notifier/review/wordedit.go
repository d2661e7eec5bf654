package review

import (
	"slices"
	"strings"

	"znkr.io/diff"
)

const (
	aroundWords = 6 // how many words that stand still are shown around a change
	fewKept     = 3 // fewer words between two changes belong to them
)

// changesIn compares two texts block by block, and word by word where a block
// took the place of another.
func changesIn(was, is []TextBlock) []PlaceChange {
	keys := func(blocks []TextBlock) []string {
		out := make([]string, len(blocks))
		for i := range blocks {
			out[i] = blocks[i].key()
		}
		return out
	}
	var out []PlaceChange
	for _, h := range diff.Hunks(keys(was), keys(is), diff.Context(0), diff.Minimal()) {
		under, before := "", ""
		for _, b := range is[:h.PosY] {
			before = b.words()
			if b.Kind == Heading {
				under, before = before, ""
			}
		}
		edits := wordEdits(joinBlocks(was[h.PosX:h.EndX]), joinBlocks(is[h.PosY:h.EndY]))
		if edits[0].Op != Kept && before != "" {
			edits = slices.Insert(edits, 0, WordEdit{Kept, before})
		}
		for _, words := range withContext(edits) {
			if !slices.ContainsFunc(words, func(e WordEdit) bool { return e.Op != Kept }) {
				continue // only parted otherwise
			}
			out = append(out, PlaceChange{Under: under, Words: words})
		}
	}
	return out
}

func joinBlocks(blocks []TextBlock) string {
	list := make([]string, len(blocks))
	for i := range blocks {
		list[i] = blocks[i].words()
	}
	return strings.Join(list, " ")
}

// wordEdits returns how one text became another, word by word.
func wordEdits(was, is string) []WordEdit {
	var out []WordEdit
	var removed, added, kept []string
	end := func() {
		for _, e := range []struct {
			op    EditOp
			words []string
		}{{Removed, removed}, {Added, added}} {
			if len(e.words) > 0 {
				out = append(out, WordEdit{e.op, strings.Join(e.words, " ")})
			}
		}
		removed, added = nil, nil
	}
	hasChange := func() bool { return len(removed)+len(added) > 0 }
	keep := func() {
		if len(kept) > 0 {
			end()
			out = append(out, WordEdit{Kept, strings.Join(kept, " ")})
			kept = nil
		}
	}
	for _, e := range diff.Edits(strings.Fields(was), strings.Fields(is), diff.Minimal()) {
		if e.Op == diff.Match {
			kept = append(kept, e.X)
			continue
		}
		if hasChange() && len(kept) < fewKept {
			removed, added = append(removed, kept...), append(added, kept...)
			kept = nil
		}
		keep()
		if e.Op == diff.Delete {
			removed = append(removed, e.X)
		} else {
			added = append(added, e.Y)
		}
	}
	end()
	keep()
	return out
}

// withContext parts edits where much stands still between two changes, and shortens
// what stands still to a few words.
func withContext(edits []WordEdit) [][]WordEdit {
	var out [][]WordEdit
	var place []WordEdit
	for i, e := range edits {
		words := strings.Fields(e.Text)
		first, last := i == 0, i == len(edits)-1
		switch {
		case e.Op != Kept, len(words) <= aroundWords, !first && !last && len(words) <= 2*aroundWords:
			place = append(place, e)
			continue
		case !first:
			place = append(place, WordEdit{Kept, strings.Join(words[:aroundWords], " ") + " …"})
			out = append(out, place)
			place = nil
		}
		if !last {
			place = append(place, WordEdit{Kept, "… " + strings.Join(words[len(words)-aroundWords:], " ")})
		}
	}
	if len(place) > 0 {
		out = append(out, place)
	}
	return out
}
