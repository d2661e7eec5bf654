package service

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// recorder is a test that notes how it was ended.
type recorder struct {
	testing.TB
	ended string
}

func (r *recorder) Helper()               {}
func (r *recorder) Fatalf(string, ...any) { r.ended = "failed" }
func (r *recorder) Skipf(string, ...any)  { r.ended = "skipped" }

func TestNeed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("programs are named otherwise on Windows")
	}
	dir := t.TempDir()
	have := filepath.Join(dir, "have")
	if err := os.WriteFile(have, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	old := places
	t.Cleanup(func() { places = old })
	for _, c := range []struct {
		ci, program string
		path, ended string
	}{
		{"", "have", have, ""},
		{"true", "have", have, ""},
		{"", "breachmail-no-such-program", "", "skipped"},
		{"true", "breachmail-no-such-program", "", "failed"},
	} {
		t.Setenv("CI", c.ci)
		r := &recorder{TB: t}
		if got := Need(r, c.program); got != c.path || r.ended != c.ended {
			t.Errorf("%+v: got %q, %q", c, got, r.ended)
		}
	}
	t.Setenv("PATH", "")
	places = []string{dir}
	if got := Need(t, "have"); got != have {
		t.Errorf("not found beside PATH: %q", got)
	}
}
