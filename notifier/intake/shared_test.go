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
