package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

func newCheck(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "check EXPORT...",
		Short: "Read exports and say what is in them",
		Long: `Reads exports of affected accounts and says what is in them. Works in any
directory. Rows that would be set aside are written, with their reason, to
out/check/rejected.csv; nothing else is changed.`,
		Example: example("  breachmail check exports/east.csv exports/west.csv", 0, 1, 64),
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCheck(cmd.Context(), a, args)
		},
	}
	a.jsonFlag(c)
	return c
}

func runCheck(ctx context.Context, a *app, paths []string) error {
	reading := newReading(a)
	checked, err := campaign.Check(ctx, a.dir, paths, reading.rows)
	reading.end()
	if err != nil {
		return err
	}
	w := a.words()
	printRead(w, &checked.Reading, &checked.Status)
	fmt.Fprintln(w)
	printCounts(w, "told by email, by wording:", checked.Variants)
	printCounts(w, "told by post, because:", checked.Postal)
	printCounts(w, "by state:", checked.States)
	return a.object(checked.Status)
}

// printRead says what was read.
func printRead(w io.Writer, r *campaign.Reading, s *campaign.Status) {
	for _, e := range r.Exports {
		fmt.Fprintln(w, e)
	}
	if len(r.Rejects) > 0 {
		fmt.Fprintf(w, "set aside in %s:\n", r.RejectedFile)
		for _, j := range r.Rejects {
			field := j.Field
			if field != "" {
				field += ": "
			}
			fmt.Fprintf(w, "  %s  %s%s (first: %s:%d)\n", padded(j.Rows), field, j.Reason, j.First.File, j.First.Line)
		}
	}
	fmt.Fprintf(w, "%s rows = %s recipients + %s merged + %s set aside\n",
		number(s.Rows.Read), number(s.Recipients.Total), number(s.Rows.Merged), number(s.Rows.Rejected))
	fmt.Fprintf(w, "%s recipients = %s by email + %s by post\n",
		number(s.Recipients.Total), number(s.Recipients.Email), number(s.Recipients.Postal))
}
