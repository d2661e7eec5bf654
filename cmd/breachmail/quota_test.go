package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"breachmail/notifier/campaign"
)

// TestQuotaHoldsAcrossKills kills and resumes the real program under a limit an
// hour: over all runs no more leave than it allows.
func TestQuotaHoldsAcrossKills(t *testing.T) {
	t.Parallel()
	relay := startRelay(t, "")
	c := newTrial(t, plan{recipients: 400, connections: 3})
	c.prepare(relay.addr)
	file := filepath.Join(c.dir, campaign.ConfigFile)
	c.write(file, strings.Replace(readFile(t, file), "limits: {rate: 1000000/s}", "limits: {rate: 60/s, per_hour: 100}", 1))
	for i := range 4 {
		verb := "resume"
		if i == 0 {
			verb = "send"
		}
		c.killAt(relay.reaches(t, []int{20, 40, 60, 1000}[i], 10*time.Second), verb)
	}
	if copies := relay.count(t); copies > 100 || copies < 60 {
		t.Errorf("%d notices left in four runs, 100 an hour may", copies)
	}
}

// count is how many messages the relay has kept.
func (r *relayProcess) count(t *testing.T) (copies int) {
	t.Helper()
	for _, n := range r.held(t).copies {
		copies += n
	}
	return copies
}

// reaches tells when the relay has that many messages, or when it has had no new
// one for a while.
func (r *relayProcess) reaches(t *testing.T, want int, quiet time.Duration) <-chan time.Time {
	t.Helper()
	moment := make(chan time.Time, 1)
	go func() {
		have, since := 0, time.Now()
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for now := range tick.C {
			b, _ := os.ReadFile(r.record)
			if n := bytes.Count(b, []byte("\n")); n > have {
				have, since = n, now
			}
			if have >= want || now.Sub(since) > quiet {
				moment <- now
				return
			}
		}
	}()
	return moment
}
