package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// progressHeight is that of the picture of how far it is, in pixels.
const progressHeight = 150

// longest is how many days after the first one a deadline is drawn in the picture.
const longest = 150

// progress is the picture of how many people a notice was sent to by the end of
// each day, and by when it had to be.
type progress struct {
	Desc    string
	Step    string
	Height  int
	Total   int // where the line stands that all people reach
	People  int64
	Lines   []line
	Ticks   []tick
	Bars    []column
	Marks   []mark
	Letters bool
}

// due is a deadline of one or several states, and how it was kept.
type due struct {
	On, Mark, States             string
	People, InTime, Late, Untold int64
	Over                         bool
}

// dues gathers the deadlines by day.
func (c *Case) dues() []due {
	by := map[string]*due{}
	for _, d := range c.Deadlines {
		n := c.Tally.Of(d.State)
		u := by[d.On]
		if u == nil {
			u = &due{On: d.On, Over: c.At.UTC().Format(time.DateOnly) > d.On}
			by[d.On] = u
		}
		u.States += ", " + d.State
		u.People += n.People
		u.InTime += n.InTime
		u.Late += n.Late
		u.Untold += n.Untold
	}
	var list []due
	for _, u := range by {
		u.States = strings.TrimPrefix(u.States, ", ")
		list = append(list, *u)
	}
	slices.SortFunc(list, func(a, b due) int { return cmp.Compare(a.On, b.On) })
	for i := range list {
		list[i].Mark = letter(i)
	}
	return list
}

// letter is A, B, … Z, AA, …
func letter(i int) string {
	s := string(rune('A' + i%26))
	if i >= 26 {
		s = letter(i/26-1) + s
	}
	return s
}

func dayOf(s string) time.Time {
	t, _ := time.Parse(time.DateOnly, s)
	return t
}

const day = 24 * time.Hour

// progress draws that. It is nil where no notice was sent yet, or there is only one
// day and nothing to compare it with.
func (c *Case) progress(dues []due) *progress {
	sent := c.Tally.Reached()
	if len(sent) == 0 {
		return nil
	}
	first, last := dayOf(sent[0].Day), dayOf(sent[len(sent)-1].Day)
	end := last
	for _, d := range dues {
		if on := dayOf(d.On); on.After(end) && on.Sub(first) < longest*day {
			end = on
		}
	}
	if end.Equal(first) {
		return nil
	}
	now := c.At.UTC().Truncate(day)
	drawn := last
	if now.After(drawn) {
		drawn = now
	}
	end = end.Add(day) // of its last day
	days := int(end.Sub(first) / day)
	each := (days + 119) / 120
	p := &progress{Step: spanWords(int64(each) * 86400), Height: progressHeight, People: c.Tally.All.People}
	whole, lines := top(p.People, p.Height)
	p.Lines = lines
	p.Total = p.Height - int(int64(p.Height)*p.People/whole)
	p.Ticks = ticks(first, end)
	wide := percent(float64(each), float64(days))
	var emails, letters int64
	i := 0
	for at := first; at.Before(end) && !at.After(drawn); at = at.AddDate(0, 0, each) {
		until := at.AddDate(0, 0, each)
		for ; i < len(sent) && dayOf(sent[i].Day).Before(until); i++ {
			emails += sent[i].Emails
			letters += sent[i].Letters
		}
		p.column(percent(float64(at.Sub(first)), float64(end.Sub(first))), wide, until.Add(-day), emails, letters, whole)
	}
	p.Letters = letters > 0
	for _, d := range dues {
		part := float64(dayOf(d.On).Add(day).Sub(first)) / float64(end.Sub(first))
		if part < 0 || part > 1 {
			continue
		}
		p.Marks = append(p.Marks, mark{X: percent(part, 1), Text: d.Mark, Class: "due", Wide: 10 + 8*len(d.Mark), Half: -5 - 4*len(d.Mark)})
	}
	p.Marks = together(p.Marks)
	p.Desc = fmt.Sprintf("By the end of %s: %s by email and %s by letter, of %s.", calendarDay(sent[len(sent)-1].Day), Number(emails), Number(letters), people(p.People))
	return p
}

func (p *progress) column(x, wide string, on time.Time, emails, letters, whole int64) {
	col := column{X: x, W: wide, Title: fmt.Sprintf("by the end of %s: %s by email, %s by letter", on.Format("January 2, 2006"), Number(emails), Number(letters))}
	y := float64(p.Height)
	for _, part := range []struct {
		class string
		n     int64
	}{{"s0", emails}, {"s1", letters}} {
		if part.n == 0 {
			continue
		}
		h := max(float64(p.Height)*float64(part.n)/float64(whole), 1)
		y -= h
		col.Parts = append(col.Parts, piece{part.class, pixels(y), pixels(h)})
	}
	p.Bars = append(p.Bars, col)
}

// together puts marks that are close to each other under one label.
func together(marks []mark) []mark {
	var list []mark
	last := -1.0
	for _, m := range marks {
		at := percentOf(m.X)
		if n := len(list) - 1; n >= 0 && at-last < 100*apart {
			first, _, _ := strings.Cut(list[n].Text, "–")
			list[n].Text = first + "–" + m.Text
			list[n].Wide = 10 + 8*len([]rune(list[n].Text))
			list[n].Half = -list[n].Wide / 2
			continue
		}
		list, last = append(list, m), at
	}
	return list
}

func percentOf(s string) float64 {
	f, _ := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
	return f
}

// calendarDay writes 2018-08-30 as August 30, 2018.
func calendarDay(s string) string {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t.Format("January 2, 2006")
	}
	return s
}
