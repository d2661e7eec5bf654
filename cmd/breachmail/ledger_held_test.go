//go:build unix

package main

import (
	"regexp"
	"testing"
	"time"
)

// isLocked is how SQLite says that another process writes.
var isLocked = regexp.MustCompile(`database is locked`)

// recordLine is the length of a line of the relay's record.
const recordLine = int64(len("abcdefghijklmnopqrstuvwxyz taken\n"))

// TestLedgerHeld has another program hold the ledger, which no breachmail does
// for long. For a moment, the sender waits for it and goes on. For longer than a
// writer waits, nothing more leaves, the run ends in words, and in the end nobody
// is lost or was sent to twice.
func TestLedgerHeld(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for as long as a writer does")
	}
	t.Parallel()
	k := newKilling(t, 1)
	k.ready(600, 5, "", "")
	k.limit("rate: 50/s")

	// What may leave all the same are notices whose claims are durable.
	most := int64(2*k.connections) * recordLine
	sending := k.sends()
	killed, code := k.strike(func(p *process) bool {
		if !sending(p) {
			return false
		}
		letGo := k.hold()
		before := k.recorded()
		pass(p, 2*time.Second)
		if more := k.recorded() - before; more > most {
			t.Errorf("while the ledger was held %d bytes more were recorded at the relay", more)
		}
		letGo()
		return until(p, glance, func() bool { return k.recorded() > before+most })
	}, "send")
	if !killed {
		t.Fatalf("it did not go on when the ledger was let go: it ended with %d", code)
	}
	k.check()

	sending = k.sends()
	var letGo func()
	var before int64
	code, words := k.launch(func(p *process) bool {
		if sending(p) {
			letGo = k.hold()
			before = k.recorded()
		}
		return false
	}, "resume")
	t.Logf("resume ends with %d: %s", code, words)
	if letGo == nil {
		t.Fatal("nothing was sent")
	}
	if more := k.recorded() - before; code != 1 || !isLocked.MatchString(words) || more > most {
		t.Errorf("resume ends with %d, after %d bytes more were recorded at the relay", code, more)
	}
	letGo()
	k.check()
	k.configure("rate: 50/s", "rate: 1000/s")
	k.finish(false)
}
