package intake

import (
	"context"
	"fmt"
	"os"
	"testing"

	"pgregory.net/rapid"

	"breachmail/notifier"
)

// SharedAccounts counts what a map would.
func TestSharedAccounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, err := New(Options{Secret: []byte("s"), TempDir: os.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		in.pairs.spill.buffer = rapid.SampledFrom([]int{16, 64, sharedBuffer}).Draw(t, "buffer")
		beside := map[string]map[string]bool{}
		for range rapid.IntRange(0, 60).Draw(t, "rows") {
			number := fmt.Sprint(rapid.IntRange(1, 20).Draw(t, "number"))
			email := rapid.SampledFrom([]string{"", "n/a", "a@example.com", "A@EXAMPLE.com", "b@example.com", "c@example.com"}).Draw(t, "email")
			if _, err := in.Add(row("Ann", "", "", email, number, "pre")); err != nil {
				t.Fatal(err)
			}
			if canonical, err := in.nobody.judgeEmail(email); err == nil {
				if beside[number] == nil {
					beside[number] = map[string]bool{}
				}
				beside[number][canonical] = true
			}
		}
		for _, err := range in.Recipients(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
		}
		want := int64(0)
		for _, emails := range beside {
			if len(emails) > 1 {
				want++
			}
		}
		if got, err := in.SharedAccounts(); err != nil || got != want {
			t.Fatalf("%d, %v, want %d", got, err, want)
		}
	})
}

func TestSharedAccountsTooEarly(t *testing.T) {
	in, err := New(Options{Secret: []byte("s"), TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.SharedAccounts(); err == nil {
		t.Error("asked for before the recipients")
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := in.SharedAccounts(); err == nil {
		t.Error("asked for after the end")
	}
}

// The same account with two addresses tells both.
func TestSharedAccountTellsBoth(t *testing.T) {
	groups, _ := run(t, Options{}, []notifier.Account{
		row("Ann Lee", "97201", "", "ann@example.com", "1", "pre"), row("Ann Lee", "97201", "", "lee@example.com", "1", "pre"),
	})
	if len(groups) != 2 {
		t.Errorf("%d recipients, want 2", len(groups))
	}
}

// SharedAddresses counts what a map of the recipients told by email would.
func TestSharedAddresses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := NewList()
		list.Add(Entry{Email: notifier.NewAddress("d@example.com")})
		list.Add(Entry{Email: notifier.NewAddress("a@example.com"), Name: notifier.NewName("Bob"), Named: true})
		in, err := New(Options{Secret: []byte("s"), TempDir: os.TempDir(), NoEmail: list})
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		in.mailboxes.spill.buffer = rapid.SampledFrom([]int{16, 64, sharedBuffer}).Draw(t, "buffer")
		for i := range rapid.IntRange(0, 60).Draw(t, "rows") {
			name := rapid.SampledFrom([]string{"Ann Lee", "ANN  LEE", "Lee, Ann", "Bob", ""}).Draw(t, "name")
			email := rapid.SampledFrom([]string{"", "n/a", "a@example.com", "A@EXAMPLE.com", "b@example.com", "ü@example.com", "Ü@bücher.example", "d@example.com"}).Draw(t, "email")
			if _, err := in.Add(row(name, "", "", email, fmt.Sprint(i), "pre")); err != nil {
				t.Fatal(err)
			}
		}
		told := map[string]int{}
		for g, err := range in.Recipients(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			if canonical, err := CanonicalEmail(g.Recipient.Address.Reveal()); err == nil && g.Recipient.Channel == notifier.Email {
				told[canonical]++
			}
		}
		want := int64(0)
		for _, people := range told {
			if people > 1 {
				want++
			}
		}
		if got, err := in.SharedAddresses(); err != nil || got != want {
			t.Fatalf("%d, %v, want %d", got, err, want)
		}
	})
}

func TestSharedAddressesOfRows(t *testing.T) {
	for _, c := range []struct {
		name string
		rows []notifier.Account
		want int64
	}{
		{"nobody", nil, 0},
		{"one person", []notifier.Account{row("Ann", "", "", "a@example.com", "1", "pre"), row("ANN", "", "", "A@example.com", "2", "pre")}, 0},
		{"two people, two addresses", []notifier.Account{row("Ann", "", "", "a@example.com", "1", "pre"), row("Bob", "", "", "b@example.com", "2", "pre")}, 0},
		{"two people", []notifier.Account{row("Ann", "", "", "a@example.com", "1", "pre"), row("Bob", "", "", "A@example.com", "1", "pre")}, 1},
		{"two spellings", []notifier.Account{row("Ann Lee", "", "", "a@example.com", "1", "pre"), row("Lee, Ann", "", "", "a@example.com", "1", "pre"), row("A. Lee", "", "", "a@example.com", "1", "pre")}, 1},
		{"two placeholders", []notifier.Account{row("Ann", "", "", "n/a", "1", "pre"), row("Bob", "", "", "n/a", "2", "pre")}, 0},
	} {
		in, err := New(Options{Secret: []byte("s"), TempDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		for _, a := range c.rows {
			if _, err := in.Add(a); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := in.SharedAddresses(); err == nil {
			t.Error("asked for before the recipients")
		}
		for _, err := range in.Recipients(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			if _, err := in.SharedAddresses(); err == nil {
				t.Error("asked for before the last recipient")
			}
		}
		if got, err := in.SharedAddresses(); err != nil || got != c.want {
			t.Errorf("%s: %d, %v, want %d", c.name, got, err, c.want)
		}
		_ = in.Close()
		if _, err := in.SharedAddresses(); err == nil {
			t.Error("asked for after the end")
		}
	}
}
