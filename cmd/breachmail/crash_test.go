package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/campaign"
	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
)

// builtIn is the directory of the built program; TestMain removes it.
var builtIn string

// program builds breachmail as a user would, once for all tests.
var program = sync.OnceValues(func() (string, error) {
	var err error
	if builtIn, err = os.MkdirTemp("", "breachmail-test-"); err != nil {
		return "", err
	}
	path := filepath.Join(builtIn, "breachmail")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// commandTime is more than any one command needs, on any machine.
const commandTime = 4 * time.Minute

// plan is the shape of one trial.
type plan struct {
	recipients  int
	connections int
	kills       int
	more        string // added to campaign.yaml
	few         bool   // see fewStates
}

// trial is one campaign, made and sent by the real program.
type trial struct {
	*testing.T
	plan
	program string
	dir     string
	seed    uint64
	random  *rand.Rand
	moments []time.Duration // after which the sender is killed
}

// newTrial draws the moments of the kills. Its seed is logged, and can be given
// again in BREACHMAIL_TEST_SEED.
func newTrial(t *testing.T, p plan) *trial {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	c := &trial{T: t, plan: p, program: path, dir: filepath.Join(t.TempDir(), "campaign"), seed: rand.Uint64()}
	if text := os.Getenv("BREACHMAIL_TEST_SEED"); text != "" {
		if c.seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("BREACHMAIL_TEST_SEED=%d", c.seed)
	c.random = rand.New(rand.NewPCG(c.seed, 0))
	for range p.kills {
		c.moments = append(c.moments, 200*time.Millisecond+time.Duration(c.random.Int64N(int64(800*time.Millisecond))))
	}
	return c
}

// rate is such that not everybody can be told before the last kill.
func (c *trial) rate() int {
	var sum time.Duration
	for _, m := range c.moments {
		sum += m
	}
	if sum == 0 {
		return 1_000_000 // no kill: as fast as it goes
	}
	return int(0.8 * float64(c.recipients) / sum.Seconds())
}

const testConfig = `campaign: crash
sender:
  from: "Northwind Mobile <notices@example.com>"
  reply_to: privacy@example.com
  return_path: bounces@example.com
  hostname: mail.example.com
  subject: Notice of Data Breach
incident:
  company: Northwind Mobile
  signed_by: {name: Dana Whitfield, title: Chief Executive Officer}
  occurred: {from: 2018-08-20}
  discovered: 2018-08-20
  notice_date: 2018-08-22
  affected: 2000000
  law_enforcement_delay: no
  what_happened: Someone found a way to ask one of our systems for customer records.
  data_involved: [name, billing ZIP code, phone number, email address, account number, account type]
  data_not_involved: []
  what_we_are_doing: We closed the system that was abused and told the police.
  what_you_can_do: Be careful with calls, texts and emails that mention your account.
  contact: {phone: 1-800-555-0100, web: "https://www.example.com/notice", post: "1 Example Plaza, Seattle WA 98101"}
email: {basis: voluntary}
law: {status: {MD: voluntary, NJ: voluntary}} # no authority has to be told first
relays:
  - {name: primary, address: "%s", tls: none, connections: %d}
limits: {rate: %d/s}
waves:
  - {name: pilot, recipients: 100}
  - {name: canary, percent: 1}
  - {name: rest}
%s`

// prepare makes the campaign and brings it to its approval, for a relay at addr.
func (c *trial) prepare(addr string) {
	c.Helper()
	c.must("init", c.dir)
	if c.few {
		c.fewStates()
	}
	config := fmt.Sprintf(testConfig, addr, c.connections, c.rate(), c.more)
	c.write(filepath.Join(c.dir, campaign.ConfigFile), config)
	export := filepath.Join(filepath.Dir(c.dir), "affected.csv")
	c.write(export, madeUpExport(c.recipients))
	c.must("-C", c.dir, "plan", export)
	found := regexp.MustCompile(`approval code: ([0-9a-f]{64})`).FindStringSubmatch(c.must("-C", c.dir, "preview"))
	if found == nil {
		c.Fatal("preview names no approval code")
	}
	c.must("-C", c.dir, "approve", "--by", "Robin Vale, General Counsel", "--digest", found[1])
}

// fewStates leaves most states out of the law data, since each has wordings of its
// own that every run reads.
func (c *trial) fewStates() {
	c.Helper()
	law := filepath.Join(c.dir, "law.csv")
	var few strings.Builder
	for line := range strings.Lines(readFile(c.T, law)) {
		if state, _, _ := strings.Cut(line, ","); slices.Contains([]string{"state", "US", "CA", "FL", "MA", "NY", "TX", "WA"}, state) {
			few.WriteString(line)
		}
	}
	c.write(law, few.String())
}

// madeUpNames have all that makes a header hard to write.
var madeUpNames = []string{"Ana Ruiz", "Renée O'Brien", "García, José", "Đặng Văn Nguyễn", "Jane Roe Jr.", "O=Neil (Pat)", "Anna-Karin Bergström-Åkesson von der Lindenallee"}

// madeUpExport is an export of n accounts of n people.
func madeUpExport(n int) string {
	var b strings.Builder
	b.WriteString("Name,ZIP,Phone,Email,Account Number,Prepaid/Postpaid\n")
	for i := range n {
		fmt.Fprintf(&b, "\"%s\",%05d,206555%04d,%s,%d,%s\n", madeUpNames[i%len(madeUpNames)], 10001+i%80000, i%10000,
			recipientAddress(i), 900_000_000+i, []string{"Prepaid", "Postpaid"}[i%2])
	}
	return b.String()
}

func (c *trial) write(path, text string) {
	c.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		c.Fatal(err)
	}
}

// run runs the program and returns what it printed, stdout and stderr apart,
// and its exit code.
func (c *trial) run(args ...string) (out, words string, code int) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), commandTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.program, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		c.Fatalf("breachmail %v: %v\n%s", args, err, &stderr)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// must runs a command that has to end with 0.
func (c *trial) must(args ...string) string {
	c.Helper()
	out, words, code := c.run(args...)
	if code != 0 {
		c.Fatalf("breachmail %v ended with %d\n%s%s", args, code, out, words)
	}
	return out
}

// kill starts the sender and kills it after a while.
func (c *trial) kill(after time.Duration, verb ...string) {
	c.Helper()
	moment := time.NewTimer(after)
	defer moment.Stop()
	c.killAt(moment.C, verb...)
}

// killAt starts the sender and kills it when something comes.
func (c *trial) killAt(moment <-chan time.Time, verb ...string) {
	c.Helper()
	cmd := exec.Command(c.program, append([]string{"-C", c.dir}, verb...)...)
	var words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &words, &words
	if err := cmd.Start(); err != nil {
		c.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		c.Fatalf("breachmail %v ended before it could be killed: %v\n%s", verb, err, &words)
	case <-moment:
	}
	if err := cmd.Process.Kill(); err != nil {
		c.Fatal(err)
	}
	<-ended
}

// keeper is a relay that says what it has kept.
type keeper interface{ held(t *testing.T) held }

// killAll sends, is killed and resumed, kills times. After each kill the
// account has to close, with at most two more unknown for each connection and
// one for each message that the relay kept without a reply, and what the relay
// has must be accounted for.
func (c *trial) killAll(relay keeper) {
	c.Helper()
	before, dropped, worst := c.status(), 0, int64(0)
	for i, after := range c.moments {
		verb := []string{"resume", "--unknown=hold"}
		if i == 0 {
			verb = []string{"send"}
		}
		c.kill(after, verb...)
		now := c.status()
		c.audit()
		h := relay.held(c.T)
		more, most := now.Notices.Unknown-before.Notices.Unknown, int64(2*c.connections+h.dropped-dropped)
		if more < 0 || more > most {
			c.Errorf("kill %d, after %v: %d more are unknown, at most %d may be", i+1, after, more, most)
		}
		if now.Notices.Accepted < before.Notices.Accepted {
			c.Errorf("kill %d, after %v: %d accepted became %d", i+1, after, before.Notices.Accepted, now.Notices.Accepted)
		}
		c.claimed(h.copies)
		before, dropped, worst = now, h.dropped, max(worst, more)
	}
	c.Logf("%d kills within %v of sending at %d/s, at most %d more unknown each: %+v",
		c.kills, sumOf(c.moments).Round(time.Millisecond), c.rate(), worst, before.Notices)
}

// claimed checks, while nobody sends, that the relay has whatever is accepted,
// and nothing that was not claimed: whoever has a copy there and no last
// outcome must be among the open claims.
func (c *trial) claimed(copies map[notifier.Key]int) {
	c.Helper()
	r := c.reader()
	defer r.Close()
	totals, err := r.Totals(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	var open int64
	err = r.Each(c.Context(), func(row ledger.Row) error {
		key, n := row.Recipient.Key, copies[row.Recipient.Key]
		switch {
		case row.Status == notifier.Accepted && n != 1, n > 1:
			c.Errorf("%s is %s, and the relay has %d copies", key, row.Status, n)
		case n == 1 && (row.Status == notifier.Pending || row.Status == notifier.Deferred):
			open++
		}
		return nil
	})
	if err != nil {
		c.Fatal(err)
	}
	if open > totals.Notices.InFlight {
		c.Errorf("the relay has %d notices without outcome, and only %d claims are open", open, totals.Notices.InFlight)
	}
}

// reader opens the ledger.
func (c *trial) reader() *sqlite.Reader {
	c.Helper()
	r, err := sqlite.OpenReader(c.Context(), filepath.Join(c.dir, "ledger.db"))
	if err != nil {
		c.Fatal(err)
	}
	return r
}

func sumOf(list []time.Duration) (sum time.Duration) {
	for _, d := range list {
		sum += d
	}
	return sum
}

// status is what status --json says; it has to be balanced.
func (c *trial) status() campaign.Status {
	c.Helper()
	var s campaign.Status
	out := c.must("-C", c.dir, "status", "--json")
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		c.Fatalf("status --json: %v\n%s", err, out)
	}
	if n := s.Notices; !s.Balanced || n.Sum() != int64(c.recipients) || n.InFlight != 0 {
		c.Errorf("the account does not close:\n%s", out)
	}
	return s
}

// audit reads the whole ledger.
func (c *trial) audit() {
	c.Helper()
	opened, err := campaign.Open(c.dir)
	if err == nil {
		err = opened.Audit(c.Context())
	}
	if err != nil {
		c.Fatalf("audit: %v", err)
	}
}

// compare holds the ledger against what the relay kept, person by person, while
// nobody was sent to twice on purpose.
func (c *trial) compare(all map[notifier.Key]*person, copies map[notifier.Key]int) {
	c.Helper()
	for key := range copies {
		if all[key] == nil {
			c.Errorf("%s: the relay has a notice of nobody", key)
		}
	}
	for key, p := range all {
		n, ok := copies[key], false
		switch p.status {
		case notifier.Accepted:
			ok = n == 1
		case notifier.Unknown:
			ok = n <= 1
		case notifier.Refused:
			ok = n == 0
		}
		if !ok {
			c.Errorf("%s (%d) is %s, and the relay has %d copies: %+v", key, p.n, p.status, n, p.attempts)
		}
	}
}

// resumeHold sends the rest and returns how many are unknown then.
func (c *trial) resumeHold() int64 {
	c.Helper()
	out, words, code := c.run("-C", c.dir, "resume", "--unknown=hold")
	s := c.status()
	want := 0
	if s.Notices.Unknown > 0 {
		want = 3
	}
	if code != want || s.Notices.Pending+s.Notices.Deferred != 0 {
		c.Fatalf("resume ended with %d and left %+v\n%s%s", code, s.Notices, out, words)
	}
	c.audit()
	return s.Notices.Unknown
}

// resend sends the unknown again until nobody is, and returns how many were
// sent again. It ends because a relay drops a recipient's message only once.
func (c *trial) resend() int64 {
	c.Helper()
	var again int64
	for range 5 {
		s := c.status()
		if s.Notices.Unknown == 0 {
			c.audit()
			return again
		}
		again += s.Notices.Unknown
		if out, words, code := c.run("-C", c.dir, "resume", "--unknown=resend"); code != 0 && code != 3 {
			c.Fatalf("resume --unknown=resend ended with %d\n%s%s", code, out, words)
		}
	}
	c.Fatalf("some are unknown for good: %+v", c.status().Notices)
	return again
}

// told checks the end: everyone but the refused is at the relay, and nobody got
// more copies than were sent again in all.
func (c *trial) told(all map[notifier.Key]*person, copies map[notifier.Key]int, again int64) {
	c.Helper()
	var extra int64
	for key, p := range all {
		n := copies[key]
		switch {
		case p.status == notifier.Accepted && n >= 1:
			extra += int64(n - 1)
		case p.status == notifier.Refused:
			extra += int64(n) // an unknown one whose message had been taken
		default:
			c.Errorf("%s (%d) is %s, and the relay has %d copies: %+v", key, p.n, p.status, n, p.attempts)
		}
	}
	if extra > again {
		c.Errorf("the relay has %d copies too many, and only %d were sent again", extra, again)
	}
	c.Logf("%d unknown were sent again, %d of them twice at the relay", again, extra)
}

// size is the shape of the crash tests, smaller under -short.
func size() plan {
	if testing.Short() {
		return plan{recipients: 1500, connections: 20, kills: 2}
	}
	return plan{recipients: 3000, connections: 20, kills: 3}
}

// TestKilled kills a sender with many connections at random moments, in front of
// a relay that takes everything. TestKills does so far more often, with few.
func TestKilled(t *testing.T) {
	t.Parallel()
	c := newTrial(t, size())
	relay := startRelay(t, "")
	c.prepare(relay.addr)
	c.killAll(relay)
	unknown := c.resumeHold()
	c.compare(c.people(), relay.held(t).copies)
	again := c.resend()
	if again != unknown {
		t.Errorf("%d were unknown, and %d were sent again", unknown, again)
	}
	all := c.people()
	c.told(all, relay.held(t).copies, again)
	statuses := map[notifier.Status]int{}
	for _, p := range all {
		statuses[p.status]++
	}
	if statuses[notifier.Accepted] != c.recipients {
		t.Errorf("nobody was refused, and yet: %v", statuses)
	}
	if s := c.status(); s.Phase != campaign.PhaseComplete {
		t.Errorf("the campaign ended in phase %s", s.Phase)
	}
}
