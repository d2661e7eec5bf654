package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

func newVerify(a *app) *cobra.Command {
	var head string
	c := &cobra.Command{
		Use:   "verify",
		Short: "Check the chain of evidence and the account",
		Long: `Reads the whole ledger, as it is at one moment, also while another process
sends: every row of evidence and its chain, everybody on the list against the
digests it was planned with and against the evidence, the sums of the account,
and what was approved. It names the first thing that does not agree.

A chain that was rewritten or cut off as a whole is right in itself. Only a head
that was written down elsewhere shows it: give it with --head.`,
		Example: example("  breachmail -C aug-2018 verify\n  breachmail -C aug-2018 verify --head 5b8c1f0e77a94d22", 0, 1, 5, 10, 64),
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runVerify(cmd.Context(), a, head)
		},
	}
	c.Flags().StringVar(&head, "head", "", "a head that was written down before: `HASH` has to be that of some row")
	a.jsonFlag(c)
	return c
}

func runVerify(ctx context.Context, a *app, head string) error {
	c, err := a.open()
	if err != nil {
		return err
	}
	v, err := c.Verify(ctx, head)
	if v == nil {
		return err
	}
	if v.OK {
		printVerified(a.words(), v)
	}
	return errors.Join(a.object(v), err)
}

// printVerified says what was looked at and agrees, and what nobody can see.
func printVerified(w io.Writer, v *campaign.Verified) {
	if v.Sending {
		fmt.Fprintln(w, "a sender runs now: this is the ledger as it was when this began")
	}
	if v.Rows == 0 {
		fmt.Fprintln(w, "evidence: none is written yet")
	} else {
		fmt.Fprintf(w, "evidence: %s, each as it was written,\n          from %s to %s\n",
			many(v.Rows, "row", "rows"), v.First.Local().Format(time.DateTime), v.Last.Local().Format(time.DateTime))
		fmt.Fprintf(w, "head:     %s\n", v.Head)
	}
	printVerifiedList(w, v)
	fmt.Fprintln(w, "the account closes: every row is explained")
	fmt.Fprintln(w, "what was approved is kept as it was")
	if v.HeadRow > 0 {
		fmt.Fprintf(w, "row %s has the head that was written down: all up to it is as it was then\n", number(v.HeadRow))
		return
	}
	if v.Rows > 0 {
		fmt.Fprint(w, `What this cannot see: a history that was rewritten from some row on, or cut off
at its end, as a whole. Write the head down elsewhere, and give it the next time:
--head HASH
`)
	}
}

// printVerifiedList says what of the list was held against its digests.
func printVerifiedList(w io.Writer, v *campaign.Verified) {
	if v.Purged != nil {
		fmt.Fprintf(w, "list:     %s, whose data was purged on %s:\n"+
			"          nothing is left to hold against the list's digests; the outcomes are\n"+
			"          those of the evidence\n",
			many(v.Recipients, "recipient", "recipients"), v.Purged.At.Local().Format(time.DateTime))
		return
	}
	fmt.Fprintf(w, "list:     %s in %s, as planned, with the outcomes of the evidence\n",
		many(v.Recipients, "recipient", "recipients"), many(int64(v.Blocks), "block", "blocks"))
}
