package campaign

import (
	"strings"
	"testing"

	"breachmail/notifier/ledger"
)

// waveOf is a wave with one notice for each letter: p(ending), in f(light),
// d(eferred), a(ccepted), u(nknown).
func waveOf(name, notices string) ledger.WaveTotals {
	w := ledger.WaveTotals{Name: name}
	for _, r := range notices {
		*map[rune]*int64{
			'p': &w.Notices.Pending, 'f': &w.Notices.InFlight, 'd': &w.Notices.Deferred,
			'a': &w.Notices.Accepted, 'u': &w.Notices.Unknown,
		}[r]++
	}
	return w
}

func TestWaveStates(t *testing.T) {
	for _, tt := range []struct {
		notices string // of the waves one, two, three
		closed  string // gates
		want    string
		gate    string
	}{
		{"p p p", "", "open waiting waiting", ""},
		{"ap p p", "", "open waiting waiting", ""},
		{"a p p", "", "done open waiting", ""},
		{"a f p", "", "done open waiting", ""},
		{"a a a", "", "done done done", ""},
		{"a a au", "", "done done done", ""},
		{"ad p p", "", "open open waiting", ""}, // the deferred do not hold up the next wave
		{"a a d", "", "done done open", ""},
		// A gate after one.
		{"p p p", "one", "open waiting waiting", ""},
		{"a p p", "one", "done held waiting", "one"},
		{"ad p p", "one", "open held waiting", "one"},
		{"a a a", "one", "done done done", ""},
		{"a a p", "one", "done done held", "one"},
		// A gate after two, and both.
		{"a p p", "two", "done open waiting", ""},
		{"a a p", "two", "done done held", "two"},
		{"a a p", "one two", "done done held", "one"},
		{"p a p", "two", "open done waiting", ""},
		// Nobody in a wave.
		{" p p", "one", "done held waiting", "one"},
		// A gate behind which nobody stands.
		{"a a p", "three", "done done open", ""},
	} {
		parts := strings.Split(tt.notices, " ")
		closed := map[string]bool{}
		for _, g := range strings.Fields(tt.closed) {
			closed[g] = true
		}
		s := Status{Waves: make([]WaveStatus, 3)}
		gate := s.fillWaves([]ledger.WaveTotals{waveOf("one", parts[0]), waveOf("two", parts[1]), waveOf("three", parts[2])}, closed)
		var states []string
		for _, w := range s.Waves {
			states = append(states, w.State)
		}
		if got := strings.Join(states, " "); got != tt.want || gate != tt.gate {
			t.Errorf("%q with the gates after %q closed: %s, stands at %q", tt.notices, tt.closed, got, gate)
		}
		if s.Waves[0].Total != int64(len(parts[0])) || s.Waves[0].Accepted != int64(strings.Count(parts[0], "a")) {
			t.Errorf("%q: %+v", tt.notices, s.Waves[0])
		}
	}
}

func TestPhaseWhileSomethingIsLeft(t *testing.T) {
	for _, tt := range []struct {
		ready, begun bool
		gate         string
		held         bool
		want         Phase
	}{
		{false, false, "", false, PhasePlanned},
		{false, true, "", false, PhasePlanned},
		{false, true, "pilot", false, PhasePlanned},
		{false, true, "", true, PhasePlanned},
		{true, false, "", false, PhaseApproved},
		{true, false, "", true, PhaseAtGate},
		{true, true, "pilot", false, PhaseAtGate},
		{true, true, "", true, PhaseAtGate},
		{true, true, "", false, PhaseInterrupted},
	} {
		if got := phaseLeft(&Status{Gate: tt.gate, Held: tt.held}, tt.ready, tt.begun); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

func TestUntold(t *testing.T) {
	s := &Status{Recipients: ledger.Recipients{Total: 10, Email: 8, Postal: 2}, Notices: ledger.Notices{Accepted: 5, Refused: 2, Bounced: 1}}
	told := ledger.LetterTotals{Listed: 6, Told: 4, ToldDue: 3}
	if got, want := s.letters(told, false), (LettersStatus{Due: 5, Listed: 6, Told: 4, Untold: 2}); got != want {
		t.Errorf("%+v", got)
	}
	if got, want := s.letters(told, true), (LettersStatus{Due: 10, Listed: 6, Told: 4, Untold: 6}); got != want {
		t.Errorf("when all are to be told by letter: %+v", got)
	}
}

// TestPhases takes one campaign through the phases that rest in the ledger.
func TestPhases(t *testing.T) {
	c := newCampaign(t, "")
	is := func(want Phase) Status {
		t.Helper()
		s, err := c.Status(bg)
		if err != nil || s.Phase != want || !s.Balanced {
			t.Fatalf("phase %s, not %s: %+v, %v", s.Phase, want, s, err)
		}
		return s
	}
	if s := is(PhaseEmpty); s.Waves == nil || len(s.Waves) != 0 {
		t.Errorf("no wave is null, not []")
	}
	plan(t, c, accounts(t, 1, 2))
	is(PhasePlanned)
	approve(t, c)
	is(PhaseApproved)
	plan(t, c, accounts(t, 3))
	if s := is(PhaseApproved); s.Unapproved != 1 || s.Batches != 2 {
		t.Errorf("%d of %d batches are unapproved", s.Unapproved, s.Batches)
	}
	unlock, err := c.lock(bg, "send")
	if err != nil {
		t.Fatal(err)
	}
	is(PhaseSending)
	unlock()
	unlock, err = c.lock(bg, "plan")
	if err != nil {
		t.Fatal(err)
	}
	is(PhaseApproved)
	unlock()
	store := openLedger(t, c)
	deferNow(t, store, 1, "rest")
	if s := is(PhaseInterrupted); s.NextDue.IsZero() {
		t.Error("it does not say when the deferred one is due")
	}
	if err := store.Halt(bg, ledger.Halt{Reason: "too many refused"}); err != nil {
		t.Fatal(err)
	}
	is(PhaseHalted)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	byHand(t, c, "UPDATE tally SET n = n + 1")
	if s, err := c.Status(bg); err != nil || s.Balanced || s.Unbalanced == nil {
		t.Errorf("an account that does not close is called balanced: %+v, %v", s, err)
	}
}
