package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// showEverybody asks for everybody by all that they can be found by, and searches
// what is said: people who were sent to, and those who were set aside.
func (s *privateStory) showEverybody() {
	s.t.Helper()
	var asked []string
	for _, list := range s.values.needles {
		for _, n := range list {
			switch n.kind {
			case "an address", "a phone number", "an account number":
				asked = append(asked, n.text)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(s.home, "asked.txt"), []byte(strings.Join(asked, "\n")), 0o600); err != nil {
		s.t.Fatal(err)
	}
	out := s.says(0, "show", "--file", "asked.txt")
	for _, want := range []string{"<recipient>", "accepted: ", "refused: ", "by post: ", ": not found, looked up by "} {
		if n := strings.Count(out, want); n < 5 {
			s.t.Errorf("it shows %q only %d times", want, n)
		}
	}
	s.says(0, "show", "--json", "--file", "asked.txt")
	s.says(0, "show", "--eml", acceptedIn(s.t, out))
	s.says(0, "show", "--eml", "--json", acceptedIn(s.t, out))
	s.says(64, append([]string{"show", "--eml"}, asked[:20]...)...)

	// The search finds what is shown in clear.
	cmd := exec.Command(s.program, "-C", "aug", "show", "--reveal", acceptedIn(s.t, out))
	cmd.Dir, cmd.Env = s.home, append(os.Environ(), "GORACE="+quickExit)
	clear, err := cmd.CombinedOutput()
	if err != nil || len(s.values.in(string(clear))) < 3 {
		s.t.Errorf("in clear it shows %s: %v", clear, err)
	}
}

// acceptedIn returns the key of somebody whose notice was accepted.
func acceptedIn(t *testing.T, out string) string {
	t.Helper()
	before, _, ok := strings.Cut(out, "now         accepted: ")
	at := strings.LastIndex(before, "key         ")
	if !ok || at < 0 {
		t.Fatal("nobody's notice was accepted")
	}
	return strings.Fields(before[at:])[1]
}
