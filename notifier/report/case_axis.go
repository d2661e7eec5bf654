package report

import (
	"math"
	"strconv"
	"time"
)

// percent writes a place along an axis. Pictures are laid out in hundredths of
// their width, so that they fit any screen and their words keep their size.
func percent(part, whole float64) string {
	if whole <= 0 {
		return "0%"
	}
	return strconv.FormatFloat(100*part/whole, 'f', 3, 64) + "%"
}

// line is a line across a picture, and what it stands for.
type line struct {
	Y     int // from the top
	Text  string
	Above int // where the text stands
}

// top returns the end of an axis that reaches n, and the lines across it.
func top(n int64, height int) (end int64, lines []line) {
	size := math.Pow(10, math.Floor(math.Log10(float64(max(n, 1)))))
	end = 10 * int64(size)
	for _, m := range []float64{1, 2, 4, 5, 6, 8} {
		if float64(n) <= m*size {
			end = int64(m * size)
			break
		}
	}
	parts := int64(4)
	for end%parts != 0 {
		parts /= 2
	}
	for i := range parts + 1 {
		y := height - int(int64(height)*i/parts)
		lines = append(lines, line{Y: y, Text: Number(end * i / parts), Above: y + 4})
	}
	return end, lines
}

// tick is a place on the axis of time.
type tick struct {
	X, Anchor, Text, Sub string
}

// mostTicks is how many places on the axis of time have room for their words on a
// telephone.
const mostTicks = 4

// tickSteps are the seconds between two ticks.
var tickSteps = []int64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 2 * 86400, 7 * 86400, 14 * 86400, 28 * 86400}

// ticks are places at round times between two moments.
func ticks(from, to time.Time) []tick {
	span := to.Unix() - from.Unix()
	step := tickSteps[len(tickSteps)-1]
	for _, s := range tickSteps {
		if span/s <= mostTicks {
			step = s
			break
		}
	}
	for span/step > mostTicks {
		step *= 2
	}
	var list []tick
	day := ""
	for at := floor(from.Unix()+step-1, step); at <= to.Unix(); at += step {
		t := time.Unix(at, 0).UTC()
		k := tick{X: percent(float64(at-from.Unix()), float64(span)), Anchor: "middle", Text: t.Format("15:04")}
		switch {
		case step >= 86400:
			k.Text = t.Format("Jan 2")
		case step < 60:
			k.Text = t.Format("15:04:05")
		}
		if on := t.Format("Jan 2"); step < 86400 && on != day {
			k.Sub, day = on, on
		}
		switch part := float64(at-from.Unix()) / float64(span); {
		case part < 0.06:
			k.Anchor = "start"
		case part > 0.94:
			k.Anchor = "end"
		}
		list = append(list, k)
	}
	return list
}

// spanWords says how long a bar is.
func spanWords(seconds int64) string {
	switch {
	case seconds%86400 == 0:
		return Many(seconds/86400, "day", "days")
	case seconds%3600 == 0:
		return Many(seconds/3600, "hour", "hours")
	case seconds%60 == 0:
		return Many(seconds/60, "minute", "minutes")
	}
	return Many(seconds, "second", "seconds")
}
