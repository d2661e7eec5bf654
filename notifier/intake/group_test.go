package intake

import (
	"context"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"breachmail/notifier"
)

// row is an account in the order of an export: name, ZIP, phone, email,
// account number, account type, language.
func row(cells ...string) notifier.Account {
	cells = append(cells, make([]string, 7-len(cells))...)
	return notifier.Account{
		Name: notifier.NewName(cells[0]), ZIP: cells[1], Phone: notifier.NewPhone(cells[2]),
		Email: notifier.NewAddress(cells[3]), Number: notifier.NewAccountNumber(cells[4]),
		Type: cells[5], Language: cells[6],
	}
}

// told is a group in a form that reads well in a table.
func told(g Group) string {
	r := g.Recipient
	var held []string
	for _, h := range r.Accounts {
		held = append(held, h.Number.Reveal()+" "+string(h.Type))
	}
	to := r.Address.Reveal()
	if r.Channel == notifier.Postal {
		to = strings.TrimSpace(to+" POST") + " (" + r.Reason + ")"
	}
	return fmt.Sprintf("%d %s %s | %s | %s | %s %s | %s %s", g.Rows, r.Name.Reveal(), r.Variant, to,
		strings.Join(held, ", "), r.ZIP, r.State, r.Language, r.Phone.Reveal())
}

func run(t testing.TB, opts Options, rows []notifier.Account) (groups []Group, rejects int) {
	t.Helper()
	opts.Secret = []byte("secret")
	opts.TempDir = os.TempDir()
	in, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range rows {
		v, err := in.Add(a)
		if err != nil {
			t.Fatal(err)
		}
		if v.Reject != nil {
			rejects++
		}
	}
	for g, err := range in.Recipients(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		groups = append(groups, g)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	return groups, rejects
}

func TestGrouping(t *testing.T) {
	ann := func(cells ...string) notifier.Account { return row(append([]string{"Ann Lee"}, cells...)...) }
	for _, c := range []struct {
		name string
		opts Options
		rows []notifier.Account
		want string
	}{
		{"one row", Options{}, []notifier.Account{ann("2134", "1", "Ann@Example.com", "9", "PRE")},
			"1 Ann Lee notice-en-prepaid | Ann@Example.com | 9 prepaid | 02134 MA | en 1"},
		{"several lines, first address, last phone", Options{},
			[]notifier.Account{ann("97201", "1", "Ann@example.com", "9", "pre"), row("ANN  LEE", "97202", "2", "ann@EXAMPLE.com", "8", "post"), ann("97201", "3", "ann@example.com", "9", "pre")},
			"3 Ann Lee notice-en-both | Ann@example.com | 8 postpaid, 9 prepaid | 97201 OR | en 3"},
		{"most accounts decide the state", Options{},
			[]notifier.Account{ann("97201", "1", "a@example.com", "7", "pre"), ann("97202", "2", "a@example.com", "8", "pre"), ann("10001", "3", "a@example.com", "9", "pre")},
			"3 Ann Lee notice-en-prepaid | a@example.com | 7 prepaid, 8 prepaid, 9 prepaid | 97202 OR | en 2"},
		{"the same account again has no second vote", Options{},
			[]notifier.Account{ann("97201", "1", "a@example.com", "7", "pre"), ann("97201", "1", "a@example.com", "7", "pre"), ann("10001", "3", "a@example.com", "9", "pre")},
			"3 Ann Lee notice-en-prepaid | a@example.com | 7 prepaid, 9 prepaid | 10001 NY | en 3"},
		{"an account that moved is where it was read last", Options{},
			[]notifier.Account{ann("97201", "1", "a@example.com", "7", "pre"), ann("10001", "2", "a@example.com", "7", "pre")},
			"2 Ann Lee notice-en-prepaid | a@example.com | 7 prepaid | 10001 NY | en 2"},
		{"a tie goes to the row read last", Options{},
			[]notifier.Account{ann("97201", "1", "a@example.com", "7", "pre"), ann("10001", "2", "a@example.com", "8", "pre")},
			"2 Ann Lee notice-en-prepaid | a@example.com | 7 prepaid, 8 prepaid | 10001 NY | en 2"},
		{"no state has no vote", Options{},
			[]notifier.Account{ann("97201", "1", "a@example.com", "7", "pre"), ann("", "2", "a@example.com", "8", "pre"), ann("x", "3", "a@example.com", "9", "pre")},
			"3 Ann Lee notice-en-prepaid | a@example.com | 7 prepaid, 8 prepaid, 9 prepaid | 97201 OR | en 1"},
		{"no state takes none away from the same account", Options{},
			[]notifier.Account{ann("98101", "1", "a@example.com", "7", "pre"), ann("", "2", "a@example.com", "7", "pre")},
			"2 Ann Lee notice-en-prepaid | a@example.com | 7 prepaid | 98101 WA | en 1"},
		{"no state takes no vote away", Options{},
			[]notifier.Account{ann("98101", "1", "a@example.com", "7", "pre"), ann("98101", "2", "a@example.com", "8", "pre"), ann("97201", "3", "a@example.com", "9", "pre"),
				ann("", "4", "a@example.com", "8", "pre"), ann("x", "5", "a@example.com", "7", "pre")},
			"5 Ann Lee notice-en-prepaid | a@example.com | 7 prepaid, 8 prepaid, 9 prepaid | 98101 WA | en 2"},
		{"a state comes after none", Options{},
			[]notifier.Account{ann("", "1", "a@example.com", "7", "pre"), ann("98101", "2", "a@example.com", "7", "pre")},
			"2 Ann Lee notice-en-prepaid | a@example.com | 7 prepaid | 98101 WA | en 2"},
		{"nothing known of the state", Options{}, []notifier.Account{ann("", "1", "a@example.com", "7", "pre")},
			"1 Ann Lee notice-en-prepaid | a@example.com | 7 prepaid |  unknown | en 1"},
		{"unknown state by post", Options{UnknownState: UnknownPostal}, []notifier.Account{ann("", "1", "a@example.com", "7", "pre")},
			"1 Ann Lee notice-en-prepaid | a@example.com POST (the ZIP code gives no state) | 7 prepaid |  unknown | en 1"},
		{"unknown state is a state", Options{UnknownState: "CA"}, []notifier.Account{ann("", "1", "a@example.com", "7", "pre")},
			"1 Ann Lee notice-en-prepaid | a@example.com | 7 prepaid |  CA | en 1"},
		{"no address", Options{UnknownState: UnknownPostal}, []notifier.Account{ann("", "1", "", "7", "pre")},
			"1 Ann Lee notice-en-prepaid | POST (no email address) | 7 prepaid |  unknown | en 1"},
		{"placeholder and no address are one person by account", Options{}, []notifier.Account{ann("97201", "1", "n/a", "7", "pre"), ann("97201", "1", "", "7", "pre")},
			"2 Ann Lee notice-en-prepaid | POST (a placeholder stands where the email address should) | 7 prepaid | 97201 OR | en 1"},
		{"no name", Options{}, []notifier.Account{row("", "97201", "1", "a@example.com", "7", "pre")},
			"1  notice-en-prepaid | a@example.com | 7 prepaid | 97201 OR | en 1"},
		{"one account with both types", Options{}, []notifier.Account{ann("97201", "1", "a@example.com", "7", "pre"), ann("97201", "1", "a@example.com", "7", "post")},
			"2 Ann Lee notice-en-both | a@example.com | 7 postpaid, 7 prepaid | 97201 OR | en 1"},
		{"language of the last row that has one", Options{Languages: []string{"en", "es"}},
			[]notifier.Account{ann("97201", "1", "a@example.com", "7", "pre", "English"), ann("97201", "1", "a@example.com", "7", "pre", "es-US"), ann("97201", "1", "a@example.com", "7", "pre", "")},
			"3 Ann Lee notice-es-prepaid | a@example.com | 7 prepaid | 97201 OR | es 1"},
		{"a language that says nothing", Options{Languages: []string{"en", "es"}},
			[]notifier.Account{ann("97201", "1", "a@example.com", "7", "pre", "es"), ann("97201", "1", "a@example.com", "7", "pre", "NA")},
			"2 Ann Lee notice-es-prepaid | a@example.com | 7 prepaid | 97201 OR | es 1"},
		{"language without a template", Options{Languages: []string{"es", "en"}}, []notifier.Account{ann("97201", "1", "a@example.com", "7", "pre", "vi")},
			"1 Ann Lee notice-es-prepaid | a@example.com | 7 prepaid | 97201 OR | es 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			groups, rejects := run(t, c.opts, c.rows)
			if rejects > 0 || len(groups) != 1 {
				t.Fatalf("%d groups, %d rejects", len(groups), rejects)
			}
			if got := told(groups[0]); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestApart(t *testing.T) {
	groups, _ := run(t, Options{}, []notifier.Account{
		row("Ann Lee", "97201", "1", "lee@example.com", "1", "pre"),
		row("Bob Lee", "97201", "1", "lee@example.com", "1", "pre"), // one address, two people
		row("Bob Lee", "97201", "1", "l.ee@example.com", "2", "pre"),
		row("Bob Lee", "97201", "1", "", "3", "pre"), // one name, no address
		row("Bob Lee", "97201", "1", "", "4", "pre"),
	})
	if len(groups) != 5 {
		t.Errorf("%d recipients, want 5", len(groups))
	}
	for i := 1; i < len(groups); i++ {
		a, b := groups[i-1].Recipient.Key, groups[i].Recipient.Key
		if string(a[:]) >= string(b[:]) {
			t.Errorf("%s stands before %s", a, b)
		}
	}
}

// Each group names its first row among those taken, whatever lies between its
// rows and in whatever order the groups come out.
func TestFirst(t *testing.T) {
	ann, bob, cid := row("Ann", "97201", "1", "a@example.com", "1", "pre"), row("Bob", "97201", "1", "b@example.com", "2", "pre"), row("Cid", "97201", "1", "", "3", "pre")
	aside := row("Dee", "97201", "1", "d@example.com", "9.00E+08", "pre")
	line := row("ANN", "10001", "2", "A@example.com", "4", "post") // another account of Ann's
	for _, c := range []struct {
		name string
		rows []notifier.Account
		want map[string]int64
	}{
		{"one each", []notifier.Account{ann, bob, cid}, map[string]int64{"Ann": 0, "Bob": 1, "Cid": 2}},
		{"one each, the other way round", []notifier.Account{cid, bob, ann}, map[string]int64{"Cid": 0, "Bob": 1, "Ann": 2}},
		{"interleaved", []notifier.Account{bob, ann, bob, line, cid, ann, bob, cid}, map[string]int64{"Bob": 0, "Ann": 1, "Cid": 4}},
		{"set aside rows have no ordinal", []notifier.Account{aside, ann, aside, bob, ann, aside, cid, bob}, map[string]int64{"Ann": 0, "Bob": 1, "Cid": 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			groups, _ := run(t, Options{}, c.rows)
			got := map[string]int64{}
			for _, g := range groups {
				got[g.Recipient.Name.Reveal()] = g.First
			}
			if len(groups) != len(c.want) || !maps.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// What a group says beside its recipient.
func TestGroupFacts(t *testing.T) {
	at := func(line int, a notifier.Account) notifier.Account {
		a.Source = notifier.Source{File: []string{"east.csv", "west.csv"}[line%2], Line: line}
		return a
	}
	ann := func(zip, number string) notifier.Account { return row("Ann", zip, "1", "a@gmial.com", number, "pre") }
	for _, c := range []struct {
		name string
		rows []notifier.Account
		want string
	}{
		{"one row", []notifier.Account{at(2, ann("97201", "1"))}, "east.csv:2 [] gmail.com"},
		{"one state", []notifier.Account{at(2, ann("97201", "1")), at(3, ann("97202", "2"))}, "west.csv:3 [] gmail.com"},
		{"two states", []notifier.Account{at(2, ann("97201", "1")), at(3, ann("10001", "2")), at(4, ann("97201", "3"))}, "east.csv:4 [NY OR] gmail.com"},
		{"one known state", []notifier.Account{at(2, ann("97201", "1")), at(3, ann("", "2"))}, "east.csv:2 [] gmail.com"},
		{"an account that moved was in two", []notifier.Account{at(2, ann("98101", "1")), at(3, ann("97201", "1"))}, "west.csv:3 [OR WA] gmail.com"},
		{"and came back", []notifier.Account{at(2, ann("98101", "1")), at(3, ann("97201", "1")), at(4, ann("98101", "1"))}, "east.csv:4 [OR WA] gmail.com"},
		{"the same account with and without a state", []notifier.Account{at(2, ann("98101", "1")), at(3, ann("", "1"))}, "east.csv:2 [] gmail.com"},
		{"no slip", []notifier.Account{at(2, row("Ann", "97201", "1", "a@example.com", "1", "pre"))}, "east.csv:2 [] "},
		{"no address", []notifier.Account{at(2, row("Ann", "97201", "1", "", "1", "pre"))}, "east.csv:2 [] "},
	} {
		groups, _ := run(t, Options{}, c.rows)
		if g := groups[0]; len(groups) != 1 || fmt.Sprintf("%s:%d %v %s", g.Source.File, g.Source.Line, g.States, g.Typo) != c.want {
			t.Errorf("%s: %v %v %s, want %s", c.name, g.Source, g.States, g.Typo, c.want)
		}
	}
}

func TestConsentOfAGroup(t *testing.T) {
	for _, c := range []struct {
		rows string
		want bool
	}{
		{"yes", true}, {"no", false}, {"", false}, {"maybe", false}, {"yes,", true}, {",yes", true}, {"yes,no", false}, {"no,yes", false}, {"no,,yes", false}, {"yes,maybe,yes", true},
	} {
		var rows []notifier.Account
		for _, said := range strings.Split(c.rows, ",") {
			a := row("Ann", "97201", "1", "a@example.com", "1", "pre")
			a.Consent = said
			rows = append(rows, a)
		}
		groups, _ := run(t, Options{}, rows)
		if groups[0].Recipient.Consent != c.want {
			t.Errorf("%q is %v", c.rows, !c.want)
		}
	}
}

// Of each extra column, the value read last that is one.
func TestExtra(t *testing.T) {
	var rows []notifier.Account
	for _, cells := range [][]string{{"x", "", "1"}, {" y\n z ", ""}, {"", "", "", "4"}, nil} {
		a := row("Ann", "97201", "1", "a@example.com", "1", "pre")
		for _, c := range cells {
			a.Extra = append(a.Extra, notifier.NewCell(c))
		}
		rows = append(rows, a)
	}
	groups, _ := run(t, Options{Extra: []string{"agent", "plan", "shop"}}, rows)
	var got []string
	for _, e := range groups[0].Recipient.Extra {
		got = append(got, e.Name+"="+e.Text.Reveal())
	}
	if want := "agent=y z plan= shop=1"; strings.Join(got, " ") != want {
		t.Errorf("%q, want %s", got, want)
	}
}

// Somebody with hundreds of accounts has each of them once.
func TestManyAccounts(t *testing.T) {
	var rows []notifier.Account
	for i := range 900 {
		rows = append(rows, row("Ann", []string{"97201", "10001", ""}[i%3], "1", "a@example.com", fmt.Sprint(1+i%300), "pre"))
	}
	groups, _ := run(t, Options{}, rows)
	if len(groups) != 1 || len(groups[0].Recipient.Accounts) != 300 || groups[0].Rows != 900 || groups[0].Recipient.State != "NY" {
		t.Errorf("%d recipients, %d accounts, %d rows, in %s", len(groups), len(groups[0].Recipient.Accounts), groups[0].Rows, groups[0].Recipient.State)
	}
}

func TestMerge(t *testing.T) {
	groups, _ := run(t, Options{}, []notifier.Account{
		row("Ann", "97201", "1", "a@example.com", "5", "pre"), row("Bob", "10001", "2", "b@example.com", "4", "post"),
	})
	a, b := groups[0].Recipient, groups[1].Recipient
	if a.Name.Reveal() != "Ann" {
		a, b = b, a
	}
	got, changed := Merge(a, b)
	if !changed || len(got.Accounts) != 2 || got.Accounts[0].Number.Reveal() != "4" || got.Variant.Types != "both" ||
		got.State != "OR" || got.Address != a.Address || len(a.Accounts) != 1 || a.Variant.Types != "prepaid" {
		t.Errorf("%+v from %+v", got, a)
	}
	if again, changed := Merge(got, b); changed || len(again.Accounts) != 2 {
		t.Errorf("%+v, %v", again, changed)
	}
}
