//go:build unix

package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
)

// TestBouncesKilled kills the real program with SIGKILL at moments spread over a
// reading of bounces, and runs it again: each counts once, and is counted.
func TestBouncesKilled(t *testing.T) {
	t.Parallel()
	kills := 10
	if testing.Short() {
		kills = 5
	}
	c := newKilling(t, kills)
	c.ready(300*(kills+1), 8, "", "")
	c.must("-C", c.dir, "send")
	parts := c.bounceParts(300)
	start := time.Now()
	c.bounces(parts[0])
	takes := time.Since(start)
	killed := 0
	for i, part := range parts[1:] {
		after := takes * time.Duration(2*i+1) / time.Duration(2*kills)
		if c.killIfRunning(after, "bounces", part) {
			killed++
		}
		c.bounces(part)
		if again := c.bounces(part); again.Repeated != 300 || again.Hard+again.Soft+again.Bounced != 0 {
			t.Errorf("killed after %v: read again: %+v", after, again)
		}
		s := c.status()
		if want := int64(150 * (i + 2)); s.Notices.Bounced != want || s.Bounces.Hard != want || s.Bounces.Soft != want {
			t.Errorf("killed after %v: %+v, %+v", after, s.Notices, s.Bounces)
		}
		c.must("-C", c.dir, "verify")
	}
	if killed < max(1, kills/4) {
		t.Errorf("only %d of %d readings, of %v each, were killed before they had ended", killed, kills, takes)
	}
	t.Logf("%d of %d readings were killed within %v", killed, kills, takes)
}

// bounceParts writes an mbox for each n people, and returns their paths.
func (c *trial) bounceParts(n int) (paths []string) {
	c.Helper()
	parts := make([]strings.Builder, c.recipients/n)
	for key, p := range c.people() {
		writeBounce(&parts[p.n/n], key, p.n)
	}
	for i := range parts {
		path := filepath.Join(filepath.Dir(c.dir), fmt.Sprintf("bounces-%d.mbox", i))
		c.write(path, parts[i].String())
		paths = append(paths, path)
	}
	return paths
}

// writeBounce writes a bounce of one person: for good where the number is even, of
// the others not.
func writeBounce(b *strings.Builder, key notifier.Key, n int) {
	action, status := "failed", "5.1.1"
	if n%2 == 1 {
		action, status = "delayed", "4.4.1"
	}
	fmt.Fprintf(b, `From MAILER-DAEMON Fri Aug 24 15:00:00 2018
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: bounces+%s@example.com
Subject: Delivery Status Notification
Message-ID: <%d.dsn@mx.example.net>
Date: Fri, 24 Aug 2018 15:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

The notice could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; %s
Action: %s
Status: %s
Diagnostic-Code: smtp; 550 no such user

--b--

`, key, n, recipientAddress(n), action, status)
}
