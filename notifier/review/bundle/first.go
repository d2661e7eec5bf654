package bundle

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"breachmail/notifier/jurisdiction"
)

// due is a day by which some states want their people told.
type due struct {
	On             time.Time
	States         []string
	People         int
	Passed, Missed bool
	Doubt          string // why the law may not be in force
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
		name := v.StateName(s.Code)
		i := slices.IndexFunc(out, func(d due) bool {
			return d.On.Equal(s.Deadline.On) && d.Passed == s.Passed && d.Missed == s.Missed && d.Doubt == s.Doubt && s.Code != jurisdiction.Federal
		})
		if i < 0 {
			out = append(out, due{On: s.Deadline.On, States: []string{name}, People: s.People, Passed: s.Passed, Missed: s.Missed, Doubt: s.Doubt})
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

// nearest are how many dates the first screen shows.
const nearest = 4

// Nearest are the dates that the first screen shows.
func (v *view) Nearest() []due {
	if len(v.Dates) <= nearest {
		return v.Dates
	}
	return v.Dates[:nearest]
}

// Regulated names the states whose law wants somebody told beside the people,
// those first that leave the least time.
func (v *view) Regulated() []string {
	list := slices.DeleteFunc(byPeople(v.States), func(s State) bool { return len(s.Also) == 0 })
	slices.SortStableFunc(list, func(a, b State) int { return cmp.Compare(hours(a.Also), hours(b.Also)) })
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = v.StateName(s.Code)
	}
	return out
}

var span = regexp.MustCompile(`\b(\d+) (?:[a-z]+ )?(hour|day)s?\b`)

// hours is how long the law leaves for telling somebody, as far as its words
// say: 0 where that is before the people, much where they name no time.
func hours(also []string) int {
	least := math.MaxInt
	for _, s := range also {
		if strings.Contains(s, "before the people") {
			return 0
		}
		if m := span.FindStringSubmatch(s); m != nil {
			n, _ := strconv.Atoi(m[1]) // digits; too many of them are the most
			least = min(least, map[string]int{"hour": n, "day": 24 * n}[m[2]])
		}
	}
	return least
}

// Most names the states with the most people, and how these are told.
func (v *view) Most() []string {
	const most = 4
	list := byPeople(v.States)
	if len(list) <= most+1 {
		return v.told(list)
	}
	others := State{Name: plural(len(list)-most, "other", "others")}
	for _, s := range list[most:] {
		others.People += s.People
		others.Email += s.Email
		others.Postal += s.Postal
	}
	return append(v.told(list[:most]), told(others.Name, others))
}

func (v *view) told(list []State) []string {
	var out []string
	for _, s := range list {
		out = append(out, told(v.StateName(s.Code), s))
	}
	return out
}

// told says how many people of a state are told by which channel: "California
// 62 (60 by email, 2 by post)".
func told(name string, s State) string {
	out := name + " " + count(s.People)
	switch {
	case s.Email == 0 && s.Postal == 0: // not known
	case s.Postal == 0:
		out += " (by email)"
	case s.Email == 0:
		out += " (by post)"
	default:
		out += " (" + count(s.Email) + " by email, " + count(s.Postal) + " by post)"
	}
	return out
}

func byPeople(states []State) []State {
	return slices.SortedStableFunc(slices.Values(states), func(a, b State) int { return cmp.Compare(b.People, a.People) })
}

// Channels reports whether it is known how the people of each state are told.
func (v *view) Channels() bool {
	return slices.ContainsFunc(v.States, func(s State) bool { return s.Email+s.Postal > 0 })
}

// PostOnly reports whether nobody in a state is told by email.
func (v *view) PostOnly(state string) bool {
	return slices.ContainsFunc(v.States, func(s State) bool { return s.Code == state && s.Email == 0 && s.Postal > 0 })
}

// Standing are the holds that are not over.
func (v *view) Standing() []Hold {
	return slices.DeleteFunc(slices.Clone(v.Holds), func(h Hold) bool { return h.Over })
}

// briefly is how a law is doubted, without the reasons.
func briefly(doubt string) string {
	const most = 8 // words
	doubt, _, _ = strings.Cut(doubt, ":")
	if len(strings.Fields(doubt)) > most {
		return "doubtful"
	}
	return doubt
}

// ToRead is how many words there are to read, here and elsewhere.
func (v *view) ToRead() int { return v.Reading.Words + v.Reading.ElsewhereWords }
