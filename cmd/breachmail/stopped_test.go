//go:build unix

package main

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"breachmail/notifier/campaign"
)

// TestStopped stops the sender for a minute with SIGSTOP, in front of a relay
// that does not wait for its clients for long. Meanwhile every other program that
// would write finds the campaign taken, and is told by whom. Then it goes on, and
// nobody is lost or was sent to twice.
func TestStopped(t *testing.T) {
	t.Parallel()
	still := time.Minute
	if testing.Short() {
		still = 5 * time.Second
	}
	k := newKilling(t, 1)
	k.relayEnv = []string{relayPatience + "=2s"}
	k.planned(600, 5, "", "")
	k.configure("pilot, recipients: 100}", "pilot, recipients: 100, then: hold}")
	k.approve()
	k.limit("rate: 200/s")
	sending := k.sends()
	var stopped int64
	code, words := k.launch(func(p *process) bool {
		if !sending(p) {
			return false
		}
		if err := syscall.Kill(p.pid, syscall.SIGSTOP); err != nil {
			t.Error(err)
			return true
		}
		began := time.Now()
		k.taken(p)
		stopped = k.recorded()
		pass(p, still-time.Since(began))
		if more := k.recorded() - stopped; more != 0 {
			t.Errorf("while it was stopped %d bytes were recorded at the relay", more)
		}
		if err := syscall.Kill(p.pid, syscall.SIGCONT); err != nil {
			t.Error(err)
		}
		return false
	}, "send")
	t.Logf("it ends with %d: %s", code, words)
	if code != 0 && code != 3 || k.recorded() == stopped {
		t.Errorf("it ended with %d", code)
	}
	k.check()
	k.finish(false)
}

// taken runs every verb that writes while another process has the campaign.
func (k *killing) taken(p *process) {
	k.Helper()
	by := fmt.Sprintf("another process has this campaign: breachmail send, process %d on ", p.pid)
	for _, verb := range [][]string{
		{"plan", k.export()}, {"approve", "--by", "Robin Vale, General Counsel", "--digest", "0123456789ab"},
		{"test", "--to", "robin.vale@example.com"}, {"send"}, {"resume", "--unknown=resend", "--clear-halt"},
	} {
		_, words, code := k.run(append([]string{"-C", k.dir}, verb...)...)
		if code != 11 || !strings.Contains(words, by) || !strings.Contains(words, ", since ") {
			k.Errorf("beside a sender %s ends with %d\n%s", verb[0], code, words)
		}
	}
	asked := k.must("-C", k.dir, "release", "pilot")
	if !strings.Contains(asked, "the running sender will open the gate after pilot") {
		k.Errorf("release says %q", asked)
	}
	if out := k.must("-C", k.dir, "status"); !strings.Contains(out, "phase: "+string(campaign.PhaseSending)) {
		k.Errorf("status says %s", out)
	}
}
