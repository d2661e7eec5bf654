//go:build unix

package main

import (
	"bufio"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"breachmail/notifier/campaign"
)

// TestReload changes the rate of a run of the real program by SIGHUP: first with
// a mistake in the file, which changes nothing, and then rightly. It runs under
// nohup, as people do who leave it alone overnight.
func TestReload(t *testing.T) {
	t.Parallel()
	relay := startRelay(t, "")
	c := newTrial(t, plan{recipients: 300, connections: 3})
	c.prepare(relay.addr)
	file := filepath.Join(c.dir, campaign.ConfigFile)
	written := readFile(t, file)
	config := func(limits string) {
		c.write(file, strings.Replace(written, "limits: {rate: 1000000/s}", limits, 1))
	}
	config("limits: {rate: 1/h}")

	cmd := exec.Command("nohup", c.program, "-C", c.dir, "send")
	words, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	said := bufio.NewScanner(words)
	until := func(want string) {
		t.Helper()
		for said.Scan() {
			if strings.Contains(said.Text(), want) {
				return
			}
		}
		t.Fatalf("it never said %q", want)
	}
	hangUp := func() {
		t.Helper()
		if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	until("300 notices are left to send")
	config("limits: {rate: as fast as you can}")
	hangUp()
	until("was not taken over")
	until("limits.rate")
	config("limits: {rate: 2000/s}")
	hangUp()
	until("from now on limits.rate: 2000/s, was 1/h")
	_, _ = io.Copy(io.Discard, words)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("it ended with %v", err)
	}
	if n := c.status().Notices.Accepted; n != 300 {
		t.Errorf("%d accepted", n)
	}
}
