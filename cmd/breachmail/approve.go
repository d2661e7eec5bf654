package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

// approveOptions are the flags of approve.
type approveOptions struct {
	by, digest, reason string
	waive              []string
}

// waivers are the findings that counsel decided to approve in spite of.
func (o *approveOptions) waivers() ([]campaign.Waiver, error) {
	if (len(o.waive) > 0) != (o.reason != "") {
		return nil, &campaign.Hinted{
			Err:  fmt.Errorf("%w: --waive and --reason go together", campaign.ErrUsage),
			Hint: `write it as --waive RULE or --waive RULE:STATE, with --reason "WHY"`,
		}
	}
	var list []campaign.Waiver
	for _, w := range o.waive {
		rule, state, _ := strings.Cut(w, ":")
		list = append(list, campaign.Waiver{Rule: rule, State: strings.ToUpper(state), Reason: o.reason})
	}
	return list, nil
}

func newApprove(a *app) *cobra.Command {
	var o approveOptions
	c := &cobra.Command{
		Use:   `approve --by "NAME, ROLE" --digest HEX`,
		Short: "Record that counsel agreed to what the preview shows",
		Long: `Records who agreed to the texts and lists that have the given approval code: at
least the first 12 digits of the code on the preview's first screen. Changed
texts, facts or lists need a new approval. While the preview shows a finding of
level error nothing can be approved, unless counsel waives it with --waive; the
reason is kept in the evidence. What would hurt or deceive readers cannot be
waived.`,
		Example: example(`  breachmail -C aug-2018 approve --by "Ana Ruiz, General Counsel" --digest 3f2a9c01b7de
  breachmail -C aug-2018 approve --by "Ana Ruiz, General Counsel" --digest 3f2a9c01b7de \
    --waive required-block:RI --reason "the number is not known yet; a second notice will say it"`, 0, 1, 5, 10, 11, 12, 64),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runApprove(cmd.Context(), a, o)
		},
	}
	c.Flags().StringVar(&o.by, "by", "", "who agreed: `\"NAME, ROLE\"`")
	c.Flags().StringVar(&o.digest, "digest", "", "the approval code on the preview page, at least its first 12 `HEX` digits")
	c.Flags().StringArrayVar(&o.waive, "waive", nil, "approve in spite of the findings of `RULE[:STATE]`; repeatable")
	c.Flags().StringVar(&o.reason, "reason", "", "`TEXT` that says why these are waived")
	return c
}

func runApprove(ctx context.Context, a *app, o approveOptions) error {
	waivers, err := o.waivers()
	if err != nil {
		return err
	}
	c, err := a.open()
	if err != nil {
		return err
	}
	got, err := c.Approve(ctx, o.by, o.digest, waivers...)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "approved by %s, on %s (asserted by the operator, not signed)\n", got.By, got.At.Format("2006-01-02 15:04 MST"))
	fmt.Fprintf(a.out, "approval code: %s\n", got.Code)
	fmt.Fprintf(a.out, "it covers %s, and is evidence row %d\n", many(int64(len(got.Lists)), "batch", "batches"), got.Seq)
	for _, w := range got.Waivers {
		fmt.Fprintf(a.out, "waived: %s: %s\n", strings.TrimSuffix(w.Rule+":"+w.State, ":"), w.Reason)
	}
	fmt.Fprintln(a.out, "Next: "+c.Command("send"))
	return nil
}
