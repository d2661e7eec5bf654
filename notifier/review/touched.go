package review

import "breachmail/notifier"

// Touched counts the people whose notice is not the one that was approved: its
// sample has another digest, or its wording is new or gone. People is how many
// get each wording.
func Touched(approved, current []Item, people map[notifier.Variant]int64) int64 {
	was, is := byName(approved), byName(current)
	var n int64
	for v, count := range people {
		name := samplePrefix + v.String()
		old, before := was[name]
		now, after := is[name]
		if !before || !after || old.Digest != now.Digest {
			n += count
		}
	}
	return n
}
