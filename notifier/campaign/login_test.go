//go:build unix

package campaign

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTokenCommand runs a program for the token, once for all who ask, and again
// when the relay has refused it. What goes wrong with it is said without what the
// program printed.
func TestTokenCommand(t *testing.T) {
	c := newCampaign(t, "")
	program := filepath.Join(c.Dir, "token.sh")
	script := "#!/bin/sh\necho again >>calls\necho secret-in-stderr >&2\necho \"$1-$(wc -l <calls | tr -d ' ')\"\necho more\n"
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	auth, err := c.login(&AuthConfig{Mechanism: AuthXOAUTH2, Username: "notices", TokenCommand: []string{"./token.sh", "it; echo $HOME"}})
	if err != nil {
		t.Fatal(err)
	}
	want := func(fresh bool, want string) {
		t.Helper()
		got, err := auth.Token(t.Context(), fresh)
		if err != nil || got.Reveal() != want {
			t.Errorf("fresh is %v: %q, %v, want %q", fresh, got.Reveal(), err, want)
		}
	}
	want(false, "it; echo $HOME-1")
	want(false, "it; echo $HOME-1")
	want(true, "it; echo $HOME-1") // another connection has just fetched it
	failing, err := c.login(&AuthConfig{Mechanism: AuthXOAUTH2, Username: "notices", TokenCommand: []string{"/bin/sh", "-c", "echo secret-token; echo secret-words >&2; exit 3"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = failing.Token(t.Context(), false)
	if err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "auth.token_command") {
		t.Errorf("a program that fails: %v", err)
	}
	empty, err := c.login(&AuthConfig{Mechanism: AuthXOAUTH2, Username: "notices", TokenCommand: []string{"true"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := empty.Token(t.Context(), false); err == nil {
		t.Error("an empty token is none")
	}
}

// TestTokenIsFetchedAnew reads the file again once the relay has refused what was
// in it, and refuses a file that others may read.
func TestTokenIsFetchedAnew(t *testing.T) {
	c := newCampaign(t, "")
	file := filepath.Join(c.Dir, "token")
	write := func(text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
	}
	write("first\n", 0o600)
	tok := &token{fetch: c.tokenFrom(&AuthConfig{TokenFile: "token"})}
	for _, step := range []struct {
		fresh bool
		later bool
		want  string
	}{{false, false, "first"}, {false, true, "first"}, {true, true, "second"}, {false, false, "second"}} {
		if step.later {
			tok.fetched = tok.fetched.Add(-2 * fetchedLately)
			write("second\n", 0o600)
		}
		got, err := tok.get(t.Context(), step.fresh)
		if err != nil || got.Reveal() != step.want {
			t.Errorf("%+v: %q, %v", step, got.Reveal(), err)
		}
	}
	write("third\n", 0o644)
	tok.fetched = time.Time{}
	if _, err := tok.get(t.Context(), true); err == nil || strings.Contains(err.Error(), "third") {
		t.Errorf("a file that others may read: %v", err)
	}
}
