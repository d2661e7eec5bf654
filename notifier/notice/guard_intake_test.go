package notice

import (
	"context"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"breachmail/notifier"
	"breachmail/notifier/intake"
)

// hostileName draws a name of what the guard and intake look for, and of what
// looks much like it.
var hostileName = rapid.Custom(func(t *rapid.T) string {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			"Pat", "@", "@example.com", "a@b", ".", ".c", "omar@example.org", "{", "{{", "}}", "<", "<no value>", "no value", "bm7act", "bm7act0zz",
			mark(valueName), "cut-text", "cut-html", "555", "0101", "123456", "٥٥٥", " ", "-", "(", "\"", "*", "é", "\u202a", "\u200b", "\ufeff", "\x00", "\xff", "&lt;",
		}),
		rapid.StringN(0, 3, 6))
	return strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), "")
})

// takenIn is the recipient that one row gives, or nil where it is set aside.
func takenIn(t *rapid.T, n *Notice, name, number string) (r *notifier.Recipient) {
	in, err := intake.New(intake.Options{Secret: []byte("test"), Extra: n.extra, Variant: n.Variant})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	v, err := in.Add(notifier.Account{
		Number: notifier.NewAccountNumber(number), Type: "prepaid", Name: notifier.NewName(name), ZIP: "02134",
		Email: notifier.NewAddress("a@example.com"), Phone: notifier.NewPhone("206-555-0100"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for g, err := range in.Recipients(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		r = &g.Recipient
	}
	if (r == nil) != (v.Reject != nil) {
		t.Fatal("the row is neither set aside nor taken, or both")
	}
	return r
}

// A row that intake takes never stops a run later: in the guard's eyes there is
// nothing wrong with its notice, whatever stood in the columns of name and
// account number.
func TestGuardTakesWhatIntakeTakes(t *testing.T) {
	notices := []*Notice{hostileNotice(t)}
	for _, markdown := range []string{
		"{{printf `%s %s` .Name .Reference}} {{printf `\"%s\"` .Name}} 555-0100 {{printf `*%s*, (%s)` .Name .Name}}",
		"Dear **{{printf `%s` .Name}}**\n\n{{range .Accounts}}{{printf `%s %s` $.Name .LastFour}}{{end}}",
	} {
		n, err := Compile(withTemplate(t, markdown))
		if err != nil {
			t.Fatal(err)
		}
		if n.pages[pageName{Name, "en"}].plain {
			t.Fatal("this is about notices that are rendered one by one, and it has a shape")
		}
		notices = append(notices, n)
	}
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		name := hostileName.Draw(t, "name")
		number := rapid.OneOf(rapid.StringMatching(`[0-9]{1,12}`), hostileName).Draw(t, "number")
		for _, n := range notices {
			r := takenIn(t, n, name, number)
			if r == nil {
				return
			}
			taken++
			m, err := n.Compose(r, sent)
			if err != nil {
				t.Fatalf("%q, %q: %v", name, number, err)
			}
			if err := n.Guard(r, n.Envelope(r), m); err != nil {
				t.Fatalf("%q, %q: %v", name, number, err)
			}
		}
	})
	if taken == 0 {
		t.Error("no notice was looked at")
	}
}
