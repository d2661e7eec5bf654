package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

func newPurge(a *app) *cobra.Command {
	var o campaign.PurgeOptions
	c := &cobra.Command{
		Use:   "purge",
		Short: "Remove personal data for good, keep the evidence",
		Long: `Removes names, addresses, phone and account numbers from the ledger and every
file of the campaign that may hold some, once retention is over, counted from
the last row of evidence; with --now --yes before that. Keys, outcomes and
evidence stay, and verify still passes. Nobody can be sent to any more.
Killed at any moment, it is run again.`,
		Example: example("  breachmail -C aug-2018 purge\n  breachmail -C aug-2018 purge --now --yes --forget-key", 0, 1, 5, 10, 11, 64, 130),
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runPurge(cmd.Context(), a, o)
		},
	}
	c.Flags().BoolVar(&o.Now, "now", false, "do not wait until retention is over; needs --yes")
	c.Flags().BoolVar(&o.Yes, "yes", false, "it is meant so")
	c.Flags().BoolVar(&o.ForgetKey, "forget-key", false, "also remove the secret and the hashes by which people can still be found")
	a.jsonFlag(c)
	return c
}

func runPurge(ctx context.Context, a *app, o campaign.PurgeOptions) error {
	c, err := a.open()
	if err != nil {
		return err
	}
	p, err := c.Purge(ctx, o)
	if p == nil {
		return err
	}
	if p.Purged == nil {
		printToPurge(a.words(), p)
	} else {
		printPurge(a.words(), c, p)
	}
	return errors.Join(a.object(p), err)
}

// printToPurge says what would go, and for whom that is final.
func printToPurge(w io.Writer, p *campaign.Purge) {
	if p.Gone {
		fmt.Fprintln(w, "people's data is gone already; this would remove the secret and the hashes")
		return
	}
	fmt.Fprintf(w, "a purge would remove the personal data of %s for good\n", many(p.People, "person", "people"))
	if left := leftWords(p); left != "" {
		fmt.Fprintf(w, "ATTENTION: %s. They can never be told by this campaign any more.\n", left)
	}
	printKept(w, p)
}

// leftWords counts those whose notice no relay is known to have, nor to refuse.
func leftWords(p *campaign.Purge) string {
	var words []string
	for _, l := range []struct {
		n    int64
		word string
	}{{p.Left.Pending, "pending"}, {p.Left.Deferred, "deferred"}, {p.Left.Unknown, "unknown"}} {
		if l.n > 0 {
			words = append(words, number(l.n)+" "+l.word)
		}
	}
	if len(words) == 0 {
		return ""
	}
	return "of their notices " + strings.Join(words, ", ")
}

// printPurge says what went, what stays, and where there may be more.
func printPurge(w io.Writer, c *campaign.Campaign, p *campaign.Purge) {
	at := p.Purged.Local().Format(time.DateTime)
	if p.Before {
		fmt.Fprintf(w, "it was purged on %s already, and what was left is removed now\n", at)
	}
	fmt.Fprintf(w, "the personal data of %s was removed for good\n", many(p.People, "person", "people"))
	n := &p.Left
	for _, l := range []struct {
		n     int64
		words string
	}{
		{n.Accepted, "notices were taken by the relay"}, {n.Refused, "were refused"}, {n.Bounced, "bounced"},
		{n.Unknown, "were unknown, and stay so"}, {n.Pending + n.Deferred, "were never taken, and never will be"},
	} {
		if l.n > 0 {
			fmt.Fprintf(w, "  %s  %s\n", padded(l.n), l.words)
		}
	}
	if len(p.Removed) > 0 {
		fmt.Fprintln(w, "removed as well:")
		printNames(w, p.Removed)
	}
	fmt.Fprint(w, "Keys, outcomes, evidence and what was approved stay; verify checks them.\n")
	if p.ForgotKey {
		fmt.Fprint(w, `The secret and the hashes are gone: nobody is found by address, phone or account
number any more, only by the reference in a notice. Remove copies of the secret.
`)
	} else {
		fmt.Fprintf(w, `What can still be linked: the campaign's secret and hashes under it of addresses,
phone and account numbers stay, so that show still answers. Whoever has both can
try out whether a known address or number is among them. This ends it:
  %s
`, c.Command("purge --now --yes --forget-key"))
	}
	printKept(w, p)
	fmt.Fprint(w, `The file system, and snapshots or backups of it, may keep blocks of what was
removed until they are used again.
`)
}

// mostNames is how many files are named on the screen; --json names all.
const mostNames = 20

func printNames(w io.Writer, names []string) {
	for _, name := range names[:min(len(names), mostNames)] {
		fmt.Fprintln(w, "  "+name)
	}
	if more := len(names) - mostNames; more > 0 {
		fmt.Fprintf(w, "  and %s more (all of them: --json)\n", number(int64(more)))
	}
}

// printKept names what a purge does not remove.
func printKept(w io.Writer, p *campaign.Purge) {
	if len(p.Backups) > 0 {
		fmt.Fprintln(w, "Backups with personal data in them, which purge does not remove:")
	}
	for _, b := range p.Backups {
		state := "still there"
		if !b.Exists {
			state = "not there any more: removed, or moved?"
		}
		fmt.Fprintf(w, "  %s\n    of %s, %s\n", b.Path, b.At.Local().Format(time.DateTime), state)
	}
	if len(p.Others) > 0 {
		fmt.Fprintln(w, "Files in the campaign directory that are not breachmail's, and may hold\npersonal data; purge leaves them:")
		printNames(w, p.Others)
	}
}
