package intake

import (
	"cmp"
	"math/bits"
	"slices"
)

// hash128 is a hash so long that two different things have never the same.
type hash128 struct{ high, low uint64 }

func (h hash128) compare(other hash128) int {
	if c := cmp.Compare(h.high, other.high); c != 0 {
		return c
	}
	return cmp.Compare(h.low, other.low)
}

// hashSet is a set of hashes, each of which can be marked: sorted slices, one
// for each value of the first byte, so that growing and sorting one of them
// takes little memory beside the rest.
type hashSet struct {
	buckets [256]bucket
	sorted  bool
}

type bucket struct {
	hashes []hash128
	marks  []uint64 // one bit each
}

// add takes in a hash. Marks made before it are gone.
func (s *hashSet) add(h hash128) {
	b := &s.buckets[h.high>>56]
	b.hashes = append(b.hashes, h)
	s.sorted = false
}

// sort makes the set ready to be looked up.
func (s *hashSet) sort() {
	if s.sorted {
		return
	}
	s.sorted = true
	for i := range s.buckets {
		b := &s.buckets[i]
		slices.SortFunc(b.hashes, hash128.compare)
		b.hashes = slices.Clone(slices.Compact(b.hashes))
		b.marks = make([]uint64, (len(b.hashes)+63)/64)
	}
}

// mark reports whether h is in the set, and marks it.
func (s *hashSet) mark(h hash128) bool {
	s.sort()
	b := &s.buckets[h.high>>56]
	i, ok := b.find(h)
	if ok {
		b.marks[i/64] |= 1 << (i % 64)
	}
	return ok
}

// find returns where a hash is. Hashes are evenly spread, so it begins where h
// should be, and looks near there first: few places of memory are touched.
func (b *bucket) find(h hash128) (int, bool) {
	const near = 64
	should, _ := bits.Mul64(h.high<<8, uint64(len(b.hashes)))
	from, to := int(should), int(should)
	for step := near; from > 0 && b.hashes[from].compare(h) > 0; step *= 2 {
		from = max(0, from-step)
	}
	for step := near; to < len(b.hashes) && b.hashes[to].compare(h) < 0; step *= 2 {
		to = min(len(b.hashes), to+step)
	}
	i, ok := slices.BinarySearchFunc(b.hashes[from:min(to+1, len(b.hashes))], h, hash128.compare)
	return from + i, ok
}

// len returns how many different hashes there are.
func (s *hashSet) len() (n int64) {
	s.sort()
	for i := range s.buckets {
		n += int64(len(s.buckets[i].hashes))
	}
	return n
}

// marked returns how many of them are marked.
func (s *hashSet) marked() (n int64) {
	for i := range s.buckets {
		for _, word := range s.buckets[i].marks {
			n += int64(bits.OnesCount64(word))
		}
	}
	return n
}
