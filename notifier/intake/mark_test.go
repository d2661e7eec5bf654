package intake

import (
	"context"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"breachmail/notifier"
)

// Whatever marks stand around the fields of a row, it is the same row.
func TestMarksAroundFields(t *testing.T) {
	mark := rapid.StringOfN(rapid.SampledFrom([]rune(" \u200e\u200f\u061c\u00ad\u200b\ufeff\u2060\u202a\u202c\u2068\u2069\u200c\u200d\u00a0")), 0, 3, -1)
	in, err := New(Options{Secret: []byte("s"), TempDir: t.TempDir(), Languages: []string{"en", "es"}, Extra: []string{"plan"}})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	rapid.Check(t, func(t *rapid.T) {
		around := func(s, field string) string { return mark.Draw(t, field) + s + mark.Draw(t, field) }
		a := row(around("Ann Lee", "name"), around("97201", "zip"), around("5035550101", "phone"), around("Ann@example.com", "email"),
			around("0012", "number"), around("Prepaid", "type"), around("es", "language"))
		a.State, a.Consent = around("WA", "state"), around("yes", "consent")
		a.Extra = []notifier.Cell{notifier.NewCell(around("x", "extra"))}
		var j judged
		if is := in.judge(&j, &a); is.reason != "" || is.email != "ann@example.com" {
			t.Fatalf("%+v", is)
		}
		if j.name != "Ann Lee" || j.zip != "97201" || j.phone != "+15035550101" || j.email != "Ann@example.com" || j.number != "0012" ||
			j.kind != notifier.Prepaid || j.language != "es" || j.state != "WA" || j.consent != agreed || j.extra[0] != "x" {
			t.Fatalf("%+q %+q %+q %+q %+q %s %s", j.name, j.zip, j.phone, j.email, j.number, j.language, j.state)
		}
	})
}

// Nothing but marks is an empty field.
func TestMarksAlone(t *testing.T) {
	const marks = "\u200e\u00ad\u200f"
	in, err := New(Options{Secret: []byte("s"), TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	for want, a := range map[string]notifier.Account{
		"account_number is empty": row("Ann", "97201", "", "", marks, "pre"), "account_type is empty": row("Ann", "97201", "", "", "1", marks),
	} {
		if v, err := in.Add(a); err != nil || v.Reject == nil || v.Reject.Reason != want || v.Reject.Row.Number != a.Number {
			t.Errorf("%+v, %v, want %s", v, err, want)
		}
	}
	if v, err := in.Add(row(marks, marks, marks, marks, "1", "pre")); err != nil || v.Reject != nil {
		t.Errorf("%+v, %v", v, err)
	}
	for g, err := range in.Recipients(context.Background()) {
		if r := g.Recipient; err != nil || !r.Name.IsZero() || r.ZIP != "" || !r.Phone.IsZero() || r.Reason != errNoAddress.Error() {
			t.Errorf("%v %v %s, %v", r.Name.IsZero(), r.Phone.IsZero(), r.Reason, err)
		}
	}
}

// A clean name has no invisible mark, and joiners only where they join.
func TestTrimJoiners(t *testing.T) {
	some := rapid.StringOf(rapid.SampledFrom([]rune("aé \u200c\u200d\u200e\u0301\u0d4d\u00ad")))
	rapid.Check(t, func(t *rapid.T) {
		s := some.Draw(t, "s")
		clean := cleanName(s)
		if cleanName(clean) != clean {
			t.Fatalf("cleanName(%+q) = %+q, which is not clean", s, clean)
		}
		for _, r := range clean {
			if unicode.Is(unicode.Cf, r) && r != joiner && r != nonJoiner {
				t.Fatalf("cleanName(%+q) = %+q", s, clean)
			}
		}
		first, n := utf8.DecodeRuneInString(clean)
		if first == joiner || first == nonJoiner || n > 0 && first == ' ' || n > 0 && clean[len(clean)-1] == ' ' {
			t.Fatalf("cleanName(%+q) = %+q", s, clean)
		}
	})
}
