package review

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// shared are blocks that some texts have, and where.
type shared struct {
	length int
	seen   []sighting
	after  map[*shared]bool // what stands right before it in some text
	number int              // in which order they were first seen
}

// inOneOrder returns every block of runs once, in an order that keeps that of
// each run. Where runs contradict one another, it is every run once as a whole.
func inOneOrder(runs []run) []*shared {
	left := sharedBlocks(runs)
	var out []*shared
	done := map[*shared]bool{}
	for len(left) > 0 {
		i := slices.IndexFunc(left, func(b *shared) bool {
			for before := range b.after {
				if !done[before] {
					return false
				}
			}
			return true
		})
		if i < 0 {
			return wholeRuns(runs)
		}
		done[left[i]] = true
		out = append(out, left[i])
		left = slices.Delete(left, i, i+1)
	}
	return out
}

// sharedBlocks returns every block of runs once, as first seen. One that stands
// twice in a run is two.
func sharedBlocks(runs []run) []*shared {
	known := map[string]*shared{}
	for _, r := range runs {
		var before *shared
		times := map[string]int{}
		for at := r.from; at < r.to; at++ {
			key := r.text.keys[at]
			times[key]++
			b := addTo(known, key+"\n"+strconv.Itoa(times[key]), 1, sighting{r.text, at})
			if before != nil {
				b.after[before] = true
			}
			before = b
		}
	}
	return asSeen(known)
}

func wholeRuns(runs []run) []*shared {
	known := map[string]*shared{}
	for _, r := range runs {
		addTo(known, strings.Join(r.keys(), "\n\n"), r.to-r.from, sighting{r.text, r.from})
	}
	return asSeen(known)
}

func addTo(known map[string]*shared, key string, length int, at sighting) *shared {
	b := known[key]
	if b == nil {
		b = &shared{length: length, after: map[*shared]bool{}, number: len(known)}
		known[key] = b
	}
	b.seen = append(b.seen, at)
	return b
}

func asSeen(known map[string]*shared) []*shared {
	var out []*shared
	for _, b := range known {
		out = append(out, b)
	}
	slices.SortFunc(out, func(a, b *shared) int { return cmp.Compare(a.number, b.number) })
	return out
}
