package bundle

import (
	"cmp"
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/review"
)

// wording is a sample with its number on the page, counted from 1.
type wording struct {
	Number, Total int
	PageSample
	Framed bool // the page holds the formatted notice
}

// room is how many bytes of formatted notices the page holds. The formatted
// page of a wording beyond that is in its message file only; the words
// themselves are always on the page.
const room = 2 << 20

// order parts the samples by whether somebody gets them.
func (v *view) order() {
	var none []PageSample
	used := 0
	add := func(list *[]wording, s PageSample) {
		used += len(s.HTML)
		if s.States == nil {
			s.States = v.livesIn(s.Variant)
		}
		*list = append(*list, wording{
			Number: len(v.Reached) + len(v.Nobody) + 1, Total: len(v.Samples), PageSample: s, Framed: used <= room,
		})
	}
	for _, s := range v.Samples {
		if s.People == 0 {
			none = append(none, s)
			continue
		}
		add(&v.Reached, s)
	}
	list := &v.Nobody
	if len(v.Reached) == 0 {
		list = &v.Reached
	}
	for _, s := range none {
		add(list, s)
	}
}

// livesIn is where people live whom the wording is for, as far as its name
// tells.
func (v *view) livesIn(of notifier.Variant) []review.StatePeople {
	if of.State != "" {
		return []review.StatePeople{{State: of.State, Name: v.StateName(of.State)}}
	}
	var out []review.StatePeople
	for _, s := range v.States {
		if !v.ruled[s.Code] {
			out = append(out, review.StatePeople{State: s.Code, Name: v.StateName(s.Code)})
		}
	}
	return out
}

// Codes are the states of people who get it, for the search.
func (w wording) Codes() string {
	var out []string
	for _, s := range w.States {
		out = append(out, s.State)
	}
	return strings.Join(out, " ")
}

// Lives names the states of people who get it, each with how many they are.
func (v *view) Lives(w wording) []string {
	var out []string
	for _, s := range w.States {
		name := v.StateName(s.State)
		if s.People > 0 {
			name += " " + count(s.People)
		}
		out = append(out, name)
	}
	return out
}

// mostNamed is how many states a line names before it counts the others.
const mostNamed = 5

// brief joins the first names and says how many more there are.
func brief(names []string) string { return some(names, mostNamed) }

// folded reports whether brief leaves names out.
func folded(names []string) bool { return len(names) > mostNamed+1 }

// choice is an entry of a list to choose from.
type choice struct{ Value, Words string }

// choices are what wordings can be looked for by.
type choices struct{ States, Languages, Types []choice }

func (v *view) choices() choices {
	var c choices
	for _, w := range slices.Concat(v.Reached, v.Nobody) {
		c.Languages = append(c.Languages, choice{w.Variant.Language, language(w.Variant.Language)})
		c.Types = append(c.Types, choice{w.Variant.Types, capital(accounts(w.Variant.Types))})
		for _, s := range w.States {
			c.States = append(c.States, choice{s.State, v.StateName(s.State)})
		}
	}
	for _, list := range []*[]choice{&c.States, &c.Languages, &c.Types} {
		slices.SortFunc(*list, func(a, b choice) int { return cmp.Or(cmp.Compare(a.Words, b.Words), cmp.Compare(a.Value, b.Value)) })
		*list = slices.Compact(*list)
	}
	return c
}
