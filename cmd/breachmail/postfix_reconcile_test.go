//go:build unix

package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"breachmail/notifier"
)

// patience is more than what reconcile waits for behind a lost connection.
const patience = 12 * time.Second

// TestReconcilePostfix kills the sender again and again, and cuts connections at
// the final dot, until many are unknown. Postfix's own log, rotated twice
// meanwhile, settles them, and every verdict is held against the Maildirs. Then
// the others are sent, and everybody has one copy.
func TestReconcilePostfix(t *testing.T) {
	t.Parallel()
	size, share := plan{recipients: 2000, connections: 8, more: mtaConfig}, 0.06
	if testing.Short() {
		size.recipients, share = 800, 0.15
	}
	n := size.recipients
	rules := startPolicy(t, n/8, 2*n/8, 3*n/8, 4*n/8, 5*n/8, 6*n/8)
	server := startPostfix(t, n+1, rules.addr) // the last is a reviewer's
	server.open()
	c := newTrial(t, size)
	cut := startCutter(t, server.addr, c.seed, share)
	c.prepare(cut.addr)
	c.configure(fmt.Sprintf("limits: {rate: %d/s}", c.rate()), "limits: {rate: 300/s}")

	times := c.killAndRotate(server, rules.marks)
	c.resumeHold()
	ended := time.Now()
	cut.obey()
	all := c.people()
	awaits(t, "Postfix has had its time", func() bool { return time.Since(ended) > patience })
	c.must("-C", c.dir, "test", "--to", recipientAddress(n))
	copies := server.heldButTests(n)
	before, after := cut.counts()
	c.Logf("%d are unknown; %d connections were cut before the dot, %d behind it", unknownOf(all), before, after)
	if unknownOf(all) < 50 {
		t.Errorf("only %d are unknown", unknownOf(all))
	}

	first, second, last := gzipped(t, server.log+".1"), server.log+".2", server.log
	c.withoutPiece(all, copies, times, last, first)
	out, words, code := c.run("-C", c.dir, "reconcile", "--absent=resend", last, first, second)
	if code != 0 {
		t.Errorf("reconcile ended with %d\n%s%s", code, out, words)
	}
	c.Logf("%s%s", out, words)
	c.audit()
	c.settledRight(all, copies, nil)
	c.must("-C", c.dir, "resume")
	c.oneCopyEach(server.heldButTests(n))
}

// killAndRotate sends, is killed at each mark and goes on. Postfix's log is rotated
// after a third of the kills, and after two; the times of that are returned.
func (c *trial) killAndRotate(server *postfix, marks []*mark) (rotated []time.Time) {
	c.Helper()
	verb := "send"
	for i, m := range marks {
		close(m.pass)
		run := c.begin(verb)
		run.until(m.reached, fmt.Sprintf("kill %d", i+1))
		moment := time.NewTimer(time.Duration(c.random.Int64N(int64(100 * time.Millisecond))))
		<-moment.C
		if err := run.cmd.Process.Kill(); err != nil {
			c.Fatal(err)
		}
		<-run.ended
		if verb = "resume"; i == len(marks)/3-1 || i == 2*len(marks)/3-1 {
			rotated = append(rotated, time.Now())
			server.rotate(fmt.Sprintf(".%d", len(rotated)))
		}
	}
	return rotated
}

// withoutPiece reconciles a copy of the campaign without the middle piece of the
// log: nobody of that time is taken for absent.
func (c *trial) withoutPiece(all map[notifier.Key]*person, copies map[notifier.Key]int, rotated []time.Time, logs ...string) {
	c.Helper()
	lacking := *c
	lacking.dir = filepath.Join(c.TempDir(), "lacking")
	if err := os.CopyFS(lacking.dir, os.DirFS(c.dir)); err != nil {
		c.Fatal(err)
	}
	for _, name := range []string{"secret", "campaign.yaml"} { // a copy may be readable by others
		if err := os.Chmod(filepath.Join(lacking.dir, name), 0o600); err != nil {
			c.Fatal(err)
		}
	}
	out, words, code := lacking.run(append([]string{"-C", lacking.dir, "reconcile", "--absent=resend"}, logs...)...)
	if code != 3 || !strings.Contains(out, "stay unknown") {
		c.Errorf("without a piece of the log reconcile ended with %d\n%s%s", code, out, words)
	}
	c.Logf("without a piece:\n%s%s", out, words)
	lacking.audit()
	in := func(claim time.Time) bool { // known to the second only
		return !claim.Before(rotated[0]) && claim.Add(time.Second).Before(rotated[1])
	}
	lacking.settledRight(all, copies, in)
}

// settledRight holds each verdict about those who were unknown against the
// Maildirs. Where in is given, those who were claimed then may be unknown still,
// and cannot be absent.
func (c *trial) settledRight(before map[notifier.Key]*person, copies map[notifier.Key]int, in func(time.Time) bool) {
	c.Helper()
	count := map[notifier.Status]int{}
	for key, now := range c.people() {
		was := before[key]
		if was.status != notifier.Unknown {
			if now.status != was.status {
				c.Errorf("%s (%d) was %s and is %s", key, was.n, was.status, now.status)
			}
			continue
		}
		count[now.status]++
		right := now.status == notifier.Accepted && copies[key] == 1 || now.status == notifier.Pending && copies[key] == 0
		if in != nil {
			right = right && !(now.status == notifier.Pending && in(was.last().Claim.At)) || now.status == notifier.Unknown
		}
		if !right {
			c.Errorf("%s (%d) is settled as %s by %s, and has %d copies: %+v", key, was.n, now.status, c.note(key), copies[key], now.attempts)
		}
	}
	c.Logf("of the unknown: %v", count)
	if count[notifier.Accepted] == 0 || count[notifier.Pending] == 0 || (in != nil) != (count[notifier.Unknown] > 0) {
		c.Errorf("of the unknown: %v", count)
	}
}

// note is what somebody was settled by.
func (c *trial) note(key notifier.Key) string {
	c.Helper()
	r := c.reader()
	defer r.Close()
	rows, err := r.History(c.Context(), key)
	if err != nil || len(rows) == 0 {
		c.Fatalf("%s has no history: %v", key, err)
	}
	return rows[len(rows)-1].Note
}

// oneCopyEach checks the end: who was not refused has one copy.
func (c *trial) oneCopyEach(copies map[notifier.Key]int) {
	c.Helper()
	for key, p := range c.people() {
		want := 1
		if refused, _ := verdictOf(p.n); refused {
			want = 0
		}
		if (p.status == notifier.Accepted) != (want == 1) || copies[key] != want {
			c.Errorf("%s (%d) is %s, and has %d copies: %+v", key, p.n, p.status, copies[key], p.attempts)
		}
	}
	c.audit()
}

func unknownOf(all map[notifier.Key]*person) (n int) {
	for _, p := range all {
		if p.status == notifier.Unknown {
			n++
		}
	}
	return n
}

// TestPutBackPostfix sends, copies the campaign's ledger, sends on, is killed, and
// puts the copy back: it does not send. Postfix's log tells whom the other one had
// sent to, and in the end everybody has one copy.
func TestPutBackPostfix(t *testing.T) {
	t.Parallel()
	size := plan{recipients: 300, connections: 4, more: mtaConfig}
	rules := startPolicy(t, 100, 200)
	server := startPostfix(t, size.recipients, rules.addr)
	server.open()
	c := newTrial(t, size)
	c.prepare(server.addr)

	run := c.begin("send")
	run.until(rules.marks[0].reached, "a third was offered")
	c.stopped(run, syscall.SIGINT, rules.marks[0])
	older := c.ledgerFiles()
	run = c.begin("resume")
	run.until(rules.marks[1].reached, "two thirds were offered")
	c.stopped(run, syscall.SIGKILL, rules.marks[1])
	killed := time.Now()
	newer := c.status().Notices.Accepted
	c.putBack(older)

	for _, verb := range [][]string{{"send"}, {"resume"}, {"reconcile", server.log}, {"reconcile", "--adopt", server.log}} {
		if out, words, code := c.run(append([]string{"-C", c.dir}, verb...)...); code != 14 {
			t.Fatalf("%v ended with %d\n%s%s", verb, code, out, words)
		}
	}
	awaits(t, "Postfix has had its time", func() bool { return time.Since(killed) > patience })
	awaits(t, "Postfix greets", func() bool { return greets(server.addr) })
	copies := server.held(t).copies
	out := c.must("-C", c.dir, "reconcile", "--adopt", "--json", server.log)
	var told struct {
		Accepted int
		Adopted  *struct{ Epoch int }
	}
	if err := json.Unmarshal([]byte(out), &told); err != nil || told.Adopted == nil || told.Accepted == 0 {
		t.Errorf("%v, %s", err, out)
	}
	if now := c.status().Notices.Accepted; now < newer || int(now) != len(copies) {
		t.Errorf("%d were accepted in the newer ledger, %d are now, and %d have a copy", newer, now, len(copies))
	}
	c.audit()
	c.must("-C", c.dir, "resume")
	c.oneCopyEach(server.held(t).copies)
}

// stopped signals the sender, lets the policy go on, and waits for its end.
func (c *trial) stopped(run *sender, signal syscall.Signal, at *mark) {
	c.Helper()
	close(at.pass)
	if signal == syscall.SIGKILL { // some are on the way then
		moment := time.NewTimer(100 * time.Millisecond)
		defer moment.Stop()
		<-moment.C
	}
	if err := run.cmd.Process.Signal(signal); err != nil {
		c.Fatal(err)
	}
	<-run.ended
	if left := c.status().Notices.Pending; left == 0 {
		c.Fatalf("all were sent to before it was stopped\n%s", &run.words)
	}
}

// ledgerFiles reads the files of the ledger, as a snapshot of the disk would.
func (c *trial) ledgerFiles() map[string][]byte {
	c.Helper()
	files := map[string][]byte{}
	names, err := filepath.Glob(filepath.Join(c.dir, "ledger.db*"))
	for _, name := range names {
		if files[name], err = os.ReadFile(name); err != nil {
			break
		}
	}
	if err != nil || len(files) == 0 {
		c.Fatalf("%q: %v", names, err)
	}
	return files
}

// putBack puts older files in the place of the ledger's.
func (c *trial) putBack(files map[string][]byte) {
	c.Helper()
	for name := range c.ledgerFiles() {
		if err := os.Remove(name); err != nil {
			c.Fatal(err)
		}
	}
	for name, b := range files {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			c.Fatal(err)
		}
	}
}

// open has Postfix take mail in the clear, from loopback.
func (p *postfix) open() {
	p.Helper()
	command(p.T, need(p.T, "postconf"), "-c", p.conf, "-e",
		"smtpd_tls_security_level=none", "smtpd_sasl_auth_enable=no", "mynetworks=127.0.0.1",
		"smtpd_client_restrictions=permit_mynetworks, reject", "smtpd_relay_restrictions=permit_mynetworks, reject",
		"smtpd_recipient_restrictions=check_policy_service inet:"+p.policy+", permit_mynetworks, reject")
	p.reload()
	p.transaction = regexp.MustCompile(`with ESMTP\s+id (\w+)`)
	awaits(p.T, "Postfix greets", func() bool { return greets(p.addr) })
}

// rotate moves the log aside, as logrotate does.
func (p *postfix) rotate(suffix string) {
	p.Helper()
	if err := os.Rename(p.log, p.log+suffix); err != nil {
		p.Fatal(err)
	}
	p.reload()
	awaits(p.T, "Postfix greets, and has a new log", func() bool { // which begins with a greeting
		info, err := os.Stat(p.log)
		return greets(p.addr) && err == nil && info.Size() > 0
	})
}

// heldButTests is held without what is in the Maildir of reviewer n.
func (p *postfix) heldButTests(n int) map[notifier.Key]int {
	p.Helper()
	p.maildirs.ignore(p.T, n)
	copies := p.held(p.T).copies
	p.maildirs.ignore(p.T, n)
	return copies
}

// ignore removes a Maildir.
func (m *maildirs) ignore(t *testing.T, n int) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(m.dir, fmt.Sprint(n))); err != nil {
		t.Fatal(err)
	}
}

// gzipped packs a file and returns the other's path.
func gzipped(t *testing.T, path string) string {
	t.Helper()
	from, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.Create(filepath.Join(t.TempDir(), filepath.Base(path)+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	z := gzip.NewWriter(to)
	if _, err = io.Copy(z, from); err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return to.Name()
}
