package campaign

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/internal/smtptest"
	"breachmail/notifier/ledger"
	"breachmail/notifier/notice"
	"breachmail/notifier/send"
)

// TestFindingsOfTheGuardHalt tells the errors that halt a run from all others.
func TestFindingsOfTheGuardHalt(t *testing.T) {
	found := &notice.GuardError{Key: notifier.Key{1}, What: "it names an address that is not the recipient's"}
	other := errors.New("no such variant")
	for _, tt := range []struct {
		err  error
		halt string
	}{
		{found, found.Error()},
		{fmt.Errorf("compose: %w", found), found.Error()},
		{other, ""},
		{context.Canceled, ""},
		{nil, ""},
	} {
		err := asHalt(tt.err)
		halt := ""
		var h send.Halting
		if errors.As(err, &h) {
			halt = h.Halt()
		}
		if halt != tt.halt || halt == "" && err != tt.err {
			t.Errorf("%v: halts for %q, %v", tt.err, halt, err)
		}
	}
}

// TestGuardStopsASend has one row among many whose extra column holds somebody
// else's address: the run halts before that notice leaves, each time it is
// tried, and does not say the address.
func TestGuardStopsASend(t *testing.T) {
	t.Parallel()
	const bad, others = "Pat Bad", 20
	more := "exports: {extra: {store: Home Store}}\n"
	c := newCampaign(t, more)
	// One connection: a halt while another is being made resets that one.
	write(t, c.path(ConfigFile), strings.Replace(facts, "127.0.0.1:1", smtptest.Serve(t, takeAll), 1)+more)
	template := c.path(templatesDir, "notice.en.md")
	text, err := os.ReadFile(template)
	if err != nil {
		t.Fatal(err)
	}
	write(t, template, string(text)+"\n{{if .Extra.store}}Your store: {{.Extra.store}}{{end}}\n")
	var b strings.Builder
	b.WriteString("Name,ZIP,Phone,Email,Account Number,Account Type,Home Store\n")
	for n := range others {
		fmt.Fprintf(&b, "Pat Number%d,98101,2065550100,person%02d@example.com,90010%02d,prepaid,Downtown\n", n, n, n)
	}
	b.WriteString(bad + ",98101,2065550100,bad@example.com,9001099,prepaid,eve@example.org\n")
	export := filepath.Join(t.TempDir(), "export.csv")
	write(t, export, b.String())
	c = reopen(t, c)
	plan(t, c, export)
	approve(t, c)

	halted := func(when string, o SendOptions) {
		t.Helper()
		sent, err := c.Send(bg, bg, o)
		if !errors.Is(err, ErrHalted) || sent.Status.Phase != PhaseHalted || sent.Status.Halt == nil || strings.Contains(err.Error(), "example.org") {
			t.Fatalf("%s: %+v, %v", when, sent, err)
		}
		if n := sent.Status.Notices; n.InFlight+n.Unknown > 0 || n.Accepted+n.Pending != others+1 {
			t.Errorf("%s: %+v", when, n)
		}
		store := openLedger(t, c)
		defer func() { _ = store.Close() }()
		if err := store.Each(bg, func(r ledger.Row) error {
			if r.Recipient.Name.Reveal() == bad && (r.Status != notifier.Pending || r.Attempts != 0) {
				t.Errorf("%s: the guarded one is %s after %d claims", when, r.Status, r.Attempts)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := c.Audit(bg); err != nil {
			t.Error(err)
		}
	}
	halted("send", SendOptions{Verb: "send"})
	halted("resume", SendOptions{Verb: "resume"})
	halted("resume --clear-halt, with nothing mended", SendOptions{Verb: "resume", ClearHalt: true})
}
