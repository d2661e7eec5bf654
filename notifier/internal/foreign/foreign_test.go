package foreign

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestIn(t *testing.T) {
	for want, list := range map[Kind][]string{
		Nothing: {
			"", "Ann Lee", "Ann @ Work", "Ann@Home", "@example.com", "Ann @example.com", "a@", "a@.", "a@.com", "a@com.", "a@@", "4 Brothers LLC",
			"Lee 123456", "Unit 1234 Bldg 567", "Club 2018-20", "Lee 12/31/2018", "12,34,56,78", "555    0101", "555\n0101", "٥٥٥٠١٠",
			"{Ann}", "{ {Ann} }", "}}", "<Ann>", "<no name>", "no value", "bm7act Smith", "Pat cut-text", "José Núñez", "李小龙", "\xff\xfe",
		},
		Address: {
			"a@b.c", "Pat a@b.c", "ann@example.com", "Ann Lee <ann@example.com>", "Ann (ann@mail.example.co.uk)", "a@b@example.com", "(ann)@example.com",
			`"ann lee"@example.com`, "ann@example.com,bob", "josé@exämple.com", "ann@例え.テスト", "ann@1.example", "2065550101@example.com", "{{a@b.c",
		},
		Number: {
			"5550101", "Ann 555-0101", "Ann Lee (206) 555-0101", "+1 206 555 0101", "206.555.0101", "Lee900123456", "٥٥٥٠١٠١", "٥٥٥ - 0101", "２０６５５５０",
			"1 1 1 1 1 1 1", "5550101 <no value>",
		},
		Link:   {"www.example.net", "Ann (WWW.example.net)", "see https://example.net", "Ann http://"},
		Action: {"{{.Name}}", "Ann {{", "{{{", "Pat <no value>", "<no value> 555"},
	} {
		for _, s := range list {
			if got := In(s); got != want {
				t.Errorf("In(%q) = %d, want %d", s, got, want)
			}
		}
	}
}

func TestAddresses(t *testing.T) {
	for s, want := range map[string][]string{
		"":                                      nil,
		"ask ann@example.com. Or bob@b.example": {"ann@example.com", "bob@b.example"},
		"<a.b+c@example.com>,x@y":               {"a.b+c@example.com"},
		"a@b@c.d":                               {"b@c.d"},
		"a@b.c@d.e":                             {"a@b.c", "b.c@d.e"},
		`"a b"@example.com--`:                   {`"@example.com`},
		"josé@exämple.com’s":                    {"josé@exämple.com’s"},
	} {
		if got := slices.Collect(Addresses(s)); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for s, want := range map[string]string{
		"":                                 "",
		"Ann":                              "",
		"1-800-555-0100 or (206) 555-0101": "[1 800 555 0100][206 555 0101]",
		"1 ( 2":                            "[1 2]",
		"1 - -2":                           "[1][2]",
		"1é2٣4\xff5":                       "[1][2٣4][5]",
		"12/31/2018":                       "[12][31][2018]",
	} {
		got := ""
		for groups := range Numbers(s) {
			got += fmt.Sprint(groups)
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", s, got, want)
		}
	}
	for range Numbers("1/2/3") {
		break // more would be called after it was told to stop, which panics
	}
}

// piece draws a text out of what matters here, and anything else.
var piece = rapid.OneOf(
	rapid.SampledFrom([]string{"@", ".", "{{", "}}", "<no value>", "555", "0101", "٥٥٥", " ", "-", "(", "<", "a", "é", "example.com", "bm7act", "cut-text", "\""}),
	rapid.StringN(0, 3, 6))

var anyText = rapid.Custom(func(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
})

// The short way to say that nothing is there never hides anything, and what is
// returned stands in the text.
func TestHarmless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyText.Draw(t, "text")
		found := HasAction(s)
		for a := range Addresses(s) {
			found = true
			if local, domain, ok := strings.Cut(a, "@"); !ok || local == "" || !strings.Contains(domain, ".") || !strings.Contains(s, a) {
				t.Fatalf("%q is no address in %q", a, s)
			}
		}
		for groups := range Numbers(s) {
			found = found || digitsOf(groups) >= ShortestNumber
			for _, g := range groups {
				if digitsAt(g) != len(g) || g == "" || !strings.Contains(s, g) {
					t.Fatalf("%q are no digits in %q", g, s)
				}
			}
		}
		if got := In(s); found != (got != Nothing) || found && isHarmless(s) {
			t.Fatalf("In(%q) = %d, and something is there: %v", s, got, found)
		}
	})
}

// What holds something still does with more words around it.
func TestMoreAround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyText.Draw(t, "text")
		if In(s) != Nothing && In("Ann "+s+" Lee") == Nothing {
			t.Fatalf("%q is lost between words", s)
		}
	})
}

func FuzzIn(f *testing.F) {
	for _, s := range []string{"a@b.c", "@.", "1 2 3 4 5 6 7", "٥٥٥-٠١٠١", "<no value>{{", "\xff@\xff.\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if kind := In(s); kind != Nothing && isHarmless(s) {
			t.Errorf("In(%q) = %d, and it is harmless", s, kind)
		}
	})
}

func BenchmarkIn(b *testing.B) {
	for _, s := range []string{"Maria Sample", "José Núñez Ibáñez", "Ann Lee (206) 555-0101"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				In(s)
			}
		})
	}
}
