package intake

import (
	"testing"

	"pgregory.net/rapid"
)

func TestCanonicalNumber(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"900121234", "900121234"}, {"00900121234", "00900121234"}, {"9001-2123 4", "900121234"}, {"900.121.234", "900121234"},
		{"AB-1200/7", "ab12007"}, {"ab 12 00 7", "ab12007"}, {"AB_1200#7", "ab12007"}, {"ÄB-1", "äb1"}, {"９００１", "9001"},
		{"+15035550101", "15035550101"}, {"503-555-0101 x12", "5035550101x12"}, {"+1-503", "1503"}, {"", ""}, {"-/-", "-/-"},
	} {
		if got := CanonicalNumber(c.in); got != c.want {
			t.Errorf("CanonicalNumber(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// What was found by one form is found by it again.
func TestCanonicalTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[+]?[0-9A-Za-z .\-/ßİÄ９]{0,12}`).Draw(t, "number")
		if once := CanonicalNumber(s); CanonicalNumber(once) != once {
			t.Fatalf("%q is %q, and then %q", s, once, CanonicalNumber(once))
		}
		phone := CanonicalPhone(s)
		if again := CanonicalPhone(phone); again != phone {
			t.Fatalf("the phone %q is %q, and then %q", s, phone, again)
		}
	})
}
