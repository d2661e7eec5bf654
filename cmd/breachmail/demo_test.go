package main

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"breachmail/notifier/campaign"
	"breachmail/notifier/demo"
	"breachmail/templates"
)

// TestDemo has the story told in this process, with this test's own binary as
// the sender that is killed.
func TestDemo(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("breachmail")
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(t.TempDir(), "story")
	var told bytes.Buffer
	ctx := context.Background()
	if err := demo.Run(ctx, demo.Options{Program: program, Dir: home, Out: &told, Templates: templates.FS}); err != nil {
		t.Fatalf("%v\n%s", err, told.String())
	}
	for _, want := range []string{"SIGKILL", "phase complete", "none twice", "index.html", "rejected.csv", "12 notices came back", "it sent 12"} {
		if !strings.Contains(told.String(), want) {
			t.Errorf("it does not tell of %q:\n%s", want, told.String())
		}
	}
	c, err := campaign.Open(filepath.Join(home, "campaign"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Status(ctx)
	if err != nil || s.Phase != campaign.PhaseComplete || !s.Balanced || s.Notices.Accepted+12 != s.Recipients.Email || s.Notices.Bounced != 12 || s.Rows.Read != 1000 {
		t.Errorf("it ended with %+v, %v", s, err)
	}
	if err := c.Audit(ctx); err != nil {
		t.Error(err)
	}
	tryNext(t, told.String())
}

// tryNext runs the commands that the demo tells its reader to try, as far as
// they write nothing.
func tryNext(t *testing.T, told string) {
	t.Helper()
	_, next, _ := strings.Cut(told, "Try next")
	commands := regexp.MustCompile(`(?m)^  breachmail (.*)$`).FindAllStringSubmatch(next, -1)
	if len(commands) != 3 {
		t.Fatalf("there are %d commands to try next:\n%s", len(commands), next)
	}
	for _, c := range commands {
		args := strings.Fields(c[1])
		if args[0] == "init" {
			continue
		}
		if args[0] == "check" {
			args = append([]string{"-C", t.TempDir()}, args...)
		}
		if out, errs, code := inProcess(args...); code != 0 {
			t.Errorf("breachmail %s ends with %d:\n%s%s", c[1], code, out, errs)
		}
	}
}
