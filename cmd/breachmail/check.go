package main

import (
	"context"
	"fmt"
	"io"
	"strings"

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
		Example: example("  breachmail check exports/east.csv exports/west.csv", 0, 1, 64, 130),
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
	printRead(w, &checked.Reading)
	printSums(w, &checked.Status)
	fmt.Fprintln(w)
	printCounts(w, "by email, by wording:", checked.Variants)
	printCounts(w, "by post, because:", checked.Postal)
	printCounts(w, "by state:", checked.States)
	return a.object(checked.Status)
}

// printRead says what was read.
func printRead(w io.Writer, r *campaign.Reading) {
	for _, e := range r.Exports {
		if e.Skipped {
			fmt.Fprintf(w, "%s: planned before, skipped\n", e.Path)
			continue
		}
		fmt.Fprintf(w, "%s: %s, %s set aside\n", e.Path, many(e.Rows, "row", "rows"), number(e.Rejected))
	}
	if len(r.Rejects) > 0 {
		fmt.Fprintf(w, "set aside in %s:\n", r.RejectedFile)
		for _, j := range r.Rejects {
			fmt.Fprintf(w, "  %s  %s (first: %s:%d)\n", padded(j.Rows), reason(j), j.First.File, j.First.Line)
		}
	}
}

// reason says which field was wrong, once, and why.
func reason(j campaign.Rejected) string {
	if j.Field == "" || strings.HasPrefix(j.Reason, j.Field+" ") {
		return j.Reason
	}
	return j.Field + ": " + j.Reason
}

// printSums says what becomes of the rows.
func printSums(w io.Writer, s *campaign.Status) {
	fmt.Fprintf(w, "%s = %s + %s merged + %s set aside\n", many(s.Rows.Read, "row", "rows"),
		many(s.Recipients.Total, "recipient", "recipients"), number(s.Rows.Merged), number(s.Rows.Rejected))
	fmt.Fprintf(w, "%s = %s by email + %s by post\n", many(s.Recipients.Total, "recipient", "recipients"),
		number(s.Recipients.Email), number(s.Recipients.Postal))
}
