package main

import (
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestPurgeKilled kills the real program with SIGKILL at moments spread over a
// purge, and runs it again: nothing of anybody is left then, and the evidence is
// whole. Each kill has a copy of the campaign of its own.
func TestPurgeKilled(t *testing.T) {
	t.Parallel()
	kills := 10
	if testing.Short() {
		kills = 5
	}
	r, err := startScriptRelay()
	if err != nil {
		t.Fatal(err)
	}
	defer r.stop()
	c := newTrial(t, plan{recipients: 2500, connections: 8})
	c.prepare(r.addr)
	c.must("-C", c.dir, "preview", "--real")
	c.kill(time.Second, "send") // it is the killed run whose data goes
	values := madeUpSecrets(t, filepath.Join(filepath.Dir(c.dir), "affected.csv"))
	if found := values.stored([]byte(readFile(t, filepath.Join(c.dir, "ledger.db")))); len(found) < mostFound {
		t.Fatalf("the ledger holds only %q before", found)
	}
	whole := c.dir
	fresh := func() {
		c.dir = filepath.Join(t.TempDir(), "campaign")
		if err := os.CopyFS(c.dir, os.DirFS(whole)); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(c.dir, "secret"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	fresh()
	start := time.Now()
	c.must("-C", c.dir, "purge", "--now", "--yes")
	takes := time.Since(start)
	killed := 0
	for i := range kills {
		fresh()
		after := takes * time.Duration(2*i+1) / time.Duration(2*kills)
		if c.killIfRunning(after, "purge", "--now", "--yes") {
			killed++
		}
		out := c.must("-C", c.dir, "purge", "--now", "--yes")
		if !strings.Contains(out, "the personal data of 2,500 people was removed") {
			t.Errorf("killed after %v: %s", after, out)
		}
		for name, found := range values.left(t, c.dir) {
			t.Errorf("killed after %v: %s still holds %q", after, name, found)
		}
		if _, err := os.Stat(filepath.Join(c.dir, "purging")); err == nil {
			t.Errorf("killed after %v: the purge has ended, and says that it has not", after)
		}
		c.must("-C", c.dir, "verify")
	}
	if killed < max(1, kills/4) {
		t.Errorf("only %d of %d purges, of %v each, were killed before they had ended", killed, kills, takes)
	}
	t.Logf("%d of %d purges were killed within %v", killed, kills, takes)
}

// killIfRunning starts a verb and kills it after a while; false: it had ended.
func (c *trial) killIfRunning(after time.Duration, verb ...string) bool {
	c.Helper()
	cmd := exec.Command(c.program, append([]string{"-C", c.dir}, verb...)...)
	if err := cmd.Start(); err != nil {
		c.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	moment := time.NewTimer(after)
	defer moment.Stop()
	select {
	case <-ended:
		return false
	case <-moment.C:
	}
	_ = cmd.Process.Kill() // it may just have ended
	<-ended
	return !cmd.ProcessState.Success()
}

// madeUpSecrets are the values of a made-up export that nobody else has.
func madeUpSecrets(t *testing.T, export string) *secrets {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(readFile(t, export))).ReadAll()
	if err != nil || len(rows) < 100 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	s := &secrets{needles: map[[prefix]byte][]needle{}}
	for _, row := range rows[1:] {
		s.addAccount("", row[3], row[2], row[4])
	}
	for _, name := range madeUpNames {
		s.add("a name", name, true)
	}
	return s
}
