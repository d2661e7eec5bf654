package campaign

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPipeIsInterrupted ends a check that waits for a pipe somebody holds open:
// nothing of what came through it is left.
func TestPipeIsInterrupted(t *testing.T) {
	dir := t.TempDir()
	from, to := io.Pipe()
	ctx, cancel := context.WithCancel(bg)
	go func() {
		_, _ = to.Write([]byte("name,zip\n")) // read, so the check is at it
		cancel()
	}()
	_, err := Check(ctx, dir, Input{Paths: []string{"-"}, Stdin: from}, nil)
	if !errors.Is(err, ErrInterrupted) {
		t.Errorf("it ends with %v", err)
	}
	_ = to.Close() // so that its reader ends
	left, err := filepath.Glob(filepath.Join(dir, outDir, "*", ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestCheckIsAlone refuses a second check that writes into the same folder.
func TestCheckIsAlone(t *testing.T) {
	dir, path := t.TempDir(), accounts(t, 1)
	out, err := makeOut(dir, "check")
	if err != nil {
		t.Fatal(err)
	}
	unlock, err := alone(out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Check(bg, dir, Input{Paths: []string{path}}, nil); !errors.Is(err, ErrLocked) {
		t.Errorf("while another one runs it ends with %v", err)
	}
	unlock()
	if _, err := Check(bg, dir, Input{Paths: []string{path}}, nil); err != nil {
		t.Error(err)
	}
}

// TestFoldersOwnOutput reads a folder that a campaign's own files lie in.
func TestFoldersOwnOutput(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile(accounts(t, 1, 2))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "east.csv"), string(text))
	for range 2 { // the second time there is a page below it
		checked, err := Check(bg, dir, Input{Paths: []string{dir}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(checked.Profile.Exports); n != 1 {
			t.Errorf("%d exports", n)
		}
	}
	_, err = Check(bg, dir, Input{Paths: []string{filepath.Join(dir, outDir)}}, nil)
	if err == nil || !strings.Contains(err.Error(), "there is no export in") {
		t.Errorf("its own output alone: %v", err)
	}
}
