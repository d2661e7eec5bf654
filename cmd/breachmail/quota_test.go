package main

import (
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
		c.kill(1500*time.Millisecond, verb)
	}
	copies := 0
	for _, n := range relay.held(t).copies {
		copies += n
	}
	if copies > 100 || copies < 20 {
		t.Errorf("%d notices left in four runs, 100 an hour may", copies)
	}
}
