package bundle

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"breachmail/notifier/jurisdiction"
)

// due is a day by which some states want their people told.
type due struct {
	On             time.Time
	States         []string
	People         int
	Passed, Missed bool
}

// Words names the states of a day, and for how many people it counts.
func (d due) Words() string { return some(d.States, 3) + ": " + people(d.People) }

// dates are the days by which people are to be told, the first day first, and
// none that counts for nobody.
func (v *view) dates() []due {
	var out []due
	add := func(s State) {
		if s.Deadline.On.IsZero() || s.People == 0 {
			return
		}
		name := orElse(s.Name, s.Code)
		i := slices.IndexFunc(out, func(d due) bool {
			return d.On.Equal(s.Deadline.On) && d.Passed == s.Passed && d.Missed == s.Missed && s.Code != jurisdiction.Federal
		})
		if i < 0 {
			out = append(out, due{On: s.Deadline.On, States: []string{name}, People: s.People, Passed: s.Passed, Missed: s.Missed})
			return
		}
		out[i].States, out[i].People = append(out[i].States, name), out[i].People+s.People
	}
	for _, s := range v.States {
		add(s)
	}
	if v.Federal != nil {
		add(*v.Federal)
	}
	slices.SortStableFunc(out, func(a, b due) int { return a.On.Compare(b.On) })
	return out
}

// pace is how many words a minute a careful reader reads.
const pace = 200

// minutes is how long the words take to read, at least one minute.
func minutes(words int) int { return max(1, (words+pace-1)/pace) }

// roundly writes a number of words as one says it: to two figures.
func roundly(n int) string {
	step := 1
	for n/step >= 100 {
		step *= 10
	}
	return count((n + step/2) / step * step)
}

// most names the states with the most people.
func most(states []State) string {
	byPeople := slices.SortedStableFunc(slices.Values(states), func(a, b State) int { return cmp.Compare(b.People, a.People) })
	out := ""
	others := 0
	for i, s := range byPeople {
		if i >= 4 && len(byPeople) > 5 {
			others += s.People
			continue
		}
		if i > 0 {
			out += "; "
		}
		out += orElse(s.Name, s.Code) + " " + count(s.People)
	}
	if others > 0 {
		out += "; " + strconv.Itoa(len(byPeople)-4) + " others " + count(others)
	}
	return out
}
