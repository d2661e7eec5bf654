package intake

import (
	"strings"
	"testing"

	"breachmail/notifier"
)

func TestJudgeZIP(t *testing.T) {
	const none = notifier.UnknownState
	padded, decimal := zipFlaws{padded: true}, zipFlaws{decimal: true}
	for _, c := range []struct {
		in, zip, state string
		flaws          zipFlaws
	}{
		{"97201", "97201", "OR", zipFlaws{}}, {"97201-1234", "97201-1234", "OR", zipFlaws{}}, {"972011234", "972011234", "OR", zipFlaws{}},
		{"06390", "06390", "NY", zipFlaws{}}, {"97201-", "97201", "OR", zipFlaws{}}, {`="02134"`, "02134", "MA", zipFlaws{}}, {"'02134", "02134", "MA", zipFlaws{}},
		{"2134", "02134", "MA", padded}, {"2134-0001", "02134-0001", "MA", padded}, {"2134-", "02134", "MA", padded},
		{"2134.0", "02134", "MA", zipFlaws{true, true}}, {"97201.0", "97201", "OR", decimal}, {"972011234.0", "972011234", "OR", decimal},
		{"", "", none, zipFlaws{}}, {"N/A", "", none, zipFlaws{}}, {"601", "601", none, zipFlaws{}}, {"21340001", "21340001", none, zipFlaws{}},
		{"K1A 0B6", "K1A 0B6", none, zipFlaws{}}, {"00001", "00001", none, zipFlaws{}}, {"97\n201", "97 201", none, zipFlaws{}},
		{"09001", "09001", none, zipFlaws{}}, {".0", ".0", none, zipFlaws{}}, {"213-4", "213-4", none, zipFlaws{}}, {"2134-001", "2134-001", none, zipFlaws{}},
	} {
		if zip, state, flaws := judgeZIP(c.in); zip != c.zip || state != c.state || flaws != c.flaws {
			t.Errorf("judgeZIP(%q) = %q, %q, %v, want %q, %q, %v", c.in, zip, state, flaws, c.zip, c.state, c.flaws)
		}
	}
}

func TestJudgePlace(t *testing.T) {
	for _, c := range []struct {
		zip, written, state string
		codes               string
	}{
		{"97201", "", "OR", ""}, {"97201", "OR", "OR", ""}, {"97201", "oregon", "OR", ""}, {"97201", "N/A", "OR", ""},
		{"97201", "New York", "NY", "state_contradicts_zip"}, {"97201", "ACTIVE", "OR", "state_unread"},
		{"", "NY", "NY", ""}, {"\u200e97201\u200f", "\u202aNY\u202c", "NY", "state_contradicts_zip"}, {"97201\u200b", "\u200e", "OR", ""}, {"00001", "PR", "PR", ""}, {"2134", "MA", "MA", "zip_padded"},
		{"", "", "unknown", "zip_empty"}, {"00001", "", "unknown", "zip_unknown"}, {"", "ACTIVE", "unknown", "zip_empty state_unread"},
		{"2134.0", "", "MA", "zip_padded zip_decimal"},
	} {
		in := new(Intake)
		if _, state := in.judgePlace(&notifier.Account{ZIP: c.zip, State: c.written}); state != c.state {
			t.Errorf("ZIP %q, state %q: %s, want %s", c.zip, c.written, state, c.state)
		}
		if got := codes(in); got != c.codes {
			t.Errorf("ZIP %q, state %q: %q, want %q", c.zip, c.written, got, c.codes)
		}
	}
}

// codes are those of an intake's warnings.
func codes(in *Intake) string {
	var list []string
	for _, w := range in.Warnings() {
		list = append(list, w.Code)
	}
	return strings.Join(list, " ")
}

func FuzzZIP(f *testing.F) {
	for _, s := range []string{"97201", "2134", "2134-0001", "97201.0", "", ".0", "-", "\x00", `=" '2134"`, "2134-", "''1"} {
		f.Add(s)
	}
	digits := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		zip, state, flaws := judgeZIP(s)
		again, same, _ := judgeZIP(zip)
		if again != zip || same != state {
			t.Errorf("%q is %q in %s, and that is %q in %s", s, zip, state, again, same)
		}
		if !notifier.CleanLine(zip) || state != notifier.UnknownState && (len(state) != 2 || len(zip) < 5) {
			t.Errorf("%q is %q in %s", s, zip, state)
		}
		// No digit is ever changed: one zero may come in front, one go at the end.
		was, is := digits(s), digits(zip)
		if flaws.decimal {
			was = strings.TrimSuffix(was, "0")
		}
		if flaws.padded {
			was = "0" + was
		}
		if state != notifier.UnknownState && was != is {
			t.Errorf("%q has the digits of %s, from %q", zip, state, s)
		}
	})
}
