package intake

import (
	"testing"

	"pgregory.net/rapid"

	"breachmail/notifier"
)

func TestTold(t *testing.T) {
	secret := []byte("another campaign")
	email := func(s string) Entry { return Entry{Email: notifier.NewAddress(s)} }
	number := func(s string) Entry { return Entry{Number: notifier.NewAccountNumber(s)} }
	named := func(e Entry, name string) Entry {
		e.Name, e.Named = notifier.NewName(name), true
		return e
	}
	ann := row("Ann Lee", "97201", "", "Ann@Example.com", "1", "pre")
	post := row("Ann Lee", "97201", "", "n/a", "1", "pre")
	for _, c := range []struct {
		name    string
		entries []Entry
		keys    []notifier.Key
		told    map[*notifier.Account]bool
		found   int64
	}{
		{"nobody", nil, nil, nil, 0},
		{"by address, in another spelling", []Entry{email("ANN@example.COM")}, nil, map[*notifier.Account]bool{&ann: true}, 1},
		{"by account number", []Entry{number("1")}, nil, map[*notifier.Account]bool{&ann: true, &post: true}, 1},
		{"the address counts, and not the number", []Entry{{Email: notifier.NewAddress("b@example.com"), Number: notifier.NewAccountNumber("1")}}, nil, nil, 0},
		{"an address that is none leaves the number", []Entry{{Email: notifier.NewAddress("n/a"), Number: notifier.NewAccountNumber("1")}}, nil,
			map[*notifier.Account]bool{&ann: true, &post: true}, 1},
		{"by address and name", []Entry{named(email("ann@example.com"), "ANN  LEE")}, nil, map[*notifier.Account]bool{&ann: true}, 1},
		{"somebody else at the address", []Entry{named(email("ann@example.com"), "Bob Lee")}, nil, nil, 0},
		{"a name that is none is everybody's", []Entry{named(email("ann@example.com"), ""), named(number("1"), "N/A")}, nil, map[*notifier.Account]bool{&ann: true, &post: true}, 2},
		{"what stands around the fields", []Entry{email("\u200eann@example.com\u200f"), number("\u202a1\u202c")}, nil, map[*notifier.Account]bool{&ann: true, &post: true}, 2},
		{"an address with an apostrophe before it leaves the number", []Entry{{Email: notifier.NewAddress("'b@example.com"), Number: notifier.NewAccountNumber("1")}}, nil,
			map[*notifier.Account]bool{&ann: true, &post: true}, 1},
		{"by number and name", []Entry{named(number("1"), "ann lee")}, nil, map[*notifier.Account]bool{&ann: true, &post: true}, 1},
		{"by key", nil, []notifier.Key{notifier.KeyByEmail(secret, "ann@example.com", "ann lee")}, map[*notifier.Account]bool{&ann: true}, 1},
		{"by the key of an account", nil, []notifier.Key{notifier.KeyByAccount(secret, "1", "ann lee")}, map[*notifier.Account]bool{&post: true}, 1},
		{"every entry that is found is counted", []Entry{email("ann@example.com"), number("1"), number("2")}, nil, map[*notifier.Account]bool{&ann: true, &post: true}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := NewList()
			for _, e := range c.entries {
				list.Add(e)
			}
			list.AddKeys(secret, c.keys)
			in, err := New(Options{Secret: []byte("s"), TempDir: t.TempDir(), Told: list})
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			for _, a := range []*notifier.Account{&ann, &post} {
				v, err := in.Add(*a)
				if err != nil || v.Reject != nil || v.Told != c.told[a] {
					t.Errorf("%s: %+v, %v", a.Email.Reveal(), v, err)
				}
			}
			if list.Found() != c.found || list.Len() != int64(len(c.entries)+len(c.keys)) || list.Unusable() != 0 {
				t.Errorf("%d of %d found, %d unusable", list.Found(), list.Len(), list.Unusable())
			}
		})
	}
}

// A campaign's own placeholders are none of its lists' addresses either.
func TestListPlaceholders(t *testing.T) {
	ann := Entry{Email: notifier.NewAddress("ASK@ask.example"), Number: notifier.NewAccountNumber("1")}
	for _, c := range []struct {
		placeholders []string
		email        bool // ann is found by address, and not by number
	}{
		{nil, true}, {[]string{"none@"}, true}, {[]string{"ask@ask.example"}, false}, {[]string{"@ask.example"}, false}, {[]string{"@", "", "ask@"}, false},
	} {
		list := NewList(c.placeholders...)
		list.Add(ann)
		if list.has("ask@ask.example", "2", "ann") != c.email || list.has("", "1", "ann") == c.email || list.Unusable() != 0 {
			t.Errorf("%q: found by address is not %v, or %d unusable", c.placeholders, c.email, list.Unusable())
		}
	}
}

func TestNoEmail(t *testing.T) {
	list := NewList()
	list.Add(Entry{Number: notifier.NewAccountNumber("2")})
	list.Add(Entry{Email: notifier.NewAddress("c@example.com"), Name: notifier.NewName("Cid"), Named: true})
	groups, _ := run(t, Options{NoEmail: list}, []notifier.Account{
		row("Ann", "97201", "", "a@example.com", "1", "pre"), row("Ann", "97201", "", "a@example.com", "2", "pre"), row("Ann", "97201", "", "a@example.com", "3", "pre"),
		row("Bob", "97201", "", "", "2", "pre"), row("Cid", "97201", "", "c@example.com", "4", "pre"), row("Dee", "97201", "", "c@example.com", "4", "pre"),
	})
	got := map[string]string{}
	for _, g := range groups {
		r := g.Recipient
		got[r.Name.Reveal()] = string(r.Channel) + " " + r.Address.Reveal() + " " + r.Reason
	}
	for name, want := range map[string]string{
		"Ann": "postal a@example.com on the list of those not to be told by email", "Bob": "postal  no email address",
		"Cid": "postal c@example.com on the list of those not to be told by email", "Dee": "email c@example.com ",
	} {
		if got[name] != want {
			t.Errorf("%s: %s, want %s", name, got[name], want)
		}
	}
	if list.Found() != 2 {
		t.Errorf("%d found", list.Found())
	}
}

// A list is a plain set, in what it has, counts and finds.
func TestListIsASet(t *testing.T) {
	address := rapid.SampledFrom([]string{"", "a@example.com", "A@example.com", "b@example.com", "n/a", "c"})
	number := rapid.SampledFrom([]string{"", "1", "2", "9.0E+08"})
	name := rapid.SampledFrom([]string{"", "Ann", "ANN", "Bob"})
	type id struct{ email, number, name string }
	naive := func(e Entry) (id, bool) {
		var is id
		if e.Named {
			if _, is.name = judgeName(e.Name.Reveal()); is.name != "" {
				is.name = "named " + is.name
			}
		}
		if canonical, err := new(placeholders).judgeEmail(e.Email.Reveal()); err == nil {
			is.email = canonical
			return is, true
		}
		number, reason := judgeNumber(e.Number.Reveal())
		is.number = number
		return is, reason == ""
	}
	rapid.Check(t, func(t *rapid.T) {
		list, set, unusable := NewList(), map[id]bool{}, int64(0)
		entry := func() Entry {
			return Entry{
				Email: notifier.NewAddress(address.Draw(t, "email")), Number: notifier.NewAccountNumber(number.Draw(t, "number")),
				Name: notifier.NewName(name.Draw(t, "name")), Named: rapid.Bool().Draw(t, "named"),
			}
		}
		for range rapid.IntRange(0, 20).Draw(t, "entries") {
			e := entry()
			list.Add(e)
			if is, ok := naive(e); ok {
				set[is] = false
			} else {
				unusable++
			}
		}
		for range rapid.IntRange(0, 20).Draw(t, "rows") {
			e := entry()
			who, number := "", ""
			_, who = judgeName(e.Name.Reveal())
			number, reason := judgeNumber(e.Number.Reveal())
			if reason != "" {
				continue
			}
			canonical, _ := new(placeholders).judgeEmail(e.Email.Reveal())
			want := false
			for _, is := range []id{{email: canonical}, {email: canonical, name: "named " + who}, {number: number}, {number: number, name: "named " + who}} {
				if _, ok := set[is]; ok && (is.email != "" || is.number != "") {
					set[is], want = true, true
				}
			}
			if got := list.has(canonical, number, who); got != want {
				t.Fatalf("%q %q %q is on the list: %v, want %v", canonical, number, who, got, want)
			}
		}
		found := int64(0)
		for _, marked := range set {
			if marked {
				found++
			}
		}
		if list.Len() != int64(len(set)) || list.Found() != found || list.Unusable() != unusable {
			t.Fatalf("%d entries, %d found, %d unusable, want %d, %d, %d", list.Len(), list.Found(), list.Unusable(), len(set), found, unusable)
		}
	})
}
