package campaign

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"breachmail/notifier/ledger"
	"breachmail/notifier/review"
)

// approveAsBefore records an approval as the version before this one did: of
// fewer things, and without keeping any of them.
func approveAsBefore(t *testing.T, c *Campaign) {
	t.Helper()
	store, err := c.open(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	batches, err := store.Batches(bg)
	if err != nil {
		t.Fatal(err)
	}
	text, err := c.text(sampleDay(batches), false)
	if err != nil {
		t.Fatal(err)
	}
	a := ledger.Approval{By: "Ana Ruiz, General Counsel", Items: map[string]string{}, Lists: map[int]string{}, At: time.Now().UTC()}
	var items []review.Item
	for _, it := range text.items {
		if it.Name == ConfigFile+": approvals" || strings.HasSuffix(it.Name, ")") || strings.HasPrefix(it.Name, "website.") || strings.HasPrefix(it.Name, "call-center.") {
			continue
		}
		items = append(items, it)
		a.Items[it.Name] = it.Digest.String()
	}
	for _, b := range batches {
		a.Lists[b.Number] = b.Digest.String()
	}
	a.Text = review.TextDigest(items).String()
	a.Code = review.Code(review.TextDigest(items), lists(batches)).String()
	if _, err := store.Approve(bg, a, nil); err != nil {
		t.Fatal(err)
	}
}

// TestApprovedByAnOlderVersion goes on with a campaign that the version before
// this one approved: it has to be approved again, and can be.
func TestApprovedByAnOlderVersion(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1, 2, 3))
	approveAsBefore(t, c)
	s, err := c.Status(bg)
	if err != nil || s.Phase != PhasePlanned || len(s.Approvals) != 1 || s.Approvals[0].Wrong != "" {
		t.Errorf("status: %v, %s, %+v", err, s.Phase, s.Approvals)
	}
	why := notApproved(t, c)
	if !strings.Contains(why, "binds more") || strings.Contains(why, "approvals was added") {
		t.Errorf("it says %s", why)
	}
	for _, change := range []string{"", "One more sentence.\n"} {
		path := c.path(templatesDir, "notice.en.md")
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		write(t, path, string(b)+change)
		c = reopen(t, c)
		p, err := c.Preview(bg, PreviewOptions{})
		if err != nil || p.Code == "" {
			t.Fatalf("preview: %v, code %q", err, p.Code)
		}
	}
	approve(t, c)
	if s, err := c.Status(bg); err != nil || s.Phase != PhaseApproved {
		t.Errorf("approved anew: %v, %s", err, s.Phase)
	}
}

// notApproved returns why nothing of c may be sent.
func notApproved(t *testing.T, c *Campaign) string {
	t.Helper()
	r, err := c.reader(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	batches, err := r.Batches(bg)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.approved(bg, r, batches)
	if !errors.Is(err, ErrNotApproved) {
		t.Fatalf("it is %v", err)
	}
	return err.Error()
}

// TestContentsLost has what was approved damaged in the ledger, or gone: that is
// said, nothing is sent, and a new approval keeps it again.
func TestContentsLost(t *testing.T) {
	for name, spoil := range map[string]string{
		"gone":    "DELETE FROM contents",
		"damaged": "UPDATE contents SET bytes = x'00'",
	} {
		c := newCampaign(t, "")
		plan(t, c, accounts(t, 1))
		approve(t, c)
		byHand(t, c, spoil)
		if _, err := c.Send(bg, bg, SendOptions{Verb: "send"}); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: send ends with %v", name, err)
		}
		write(t, c.path(ConfigFile), replaced(t, facts, "We closed that system.", "We closed it."))
		c = reopen(t, c)
		if why := notApproved(t, c); !strings.Contains(why, "the ledger is damaged") || !strings.Contains(why, "campaign.yaml: incident") {
			t.Errorf("%s: %v", name, why)
		}
		approve(t, c)
		if s, err := c.Status(bg); err != nil || s.Phase != PhaseApproved {
			t.Errorf("%s: approved anew: %v, %s", name, err, s.Phase)
		}
	}
}
