package demo

import (
	"fmt"
	"net/mail"

	"github.com/emersion/go-maildir"
)

// back is how many notices come back: the first ones that the relay finds.
const back = 12

// sendBack writes bounces of some notices into a Maildir of their own, as the next
// hop would send them to the notices' return path, and returns where it is.
func (r *mailRelay) sendBack(dir string) (string, error) {
	box := maildir.Dir(dir)
	if err := box.Init(); err != nil {
		return "", err
	}
	n := 0
	err := r.dir.Walk(func(m *maildir.Message) error {
		if n == back {
			return nil
		}
		n++
		notice, err := header(m)
		if err != nil {
			return err
		}
		return deliver(dir, n, notice)
	})
	return dir, err
}

// deliver writes the bounce of one notice (RFC 3464).
func deliver(dir string, n int, notice mail.Header) error {
	to, err := mail.ParseAddress(notice.Get("To"))
	if err != nil {
		return err
	}
	d, err := maildir.NewDelivery(dir)
	if err != nil {
		return err
	}
	key := notice.Get("X-Breachmail-Key")
	_, err = fmt.Fprintf(d, bounceOf, key, n, notice.Get("Date"), to.Address, notice.Get("Message-Id"))
	if err != nil {
		return fmt.Errorf("%w (%w)", err, d.Abort())
	}
	return d.Close()
}

// bounceOf is a bounce of the notice with that key, number, date, recipient and
// Message-ID.
const bounceOf = `From: Mail Delivery System <mailer-daemon@mx.example.net>
To: bounces+%[1]s@example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <demo.%[2]d@mx.example.net>
Date: %[3]s
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="demo"

--demo

The mailbox does not exist.

--demo
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; %[4]s
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such mailbox

--demo
Content-Type: text/rfc822-headers

Message-Id: %[5]s
X-Breachmail-Key: %[1]s

--demo--
`
