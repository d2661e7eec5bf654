package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAnotherBinaryMaySendNothing has another version of breachmail, one that
// composes messages otherwise, find an approval of this one: the files are the
// same, what would be sent is not.
func TestAnotherBinaryMaySendNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	other := buildOther(t, root, filepath.Join("notifier", "notice", "header.go"), `"auto-generated"`, `"auto-notified"`)
	c := &signedCampaign{t: t}
	c.runs("init", "aug")
	common, err := os.ReadFile(commonConfig)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		filepath.Join("aug", "campaign.yaml"): strings.ReplaceAll(string(common), "$RELAY", "127.0.0.1:1"),
		"east.csv":                            "Name,ZIP,Phone,Email,Account Number,Account Type\nIda Berg,98101,206-555-0105,ida.berg@example.com,900125555,prepaid\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c.runs("-C", "aug", "plan", "east.csv")
	said := strings.Fields(c.runs("-C", "aug", "preview"))
	c.runs("-C", "aug", "approve", "--by", "Ana Ruiz, General Counsel", "--digest", said[len(said)-1])

	out, err := exec.Command(other, "-C", "aug", "send").CombinedOutput()
	if code := exitOf(err); code != 12 || !strings.Contains(string(out), "another version of breachmail") {
		t.Errorf("the other binary ends with %d: %s", code, out)
	}
	// Without a relay this one gets further: it is not the approval that stops it.
	if _, errs, code := inProcess("-C", "aug", "send", "--dry-run"); code != 0 {
		t.Errorf("this one ends with %d: %s", code, errs)
	}
}

// buildOther builds the program with one change in one file, and returns its
// path.
func buildOther(t *testing.T, root, file, old, with string) string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(src), old) {
		t.Fatalf("%s does not say %s any more", file, old)
	}
	changed, err := filepath.Abs("changed.go")
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, file): changed}})
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"changed.go": []byte(strings.Replace(string(src), old, with, 1)), "overlay.json": overlay} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	binary, err := filepath.Abs("other")
	if err != nil {
		t.Fatal(err)
	}
	at, err := filepath.Abs("overlay.json")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "build", "-overlay", at, "-o", binary, "./cmd/breachmail")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

func exitOf(err error) int {
	if err == nil {
		return 0
	}
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.ExitCode()
	}
	return -1
}
