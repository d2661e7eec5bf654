package sqlite

import (
	"testing"

	"breachmail/notifier"
)

func FuzzExtra(f *testing.F) {
	for _, s := range []string{
		"", "4:plan7:Premium", "4:plan0:", "0:0:", "1:a1:b1:c1:d", "4:plan", "4:plan8:Premium", "04:plan1:x", "-1:x",
		"1:a99999999999999999999:b", ":", "4plan", "+1:a1:b",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		extra, err := decodeExtra(s)
		if err != nil {
			return
		}
		again, _ := extraOrNull(extra).(string)
		if again != s {
			t.Errorf("%q was read, and written as %q", s, again)
		}
	})
}

func TestExtraIsReadable(t *testing.T) {
	extra := []notifier.Extra{{Name: "plan", Text: notifier.NewCell("Premium")}, {Name: "store", Text: notifier.NewCell("")}}
	if got := extraOrNull(extra); got != "4:plan7:Premium5:store0:" {
		t.Errorf("got %q", got)
	}
	for _, s := range []string{"4:plan", "4:plan8:Premium", "04:plan1:x", "-1:x", "Premium", ":"} {
		if _, err := decodeExtra(s); err == nil {
			t.Errorf("%q was read", s)
		}
	}
}
