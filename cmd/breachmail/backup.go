package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

func newBackup(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the ledger to FILE, also while it is in use",
		Long: `Copies the ledger, as it is at one moment, to a new file, also while another
process sends. The copy is marked as one, so that nobody sends from it by
mistake, holds personal data, and is noted in the campaign for purge. Copying
ledger.db by other means while it is in use gives a file that may be damaged.`,
		Example: example("  breachmail -C aug-2018 backup /mnt/backup/aug-2018.db", 0, 1, 5, 10, 64, 130),
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runBackup(cmd.Context(), a, args[0])
		},
	}
	a.jsonFlag(c)
	return c
}

func runBackup(ctx context.Context, a *app, file string) error {
	c, err := a.open()
	if err != nil {
		return err
	}
	b, err := c.Backup(ctx, file)
	if err != nil {
		return err
	}
	printBackup(a.words(), b)
	return a.object(b)
}

// printBackup says what was copied, and what the copy is good for.
func printBackup(w io.Writer, b *campaign.BackedUp) {
	fmt.Fprintf(w, "copied to %s (%s)\n", b.Path, many(b.Bytes, "byte", "bytes"))
	if b.Seq > 0 {
		fmt.Fprintf(w, "it goes up to evidence row %s, with the head\n  %s\n", number(b.Seq), b.Head)
	}
	fmt.Fprint(w, `It is marked as a copy: in its place, send and resume end with 14, because people
may have been sent to since. reconcile goes on from there.
`)
	if b.Personal {
		fmt.Fprint(w, `It holds personal data: its mode is 0600, and purge names it but does not remove
it.
`)
	}
	fmt.Fprintf(w, "The ledger alone is no campaign. Keep beside it:\n  %s\n", strings.Join(b.Keep, ", "))
}
