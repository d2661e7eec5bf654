//go:build unix

package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/campaign"
	"breachmail/notifier/ledger"
)

// missing and full are those without a mailbox, and with a full one.
func missing(n int) bool { return n%15 == 0 }
func full(n int) bool    { return n%60 == 7 }

// fullSize is what a mailbox may hold, in bytes, and what a full one does.
const fullSize = 51_200

// TestBouncesPostfix has Postfix take 3,000 notices, of which it cannot deliver
// 250: its own bounces come back into a Maildir, these people are written to, and
// the campaign is complete, to the person.
func TestBouncesPostfix(t *testing.T) {
	t.Parallel()
	const people, gone, filled = 3000, 200, 50
	server := startPostfix(t, people, "127.0.0.1:1") // bouncing asks no policy
	server.open()
	inbox := server.bouncing(people)
	c := newTrial(t, plan{recipients: people, connections: 8, few: true})
	c.prepare(server.addr)
	c.must("-C", c.dir, "send")
	if n := c.status().Notices; n.Accepted != people {
		t.Fatalf("Postfix took %d: %+v", n.Accepted, n)
	}
	awaits(t, "the bounces are back", func() bool { return filesBelow(filepath.Join(inbox, "new")) == gone+filled })

	taken := c.bounces(inbox)
	if taken.Read != gone+filled || taken.Bounced != gone+filled || taken.Hard != gone+filled || taken.ByAddress+taken.Other+taken.Unmatched != 0 {
		t.Errorf("taken in: %+v", taken)
	}
	if again := c.bounces(inbox); again.Repeated != gone+filled || again.Hard != 0 {
		t.Errorf("taken in again: %+v", again)
	}
	all := c.people()
	for key, p := range all {
		want := notifier.Accepted
		if missing(p.n) || full(p.n) {
			want = notifier.Bounced
		}
		if p.status != want {
			t.Errorf("%s (%d) is %s", key, p.n, p.status)
		}
	}
	c.bounceRows(all)
	if s := c.status(); s.Phase != campaign.PhaseSent || s.Letters.Untold != gone+filled {
		t.Errorf("phase %s, letters %+v", s.Phase, s.Letters)
	}
	c.lettersPostfix(all, gone+filled)
	c.reported(people, gone+filled)
	if out := c.must("-C", c.dir, "verify"); !strings.Contains(out, "3,000") {
		t.Errorf("verify says\n%s", out)
	}
}

// bouncing has Postfix take mail for people without a mailbox, as a company's relay
// does, deliver it to the others, and bring bounces to a Maildir, which is returned.
func (p *postfix) bouncing(people int) (maildir string) {
	p.Helper()
	var boxes strings.Builder
	boxes.WriteString("bounces@example.com bounces/\n")
	for n := range people {
		switch {
		case missing(n):
		case full(n):
			box := fmt.Sprintf("full-%d", n)
			fmt.Fprintf(&boxes, "%s %s\n", recipientAddress(n), box)
			path := filepath.Join(p.dir, box)
			if err := os.WriteFile(path, make([]byte, fullSize), 0o600); err != nil {
				p.Fatal(err)
			}
			if err := os.Chown(path, 65534, 65534); err != nil {
				p.Fatal(err)
			}
		default:
			fmt.Fprintf(&boxes, "%s %d/\n", recipientAddress(n), n)
		}
	}
	p.write("mailboxes", boxes.String())
	command(p.T, need(p.T, "postconf"), "-c", p.conf, "-e",
		"smtpd_recipient_restrictions=permit_mynetworks, reject", "smtpd_reject_unlisted_recipient=no",
		"recipient_delimiter=+", "message_size_limit=40960",
		fmt.Sprintf("virtual_mailbox_limit=%d", fullSize))
	p.reload()
	awaits(p.T, "Postfix greets", func() bool { return greets(p.addr) })
	return filepath.Join(p.dir, "bounces")
}

// bounces takes in what came back, and returns what was.
func (c *trial) bounces(paths ...string) takenObject {
	c.Helper()
	var o struct{ Taken takenObject }
	out := c.must(append([]string{"-C", c.dir, "bounces", "--json"}, paths...)...)
	if err := json.Unmarshal([]byte(out), &o); err != nil {
		c.Fatalf("%v\n%s", err, out)
	}
	return o.Taken
}

// bounceRows holds the evidence of what came back against what Postfix had to say,
// and to it that it names nobody.
func (c *trial) bounceRows(all map[notifier.Key]*person) {
	c.Helper()
	r := c.reader()
	defer r.Close()
	err := r.Decisions(c.Context(), ledger.KindBounce, func(e ledger.Evidence) error {
		p, o := all[e.Outcome.Claim.Key], &e.Outcome
		want := "5.1.1"
		if full(p.n) {
			want = "5.2.2"
		}
		local, _, _ := strings.Cut(recipientAddress(p.n), "@")
		if o.Enhanced != want || o.Status != notifier.Bounced || !strings.Contains(e.Note, `"verp"`) || strings.Contains(o.Reply, local) {
			c.Errorf("(%d) %s, %s: %d %s %s %s", p.n, o.Status, o.Cause, o.Code, o.Enhanced, o.Reply, e.Note)
		}
		return nil
	})
	if err != nil {
		c.Error(err)
	}
}

// lettersPostfix has letters written to those who bounced, and to nobody else.
func (c *trial) lettersPostfix(all map[notifier.Key]*person, n int) {
	c.Helper()
	c.must("-C", c.dir, "letters")
	list := filepath.Join(c.dir, "out", "letters", "letters.csv")
	rows := c.table(list)
	if len(rows) != n {
		c.Errorf("%d letters", len(rows))
	}
	for _, row := range rows {
		key, err := notifier.ParseKey(row["key"])
		p := all[key]
		if err != nil || p == nil || p.status != notifier.Bounced {
			c.Fatalf("a letter to %v: %+v, %v", row, p, err)
		}
		if want := strconv.Itoa(900_000_000 + p.n); row["account_numbers"] != want || row["reason"] != "bounced" {
			c.Errorf("(%d) %v", p.n, row)
		}
	}
	proof := filepath.Join(filepath.Dir(c.dir), "receipt.txt")
	c.write(proof, "250 letters were taken to the post office\n")
	c.must("-C", c.dir, "letters", "--sent", list, "--on", time.Now().Format(time.DateOnly), "--proof", proof)
	if s := c.status(); s.Phase != campaign.PhaseComplete || s.Letters.Untold != 0 || s.Letters.Told != int64(n) {
		c.Errorf("phase %s, letters %+v", s.Phase, s.Letters)
	}
}

// reported holds the report's table by state against the account.
func (c *trial) reported(people, post int) {
	c.Helper()
	c.must("-C", c.dir, "report")
	sum := map[string]int{}
	for _, row := range c.table(filepath.Join(c.dir, "out", "report", "by-state.csv")) {
		for name, text := range row {
			n, _ := strconv.Atoi(text)
			sum[name] += n
		}
	}
	for name, want := range map[string]int{"people": people, "email_accepted": people - post, "by_post_told": post, "untold": 0} {
		if sum[name] != want {
			c.Errorf("by-state.csv: %s are %d, not %d (%v)", name, sum[name], want, sum)
		}
	}
}

// table reads a CSV file, its rows by the names in its header.
func (c *trial) table(path string) (rows []map[string]string) {
	c.Helper()
	all, err := csv.NewReader(strings.NewReader(readFile(c.T, path))).ReadAll()
	if err != nil || len(all) == 0 {
		c.Fatalf("%s: %v", filepath.Base(path), err)
	}
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows
}
