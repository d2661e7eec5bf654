//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"breachmail/notifier/campaign"
)

// killing is a campaign whose program is killed again and again.
type killing struct {
	*trial
	relay *relayProcess
	aside string   // a directory of the test's own
	env   []string // what runs have in their environment besides

	relayEnv []string // and the relay
	times    int      // how many kills are wanted
	hits     int      // how many hit a program that was running
	ended    int      // runs that ended before their kill

	took  time.Duration  // how long a run takes from where spread begins, as far as is known
	notes map[string]int // what the kills fell on, counted
	known account        // what the last check found
}

func newKilling(t *testing.T, times int) *killing {
	t.Helper()
	if testing.Short() {
		times = max(2, times/8)
	}
	return &killing{trial: newTrial(t, plan{}), aside: t.TempDir(), times: times, notes: map[string]int{}}
}

// made makes the campaign, its relay, and an export of n people.
func (k *killing) made(n, connections int, faults, more string) {
	k.Helper()
	k.plan = plan{recipients: n, connections: connections, more: more}
	k.relay = startRelay(k.T, faults, k.relayEnv...)
	k.must("init", k.dir)
	k.fewStates()
	k.write(filepath.Join(k.dir, campaign.ConfigFile), fmt.Sprintf(testConfig, k.relay.addr, connections, k.rate(), more))
	k.write(k.export(), madeUpExport(n))
}

// planned is made, with the export planned.
func (k *killing) planned(n, connections int, faults, more string) {
	k.Helper()
	k.made(n, connections, faults, more)
	k.must("-C", k.dir, "plan", k.export())
}

// ready is planned, and approved.
func (k *killing) ready(n, connections int, faults, more string) {
	k.Helper()
	k.planned(n, connections, faults, more)
	k.approve()
}

func (k *killing) export() string { return filepath.Join(k.aside, "affected.csv") }

// configure writes something else into campaign.yaml.
func (k *killing) configure(old, now string) {
	k.Helper()
	file := filepath.Join(k.dir, campaign.ConfigFile)
	text := readFile(k.T, file)
	if !strings.Contains(text, old) {
		k.Fatalf("campaign.yaml does not say %q", old)
	}
	k.write(file, strings.Replace(text, old, now, 1))
}

// limit sets the limits in the place of those of testConfig.
func (k *killing) limit(limits string) {
	k.Helper()
	k.configure("limits: {rate: 1000000/s}", "limits: {"+limits+"}")
}

// note counts what a kill fell on.
func (k *killing) note(what string) { k.notes[what]++ }

// noted is what was counted.
func (k *killing) noted() string {
	var list []string
	for _, what := range slices.Sorted(maps.Keys(k.notes)) {
		list = append(list, fmt.Sprintf("%d %s", k.notes[what], what))
	}
	return strings.Join(list, ", ")
}

// process is a run of the program.
type process struct {
	pid   int
	ended chan struct{} // closed when it has ended
}

// aim waits for the moment at which a run is to be killed. It is false where the
// run ended before.
type aim func(p *process) bool

// mayEnd are the codes with which a run may end that was not killed in time.
var mayEnd = []int{0, 3, 4, 13}

// strike runs a verb and kills it at the moment that aim waits for. It reports
// whether that hit a program that was running; if not, code is how it ended.
func (k *killing) strike(moment aim, verb ...string) (killed bool, code int) {
	k.Helper()
	code, words := k.launch(moment, verb...)
	if code < 0 { // by the signal
		k.hits++
		return true, code
	}
	k.ended++
	if !slices.Contains(mayEnd, code) {
		k.Fatalf("breachmail %v ended with %d\n%s", verb, code, words)
	}
	return false, code
}

// launch runs a verb, kills it where aim says so, and returns how it ended.
func (k *killing) launch(moment aim, verb ...string) (code int, words string) {
	k.Helper()
	cmd := exec.Command(k.program, append([]string{"-C", k.dir}, verb...)...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.Env = append(os.Environ(), k.env...)
	if err := cmd.Start(); err != nil {
		k.Fatal(err)
	}
	p := &process{pid: cmd.Process.Pid, ended: make(chan struct{})}
	late := time.AfterFunc(commandTime, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	var waiting sync.WaitGroup
	waiting.Go(func() { _ = cmd.Wait(); close(p.ended) })
	if moment(p) {
		_ = cmd.Process.Kill() // fails where it has ended
	}
	waiting.Wait()
	return cmd.ProcessState.ExitCode(), said.String()
}

// pass waits for d.
func pass(p *process, d time.Duration) bool {
	moment := time.NewTimer(d)
	defer moment.Stop()
	select {
	case <-p.ended:
		return false
	case <-moment.C:
		return true
	}
}

// until asks every now and then until something is so.
func until(p *process, every time.Duration, so func() bool) bool {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for !so() {
		select {
		case <-p.ended:
			return false
		case <-tick.C:
		}
	}
	return true
}

// glance is how often the test looks for what it waits for.
const glance = 2 * time.Millisecond

// started is at once.
func started(*process) bool { return true }

// has waits until a run has the campaign.
func (k *killing) has(p *process) bool {
	return until(p, glance, func() bool {
		var holder struct{ PID int }
		b, err := os.ReadFile(filepath.Join(k.dir, "lock"))
		return err == nil && json.Unmarshal(b, &holder) == nil && holder.PID == p.pid
	})
}

// sends waits until the relay has another message.
func (k *killing) sends() aim {
	before := k.recorded()
	return func(p *process) bool {
		return until(p, glance, func() bool { return k.recorded() > before })
	}
}

// recorded is the length of the relay's record.
func (k *killing) recorded() int64 {
	info, err := os.Stat(k.relay.record)
	if err != nil {
		return 0
	}
	return info.Size()
}

// soon is at a random moment within d after begin.
func (k *killing) soon(begin aim, d time.Duration) aim {
	wait := time.Duration(k.random.Float64() * float64(d))
	return func(p *process) bool { return begin(p) && pass(p, wait) }
}

// spread is at a random moment between begin and the end of the run, by what
// runs took that were not killed, and a little later, so that none is too late
// to be hit. It is the more likely the later it is: what a verb writes, it writes
// at its end. The first run is not killed, but measured.
func (k *killing) spread(begin aim) aim {
	early := k.random.Float64()
	wait := time.Duration(1.05 * (1 - early*early) * float64(k.took))
	before := k.took
	if k.took == 0 {
		wait = commandTime
	}
	return func(p *process) bool {
		if !begin(p) {
			return false
		}
		began := time.Now()
		hit := pass(p, wait)
		if k.took = time.Since(began); hit {
			k.took = max(k.took, before)
		}
		return hit
	}
}

// checkpoint is in the middle of the next checkpoint after begin.
func (k *killing) checkpoint(begin aim) aim {
	return func(p *process) bool {
		return begin(p) && until(p, glance/10, func() bool { return inCheckpoint(k.dir) })
	}
}
