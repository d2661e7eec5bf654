//go:build linux

package inbox

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"breachmail/notifier/internal/service"
)

// locker is a program that holds a lock on the file as a delivery does, until
// its standard input ends: a process has to do it, because locks of one's own do
// not get in one's way.
const locker = "import fcntl,sys\nf=open(sys.argv[1],'r+')\nfcntl.lockf(f,fcntl.LOCK_EX)\nprint('held',flush=True)\nsys.stdin.read()\n"

// TestLocked holds that an mbox is not read while somebody delivers into it, and
// is when he is done.
func TestLocked(t *testing.T) {
	python := service.Need(t, "python3")
	path := written(t, t.TempDir(), "box", twoMails)
	cmd := exec.Command(python, "-c", locker, path)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	s := opened(t, path, Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := s.Each(ctx, func(Message) error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("locked: %v", err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(strings.Replace(twoMails[:strings.Index(twoMails, "\n\n>")], "one", "three", 1) + "\n\nx\n\n")
	if err := errors.Join(err, f.Close(), in.Close(), cmd.Wait()); err != nil {
		t.Fatal(err)
	}
	same(t, each(t, s), "box:1 one", "box:2 two", "box:3 three")
}
