package intake

import (
	"testing"

	"pgregory.net/rapid"

	"breachmail/notifier"
)

func TestJudgePhone(t *testing.T) {
	for _, c := range []struct {
		in, want string
		asFound  bool
	}{
		{"503-555-0101", "+15035550101", false}, {"(503) 555-0101", "+15035550101", false}, {"503.555.0101", "+15035550101", false},
		{"1 503 555 0101", "+15035550101", false}, {"+1 (503) 555-0101", "+15035550101", false}, {"5035550101", "+15035550101", false},
		{"5035550101.0", "+15035550101", false}, {`="5035550101"`, "+15035550101", false}, {"+44 20 7946 0958", "+442079460958", false},
		{"１(503)555-0101", "+15035550101", false}, {"", "", false}, {"n/a", "", false}, {"-", "", false},
		{"555-0101", "555-0101", true}, {"503-555-0101 x12", "503-555-0101 x12", true}, {"503-555-0101 ext. 12", "503-555-0101 ext. 12", true},
		{"503-555-01011", "503-555-01011", true}, {"ann@example.com", "ann@example.com", true}, {"5.04E+09", "5.04E+09", true},
		{"503555010.0", "503555010.0", true}, {"503-555-0101 / 503-555-0102", "503-555-0101 / 503-555-0102", true}, {"12\n3", "12 3", true},
		{"+503 555 0101", "+5035550101", false}, {"none yet", "none yet", true},
	} {
		in := new(Intake)
		got := in.judgePhone(&notifier.Account{Phone: notifier.NewPhone(c.in)})
		if got != c.want || (codes(in) == "phone_as_found") != c.asFound {
			t.Errorf("judgePhone(%q) = %q %s, want %q, %v", c.in, got, codes(in), c.want, c.asFound)
		}
	}
}

// The quick way gives what the library gives.
func TestNorthAmericanPhone(t *testing.T) {
	for _, s := range []string{"2065550123", "(206) 555-0123", "+1 206.555.0123", "1-206-555-0123"} {
		if b, ok := appendNorthAmerican(nil, s); !ok || string(b) != "+12065550123" {
			t.Errorf("the quick way does not take %q: %q, %v", s, b, ok)
		}
	}
	mark := rapid.StringOfN(rapid.SampledFrom([]rune(" ()-.+")), 0, 2, -1)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom([]string{"", "", "+", "1", "+1", " +1", "1-", "(1)", "+(1)"}).Draw(t, "before") + mark.Draw(t, "mark")
		for range rapid.IntRange(9, 11).Draw(t, "digits") {
			s += rapid.StringMatching(`[0-9]`).Draw(t, "digit")
			if rapid.IntRange(0, 3).Draw(t, "marked") == 0 {
				s += mark.Draw(t, "mark")
			}
		}
		b, ok := appendNorthAmerican(nil, s)
		if !ok {
			return
		}
		if want, ok := phoneByLibrary(s); !ok || string(b) != want {
			t.Fatalf("%q is %q, and by the library %q, %v", s, b, want, ok)
		}
	})
}
