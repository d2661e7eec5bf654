package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

func newReport(a *app) *cobra.Command {
	var o campaign.ReportOptions
	c := &cobra.Command{
		Use:   "report",
		Short: "Write what was done, for executive, regulator and auditor",
		Long: `Writes into out/report, of the ledger as it is at one moment, also while another
process sends: index.html, which opens in any browser without a network, and can be
printed; by-state.csv; evidence.jsonl, the chain of evidence, a row a line; and a
folder in regulators/ for each state whose regulator is to be told of so many
people. None of these holds personal data.

--support adds support.csv, for the call center: reference, masked name, status,
date of everybody. A report without it removes that of an earlier one.

Every number is computed from the ledger anew. Where something does not agree the
page says so in red at its top, and report ends with 5.`,
		Example: example("  breachmail -C aug-2018 report\n  breachmail -C aug-2018 report --support", 0, 1, 5, 10, 11, 64, 130),
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runReport(cmd.Context(), a, o)
		},
	}
	c.Flags().BoolVar(&o.Support, "support", false, "also list everybody for the call center, by reference and masked name")
	a.jsonFlag(c)
	return c
}

func runReport(ctx context.Context, a *app, o campaign.ReportOptions) error {
	c, err := a.open()
	if err != nil {
		return err
	}
	o.Version, o.Phases = buildVersion(), phaseWords
	r, err := c.Report(ctx, o)
	if r == nil {
		return err
	}
	printReport(a.words(), r)
	return errors.Join(a.object(r), err)
}

// printReport says what was written, of what, and what is still owed.
func printReport(w io.Writer, r *campaign.Reported) {
	fmt.Fprintf(w, "%s: open it in a browser, or print it\n", filepath.Join(r.Dir, "index.html"))
	fmt.Fprintf(w, "%s beside it\n", many(int64(len(r.Files)-1), "file", "files"))
	if r.Sending {
		fmt.Fprintln(w, "a sender runs now: this is the ledger as it was when this began")
	}
	if r.Doubt != nil {
		fmt.Fprintf(w, "IT MAY NOT BE THE LAST LEDGER: %v\n", r.Doubt)
	}
	if r.Purged != nil {
		fmt.Fprintf(w, "personal data was purged on %s\n", r.Purged.Local().Format(time.DateTime))
	}
	if r.NoNames {
		fmt.Fprintln(w, "support.csv has no names: they were purged")
	}
	for _, l := range []struct {
		n     int64
		words string
	}{
		{r.Recipients.Total, "recipients"},
		{r.Notices.Accepted, "email taken by the relay, and not come back"},
		{r.Letters.Told, "letter sent"},
		{r.Untold, "still to be told"},
	} {
		fmt.Fprintf(w, "  %s  %s\n", padded(l.n), l.words)
	}
	if r.Evidence.Rows > 0 {
		fmt.Fprintf(w, "computed from %s (write the head down, for verify --head)\n", many(r.Evidence.Rows, "row of evidence", "rows of evidence"))
		printHead(w, r.Evidence.Head)
	}
	if len(r.Owed) == 0 {
		fmt.Fprintln(w, "nothing is owed any more")
	}
	for _, o := range r.Owed {
		fmt.Fprintln(w, "owed: "+o)
	}
	for _, wrong := range r.Wrong {
		fmt.Fprintf(w, "IT DOES NOT AGREE: %s\n", wrong)
	}
}
