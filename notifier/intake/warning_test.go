package intake

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier"
)

func TestWarnings(t *testing.T) {
	in, err := New(Options{Secret: []byte("s"), TempDir: t.TempDir(), Told: NewList()})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	in.opts.Told.Add(Entry{Email: notifier.NewAddress("told@example.com")})
	good := row("Ann Lee", "97201", "503-555-0101", "a@example.com", "1", "pre")
	for i, change := range []func(a *notifier.Account){
		func(*notifier.Account) {},
		func(a *notifier.Account) { a.ZIP = "2134" },
		func(a *notifier.Account) { a.ZIP = "2134.0" },
		func(a *notifier.Account) { a.ZIP = "K1A 0B6" },
		func(a *notifier.Account) { a.ZIP = "" },
		func(a *notifier.Account) { a.State = "ACTIVE" },
		func(a *notifier.Account) { a.State = "California" },
		func(a *notifier.Account) { a.Phone = notifier.NewPhone("503-555-0101 ext 7") },
		func(a *notifier.Account) { a.Consent = "2018-05-01" },
		func(a *notifier.Account) { a.Name = notifier.NewName("JosÃ© Lee") },
		func(a *notifier.Account) {
			a.Name, a.Number = notifier.NewName("JosÃ©"), notifier.NewAccountNumber("")
		}, // set aside
		func(a *notifier.Account) { a.ZIP, a.Email = "2134", notifier.NewAddress("told@example.com") }, // told already
	} {
		a := good
		a.Source = notifier.Source{File: "east.csv", Line: i + 2}
		change(&a)
		if _, err := in.Add(a); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, w := range in.Warnings() {
		got = append(got, fmt.Sprintf("%s %s %d %s:%d %s", w.Code, w.Field, w.Rows, w.First.File, w.First.Line, w.Example))
		if w.Text == "" {
			t.Errorf("%s has no words", w.Code)
		}
	}
	want := []string{
		"zip_padded zip 2 east.csv:3 9999", "zip_decimal zip 1 east.csv:4 9999.9", "zip_empty zip 1 east.csv:6 ", "zip_unknown zip 1 east.csv:5 A9A 9A9",
		"state_unread state 1 east.csv:7 AAAAAA", "state_contradicts_zip state 1 east.csv:8 Aaaaaaaaaa",
		"phone_as_found phone 1 east.csv:9 999-999-9999 aaa 9", "consent_unread consent 1 east.csv:10 9999-99-99", "name_damaged name 1 east.csv:11 ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestShape(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "503-555-0101": "999-999-9999", "José Lee": "Aaaa Aaa", "a\x00 b": "a? a", "中7": "a9", strings.Repeat("5", 40): strings.Repeat("9", longestShape),
	} {
		if got := shape(in); got != want {
			t.Errorf("shape(%q) = %q, want %q", in, got, want)
		}
	}
}
