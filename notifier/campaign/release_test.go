package campaign

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"breachmail/notifier/internal/smtptest"
)

// gated is a campaign.yaml with a gate behind its first wave.
const gated = "waves:\n  - {name: pilot, recipients: 2, then: hold}\n  - {name: rest}\n"

// takeAll is a relay that takes everything.
const takeAll = `
< 220 relay.example.com ESMTP
> EHLO mail.example.com
< 250 relay.example.com
! repeat
> MAIL FROM:*
< 250 2.1.0 ok
> RCPT TO:*
< 250 2.1.5 ok
> DATA
< 354 go ahead
! content
< 250 2.0.0 queued as 1
`

func TestReleaseAsksTheSender(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, gated)
	plan(t, c, accounts(t, upTo(1, 5)...))
	unlock, err := c.lock(bg, "send")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // asking twice is asking once
		if r, err := c.Release(bg, "pilot"); err != nil || !r.Asked || r.Already {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	info, err := os.Stat(c.controlPath("pilot"))
	if err != nil || info.Mode().Perm() != personal {
		t.Errorf("%v, %v", info, err)
	}
	unlock()

	store := openLedger(t, c)
	if gates, err := c.gates(bg, store); err != nil || gates["pilot"] {
		t.Errorf("the gate that was asked for counts as closed: %v, %v", gates, err)
	}
	if released, err := store.Released(bg); err != nil || released["pilot"] {
		t.Errorf("somebody beside the sender wrote the ledger: %v, %v", released, err)
	}
	// The sender gets there.
	for range 2 {
		if open, err := c.isOpen(bg, store, "pilot"); err != nil || !open {
			t.Errorf("%v, %v", open, err)
		}
	}
	if released, err := store.Released(bg); err != nil || !released["pilot"] {
		t.Errorf("%v, %v", released, err)
	}
	if _, err := os.Stat(c.controlPath("pilot")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what was asked is still there: %v", err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if r, err := c.Release(bg, "pilot"); err != nil || !r.Already {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestReleaseRefusesWhatIsNoGate(t *testing.T) {
	for _, tt := range []struct{ waves, name, hint string }{
		{gated, "rest", "gates: pilot"},
		{gated, "nobody", "gates: pilot"},
		{gated, "", "gates: pilot"},
		{gated, "../pilot", "gates: pilot"},
		{"waves:\n  - {name: a, recipients: 2, then: hold}\n  - {name: b, recipients: 2, then: hold}\n  - {name: rest}\n", "rest", "gates: a, b"},
		{"", "rest", ""},
		{gated + "holds:\n" + regulators + police, "rest", "gates: pilot; holds: regulators-first, police"},
		{"holds:\n" + regulators, "rest", "holds: regulators-first"},
		{"holds:\n" + regulators, "", "holds: regulators-first"},
	} {
		c := newCampaign(t, tt.waves)
		_, err := c.Release(bg, tt.name)
		var h *Hinted
		errors.As(err, &h)
		if !errors.Is(err, ErrUsage) || (h == nil) != (tt.hint == "") || h != nil && h.Hint != tt.hint {
			t.Errorf("%q: %v, hint %+v", tt.name, err, h)
		}
	}
	if _, err := newCampaign(t, gated).Release(bg, "pilot"); !errors.Is(err, ErrNothingPlanned) {
		t.Errorf("before a plan: %v", err)
	}
}

// TestSenderTakesAReleaseWhileItRuns asks for the gate while the pilot is being
// sent: the same run goes on behind it.
func TestSenderTakesAReleaseWhileItRuns(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, gated)
	addr := smtptest.Serve(t, takeAll)
	write(t, c.path(ConfigFile), strings.Replace(facts, "127.0.0.1:1", addr, 1)+gated)
	c = reopen(t, c)
	plan(t, c, accounts(t, upTo(1, 5)...))
	approve(t, c)
	begun := false
	sent, err := c.Send(bg, bg, SendOptions{Verb: "send", Begin: func(s Status) {
		begun = true
		if s.Phase != PhaseSending {
			t.Errorf("it begins in phase %s", s.Phase)
		}
		if r, err := reopen(t, c).Release(bg, "pilot"); err != nil || !r.Asked {
			t.Errorf("%+v, %v", r, err)
		}
	}})
	if err != nil || !begun || sent.Status.Notices.Accepted != 5 || sent.Status.Phase != PhaseComplete {
		t.Fatalf("%+v, %v", sent, err)
	}
	if err := c.Audit(bg); err != nil {
		t.Error(err)
	}
}

// TestSendStopsAtTheGate is the same without the release.
func TestSendStopsAtTheGate(t *testing.T) {
	c := newCampaign(t, gated)
	addr := smtptest.Serve(t, takeAll)
	write(t, c.path(ConfigFile), strings.Replace(facts, "127.0.0.1:1", addr, 1)+gated)
	c = reopen(t, c)
	plan(t, c, accounts(t, upTo(1, 5)...))
	approve(t, c)
	sent, err := c.Send(bg, bg, SendOptions{Verb: "send"})
	if !errors.Is(err, ErrGate) || sent.Status.Notices.Accepted != 2 || sent.Status.Phase != PhaseAtGate || sent.Status.Gate != "pilot" {
		t.Errorf("%+v, %v", sent, err)
	}
	if want := fmt.Sprintf("%s: the gate after wave pilot is closed", ErrGate); err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}
