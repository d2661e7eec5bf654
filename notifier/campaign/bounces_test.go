package campaign

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// bounced is what comes back from the recipient with that key, for good.
func bounced(k notifier.Key, n int) string {
	return fmt.Sprintf(`From: MAILER-DAEMON@mx.example.net
To: bounces+%s@example.com
Message-ID: <%d.dsn@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; person@example.com
Action: failed
Status: 5.1.1

--b--
`, k, n)
}

// received makes a campaign of some people whose notices the relay took, and an
// empty Maildir.
func received(t *testing.T, people int) (c *Campaign, keys []notifier.Key, maildir string) {
	t.Helper()
	c = newCampaign(t, "")
	plan(t, c, accounts(t, upTo(1, people)...))
	approve(t, c)
	store, err := c.open(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	now := time.Now()
	err = store.Each(bg, func(r ledger.Row) error {
		cl := notifier.Claim{ID: r.Recipient.ID, Key: r.Recipient.Key, Was: r.Status, Attempt: 1, Wave: r.Wave, Relay: "primary", At: now, Approval: 1}
		store.Claim(cl, func(error) {})
		store.Record(notifier.Outcome{Claim: cl, Status: notifier.Accepted, Code: 250, At: now}, func(error) {})
		keys = append(keys, r.Recipient.Key)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	maildir = filepath.Join(t.TempDir(), "bounces")
	for _, sub := range []string{"new", "cur", "tmp"} {
		if err := os.MkdirAll(filepath.Join(maildir, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return c, keys, maildir
}

// TestFollow has bounces come while they are looked for, somebody else have the
// campaign meanwhile, and one of two places be gone: it goes on until it is ended,
// and that is no error.
func TestFollow(t *testing.T) {
	t.Parallel()
	c, keys, box := received(t, 4)
	gone := filepath.Join(t.TempDir(), "gone.mbox")
	write(t, gone, "From MAILER-DAEMON Fri Aug 24 15:00:00 2018\n"+bounced(keys[3], 3)+"\n")
	ctx, end := context.WithCancel(bg)
	defer end()
	var unlock func()
	var waited []error
	readings := 0
	deliver := func(n int) { write(t, filepath.Join(box, "new", fmt.Sprint(n)), bounced(keys[n], n)) }
	deliver(0)
	all, err := c.Bounces(ctx, BouncesOptions{
		Sources: []string{gone, box}, Follow: true, Every: time.Millisecond,
		Progress: func(taken *BouncesTaken) {
			switch readings++; readings {
			case 1:
				if err := os.Remove(gone); err != nil {
					t.Error(err)
				}
			case 2:
				deliver(1)
			case 3:
				deliver(2)
				var err error
				if unlock, err = c.lock(bg, "send"); err != nil {
					t.Error(err)
				}
			case 5:
				end()
			}
		},
		Waiting: func(err error) {
			waited = append(waited, err)
			if errors.Is(err, ErrLocked) {
				unlock()
			}
		},
	})
	if err != nil || all.Bounced != 4 || all.Status.Notices.Bounced != 4 {
		t.Errorf("%+v, %v", all, err)
	}
	if len(waited) != 3 || !strings.Contains(waited[0].Error(), "gone.mbox") || !errors.Is(waited[1], ErrLocked) {
		t.Errorf("waited for %v", waited)
	}
}

// TestBouncesByAddress: what two people with one address share is matched to
// neither by it, and what is kept can be read by its owner only.
func TestBouncesByAddress(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, "")
	path := filepath.Join(t.TempDir(), "export.csv")
	write(t, path, "Name,ZIP,Phone,Email,Account Number,Account Type\nPat One,98101,2065550100,both@example.com,900100001,prepaid\n"+
		"Pat Two,98101,2065550100,both@example.com,900100002,prepaid\nPat Three,98101,2065550100,three@example.com,900100003,prepaid\n")
	plan(t, c, path)
	take := func(address string) *BouncesTaken {
		t.Helper()
		file := filepath.Join(t.TempDir(), "one.eml")
		text := bounced(notifier.Key{}, len(address))
		text = strings.Replace(text, "bounces+"+notifier.Key{}.String(), "bounces", 1)
		write(t, file, strings.Replace(text, "person@example.com", address, 1))
		taken, err := c.Bounces(bg, BouncesOptions{Sources: []string{file}})
		if err != nil {
			t.Fatal(err)
		}
		return taken
	}
	if taken := take("both@example.com"); taken.Unmatched != 1 || taken.Kept != 1 || taken.Hard != 0 {
		t.Errorf("%+v", taken)
	}
	if taken := take("three@example.com"); taken.Unsent != 1 || taken.Kept != 1 {
		t.Errorf("%+v", taken)
	}
	kept, err := filepath.Glob(filepath.Join(c.Dir, "out", "bounces", "unmatched", "*.eml"))
	if err != nil || len(kept) != 2 {
		t.Fatal(kept, err)
	}
	if info, err := os.Stat(kept[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
}
