//go:build unix

package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/smtp"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"breachmail/notifier"
)

// TestPostfix sends to Postfix over STARTTLS and a login, while a policy defers
// and refuses by address. In the middle Postfix is stopped and started again,
// and reloaded later. Then every Maildir has exactly its notice.
func TestPostfix(t *testing.T) {
	t.Parallel()
	size := mtaSize()
	third := size.recipients / 3
	rules := startPolicy(t, third, 2*third)
	server := startPostfix(t, size.recipients, rules.addr)
	server.keepsStrangersOut()
	c := newTrial(t, size)
	c.prepareFor(server)

	run := c.begin("send")
	run.until(rules.marks[0].reached, "a third was offered")
	close(rules.marks[0].pass)
	server.stop()
	server.start()
	run.until(rules.marks[1].reached, "two thirds were offered")
	server.reload()
	close(rules.marks[1].pass)
	run.finish()

	all := c.people()
	copies := server.held(t).copies
	c.compare(all, copies)
	c.counted(all)
	c.followsPolicy(all)
	c.nameless(all)
	c.resendUnknown(server)
}

// prepareFor makes a campaign that logs in to Postfix.
func (c *trial) prepareFor(p *postfix) {
	c.Helper()
	c.prepare(p.addr)
	c.write(filepath.Join(c.dir, "password"), postfixPassword+"\n")
	c.configure(
		"tls: none", fmt.Sprintf("tls: starttls, ca_file: %q, auth: {mechanism: plain, username: %q, password_file: password}", p.certs.ca, postfixUser),
		fmt.Sprintf("limits: {rate: %d/s}", c.rate()), mtaRate,
	)
}

// followsPolicy holds what became of each person against the policy. A 450 may
// have been lost when Postfix was stopped, one for each connection.
func (c *trial) followsPolicy(all map[notifier.Key]*person) {
	c.Helper()
	var refused, deferred, lost int
	for key, p := range all {
		refuse, defers := verdictOf(p.n)
		last := p.last()
		if refuse {
			refused++
			if p.status != notifier.Refused || last.Code != 550 || last.Enhanced != "5.1.1" {
				c.Errorf("%s (%d) is refused by the policy, and is %s: %+v", key, p.n, p.status, p.attempts)
			}
			continue
		}
		if p.status == notifier.Refused {
			c.Errorf("%s (%d) is refused by nobody, and is %s: %+v", key, p.n, p.status, p.attempts)
		}
		deferred += p.replies(450, "4.7.1")
		lost += defers - p.replies(450, "4.7.1")
	}
	if lost < 0 || lost > c.connections || refused == 0 || deferred == 0 {
		c.Errorf("%d were refused and %d times 450 was said, %d fewer than by the policy", refused, deferred, lost)
	}
	c.Logf("%d were refused, 450 was said %d times and lost %d times", refused, deferred, lost)
}

// keepsStrangersOut makes sure that the login is needed: nothing is taken
// without TLS, AUTH is not offered without it, and nobody is taken without
// AUTH.
func (p *postfix) keepsStrangersOut() {
	p.Helper()
	client, err := smtp.Dial(p.addr)
	if err != nil {
		p.Fatal(err)
	}
	defer client.Close()
	if ok, _ := client.Extension("AUTH"); ok {
		p.Error("Postfix offers AUTH in the clear")
	}
	if err := client.Mail("bounces@example.com"); replyCode(err) != 530 {
		p.Errorf("in the clear MAIL is answered with %v", err)
	}
	ca, err := os.ReadFile(p.certs.ca)
	if err != nil {
		p.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	if err := client.StartTLS(&tls.Config{ServerName: "127.0.0.1", RootCAs: roots, MinVersion: tls.VersionTLS12}); err != nil {
		p.Fatal(err)
	}
	if ok, offered := client.Extension("AUTH"); !ok || !strings.Contains(offered, "PLAIN") {
		p.Fatalf("Postfix offers AUTH %q, not PLAIN (Debian has it in libsasl2-modules)", offered)
	}
	if err := client.Mail("bounces@example.com"); err != nil {
		p.Fatal(err)
	}
	if err := client.Rcpt(recipientAddress(0)); replyCode(err) != 554 {
		p.Errorf("without a login RCPT is answered with %v", err)
	}
}

// replyCode is the code of an SMTP error, 0 for any other.
func replyCode(err error) int {
	if reply, ok := err.(*textproto.Error); ok {
		return reply.Code
	}
	return 0
}
