package review

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

// baseName is what the group of those who get the base notice is called.
const baseName = "Base notice"

// groups puts the states together whose notices read the same in a language,
// whatever the account types.
func (r *reader) groups(l *LanguageReading) ([]StateGroup, error) {
	people := map[string]int{}
	laws := map[string]map[[2]string]bool{} // by state, what decides its notices
	for _, to := range r.Reached {
		if to.Variant.Language != l.Language || to.People <= 0 {
			continue
		}
		people[to.State] += int(to.People)
		if laws[to.State] == nil {
			laws[to.State] = map[[2]string]bool{}
		}
		laws[to.State][ruleOf(to.Variant)] = true
	}
	base, err := r.allTypes(l, ruleOf(l.Base.Variant))
	if err != nil {
		return nil, err
	}
	groups := map[string]*StateGroup{base: {Base: true}}
	for _, state := range slices.Sorted(maps.Keys(people)) {
		reads := map[string]bool{}
		for law := range laws[state] {
			text, err := r.allTypes(l, law)
			if err != nil {
				return nil, err
			}
			reads[text] = true
		}
		key := strings.Join(slices.Sorted(maps.Keys(reads)), "\n\n\n")
		g := groups[key]
		if g == nil {
			g = &StateGroup{}
			groups[key] = g
		}
		g.States = append(g.States, StatePeople{state, nameOf(r.Law, state), people[state]})
		g.People += people[state]
	}
	return l.finish(groups), nil
}

// allTypes returns what notices say where a law decides, for all account types.
func (r *reader) allTypes(l *LanguageReading, law [2]string) (string, error) {
	var out []string
	for _, types := range []string{"prepaid", "postpaid", "both"} {
		t := &wordingText{variant: notifier.Variant{Template: law[0], Language: l.Language, Types: types, State: law[1]}}
		if err := r.render(t); err != nil {
			return "", fmt.Errorf("sample %s: %w", t.variant, err)
		}
		out = append(out, strings.Join(t.keys, "\n\n"))
	}
	return strings.Join(out, "\n\n\n"), nil
}

// finish names and sorts groups, and says in which differences each is unlike
// the base.
func (l *LanguageReading) finish(groups map[string]*StateGroup) []StateGroup {
	var out []StateGroup
	for _, g := range groups {
		slices.SortFunc(g.States, byPeople)
		var names []string
		for _, s := range g.States {
			names = append(names, s.Name)
		}
		g.Name = strings.Join(names, ", ")
		if g.Base {
			g.Name = baseName
		}
		for i, d := range l.Differences {
			if !g.Base && slices.ContainsFunc(g.States, func(s StatePeople) bool { return slices.Contains(d.States, s.State) }) {
				g.Differences = append(g.Differences, i)
			}
		}
		slices.SortFunc(g.Differences, func(a, b int) int { return l.Differences[a].Order - l.Differences[b].Order })
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b StateGroup) int {
		if a.Base != b.Base {
			return map[bool]int{true: -1, false: 1}[a.Base]
		}
		return cmp.Or(cmp.Compare(b.People, a.People), strings.Compare(a.Name, b.Name))
	})
	return out
}

func byPeople(a, b StatePeople) int {
	return cmp.Or(cmp.Compare(b.People, a.People), strings.Compare(a.State, b.State))
}

// nameOf returns what a state is called.
func nameOf(law *jurisdiction.Law, state string) string {
	if state == notifier.UnknownState {
		return "state unknown"
	}
	if law != nil && law.Name(state) != "" {
		return law.Name(state)
	}
	return state
}
