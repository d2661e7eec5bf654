package intake

import (
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// letters draws text in which folding and normalising matter.
var letters = rapid.StringOf(rapid.OneOf(
	rapid.RuneFrom([]rune("aAzZ 'ßẞŉİıſςΣK\u0345\u0301\u030cJǰǅÃéÉọỌ中")), rapid.Rune(), rapid.Custom(func(t *rapid.T) rune {
		return rapid.Int32Range(0x80, foldLimit).Draw(t, "r")
	}),
))

func TestFoldByTable(t *testing.T) {
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		s := letters.Draw(t, "s")
		full := foldFully(s)
		if got, ok := foldByTable(s); ok {
			taken++
			if got != full {
				t.Fatalf("foldByTable(%+q) = %+q, want %+q", s, got, full)
			}
		}
		if got := foldText(s); got != full || foldText(got) != got {
			t.Fatalf("foldText(%+q) = %+q, want %+q", s, got, full)
		}
	})
	if _, ok := foldByTable("JOSÉ NÚÑEZ NGUYỄN"); !ok || taken == 0 {
		t.Error("the table is of no use")
	}
	// Each character by itself, and between two that change with it.
	for r := rune(0x80); r < foldLimit; r++ {
		for _, s := range []string{string(r), "A" + string(r) + "Z"} {
			if got, ok := foldByTable(s); ok && got != foldFully(s) {
				t.Fatalf("foldByTable(%+q) = %+q, want %+q", s, got, foldFully(s))
			}
		}
	}
}

func TestTidy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(letters, rapid.String()).Draw(t, "s")
		clean := cleanName(s)
		if !norm.NFC.IsNormalString(clean) || cleanName(clean) != clean {
			t.Fatalf("cleanName(%+q) = %+q, which is not clean", s, clean)
		}
		if isTidy(s) && clean != s {
			t.Fatalf("%+q is tidy, and cleaned %+q", s, clean)
		}
	})
	for _, s := range []string{"", "Ann Lee", "José Núñez", "Ngọc"} {
		if !isTidy(s) {
			t.Errorf("%q goes the long way", s)
		}
	}
}
