package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

// approveOptions are the flags of approve.
type approveOptions struct{ by, digest string }

func newApprove(a *app) *cobra.Command {
	var o approveOptions
	c := &cobra.Command{
		Use:   `approve --by "NAME, ROLE" --digest HEX`,
		Short: "Record that counsel agreed to what the preview shows",
		Long: `Records who agreed to the texts and lists that have the given approval code: at
least the first 12 digits of the code on the preview's first screen. Changed
texts, facts or lists need a new approval.`,
		Example: example(`  breachmail -C aug-2018 approve --by "Ana Ruiz, General Counsel" --digest 3f2a9c01b7de`, 0, 1, 5, 10, 11, 12, 64),
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runApprove(cmd.Context(), a, o)
		},
	}
	c.Flags().StringVar(&o.by, "by", "", "who agreed: `\"NAME, ROLE\"`")
	c.Flags().StringVar(&o.digest, "digest", "", "the approval code on the preview page, at least its first 12 `HEX` digits")
	return c
}

func runApprove(ctx context.Context, a *app, o approveOptions) error {
	c, err := a.open()
	if err != nil {
		return err
	}
	got, err := c.Approve(ctx, o.by, o.digest)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "approved by %s, on %s (asserted by the operator, not signed)\n", got.By, got.At.Format("2006-01-02 15:04 MST"))
	fmt.Fprintf(a.out, "approval code: %s\n", got.Code)
	fmt.Fprintf(a.out, "it covers %s, and is evidence row %d\n", many(int64(len(got.Lists)), "batch", "batches"), got.Seq)
	fmt.Fprintln(a.out, "Next: "+c.Command("send"))
	return nil
}
