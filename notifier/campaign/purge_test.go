package campaign

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier/ledger"
)

// TestPurgeAfterRetention purges without being told to as soon as retention is
// over, and not before.
func TestPurgeAfterRetention(t *testing.T) {
	c := newCampaign(t, "retention: 30d\n")
	plan(t, c, accounts(t, 1, 2, 3))
	p, err := c.Purge(bg, PurgeOptions{Yes: true})
	if err == nil || errors.Is(err, ErrUsage) || p.Purged != nil || p.People != 3 || p.Left.Pending != 3 || time.Until(p.Until) < 29*day {
		t.Fatalf("%+v, %v", p, err)
	}
	byHand(t, c, "UPDATE batches SET at = ?", time.Now().Add(-30*day-time.Minute).Unix())
	if p, err = c.Purge(bg, PurgeOptions{}); err != nil || p.Purged == nil || p.People != 3 || p.Before || p.ForgotKey {
		t.Fatalf("%+v, %v", p, err)
	}
	if _, err := c.Verify(bg, ""); err != nil {
		t.Error(err)
	}
	if p, err = c.Purge(bg, PurgeOptions{}); err != nil || !p.Before || p.People != 3 {
		t.Errorf("again: %+v, %v", p, err)
	}
}

// TestPurgeCountsFromTheEvidence takes the last row of evidence for the
// beginning of retention, and no purge for one.
func TestPurgeCountsFromTheEvidence(t *testing.T) {
	c := newCampaign(t, piloted+"retention: 30d\n")
	plan(t, c, accounts(t, upTo(1, 7)...))
	byHand(t, c, "UPDATE batches SET at = 0")
	approve(t, c)
	live(t, c)
	p, err := c.Purge(bg, PurgeOptions{})
	if err == nil || time.Until(p.Until) < 29*day {
		t.Fatalf("%+v, %v", p, err)
	}
	// Of the open claim of a sender that died nobody can tell any more than of the
	// others.
	if p.Left != (ledger.Notices{Pending: 1, Deferred: 1, Accepted: 1, Refused: 1, Unknown: 2, Bounced: 1}) {
		t.Errorf("%+v", p.Left)
	}
	until := p.Until
	if p, err = c.Purge(bg, PurgeOptions{Now: true, Yes: true}); err != nil || p.Left.Unknown != 2 || p.Left.InFlight != 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	if p, err = c.Purge(bg, PurgeOptions{ForgetKey: true}); err == nil || !p.Gone || p.Until.Sub(until).Abs() > time.Minute {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := c.Verify(bg, ""); err != nil {
		t.Error(err)
	}
}

// TestPurgeIsEnded finds what a killed purge has left, with or without its file.
func TestPurgeIsEnded(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1, 2, 3))
	if _, err := c.Purge(bg, PurgeOptions{Now: true, Yes: true, ForgetKey: true}); err != nil {
		t.Fatal(err)
	}
	if s, err := c.Status(bg); err != nil || s.Purged == nil || s.Purging {
		t.Errorf("%+v, %v", s, err)
	}
	for name, text := range map[string]string{purgingFile: "", secretFile: "0123\n", "ledger.db.v3.bak": "x"} {
		write(t, c.path(name), text)
	}
	if s, err := c.Status(bg); err != nil || s.Purged == nil || !s.Purging {
		t.Errorf("%+v, %v", s, err)
	}
	p, err := c.Purge(bg, PurgeOptions{}) // the key was forgotten when it was asked for the first time
	if err != nil || !p.Before || !p.ForgotKey || !slices.Equal(p.Removed, []string{"ledger.db.v3.bak", secretFile}) {
		t.Errorf("%+v, %v", p, err)
	}
	if s, err := c.Status(bg); err != nil || s.Purging {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestPurgeNeedsTheSecret(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1, 2, 3))
	if err := os.Remove(c.path(secretFile)); err != nil {
		t.Fatal(err)
	}
	_, err := c.Purge(bg, PurgeOptions{Now: true, Yes: true})
	if err == nil || !strings.Contains(err.Error(), "--forget-key") {
		t.Errorf("without the secret: %v", err)
	}
	if s, err := c.Status(bg); err != nil || s.Purged != nil || s.Purging {
		t.Errorf("%+v, %v", s, err)
	}
	if p, err := c.Purge(bg, PurgeOptions{Now: true, Yes: true, ForgetKey: true}); err != nil || p.Purged == nil {
		t.Errorf("%+v, %v", p, err)
	}
}

// TestPurgeWaitsForNobody leaves everything as it is while check writes.
func TestPurgeWaitsForNobody(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1, 2, 3))
	out, err := makeOut(c.Dir, checkDir)
	if err != nil {
		t.Fatal(err)
	}
	release, err := alone(out)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Purge(bg, PurgeOptions{Now: true, Yes: true})
	release()
	if !errors.Is(err, ErrLocked) {
		t.Errorf("while check writes: %v", err)
	}
	if s, err := c.Status(bg); err != nil || s.Purged != nil || s.Purging {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestPurgeNamesWhatIsNotOurs lists files, and not those that belong there.
func TestPurgeNamesWhatIsNotOurs(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1))
	approve(t, c)
	if _, err := c.Backup(bg, c.path("kept.db")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(c.path("exports", "old"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"exports/old/east.csv", "campaign.yaml~", "templates/east.csv", "out/bundle.zip", "ledger.db.copy"} {
		write(t, c.path(name), "x")
	}
	if err := os.Symlink(t.TempDir(), c.path("elsewhere")); err != nil {
		t.Fatal(err)
	}
	p, err := c.Purge(bg, PurgeOptions{Now: true, Yes: true})
	want := []string{"campaign.yaml~", "elsewhere", "exports/old/east.csv", "ledger.db.copy", "out/bundle.zip", "templates/east.csv"}
	if err != nil || !slices.Equal(p.Others, want) || len(p.Backups) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	for _, name := range want {
		if !exists(c.path(name)) {
			t.Errorf("%s is removed", name)
		}
	}
	if !exists(c.path(outDir, approvalsDir, "approval-1.txt")) || exists(c.path(outDir, "plan")) {
		t.Error("what was approved is gone, or the lists of rows are not")
	}
}
