// Package service lets tests use programs that a laptop may not have, such as
// Postfix's smtp-sink. Without the program such a test is skipped; under
// CI=true it fails, because .ci/run installs all of them.
package service

import (
	"os"
	"os/exec"
	"testing"
)

// places are searched after PATH: Debian keeps Postfix's programs there.
var places = []string{"/usr/sbin", "/usr/local/sbin", "/sbin"}

// Need returns the path of program, or ends the test.
func Need(t testing.TB, program string) string {
	t.Helper()
	path, ok := find(program)
	switch {
	case ok:
		return path
	case os.Getenv("CI") == "true":
		t.Fatalf("%s is not installed, and under CI=true every service test must run (add it to .ci/run)", program)
	default:
		t.Skipf("%s is not installed; this test runs where it is", program)
	}
	return ""
}

// find looks for program in PATH, then in places.
func find(program string) (string, bool) {
	if path, err := exec.LookPath(program); err == nil {
		return path, true
	}
	for _, dir := range places {
		if path, err := exec.LookPath(dir + "/" + program); err == nil {
			return path, true
		}
	}
	return "", false
}
