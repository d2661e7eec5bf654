package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// timelineHeight is that of the picture over time, in pixels, without its axis.
const timelineHeight = 200

// timeline is the picture of notices over time.
type timeline struct {
	Desc   string
	Step   string // how long a bar is
	Height int
	Waves  []waveKey
	Lines  []line
	Ticks  []tick
	Bars   []column
	Bands  []band // halted
	Marks  []mark
}

// waveKey says how a wave is drawn.
type waveKey struct {
	Class, Name string
	Taken       int64
}

// column is a bar that stands upright.
type column struct {
	X, W, Title string
	Parts       []piece
}

// piece is a part of a column.
type piece struct {
	Class string
	Y, H  string
}

// band is a span of time.
type band struct{ X, W string }

// mark is a place in time that something happened at, or several close together.
type mark struct {
	X, Text, Class string
	Half, Wide     int // of its label, in pixels
}

// marked is an event with its number in the picture, empty where it lies outside.
type marked struct {
	Event
	Mark, Class, Word string
}

var eventWords = map[EventKind]string{
	EventStart: "run", EventHalt: "halt", EventClear: "halt cleared", EventGate: "gate opened", EventHold: "hold ended", EventOther: "other",
}

// waveClasses is how many ways there are to draw a wave.
const waveClasses = 4

func waveClass(i int) string { return "w" + strconv.Itoa(i%waveClasses) }

// timeline draws the notices that were taken, and numbers the events. It is nil
// where none was taken.
func (c *Case) timeline() (*timeline, []marked) {
	k := &c.Tally.clock
	events := make([]marked, len(c.Events))
	for i, e := range c.Events {
		events[i] = marked{Event: e, Word: eventWords[e.Kind]}
	}
	if k.first.IsZero() {
		return nil, events
	}
	pad := max((k.last.Sub(k.first))/20, 2*time.Second)
	from, to := k.first.Add(-pad), k.last.Add(pad)
	bins, step := k.bars(from, to)
	begin, end := floor(from.Unix(), step), floor(to.Unix(), step)+step
	t := &timeline{Step: spanWords(step), Height: timelineHeight}
	x := func(at int64) string { return percent(float64(at-begin), float64(end-begin)) }
	t.Ticks = ticks(time.Unix(begin, 0), time.Unix(end, 0))
	most := t.columns(k, bins, x, percent(float64(step), float64(end-begin)))
	t.mark(events, begin, end)
	t.band(c.Events, begin, end, x)
	t.Desc = fmt.Sprintf("From %s to %s the relays took %s. The most in %s were %s.", minute(k.first), minute(k.last),
		Many(c.Tally.Taken(), "notice", "notices"), t.Step, Number(most))
	return t, events
}

// Taken counts the notices that a relay took, also those that came back.
func (t *Tally) Taken() (n int64) {
	for _, d := range t.days {
		n += d.Taken
	}
	return n
}

func minute(at time.Time) string { return at.UTC().Format("January 2, 2006, 15:04 MST") }

// columns draws the bars and returns how high the highest is.
func (t *timeline) columns(k *clock, bins map[int64][]int64, x func(int64) string, wide string) (most int64) {
	totals := make([]int64, len(k.waves))
	for _, of := range bins {
		var sum int64
		for i, n := range of {
			sum += n
			totals[i] += n
		}
		most = max(most, sum)
	}
	var whole int64
	whole, t.Lines = top(most, t.Height)
	for i, name := range k.waves {
		if totals[i] > 0 {
			t.Waves = append(t.Waves, waveKey{waveClass(i), name, totals[i]})
		}
	}
	for _, at := range slices.Sorted(maps.Keys(bins)) {
		col := column{X: x(at), W: wide}
		y, sum := float64(t.Height), int64(0)
		for i, n := range bins[at] {
			if n == 0 {
				continue
			}
			h := max(float64(t.Height)*float64(n)/float64(whole), 1.5)
			y = max(y-h, 0)
			sum += n
			col.Parts = append(col.Parts, piece{waveClass(i), pixels(y), pixels(h)})
		}
		col.Title = fmt.Sprintf("%s: %s", minute(time.Unix(at, 0)), Many(sum, "notice", "notices"))
		t.Bars = append(t.Bars, col)
	}
	return most
}

func pixels(n float64) string { return strconv.FormatFloat(n, 'f', 2, 64) }

// apart is how far two labels have to be from each other, as a part of the width.
const apart = 0.065

// mark numbers the events in their order, and puts those that are close to each
// other under one label.
func (t *timeline) mark(events []marked, begin, end int64) {
	first, number, last := 0, 0, -1.0
	flush := func() {
		if first == 0 {
			return
		}
		m := &t.Marks[len(t.Marks)-1]
		m.Text = strconv.Itoa(first)
		if number > first {
			m.Text += "–" + strconv.Itoa(number)
		}
		m.Wide = 10 + 8*len([]rune(m.Text))
		m.Half = -m.Wide / 2
	}
	for i := range events {
		e := &events[i]
		part := float64(e.At.Unix()-begin) / float64(end-begin)
		if part < 0 || part > 1 {
			continue
		}
		number++
		e.Mark, e.Class = strconv.Itoa(number), string(e.Kind)
		if last >= 0 && part-last < apart {
			if m := &t.Marks[len(t.Marks)-1]; m.Class != string(e.Kind) && m.Class != string(EventHalt) {
				m.Class = "several"
				if e.Kind == EventHalt {
					m.Class = string(EventHalt)
				}
			}
			flush()
			continue
		}
		first, last = number, part
		t.Marks = append(t.Marks, mark{X: percent(part, 1), Class: string(e.Kind)})
		flush()
	}
}

// band draws the spans during which the campaign was halted.
func (t *timeline) band(events []Event, begin, end int64, x func(int64) string) {
	var from int64
	add := func(to int64) {
		from, to = max(from, begin), min(to, end)
		if to > from {
			t.Bands = append(t.Bands, band{x(from), percent(float64(to-from), float64(end-begin))})
		}
		from = 0
	}
	for _, e := range events {
		switch {
		case e.Kind == EventHalt && from == 0:
			from = e.At.Unix()
		case e.Kind == EventClear && from != 0:
			add(e.At.Unix())
		}
	}
	if from != 0 {
		add(end)
	}
}
