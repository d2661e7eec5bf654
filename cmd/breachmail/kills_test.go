//go:build unix

package main

import (
	"sync/atomic"
	"testing"
)

// leastKills is how many kills of a running program have to be counted in all.
const leastKills = 200

// killRow is one thing that the program is killed in the middle of.
type killRow struct {
	name  string
	times int // how many kills have to hit it while it runs
	kill  func(k *killing)
}

// killRows go through the life of a campaign.
var killRows = []killRow{
	{"plan", 20, killPlan},
	{"preview", 10, killPreview},
	{"approve", 20, killApprove},
	{"claims and outcomes", 42, killSending},
	{"checkpoints", 12, killCheckpoints},
	{"retries", 30, killRetries},
	{"halts", 26, killHalts},
	{"resend", 24, killResend},
	{"release", 20, killRelease},
	// Those of purge have a test of their own: see TestPurgeKilled.
}

// TestKills kills the real program in the middle of everything that it writes,
// in short runs of small campaigns. A kill counts when it hit a program that was
// running. After each one the account closes, the whole ledger agrees with
// itself, and the relay has what the ledger says (see killing.check); in the end
// everybody is accounted for.
func TestKills(t *testing.T) {
	t.Parallel()
	hits, ran := make([]int, len(killRows)), atomic.Int64{}
	t.Run("rows", func(t *testing.T) {
		for i, row := range killRows {
			t.Run(row.name, func(t *testing.T) {
				t.Parallel()
				ran.Add(1)
				k := newKilling(t, row.times)
				row.kill(k)
				hits[i] = k.hits
				if k.hits < k.times {
					t.Errorf("only %d kills hit a program that was running, not %d", k.hits, k.times)
				}
				t.Logf("%d kills; %d runs ended before theirs; %s", k.hits, k.ended, k.noted())
			})
		}
	})
	sum := 0
	for _, n := range hits {
		sum += n
	}
	t.Logf("%d kills in all", sum)
	all := ran.Load() == int64(len(killRows)) // not only those that -run names
	if sum < leastKills && all && !testing.Short() && !t.Failed() {
		t.Errorf("%d kills are fewer than %d", sum, leastKills)
	}
}
