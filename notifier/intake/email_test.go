package intake

import (
	"net/mail"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"breachmail/notifier"
)

func TestCanonicalEmail(t *testing.T) {
	long := strings.Repeat("a", 64)
	for _, c := range []struct{ in, want string }{
		{"ann@example.com", "ann@example.com"},
		{"Ann.Lee+bills@Mail.EXAMPLE", "ann.lee+bills@mail.example"}, // no dot or plus tricks
		{"o'brien@example.com", "o'brien@example.com"},
		{"ann@bücher.example", "ann@xn--bcher-kva.example"},
		{"ann@BÜCHER.example", "ann@xn--bcher-kva.example"},
		{"ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"},
		{"ann@mail。example", "ann@mail.example"},
		{"ann@example.xn--p1ai", "ann@example.xn--p1ai"},
		{"NUÑEZ@example.com", "nuñez@example.com"},
		{"nun\u0303ez@example.com", "nuñez@example.com"},
		{"straße@example.com", "strasse@example.com"},
		{"用户@例え.example", "用户@xn--r8jz45g.example"},
		{long + "@example.com", long + "@example.com"},
		{"a@r3---sn-x.example", "a@r3---sn-x.example"},
		{"a@3.example", "a@3.example"},
		{"a/b|c@example.com", "a/b|c@example.com"},
		{"mailto@example.com", "mailto@example.com"},
		{"test@invalid.example", "test@invalid.example"},
	} {
		got, err := CanonicalEmail(c.in)
		if err != nil || got != c.want {
			t.Errorf("CanonicalEmail(%q) = %q, %v, want %q", c.in, got, err, c.want)
		}
	}
}

func TestNotAnEmail(t *testing.T) {
	long := strings.Repeat("a", 63)
	for want, list := range map[error][]string{
		errApostrophe: {"'cy@example.org", "'cy@example.org'", "''cy@example.org", "'Cy@bücher.example", "\u2019cy@example.org", "\u2018cy@example.org\u2019", "'@example.org"},
		errNoAddress:  {""},
		errNotAddress: {"ann", "ann.example.com", "503-555-0101"},
		errControl:    {"ann@example.com\r\nBcc: b@example.com", "a\x00nn@example.com", "a\u0085@example.com", "\xff@example.com"},
		errTwo: {"ann@example.com;bob@example.com", "ann@example.com, bob@example.com", "ann@example.com bob@example.com", "ann@example.com/bob@example.com",
			"ann@example.com\nbob@example.com", "ann@example.com or bob@example.com", "ann@example.com,bob@example.com;", "ann@example.com & bob@example.com", "a@b/c@example.com"},
		errWrapped:  {"Ann Lee <ann@example.com>", "<ann@example.com>", "mailto:ann@example.com", "MAILTO:ann@example.com"},
		errTrailing: {"ann@example.com.", "ann@example.com,", "ann@example.com;", "ann@bücher.example."},
		errLocal: {"@example.com", ".ann@example.com", "ann.@example.com", "a..b@example.com", "ann lee@example.com", "a@b@example.com",
			"\"ann\"@example.com", "ann<@example.com", "ann\u200b@example.com", "ann\u202e@example.com", "ann\u00a0@example.com", "ann\ufffd@example.com"},
		errDomain: {"ann@", "ann@localhost", "ann@.example.com", "ann@example..com", "ann@-a.example", "ann@a-.example", "ann@a_b.example", "ann@a b.example",
			"ann@[192.0.2.1]", "ann@192.0.2.1", "ann@" + long + "a.example", "ann@xn--a.example", "ann@example.c", "ann@example.c0m", "ann@example.1com", "ann@exam\u00adple.com", "ann@exam\u200bple.com", "ann@example.com\u200e", "ann@exa\u200dmple.com",
			"ann@" + strings.Repeat("a.", 130) + "example"},
		errReserved: {"ann@example.invalid", "ann@mail.LOCAL", "ann@printer.local", "ann@a.test", "ann@a.localhost", "ann@a.internal", "ann@bücher.test"},
		errLength:   {long + "aa@example.com", long + "@" + strings.Repeat(long+".", 3) + "example"},
	} {
		for _, in := range list {
			if got, err := CanonicalEmail(in); err != want || got != "" {
				t.Errorf("CanonicalEmail(%q) = %q, %v, want %v", in, got, err, want)
			}
		}
		if reasons[reasonOf(want)] != want || reasonText(reasonOf(want)) != want.Error() {
			t.Errorf("%v is lost on its way", want)
		}
	}
}

// What nobody sees is named as the reason where nothing else is wrong.
func TestInvisibleInEmail(t *testing.T) {
	for s, want := range map[string]error{
		"an\u200bn@example.com": errInvisible, "ann\u200e@example.com": errInvisible, "ann@exam\u00adple.com": errInvisible, "ann@exa\u200dmple.com": errInvisible,
		"a\u061cnn\u2066@bücher.example": errInvisible, "n\u200e/a": errNotAddress, "a@b.example\u200b;c@d.example": errTwo, "ann lee@example.com": errLocal,
	} {
		if got, err := new(placeholders).judgeEmail(s); err != want || got != "" {
			t.Errorf("judgeEmail(%+q) = %q, %v, want %v", s, got, err, want)
		}
	}
	for _, err := range []error{errInvisible, errApostrophe} {
		if reasonText(reasonOf(err)) != err.Error() {
			t.Errorf("%v is lost on its way", err)
		}
	}
}

// What the quick way takes, the long way takes and makes the same of.
func TestPlainEmail(t *testing.T) {
	part := func(chars string) *rapid.Generator[string] {
		return rapid.StringOfN(rapid.SampledFrom([]rune(chars)), 1, 70, -1)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := part("aBz09.-_+'").Draw(t, "local") + "@" + part("abZx09.-n").Draw(t, "domain") +
			rapid.SampledFrom([]string{".com", ".Example", ".TEST", ".c", ".xn--p1ai", "", ".co1", "."}).Draw(t, "end")
		got, ok := plainEmail(s)
		if !ok {
			return
		}
		if want, err := anyEmail(s); err != nil || got != want {
			t.Fatalf("plainEmail(%q) = %q, and the long way gives %q, %v", s, got, want, err)
		}
	})
	for _, s := range []string{"ann@example.com", "Ann.Lee+bills@Mail.EXAMPLE", "o'brien@a-b.example.org", strings.Repeat("a", 64) + "@example.com"} {
		if _, ok := plainEmail(s); !ok {
			t.Errorf("%s goes the long way", s)
		}
	}
}

// A plain domain is what IDNA makes of it, but for hyphens in third and fourth
// place.
func TestPlainDomain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-cXn09.-]{1,12}\.(com|Example)`).Draw(t, "domain")
		if _, ok := plainDomain(s); !ok || strings.Contains(s, "--") {
			return
		}
		if mapped, err := idnaProfile.ToASCII(s); err != nil || mapped != lowerASCII(s) {
			t.Fatalf("%q is plain, and IDNA makes %q of it, %v", s, mapped, err)
		}
	})
}

// fixedReasons are all errors of CanonicalEmail: texts that quote nothing.
var fixedReasons = []error{
	errNoAddress, errPlaceholder, errControl, errTwo, errWrapped, errTrailing,
	errApostrophe, errInvisible, errNotAddress, errLocal, errDomain, errReserved, errLength,
}

func FuzzEmail(f *testing.F) {
	for _, s := range []string{"ann@example.com", "Ann@BÜCHER.example", "a@b@c.de", "ẞ@xn--.example", "\x00@", "ŉ@mail。example", "K@K.example",
		"a@xn--bcher-kva.example", "\u0345\u0301a@a.bc", "<a@b.cd>", "a@b.cd;e@f.gh", "n/a", "none@none", "'a@b.cd", "a@b\u00adc.de"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := CanonicalEmail(s)
		if judged, why := new(placeholders).judgeEmail(s); (why == nil) != (err == nil && judged == got) && why != errPlaceholder {
			t.Errorf("%q is %q, %v, and judged %q, %v", s, got, err, judged, why)
		}
		if err != nil {
			if !slices.Contains(fixedReasons, err) {
				t.Errorf("the error may quote the address: %v", err)
			}
			return
		}
		if again, err := CanonicalEmail(got); err != nil || again != got {
			t.Errorf("%q is %q, and that is %q, %v", s, got, again, err)
		}
		if parsed, err := mail.ParseAddress(got); err != nil || parsed.Address != got || parsed.Name != "" {
			t.Errorf("net/mail reads %q as %v, %v", got, parsed, err)
		}
		domain := got[strings.LastIndexByte(got, '@')+1:]
		if !isASCII(domain) || domain != strings.ToLower(domain) || !strings.Contains(domain, ".") {
			t.Errorf("%q has the domain %q", s, domain)
		}
		for _, a := range []string{s, got} {
			if len(a) > maxPath-2 || !notifier.CleanLine(a) || hasFormat(a) || a[0] == '\'' || strings.ContainsAny(a, " \t<>,;:\"()[]\\") || strings.ContainsFunc(a, unicode.IsControl) {
				t.Errorf("%q is taken for an address", a)
			}
		}
	})
}
