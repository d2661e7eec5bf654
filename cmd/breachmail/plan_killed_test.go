package main

import (
	"bytes"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"breachmail/notifier/campaign"
)

// planKills is how often plan is killed while it runs, in all.
const planKills = 6

// TestPlanKilled kills the real program at random moments of a plan, and runs
// it again from where it is. After each kill the batch is there as a whole or
// not at all, and in the end everything is as if nobody had been killed.
func TestPlanKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("it plans large exports again and again")
	}
	t.Parallel()
	c := newTrial(t, plan{connections: 1, more: "exports: {max_rejected: 5%}\n"})
	c.must("init", c.dir)
	config := fmt.Sprintf(testConfig, "127.0.0.1:2525", c.connections, c.rate(), c.more)
	c.write(filepath.Join(c.dir, campaign.ConfigFile), config)

	// More than are sorted in memory at once.
	east, west := c.accounts("east.csv", 0, 20_000, 0), c.accounts("west.csv", 19_500, 33_500, 100_000)
	more := c.accounts("more.csv", 32_500, 35_500, 200_000)
	late := c.accounts("late.csv", 34_500, 38_500, 300_000)

	hits := c.killPlan(6, east, west)
	hits += c.killPlan(6, more, east) // its accounts join notices that nobody has approved
	c.approve()
	hits += c.killPlan(planKills-hits, late) // its accounts come too late for their notices
	if hits < planKills {
		t.Errorf("only %d kills hit a program that was running, not %d", hits, planKills)
	}
}

// accounts writes an export of the people from one number to another, with
// everything that a plan has to tell apart. Above shifts the account numbers,
// so that the same people have others in another export.
func (c *trial) accounts(name string, from, to, above int) (path string) {
	c.Helper()
	var b strings.Builder
	b.WriteString("Name,ZIP,Phone,Email,Account Number,Prepaid/Postpaid\n")
	for i := from; i < to; i++ {
		who, email, number, kind := i, recipientAddress(i), fmt.Sprint(900_000_000+above+i), []string{"Prepaid", "Postpaid"}[i%2]
		switch {
		case i%20 == 7: // one more account of an earlier person
			who, email = i-7, recipientAddress(i-7)
		case i%33 == 5:
			email = ""
		case i%50 == 9:
			email = "nobody@"
		case i%120 == 11:
			kind = "landline"
		case i%400 == 13:
			number = "9.00E+08"
		case i%999 == 17:
			number += ",one column too many"
		}
		fmt.Fprintf(&b, "\"%s\",%05d,(206) 555-%04d,%s,%s,%s\n",
			madeUpNames[who%len(madeUpNames)], 10001+who%80000, i%10000, email, number, kind)
	}
	path = filepath.Join(filepath.Dir(c.dir), name)
	c.write(path, b.String())
	return path
}

// approve approves what is planned.
func (c *trial) approve() {
	c.Helper()
	found := regexp.MustCompile(`approval code: ([0-9a-f]{64})`).FindStringSubmatch(c.must("-C", c.dir, "preview"))
	if found == nil {
		c.Fatal("preview names no approval code")
	}
	c.must("-C", c.dir, "approve", "--by", "Robin Vale, General Counsel", "--digest", found[1])
}

// planKiller is the plan of some exports that is killed again and again. Its
// campaign begins as base holds it, and has to become what undisturbed became.
type planKiller struct {
	*trial
	exports           []string
	base, undisturbed string
	sizes             map[string]string // of the tables in base
	before, after     map[string]string // what base and undisturbed hold
	took              time.Duration     // by the last run that was not killed, or longer, by one that was
	hits, full, ended int               // kills, those after which the batch was there, runs that were not killed
}

// killPlan plans exports, undisturbed in a twin of the campaign, and here with
// so many kills. It returns how many hit a program that was running.
func (c *trial) killPlan(kills int, exports ...string) int {
	c.Helper()
	k := &planKiller{trial: c, exports: exports, base: c.TempDir(), undisturbed: c.TempDir()}
	copyTree(c.T, c.dir, k.base)
	copyTree(c.T, c.dir, k.undisturbed)
	k.sizes, k.before = ledgerSizes(c.T, k.base), ledgerContent(c.T, k.base)
	k.took, _ = k.load(k.undisturbed, commandTime)
	k.after = ledgerContent(c.T, k.undisturbed)
	if maps.Equal(k.before, k.after) {
		c.Fatal("there is nothing to tell before from after")
	}
	took := k.took
	for k.hits < kills && k.ended <= 2*kills {
		k.killUntilDone(kills)
	}
	c.audit()
	c.Logf("plan took %v; after %d kills nothing of the batch was there, after %d all of it; %d runs ended before their kill",
		took.Round(time.Millisecond), k.hits-k.full, k.full, k.ended)
	return k.hits
}

// killUntilDone goes back to before the plan, and runs and kills it until the
// batch is there, or until there were enough kills. The moments are spread
// evenly over somewhat more than the time that a run takes, so that none is too
// late to be hit.
func (k *planKiller) killUntilDone(kills int) {
	k.Helper()
	copyTree(k.T, k.base, k.dir)
	for there := false; !there && k.hits < kills; {
		ran, killed := k.load(k.dir, time.Duration(1.15*k.random.Float64()*float64(k.took)))
		if !killed {
			k.took = ran
			k.ended++
			k.compare()
			return
		}
		k.took = max(k.took, ran)
		k.hits++
		there = k.loaded()
	}
	k.load(k.dir, commandTime)
	k.compare()
}

// load runs plan in a campaign and kills it after a while. It returns for how
// long it ran, and whether it was killed; if not, it must have ended well.
func (k *planKiller) load(dir string, most time.Duration) (ran time.Duration, killed bool) {
	k.Helper()
	cmd := exec.Command(k.program, append([]string{"-C", dir, "plan"}, k.exports...)...)
	var words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &words, &words
	if err := cmd.Start(); err != nil {
		k.Fatal(err)
	}
	began := time.Now()
	kill := time.AfterFunc(most, func() { _ = cmd.Process.Kill() }) // fails where it has ended
	err := cmd.Wait()
	ran = time.Since(began)
	kill.Stop()
	killed = most < commandTime && cmd.ProcessState.ExitCode() < 0 // by the signal
	if err != nil && !killed {
		k.Fatalf("plan: %v\n%s", err, &words)
	}
	return ran, killed
}

// loaded reports whether the batch is there. It has to be there as a whole or
// not at all. Every row is looked at only now and then.
func (k *planKiller) loaded() bool {
	k.Helper()
	if maps.Equal(k.sizes, ledgerSizes(k.T, k.dir)) && k.random.IntN(8) > 0 {
		return false
	}
	now := ledgerContent(k.T, k.dir)
	if maps.Equal(k.before, now) {
		return false
	}
	k.full++
	if d := differences(k.after, now); len(d) > 0 {
		k.Fatalf("kill %d left a part of the batch:\n%s", k.hits, strings.Join(d, "\n"))
	}
	return true
}

// compare holds ledger and files against the twin's: nothing temporary is
// left, which would hold personal data.
func (k *planKiller) compare() {
	k.Helper()
	d := append(differences(filesIn(k.T, k.undisturbed), filesIn(k.T, k.dir)),
		differences(k.after, ledgerContent(k.T, k.dir))...)
	if len(d) > 0 {
		k.Fatalf("after %d kills it is not as if there had been none:\n%s", k.hits, strings.Join(d, "\n"))
	}
}
