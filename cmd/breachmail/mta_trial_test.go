//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/campaign"
	"breachmail/notifier/ledger"
)

// mtaSize is the shape of the trials in front of real servers.
func mtaSize() plan {
	if testing.Short() {
		return plan{recipients: 400, connections: 8, more: mtaConfig}
	}
	return plan{recipients: 2000, connections: 8, more: mtaConfig}
}

// mtaConfig tries again soon, and never halts.
const mtaConfig = `retry: {first: 1s, factor: 1, most: 2s, give_up_after: 1h}
halt: {refused: 100%, deferred: 100%, unknown: 100%, over: 500}
`

// mtaRate is more than a server takes on the machines that tests run on.
const mtaRate = "limits: {rate: 2000/s}"

// configure replaces pieces of the trial's campaign.yaml, each of which has to
// be there: from, to, from, to.
func (c *trial) configure(pairs ...string) {
	c.Helper()
	path := filepath.Join(c.dir, campaign.ConfigFile)
	b, err := os.ReadFile(path)
	if err != nil {
		c.Fatal(err)
	}
	text := string(b)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			c.Fatalf("%s has no %q", campaign.ConfigFile, pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	c.write(path, text)
}

// sender is the program while it sends.
type sender struct {
	*trial
	words bytes.Buffer
	ended chan struct{}
	cmd   *exec.Cmd
}

// begin starts the program. It is killed when the test ends, however that does.
func (c *trial) begin(verb ...string) *sender {
	c.Helper()
	s := &sender{trial: c, ended: make(chan struct{})}
	s.cmd = exec.CommandContext(c.Context(), c.program, append([]string{"-C", c.dir}, verb...)...)
	s.cmd.Stdout, s.cmd.Stderr = &s.words, &s.words
	if err := s.cmd.Start(); err != nil {
		c.Fatal(err)
	}
	go func() { defer close(s.ended); _ = s.cmd.Wait() }()
	forget := atEnd(c.T, `kill -s KILL "$pid" 2>/dev/null`, fmt.Sprintf("pid=%d", s.cmd.Process.Pid))
	c.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		<-s.ended
		forget() // another process may get that pid
	})
	return s
}

// until waits for reached, which has to come while the program sends.
func (s *sender) until(reached <-chan struct{}, what string) {
	s.Helper()
	patience := time.NewTimer(commandTime)
	defer patience.Stop()
	select {
	case <-reached:
	case <-s.ended:
		s.Fatalf("it ended before %s: %v\n%s", what, s.cmd.ProcessState, &s.words)
	case <-patience.C:
		s.Fatalf("%s did not come", what)
	}
}

// finish waits for the program's end, and holds its exit code and the account
// against each other.
func (s *sender) finish() {
	s.Helper()
	patience := time.NewTimer(commandTime)
	defer patience.Stop()
	select {
	case <-s.ended:
	case <-patience.C:
		s.Fatal("it does not end")
	}
	now := s.status()
	want := 0
	if now.Notices.Unknown > 0 {
		want = 3
	}
	if code := s.cmd.ProcessState.ExitCode(); code != want || now.Notices.Pending+now.Notices.Deferred != 0 {
		s.Fatalf("it ended with %d and left %+v\n%s", code, now.Notices, &s.words)
	}
	s.audit()
	s.Logf("%s\n%+v", &s.words, now.Notices)
}

// counted holds status --json against the ledger's people, to the person.
func (c *trial) counted(all map[notifier.Key]*person) {
	c.Helper()
	n, count := c.status().Notices, map[notifier.Status]int64{}
	for _, p := range all {
		count[p.status]++
	}
	for status, says := range map[notifier.Status]int64{notifier.Accepted: n.Accepted, notifier.Refused: n.Refused, notifier.Unknown: n.Unknown} {
		if says != count[status] {
			c.Errorf("status counts %d %s, and they are %d", says, status, count[status])
		}
	}
}

// resendUnknown sends the unknown once more. Then everyone but the refused has
// a notice, and only who was unknown may have two.
func (c *trial) resendUnknown(server keeper) {
	c.Helper()
	unknown := map[notifier.Key]bool{}
	for key, p := range c.people() {
		unknown[key] = p.status == notifier.Unknown
	}
	c.resend()
	copies := server.held(c.T).copies
	for key, p := range c.people() {
		most, least := 1, 1
		if unknown[key] {
			most = 2
		}
		if p.status == notifier.Refused {
			most, least = 0, 0
		}
		if n := copies[key]; n < least || n > most {
			c.Errorf("%s (%d) is %s, was unknown: %v, and the server has %d copies: %+v", key, p.n, p.status, unknown[key], n, p.attempts)
		}
	}
}

// nameless checks that no reply in the evidence names anybody, although real
// servers quote the address in theirs.
func (c *trial) nameless(all map[notifier.Key]*person) {
	c.Helper()
	quoted := 0
	for key, p := range all {
		local, _, _ := strings.Cut(recipientAddress(p.n), "@")
		for _, e := range p.attempts {
			if strings.Contains(e.Outcome.Reply, local) {
				c.Errorf("%s: a reply of the evidence names the recipient", key)
			}
			if strings.Contains(e.Outcome.Reply, "<recipient>") {
				quoted++
			}
		}
	}
	c.Logf("%d replies quoted the recipient", quoted)
}

// replies counts the attempts of a person whose reply was code with status.
func (p *person) replies(code int, status string) (n int) {
	for _, e := range p.attempts {
		if e.Kind == ledger.KindAttempt && e.Outcome.Code == code && e.Outcome.Enhanced == status {
			n++
		}
	}
	return n
}
