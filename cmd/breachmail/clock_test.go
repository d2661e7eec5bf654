//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// clockShift names the file that says by how many seconds the wall clock of a
// program built by settable is wrong.
const clockShift = "BREACHMAIL_TEST_CLOCK"

// testClock is a package that is there only while settable builds. Whoever sets
// a clock moves the wall, and what was measured since the machine started goes
// on as before: a time.Time keeps both, the wall's seconds from bit 30 on where
// it has both.
const testClock = `package testclock

import (
	"os"
	"strconv"
	"strings"
	"time"
	"unsafe"
)

func Now() time.Time {
	t := time.Now()
	b, _ := os.ReadFile(os.Getenv("` + clockShift + `"))
	if seconds, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64); err == nil {
		*(*uint64)(unsafe.Pointer(&t)) += uint64(seconds) << 30
	}
	return t
}

func Since(t time.Time) time.Duration { return Now().Sub(t) }
func Until(t time.Time) time.Duration { return t.Sub(Now()) }
`

// asksClock finds where a file asks for the time.
var asksClock = regexp.MustCompile(`\btime\.(Now|Since|Until)\b`)

// settable builds breachmail with a clock that a file sets. Only our packages
// are built anew: the standard library's timers go by another clock, and nothing
// else that we use asks for the time of day in a run.
func settable(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	replace := map[string]string{}
	put := func(path, text string) {
		file := filepath.Join(dir, fmt.Sprintf("%d.go", len(replace)))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[path] = file
	}
	put(filepath.Join(root, "notifier", "testclock", "clock.go"), testClock)
	for _, part := range []string{"cmd", "notifier"} {
		err := filepath.WalkDir(filepath.Join(root, part), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			if text := readFile(t, path); asksClock.MatchString(text) {
				put(path, askTestClock(text))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(replace) < 10 {
		t.Fatalf("only %d files ask for the time", len(replace))
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	list, program := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "breachmail")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-overlay", list, "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	t.Logf("%d files ask for the time; the program was built in %v", len(replace)-1, time.Since(began).Round(time.Second))
	return program
}

// packageClause is the line behind which imports may stand.
var packageClause = regexp.MustCompile(`(?m)^package \w+\n`)

// askTestClock has a file ask testclock.
func askTestClock(text string) string {
	text = asksClock.ReplaceAllString(text, "testclock.$1")
	at := packageClause.FindStringIndex(text)[1]
	return text[:at] + "\nimport \"breachmail/notifier/testclock\"\n" + text[at:] + "\nvar _ time.Duration\n"
}

// clock sets the clock of the runs of a campaign.
type clock struct {
	*killing
	file  string
	wrong time.Duration
}

// jump sets the clock back or forward.
func (c *clock) jump(by time.Duration) {
	c.Helper()
	c.wrong += by
	c.write(c.file+".new", fmt.Sprintln(int64(c.wrong/time.Second)))
	if err := os.Rename(c.file+".new", c.file); err != nil {
		c.Fatal(err)
	}
	c.Logf("%s: the clock jumps by %v and is wrong by %v; %d notices are taken", time.Now().Format(time.TimeOnly), by, c.wrong, c.recorded()/recordLine)
}

// rests waits until the relay has got nothing for a while.
func (c *clock) rests(p *process) bool {
	for before := int64(-1); before != c.recorded(); {
		before = c.recorded()
		if !pass(p, 4*time.Second) {
			return false
		}
	}
	return true
}

// TestClockJumps sets the clock of a sender back by an hour and forward by a
// day, while it sends and between two runs, with a limit an hour, a ramp, and
// many who are deferred. It pauses and says so, or goes on; nobody is lost or is
// sent to twice, and everybody is tried until the relay takes the notice.
func TestClockJumps(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program once more")
	}
	t.Parallel()
	k := newKilling(t, 1)
	k.ready(400, 5, k.seeded()+" "+deferring, "retry: {first: 1s, factor: 1, most: 1s, give_up_after: 30d}\nhalt: {refused: 100%, deferred: 100%, unknown: 100%, over: 500}\n")
	k.limit("rate: 200/s, per_hour: 450, ramp: {from: 50/s, over: 10s}")
	c := &clock{killing: k, file: filepath.Join(k.aside, "clock")}
	k.program, k.env = settable(t), []string{clockShift + "=" + c.file}

	some := func(p *process, n int64) bool {
		return until(p, glance, func() bool { return k.recorded() >= n*recordLine })
	}
	if killed, code := k.strike(func(p *process) bool {
		if !some(p, 25) {
			return false
		}
		c.jump(-time.Hour) // those who were deferred are due in an hour now
		return some(p, 60)
	}, "send"); !killed {
		t.Fatalf("an hour back it ended with %d", code)
	}
	k.check()

	jumps := 0
	code, words := k.launch(func(p *process) bool {
		for ; c.rests(p); jumps++ {
			c.jump(24 * time.Hour)
			if jumps == 20 {
				return true // it does not go on
			}
		}
		return false
	}, "resume")
	t.Logf("after %d jumps it ends with %d: %s", jumps, code, words)
	if code != 0 && code != 3 || !strings.Contains(words, "limits.per_hour allows no more until ") {
		t.Errorf("it ended with %d, or did not say why it paused", code)
	}
	k.check()
	k.configure(", per_hour: 450", "")
	k.finish(false)
	for key, p := range k.people() {
		if want := p.n % 2 * (1 + p.n/2%4); len(p.attempts) <= want {
			t.Errorf("%s was deferred %d times, and tried %d times", key, want, len(p.attempts))
		}
	}
}
