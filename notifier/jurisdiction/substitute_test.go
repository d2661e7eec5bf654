package jurisdiction

import (
	"slices"
	"testing"
)

func TestSubstitute(t *testing.T) {
	law := builtInLaw(t)
	for _, want := range []struct {
		state              string
		from               int64
		web, media, choice bool
	}{
		{"CA", 500_001, true, true, false},
		{"KS", 5_001, true, true, false},
		{"ME", 1_001, true, true, false},
		{"MD", 0, true, true, false},
		{"MT", 500_001, true, true, true},
		{"OK", 100_001, true, true, true},
		{"OR", 350_001, true, true, false},
		{"TX", 500_001, true, true, true},
		{"UT", 0, false, true, false},
		{"VI", 0, true, true, false},
		{"WY", 500_001, true, true, false},
	} {
		s, ok := law.Substitute(want.state)
		if !ok || s.From != want.from || s.Web != want.web || s.Media != want.media || s.Choice != want.choice {
			t.Errorf("%s: %v, %+v, not %+v", want.state, ok, s, want)
		}
	}
	if s, _ := law.Substitute("UT"); s.Where != "where nothing else is feasible" || s.What != "publication in newspapers" {
		t.Errorf("Utah: where %q, what %q", s.Where, s.What)
	}
	if _, ok := law.Substitute("WI"); ok {
		t.Error("the data say nothing of Wisconsin")
	}
}

// Whatever law.csv brings along is understood: each state that has the fact asks
// for something, and names a number unless its words name none.
func TestSubstituteOfEveryState(t *testing.T) {
	law := builtInLaw(t)
	unnumbered := []string{"MD", "UT", "VI"}
	seen := 0
	for _, state := range law.States() {
		s, ok := law.Substitute(state)
		if !ok {
			continue
		}
		seen++
		if !s.Web && !s.Media || s.What == "" || s.Fact.Source == "" {
			t.Errorf("%s: %+v", state, s)
		}
		if slices.Contains(unnumbered, state) != (s.From == 0) {
			t.Errorf("%s: from %d people on: %q", state, s.From, s.Fact.Value)
		}
	}
	if seen < 50 {
		t.Errorf("%d states with substitute notice", seen)
	}
}
