package review

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"breachmail/notifier/notice"
)

// day is a date in a folded text.
type day struct {
	on    time.Time
	words string
	at    int // where it begins
}

var isoDate = pattern(`\b(\d{4})-(\d{2})-(\d{2})\b`)

// daysIn returns the dates in a folded text, in their order. Those written as
// 2026-08-20 are read in any language, and those without a year as days of each
// of years.
func daysIn(language, text string, years ...int) []day {
	if !strings.ContainsAny(text, "0123456789") {
		return nil
	}
	var out []day
	add := func(m []int, year, month, dayOf string) {
		in := years
		if year != "" {
			y, _ := strconv.Atoi(year)
			in = []int{y}
		}
		d, _ := strconv.Atoi(dayOf)
		mo := monthOf(language, month)
		for _, y := range in {
			on := time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
			if mo != 0 && on.Day() == d {
				out = append(out, day{on: on, words: text[m[0]:m[1]], at: m[0]})
			}
		}
	}
	for _, m := range isoDate().FindAllStringSubmatchIndex(text, -1) {
		add(m, text[m[2]:m[3]], text[m[4]:m[5]], text[m[6]:m[7]])
	}
	if v := vocabularyOf(language); v != nil {
		for _, p := range v.dates {
			for _, m := range p.FindAllStringSubmatchIndex(text, -1) {
				part := func(name string) string {
					i := p.SubexpIndex(name)
					if m[2*i] < 0 {
						return ""
					}
					return text[m[2*i]:m[2*i+1]]
				}
				add(m, part("y"), part("m"), part("d"))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b day) int { return a.at - b.at })
	return out
}

// monthOf reads a month's number, its name or the first letters of that; 0 where it
// is none.
func monthOf(language, s string) time.Month {
	if n, err := strconv.Atoi(s); err == nil && n >= 1 && n <= 12 {
		return time.Month(n)
	}
	if v := vocabularyOf(language); v != nil && len(s) >= 3 {
		for i, names := range v.months {
			for name := range strings.FieldsSeq(names) {
				if strings.HasPrefix(name, s) {
					return time.Month(i + 1)
				}
			}
		}
	}
	return 0
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

// within reports whether t is a day of the range, as far as that is known.
func within(r notice.Range, t time.Time) bool {
	if !r.Known() {
		return true
	}
	last := r.From
	if !r.To.IsZero() {
		last = r.To
	}
	d := t.Format(time.DateOnly)
	return d >= r.From.Format(time.DateOnly) && d <= last.Format(time.DateOnly)
}

// dateProblems are dates in a sentence that contradict the incident.
func dateProblems(i *notice.Incident, language, sentence string) []problem {
	s := folded(sentence)
	days := daysIn(language, s)
	if len(days) == 0 {
		return nil
	}
	var out []problem
	complain := func(d day, format string, args ...any) {
		out = append(out, problem{rule: RuleDate, fragments: []string{d.words, sentence}, text: fmt.Sprintf("%q: ", d.words) + fmt.Sprintf(format, args...)})
	}
	const layout = "January 2, 2006"
	found := slices.ContainsFunc(days, func(d day) bool { return sameDay(d.on, i.Discovered) })
	for _, d := range days {
		verb := verbOf(vocabularyOf(language), s, d.at)
		switch {
		case verb == verbEarlier:
		case i.Occurred.Known() && d.on.Format(time.DateOnly) < i.Occurred.From.Format(time.DateOnly):
			complain(d, "that is before the incident began, which campaign.yaml says was on %s", i.Occurred.From.Format(layout))
		case verb == verbDiscovered && !i.Discovered.IsZero() && !sameDay(d.on, i.Discovered) && (!found || !within(i.Occurred, d.on)):
			complain(d, "the sentence says when it was discovered, which campaign.yaml says was on %s", i.Discovered.Format(layout))
		case verb == verbHappened && !within(i.Occurred, d.on):
			complain(d, "the sentence says when it happened, and campaign.yaml has other days for that")
		}
	}
	return out
}

// What the verb that a date belongs to says.
const (
	verbNone = iota
	verbDiscovered
	verbHappened
	verbOther
	verbEarlier
)

// verbOf returns the kind of the verb that a date at a place of a sentence
// belongs to: the last one before it, else the first behind it.
func verbOf(v *vocabulary, s string, at int) int {
	if v == nil {
		return verbNone
	}
	kind, best := verbNone, -1
	first, after := verbNone, len(s)
	for k, p := range []*regexp.Regexp{verbDiscovered: v.discovered, verbHappened: v.happened, verbOther: v.otherVerb, verbEarlier: v.earlier} {
		if p == nil {
			continue
		}
		for _, m := range p.FindAllStringIndex(s, -1) {
			switch {
			case m[0] < at && m[0] > best:
				kind, best = k, m[0]
			case m[0] > at && m[0] < after:
				first, after = k, m[0]
			}
		}
	}
	if kind == verbNone {
		return first
	}
	return kind
}
