// Command returns writes a bounce for each recipient of a campaign's ledger, as a
// relay's next hop would send it back: .ci/bench-bounces measures how fast they are
// taken in.
//
//	returns CAMPAIGN MBOX MAILDIR EVERY
//
// of every EVERYth recipient; an empty MAILDIR is left out.
package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
)

func main() {
	if err := write(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "returns:", err)
		os.Exit(1)
	}
}

func write(args []string) (err error) {
	if len(args) != 4 {
		return fmt.Errorf("%d arguments, not CAMPAIGN MBOX MAILDIR EVERY", len(args))
	}
	every, err := strconv.Atoi(args[3])
	if err != nil || every < 1 {
		return fmt.Errorf("EVERY is %q", args[3])
	}
	r, err := sqlite.OpenReader(context.Background(), filepath.Join(args[0], "ledger.db"))
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	f, err := os.Create(args[1])
	if err != nil {
		return err
	}
	mbox := bufio.NewWriterSize(f, 1<<20)
	maildir := args[2]
	for _, sub := range []string{"new", "cur", "tmp"} {
		if maildir != "" {
			if err := os.MkdirAll(filepath.Join(maildir, sub), 0o700); err != nil {
				return err
			}
		}
	}
	n := 0
	err = r.Each(context.Background(), func(row ledger.Row) error {
		if n++; n%every != 0 {
			return nil
		}
		b := returned(&row.Recipient, n)
		fmt.Fprintf(mbox, "From MAILER-DAEMON Fri Aug 24 15:00:00 2018\n%s\n", b)
		if maildir == "" {
			return nil
		}
		return os.WriteFile(filepath.Join(maildir, "new", fmt.Sprintf("1535122800.M%dP1.mx", n)), b, 0o600)
	})
	if err == nil {
		err = mbox.Flush()
	}
	if err == nil {
		err = f.Close()
	}
	return err
}

// returned is the bounce of one recipient, with a notice of usual size in it.
func returned(r *notifier.Recipient, n int) []byte {
	var b bytes.Buffer
	key, to := r.Key.String(), r.Address.Reveal()
	fmt.Fprintf(&b, `Return-Path: <>
Delivered-To: bounces+%[1]s@example.com
Received: from mx.example.net (mx.example.net [192.0.2.1]) by mail.example.com (Postfix) with ESMTP id 4XYZ%[3]d; Fri, 24 Aug 2018 15:00:00 +0000 (UTC)
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: bounces+%[1]s@example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <%[3]d.dsn@mx.example.net>
Date: Fri, 24 Aug 2018 15:00:00 +0000
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4XYZ/mx.example.net"

--4XYZ/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

Your message could not be delivered to the recipient below.

<%[2]s>: unknown user: "%[2]s"

--4XYZ/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4XYZ%[3]d
Arrival-Date: Fri, 24 Aug 2018 14:59:59 +0000 (UTC)

Final-Recipient: rfc822; %[2]s
Original-Recipient: rfc822;%[2]s
Action: failed
Status: 5.1.1
Diagnostic-Code: X-Postfix; unknown user: "%[2]s"

--4XYZ/mx.example.net
Content-Description: Undelivered Message
Content-Type: message/rfc822

Return-Path: <bounces+%[1]s@example.com>
From: Northwind Mobile <notices@example.com>
To: <%[2]s>
Subject: Notice of Data Breach
Message-Id: <bench.%[1]s@mail.example.com>
X-Breachmail-Key: %[1]s
Date: Fri, 24 Aug 2018 14:59:58 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

`, key, to, n)
	b.WriteString(strings.Repeat("We closed the system that was abused, and reported the crime to the police.\n", 65))
	b.WriteString("\n--4XYZ/mx.example.net--\n")
	return b.Bytes()
}
