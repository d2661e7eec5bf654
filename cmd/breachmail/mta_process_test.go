//go:build unix

package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// mtaTime is more than a mail server needs to start, to stop, or to deliver
// what it has taken, on any machine.
const mtaTime = 2 * time.Minute

// needRoot ends the test where it may not change users, as need does for a
// program: mail servers deliver as other users than they are started by.
func needRoot(t *testing.T) {
	t.Helper()
	switch {
	case os.Geteuid() == 0:
	case os.Getenv("CI") == "true":
		t.Fatal("a mail server needs root, and under CI=true every service test must run")
	default:
		t.Skip("a mail server needs root; this test runs where it is root")
	}
}

// atEnd runs a shell command when the test ends, and also when the test's
// process dies before: a shell waits for the end of its stdin. What the command
// needs to know is in its environment. It is not run after forget.
func atEnd(t *testing.T, command string, env ...string) (forget func()) {
	t.Helper()
	guard := exec.Command("sh", "-c", "cat >/dev/null; "+command)
	guard.Env = append(os.Environ(), env...)
	guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is not for it
	living, err := guard.StdinPipe()
	if err == nil {
		err = guard.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = living.Close()
		_ = guard.Wait()
	})
	return func() { _ = guard.Process.Kill() }
}

// mtaDir is a directory that a server's own users can get into, which those of
// t.TempDir are not. At the end stop is run, a shell command that may use $dir,
// and the directory is removed.
func mtaDir(t *testing.T, stop string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "breachmail-mta-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s could not be removed: the server may still be running", dir)
		}
	})
	atEnd(t, stop+`; for i in 1 2 3 4 5; do rm -rf "$dir" 2>/dev/null && break; sleep 0.2; done`, "dir="+dir)
	return dir
}

// quietPort returns a port of loopback that is free, below those that the
// system gives to outgoing connections: a server that is stopped for a moment
// finds it free again.
func quietPort(t *testing.T) string {
	t.Helper()
	for range 100 {
		addr := fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(12_000))
		if l, err := net.Listen("tcp", addr); err == nil {
			_ = l.Close()
			return addr
		}
	}
	t.Fatal("no port is free")
	return ""
}

// command runs a program to its end, in a process group of its own so that
// nothing meant for the test's reaches a server that it starts. The server may
// keep its stdout, which therefore is a file.
func command(t *testing.T, name string, args ...string) {
	t.Helper()
	said, err := os.Create(filepath.Join(t.TempDir(), "said"))
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stdout, cmd.Stderr = said, said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(said.Name())
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, text)
	}
}

// awaits asks until what is so. It fails the test after mtaTime.
func awaits(t *testing.T, what string, so func() bool) {
	t.Helper()
	end := time.Now().Add(mtaTime)
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		if time.Now().After(end) {
			t.Fatalf("after %v it is not so: %s", mtaTime, what)
		}
		<-tick.C
	}
}

// greets reports whether an SMTP server answers at addr.
func greets(addr string) bool {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	code := make([]byte, 4)
	if _, err := io.ReadFull(c, code); err != nil || string(code) != "220 " {
		return false
	}
	_, _ = io.WriteString(c, "QUIT\r\n")
	_, _ = io.Copy(io.Discard, c)
	return true
}

// logTail shows the end of a server's log when the test fails.
func logTail(t *testing.T, path string) {
	t.Cleanup(func() {
		if !t.Failed() {
			return
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Log(err)
		}
		t.Logf("the end of %s:\n%s", filepath.Base(path), text[max(0, len(text)-6000):])
	})
}
