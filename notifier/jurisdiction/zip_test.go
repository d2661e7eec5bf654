package jurisdiction

import (
	"strings"
	"testing"

	"breachmail/notifier"
)

func TestStateOf(t *testing.T) {
	const none = notifier.UnknownState
	for _, c := range []struct{ zip, want string }{
		// Prefixes, first and last of a range.
		{"00501", "NY"}, {"00601", "PR"}, {"00802", "VI"}, {"01001", "MA"}, {"05501", "MA"}, {"05001", "VT"},
		{"02101", "MA"}, {"02903", "RI"}, {"20001", "DC"}, {"20101", "VA"}, {"56901", "DC"}, {"97201", "OR"},
		{"88510", "TX"}, {"96701", "HI"}, {"96910", "GU"}, {"99999", "AK"}, {"75001", "TX"}, {"39801", "GA"},
		// Five digits that are elsewhere than their prefix.
		{"06390", "NY"}, {"06391", "CT"}, {"72643", "MO"}, {"72642", "AR"}, {"73960", "TX"}, {"73959", "OK"},
		{"83414", "WY"}, {"83413", "ID"}, {"96799", "AS"}, {"96939", "PW"}, {"96940", "PW"}, {"96941", "FM"},
		{"96942", "FM"}, {"96943", "FM"}, {"96944", "FM"}, {"96950", "MP"}, {"96951", "MP"}, {"96952", "MP"},
		{"96960", "MH"}, {"96970", "MH"}, {"20588", "MD"}, {"20512", "MD"}, {"20598", "VA"}, {"20500", "DC"}, {"20599", "DC"},
		// ZIP+4.
		{"97201-1234", "OR"}, {"972011234", "OR"}, {"06390-0001", "NY"},
		// Military: no residence.
		{"34001", none}, {"09001", none}, {"96201", none},
		// Unassigned, foreign, damaged.
		{"00001", none}, {"21301", none}, {"00000", none}, {"", none}, {"972", none}, {"9720", none}, {"972O1", none},
		{"K1A 0B6", none}, {"97201-", none}, {"97201-12", none}, {"97201 1234", none}, {"９７２０１", none}, {"-9720", none},
	} {
		if got := StateOf(c.zip); got != c.want {
			t.Errorf("StateOf(%q) = %s, want %s", c.zip, got, c.want)
		}
	}
}

// Every line of the table is looked up as it is written.
func TestStateOfWholeTable(t *testing.T) {
	prefixes, exact := 0, 0
	for line := range strings.Lines(zipData) {
		zip, state, ok := strings.Cut(strings.TrimSpace(line), ",")
		if !ok || !digits(zip) {
			continue
		}
		switch len(zip) {
		case 3:
			prefixes++
			zip += "00" // no exception ends so
		case 5:
			exact++
		}
		if state == "AA" || state == "AE" || state == "AP" {
			state = notifier.UnknownState
		}
		if got := StateOf(zip); got != state {
			t.Errorf("StateOf(%s) = %s, want %s", zip, got, state)
		}
	}
	if prefixes != 931 || exact != 44 {
		t.Errorf("%d prefixes and %d exceptions, want 931 and 44", prefixes, exact)
	}
}

func FuzzStateOf(f *testing.F) {
	for _, s := range []string{"97201", "06390-1234", "", "\x00", "972011234"} {
		f.Add(s)
	}
	law, err := Parse("law.csv", BuiltIn())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, zip string) {
		if s := StateOf(zip); s != notifier.UnknownState && law.Name(s) == "" {
			t.Errorf("StateOf(%q) = %q, which has no name", zip, s)
		}
	})
}
