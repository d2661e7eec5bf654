package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"breachmail/notifier"
	"breachmail/notifier/campaign"
)

func newTest(a *app) *cobra.Command {
	var o campaign.TestOptions
	c := &cobra.Command{
		Use:   "test --to ADDRESS",
		Short: "Send samples to reviewers, marked as a test",
		Long: `Sends one sample of each wording that somebody gets to the named reviewers,
through the first relay, so that they see it in their own mail program. The
subject begins with [TEST], a line on top says that it is one, and the values in
it are made up. Reviewers are at test.domains of campaign.yaml, or, without it,
at the domain of sender.from. Test mails are outside the account of who was told;
each is a row of the evidence. Nothing has to be approved for it, but nothing may
say TODO any more.`,
		Example: example(`  breachmail -C aug-2018 test --to ana.ruiz@example.com
  breachmail -C aug-2018 test --to ana.ruiz@example.com --variant notice-en-both-MD`, 0, 1, 5, 10, 11, 12, 64, 130),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runTest(cmd.Context(), a, o)
		},
	}
	c.Flags().StringArrayVar(&o.To, "to", nil, "a reviewer's `ADDRESS`; repeatable")
	c.Flags().StringArrayVar(&o.Variants, "variant", nil, "only the wording of that `NAME`, as the preview has it; repeatable")
	return c
}

func runTest(ctx context.Context, a *app, o campaign.TestOptions) error {
	c, err := a.open()
	if err != nil {
		return err
	}
	sent := int64(0)
	err = c.Test(ctx, o, func(m campaign.TestMail) {
		if m.Outcome.Status == notifier.Accepted {
			sent++
		}
		fmt.Fprintf(a.out, "%s, to reviewer %d: %s (%s), evidence row %d\n", m.Variant, m.To+1, outcomeWords(m.Outcome.Status), replyWords(&m.Outcome), m.Seq)
	})
	if sent > 0 {
		fmt.Fprintf(a.out, "%s taken by the relay\n", many(sent, "test mail", "test mails"))
	}
	return err
}

// outcomeWords says what became of a test mail.
func outcomeWords(s notifier.Status) string {
	if s == notifier.Accepted {
		return "taken by the relay"
	}
	return string(s)
}

// replyWords is what the relay replied, or why it did not.
func replyWords(o *notifier.Outcome) string {
	if o.Code == 0 {
		return o.Reply
	}
	return strings.Join(strings.Fields(fmt.Sprintf("%d %s %s", o.Code, o.Enhanced, o.Reply)), " ")
}
