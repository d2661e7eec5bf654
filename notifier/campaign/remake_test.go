package campaign

import (
	"os"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// TestRemake makes a notice's bytes again from what the ledger keeps, after
// every file that they were made from is another.
func TestRemake(t *testing.T) {
	for _, notice := range []string{"", "notice_date: 2018-08-24"} {
		c := newCampaign(t, "exports:\n  extra: {store: Home Store}\n")
		if notice == "" {
			config, err := os.ReadFile(c.path(ConfigFile))
			if err != nil {
				t.Fatal(err)
			}
			write(t, c.path(ConfigFile), replaced(t, string(config), "  notice_date: 2018-08-24\n", ""))
			c = reopen(t, c)
		}
		export := c.path("export.csv")
		write(t, export, "Name,ZIP,Phone,Email,Account Number,Account Type,Home Store\nPat Number,98101,2065550100,pat@example.com,900112345,prepaid,Elm\n")
		plan(t, c, export)
		approve(t, c)

		// What a run of send does, without a relay.
		at := time.Date(2018, 8, 29, 17, 30, 0, 0, time.UTC)
		row := rowsOf(t, c)[0]
		notices, err := newComposer(c)
		if err != nil {
			t.Fatal(err)
		}
		sent, digest, err := notices.Compose(&row.Recipient, at)
		if err != nil {
			t.Fatal(err)
		}
		outcome := notifier.Outcome{Claim: notifier.Claim{Key: row.Recipient.Key, At: at, Approval: 1}, Digest: digest}

		for _, file := range []string{ConfigFile, lawFile, templatesDir + "/notice.en.md", templatesDir + "/layout.html"} {
			b, err := os.ReadFile(c.path(file))
			if err != nil {
				t.Fatal(err)
			}
			more := "# another\n"
			if file != ConfigFile && file != lawFile {
				more = "Another word.\n"
			}
			write(t, c.path(file), string(b)+more)
		}
		write(t, c.path(ConfigFile), replaced(t, facts, "We closed that system.", "We did nothing.")+"exports:\n  extra: {store: Home Store}\n")
		c = reopen(t, c)
		store := openLedger(t, c)
		again, same, err := c.remake(bg, store, &row.Recipient, &outcome)
		if err != nil || !same || string(again) != string(sent) {
			t.Errorf("made again: %v, same digest %v, same bytes %v", err, same, string(again) == string(sent))
		}
		row.Recipient.Name = notifier.NewName("Somebody Else")
		if _, same, err := c.remake(bg, store, &row.Recipient, &outcome); err != nil || same {
			t.Errorf("of another row: %v, same digest %v", err, same)
		}
		outcome.Claim.Approval = 7
		if _, _, err := c.remake(bg, store, &row.Recipient, &outcome); err == nil {
			t.Error("it was made under an approval that there is not")
		}
	}
}

func rowsOf(t *testing.T, c *Campaign) []ledger.Row {
	t.Helper()
	r, err := c.reader(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	var rows []ledger.Row
	if err := r.Each(bg, func(row ledger.Row) error {
		row.Recipient = copyOf(&row.Recipient)
		rows = append(rows, row)
		return nil
	}); err != nil || len(rows) == 0 {
		t.Fatal(rows, err)
	}
	return rows
}

// replaced returns text with old, which it must have, replaced by with.
func replaced(t *testing.T, text, old, with string) string {
	t.Helper()
	if !strings.Contains(text, old) {
		t.Fatalf("there is no %q", old)
	}
	return strings.Replace(text, old, with, 1)
}
