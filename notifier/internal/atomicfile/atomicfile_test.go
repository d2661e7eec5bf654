package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.csv")
	long := strings.Repeat("0123456789", 20_000) // more than the buffer
	for _, text := range []string{"old", long, ""} {
		if err := Write(path, 0o640, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if got := read(t, path); got != text {
			t.Errorf("got %d bytes, want %d", len(got), len(text))
		}
		onlyFile(t, path)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("mode is %v", info.Mode())
	}
}

// After a failure the older file is as it was, and nothing else is left.
func TestWriteFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	for name, fill := range map[string]func(io.Writer) error{
		"at once":   func(io.Writer) error { return broken },
		"half-way":  func(w io.Writer) error { _, _ = io.WriteString(w, strings.Repeat("x", 1<<20)); return broken },
		"by itself": func(w io.Writer) error { w.(*File).Abort(); _, err := w.Write([]byte("x")); return err },
	} {
		err := Write(path, 0o600, fill)
		if !errors.Is(err, broken) && !errors.Is(err, errDone) {
			t.Errorf("%s: %v", name, err)
		}
		if got := read(t, path); got != "old" {
			t.Errorf("%s: the file became %q", name, got)
		}
		onlyFile(t, path)
	}
}

func TestPanicLeavesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.csv")
	func() {
		defer func() { _ = recover() }()
		_ = Write(path, 0o600, func(io.Writer) error { panic("half-way") })
	}()
	if left := names(t, filepath.Dir(path)); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A directory stands where the file should go: the rename fails.
func TestCommitFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "taken")
	if err := os.MkdirAll(filepath.Join(path, "inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := Create(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); err == nil {
		t.Error("no error")
	}
	onlyFile(t, path)
	if err := f.Commit(); !errors.Is(err, errDone) {
		t.Errorf("a second Commit: %v", err)
	}
}

func TestPublish(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "copy.tmp"), filepath.Join(dir, "copy")
	for _, text := range []string{"first", "second"} {
		if err := os.WriteFile(from, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Publish(from, to); err != nil {
			t.Fatal(err)
		}
		if got := read(t, to); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
		onlyFile(t, to)
	}
	if err := Publish(from, to); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if got := read(t, to); got != "second" {
		t.Errorf("after that it is %q", got)
	}
}

func TestAbort(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.csv")
	f, err := Create(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("half")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is there before Commit: %v", err)
	}
	f.Abort()
	f.Abort()
	if left := names(t, filepath.Dir(path)); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := f.Commit(); !errors.Is(err, errDone) {
		t.Errorf("Commit after Abort: %v", err)
	}
}

func TestNoDirectory(t *testing.T) {
	_, err := Create(filepath.Join(t.TempDir(), "missing", "list.csv"), 0o600)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// onlyFile fails when anything but path is in its directory.
func onlyFile(t *testing.T, path string) {
	t.Helper()
	if got := names(t, filepath.Dir(path)); len(got) != 1 || got[0] != filepath.Base(path) {
		t.Errorf("the directory holds %v", got)
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}
