package intake

import (
	"testing"

	"pgregory.net/rapid"
)

// A hashSet is a map, however unevenly the hashes are spread.
func TestHashSet(t *testing.T) {
	hash := rapid.Custom(func(t *rapid.T) hash128 {
		high := rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 3), rapid.Uint64Min(1<<64-3)).Draw(t, "high")
		return hash128{high, rapid.Uint64Range(0, 2).Draw(t, "low")}
	})
	rapid.Check(t, func(t *rapid.T) {
		var s hashSet
		want := map[hash128]bool{}
		for _, h := range rapid.SliceOfN(hash, 0, 300).Draw(t, "added") {
			s.add(h)
			want[h] = false
		}
		marked := int64(0)
		for _, h := range rapid.SliceOfN(hash, 0, 100).Draw(t, "looked up") {
			before, ok := want[h]
			if got := s.mark(h); got != ok {
				t.Fatalf("%v is in the set: %v, want %v", h, got, ok)
			}
			if ok && !before {
				want[h] = true
				marked++
			}
		}
		for h := range want {
			if !s.mark(h) {
				t.Fatalf("%v is not found", h)
			}
			marked += map[bool]int64{false: 1}[want[h]]
		}
		if s.len() != int64(len(want)) || s.marked() != marked {
			t.Fatalf("%d of %d marked, want %d of %d", s.marked(), s.len(), marked, len(want))
		}
	})
}
