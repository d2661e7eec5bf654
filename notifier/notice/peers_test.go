package notice

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"breachmail/notifier/internal/service"
)

// goldenMessages returns the paths of all golden messages: notices, and tests.
func goldenMessages(t *testing.T) []string { return goldenFiles(t, "*.eml") }

func goldenFiles(t *testing.T, pattern string) []string {
	t.Helper()
	notices, err := filepath.Glob(filepath.Join(goldenDir, pattern))
	if err != nil || len(notices) < 50 {
		t.Fatalf("%d golden notices, %v", len(notices), err)
	}
	tests, err := filepath.Glob(filepath.Join(testDir, pattern))
	if err != nil || len(tests) < 2 {
		t.Fatalf("%d golden tests, %v", len(tests), err)
	}
	return append(notices, tests...)
}

// notWhenShort skips a test in which other programs do the work: the race
// detector finds nothing there.
func notWhenShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("another program does the work")
	}
}

// seen is what Python's email package found in a message.
type seen struct {
	File    string
	Defects []string
	Headers []string
	From    []string
	To      []string
	Subject string
	Types   []string
	Texts   []string
}

// TestGoldenMessagesInPython has every golden message read by Python's email
// package, with the policy that takes every defect for an error.
func TestGoldenMessagesInPython(t *testing.T) {
	notWhenShort(t)
	python := service.Need(t, "python3")
	files := goldenMessages(t)
	cmd := exec.Command(python, append([]string{"testdata/messages.py"}, files...)...) //nolint:gosec // our own script
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []seen
	if err := json.Unmarshal(out, &all); err != nil || len(all) != len(files) {
		t.Fatalf("%d of %d messages, %v", len(all), len(files), err)
	}
	for _, m := range all {
		checkSeen(t, &m)
	}
}

func checkSeen(t *testing.T, m *seen) {
	t.Helper()
	for _, d := range m.Defects {
		t.Errorf("%s: %s", m.File, d)
	}
	to := "maria.sample@example.com"
	if filepath.Dir(m.File) == testDir {
		to = reviewer
	}
	if len(m.From) != 1 || m.From[0] != "notices@example.com" || len(m.To) != 1 || m.To[0] != to {
		t.Errorf("%s: from %q to %q", m.File, m.From, m.To)
	}
	if len(m.Types) != 2 || m.Types[0] != "text/plain" || m.Types[1] != "text/html" {
		t.Errorf("%s: bodies %q", m.File, m.Types)
	}
	name := m.File[:len(m.File)-len(".eml")]
	for i, ext := range []string{".txt", ".html"} {
		want, err := os.ReadFile(name + ext) //nolint:gosec // a golden file
		if err != nil {
			t.Fatal(err)
		}
		if i >= len(m.Texts) || m.Texts[i] != string(want) {
			t.Errorf("%s: the body Python reads is not that of %s%s", m.File, name, ext)
		}
	}
}

var spamStatus = regexp.MustCompile(`(?m)^X-Spam-Status: .*?score=(-?[0-9.]+)(?s:.*?)tests=((?s:.*?))\n\S`)

// mostSpam is the score that no golden message may reach. SpamAssassin calls a
// message spam from 5 on.
const mostSpam = 2

// TestGoldenMessagesAreNoSpam has SpamAssassin judge every golden message by
// the rules that need no network.
func TestGoldenMessagesAreNoSpam(t *testing.T) {
	notWhenShort(t)
	program := service.Need(t, "spamassassin")
	files := goldenMessages(t)
	cmd := exec.Command(program, append([]string{"--local", "--test-mode"}, files...)...) //nolint:gosec // golden files
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())                                   // it writes preferences there
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	found := spamStatus.FindAllSubmatch(out, -1)
	if len(found) != len(files) {
		t.Fatalf("%d verdicts on %d messages:\n%.2000s", len(found), len(files), out)
	}
	for i, f := range found {
		score, err := strconv.ParseFloat(string(f[1]), 64)
		if err != nil || score >= mostSpam {
			t.Errorf("%s scores %s: %s", files[i], f[1], f[2])
		}
	}
}
