package report

import (
	"slices"
	"time"
)

// steps are the widths of a bar of the picture over time, in seconds. Each
// divides the next, so that a narrow count can be made a wider one.
var steps = []int64{1, 5, 15, 60, 5 * 60, 15 * 60, 3600, 3 * 3600, 6 * 3600, 24 * 3600}

// mostBins is how many spans of time are counted apart before they are made wider.
const mostBins = 4096

// clock counts notices over time, by wave.
type clock struct {
	waves []string
	step  int // of steps
	bins  map[int64][]int64
	first time.Time
	last  time.Time
}

func newClock(waves []string) clock {
	return clock{waves: slices.Clone(waves), bins: map[int64][]int64{}}
}

// add counts a notice.
func (c *clock) add(at time.Time, wave string) {
	if c.first.IsZero() || at.Before(c.first) {
		c.first = at
	}
	if at.After(c.last) {
		c.last = at
	}
	w := slices.Index(c.waves, wave)
	if w < 0 {
		w, c.waves = len(c.waves), append(c.waves, wave)
	}
	c.count(c.bins, floor(at.Unix(), steps[c.step]), w, 1)
	for len(c.bins) > mostBins && c.step < len(steps)-1 {
		c.step++
		c.bins = c.wider(steps[c.step])
	}
}

func (c *clock) count(bins map[int64][]int64, at int64, wave int, n int64) {
	of := bins[at]
	for len(of) <= wave {
		of = append(of, 0)
	}
	of[wave] += n
	bins[at] = of
}

// wider returns the counts in spans of that many seconds.
func (c *clock) wider(step int64) map[int64][]int64 {
	bins := map[int64][]int64{}
	for at, of := range c.bins {
		for wave, n := range of {
			if n > 0 {
				c.count(bins, floor(at, step), wave, n)
			}
		}
	}
	return bins
}

func floor(at, step int64) int64 {
	r := at % step
	if r < 0 {
		r += step
	}
	return at - r
}

// mostBars is how many bars the picture has room for.
const mostBars = 90

// bars returns the counts in spans that the picture has room for, by their
// beginning, and how wide a span is. The picture reaches from from to to.
func (c *clock) bars(from, to time.Time) (bins map[int64][]int64, step int64) {
	i := c.step
	for i < len(steps)-1 && to.Unix()-from.Unix() >= steps[i]*mostBars {
		i++
	}
	step = steps[i]
	for (to.Unix()-from.Unix())/step >= mostBars*3 { // longer than the widest step is made for
		step *= 2
	}
	return c.wider(step), step
}
