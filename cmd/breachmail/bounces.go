package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

// bouncesFlags are the flags of bounces.
type bouncesFlags struct {
	follow    bool
	every     time.Duration
	byAddress bool
}

// The least and the usual time between two readings.
const (
	leastEvery = time.Second
	usualEvery = time.Minute
)

func newBounces(a *app) *cobra.Command {
	o := bouncesFlags{}
	c := &cobra.Command{
		Use:   "bounces PATH...",
		Short: "Take in the bounces that came back",
		Long: `Reads what came back about notices that the relay had taken. Whoever's notice came
back for good has bounced, and is to be told by post; what may still arrive, what
was reported as unwanted, and answers that a program wrote are noted. The same
message counts once, however often and wherever it is read.

A PATH is a Maildir, an mbox, a message, a folder of messages, event JSON of SES or
SendGrid, - for standard input, or a mailbox imaps://USER@HOST/FOLDER, whose
password is in the environment, BREACHMAIL_IMAP_PASSWORD. Messages in a mailbox
are marked as read by breachmail; nothing is deleted or moved anywhere.

A bounce is matched by the key in the address that it was sent to, or in the
notice that it returns. Where no key stands anywhere the address tells whose it may
be, which a forger can know as well: it is taken in with --by-address only. What is
not taken in changes nothing, and is kept in out/bounces/unmatched/.

--follow keeps looking, every minute or as --every says, until it is interrupted.
While another process has the campaign, a sender for example, or a place cannot be
read, it waits: what comes back stays where it lies.`,
		Example: example(`  breachmail -C aug-2018 bounces /var/mail/bounces/
  breachmail -C aug-2018 bounces imaps://bounces@mail.example.com/INBOX
  breachmail -C aug-2018 bounces --follow /var/mail/bounces/
  aws s3 cp s3://bucket/events.json - | breachmail -C aug-2018 bounces -`, 0, 1, 5, 10, 11, 14, 64, 130),
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runBounces(cmd.Context(), a, o, args)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.byAddress, "by-address", false, "also take in, by the address, what names no key")
	f.BoolVar(&o.follow, "follow", false, "keep looking until interrupted")
	f.DurationVar(&o.every, "every", usualEvery, "with --follow: how often, such as 30s or 5m")
	a.jsonFlag(c)
	return c
}

// bouncesObject is what bounces --json prints.
type bouncesObject struct {
	campaign.Status
	Taken takenObject `json:"taken"`
}

type takenObject struct {
	Recovered   int    `json:"recovered"`
	Read        int64  `json:"read"`
	Hard        int64  `json:"hard"`
	Bounced     int64  `json:"bounced"`
	Soft        int64  `json:"soft"`
	Complaints  int64  `json:"complaints"`
	AutoReplies int64  `json:"auto_replies"`
	Settled     int64  `json:"settled"`
	ByAddress   int64  `json:"by_address"`
	Repeated    int64  `json:"repeated"`
	Unmatched   int64  `json:"unmatched"`
	Unsent      int64  `json:"unsent"`
	Other       int64  `json:"other"`
	Kept        int64  `json:"kept"`
	KeptIn      string `json:"kept_in"`
}

func runBounces(ctx context.Context, a *app, o bouncesFlags, paths []string) error {
	if o.every < leastEvery {
		return &campaign.Hinted{
			Err:  fmt.Errorf("%w: --every %s", campaign.ErrUsage, o.every),
			Hint: "write a second or more, such as --every 30s",
		}
	}
	c, err := a.open()
	if err != nil {
		return err
	}
	w := a.words()
	t, err := c.Bounces(ctx, campaign.BouncesOptions{
		Sources: paths, Stdin: a.in, Getenv: os.Getenv, Warn: func(words string) { fmt.Fprintln(a.err, words) }, ByAddress: o.byAddress, Follow: o.follow, Every: o.every,
		Progress: func(t *campaign.BouncesTaken) { printReading(w, t) },
		Waiting:  func(err error) { fmt.Fprintf(w, "waiting: %v\n", err) },
	})
	if t == nil {
		return err
	}
	printTaken(w, c, t, o.byAddress)
	return errors.Join(a.object(bouncesObject{t.Status, takenOf(t)}), err)
}

func takenOf(t *campaign.BouncesTaken) takenObject {
	return takenObject{
		t.Recovered, t.Read, t.Hard, t.Bounced, t.Soft, t.Complaints, t.AutoReplies, t.Settled,
		t.ByAddress, t.Repeated, t.Unmatched, t.Unsent, t.Other, t.Kept, t.KeptIn,
	}
}

// printReading is the line of one reading while following; nothing where nothing
// new was there.
func printReading(w io.Writer, t *campaign.BouncesTaken) {
	if t.Read > t.Repeated {
		fmt.Fprintf(w, "%s  %s read: %s bounced, %s soft, %s answered by a program, %s unmatched\n", time.Now().Format(time.TimeOnly),
			number(t.Read), number(t.Bounced), number(t.Soft), number(t.AutoReplies), number(t.Unmatched+t.Unsent+t.Other))
	}
}

// printTaken says what was taken in, and what to do next.
func printTaken(w io.Writer, c *campaign.Campaign, t *campaign.BouncesTaken, byAddress bool) {
	fmt.Fprintf(w, "%s read\n", many(t.Read, "message", "messages"))
	kept := t.ByAddress
	if byAddress {
		kept = 0
	}
	for _, l := range []struct {
		n     int64
		words string
	}{
		{int64(t.Recovered), "on the way when the last run was killed: unknown until now"},
		{t.Bounced, "people bounced: to be told by post"},
		{t.Hard - t.Bounced, "came back for good, from people who had bounced before or have no accepted notice"},
		{t.Soft, "came back in a way that may not be final: noted"},
		{t.Complaints, "reported as unwanted: noted"},
		{t.AutoReplies, "answered by a program, such as out of office: noted"},
		{t.Settled, "people were unknown, and what came back shows that the relay had their notice"},
		{t.Repeated, "taken in before"},
		{t.Unmatched, "bounces of nobody in this campaign: nothing is changed by them"},
		{t.Unsent, "bounces of people to whom this ledger has sent nothing: look why"},
		{t.Other, "no bounces: somebody may have written"},
		{kept, "name nobody's key, and an address of this campaign, which a forger could know: not taken in\n" +
			strings.Repeat(" ", 14) + "(--by-address takes them in, from places that nobody else writes to)"},
	} {
		if l.n > 0 {
			fmt.Fprintf(w, "  %s  %s\n", padded(l.n), l.words)
		}
	}
	if t.ByAddress > 0 && byAddress {
		fmt.Fprintf(w, "%s matched by the address alone, which a forger could know\n", many(t.ByAddress, "of these was", "of these were"))
	}
	if t.Kept > 0 || t.Unmatched+t.Unsent+t.Other > 0 {
		fmt.Fprintf(w, "what changed nothing is kept in %s (%s new)\n", t.KeptIn, number(t.Kept))
	}
	if next := nextStep(c, &t.Status); next != "" {
		fmt.Fprintln(w, "Next: "+next)
	}
}
