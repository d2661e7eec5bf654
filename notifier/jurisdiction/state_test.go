package jurisdiction

import (
	"strings"
	"testing"
)

func TestParseState(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"CA", "CA"}, {"ca", "CA"}, {" C.A. ", "CA"}, {"California", "CA"}, {"NEW  YORK", "NY"}, {"new-york", "NY"}, {"NewYork", "NY"},
		{"D.C.", "DC"}, {"District of Columbia", "DC"}, {"Washington, D.C.", "DC"}, {"Washington", "WA"}, {"West Virginia", "WV"},
		{"Puerto Rico", "PR"}, {"guam", "GU"}, {"U.S. Virgin Islands", "VI"}, {"Virgin Islands", "VI"}, {"American Samoa", "AS"},
		{"Northern Mariana Islands", "MP"}, {"MP", "MP"}, {"New\u00a0York", "NY"}, {"New–York", "NY"},
		{"", ""}, {"--", ""}, {"N/A", ""}, {"NA", ""}, {"ACTIVE", ""}, {"Calif", ""}, {"XX", ""}, {"AE", ""}, {"PW", ""}, {"CA9", ""}, {"06", ""},
		{"Ontario", ""}, {"Cã", ""}, {"Ca\u0303", ""}, {"C\xffA", ""}, {"CA NY", ""}, {strings.Repeat("California", 9), ""},
	} {
		got, ok := ParseState(c.in)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("ParseState(%q) = %q, %v, want %q", c.in, got, ok, c.want)
		}
	}
}

// The names are those of the law's data, and a name read back is its state.
func TestParseStateKnowsTheNames(t *testing.T) {
	law, known := builtInLaw(t), 0
	for _, state := range law.States() {
		byLetters, ok := ParseState(state)
		byName, named := ParseState(law.Name(state))
		if strings.Contains("FM MH PW "+Federal, state) {
			if ok || named {
				t.Errorf("%s is read", state)
			}
			continue
		}
		known++
		if byLetters != state || byName != state {
			t.Errorf("%s is %q by its letters and %q by its name", state, byLetters, byName)
		}
	}
	if known != 56 {
		t.Errorf("%d states, want 56", known)
	}
}

func FuzzParseState(f *testing.F) {
	for _, s := range []string{"CA", "new york", "D.C.", "\xff", "N/A"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		state, ok := ParseState(s)
		if !ok {
			return
		}
		if again, _ := ParseState(state); !isState(state) || again != state {
			t.Errorf("%q is %q, and that is %q", s, state, again)
		}
		if loud, _ := ParseState(" " + strings.ToUpper(s) + "."); loud != state {
			t.Errorf("%q is %s, and in capitals %q", s, state, loud)
		}
	})
}
