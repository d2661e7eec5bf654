package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

func newPreview(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "preview",
		Short: "Make the page that counsel reads",
		Long: `Writes out/preview/index.html: what would be sent, to how many people, and the
approval code. It opens in any browser, without a network. The samples in it
are made of stand-in values. The last line on stderr is the ready approve
command, unless something has to be settled first.`,
		Example: example("  breachmail -C aug-2018 preview", 0, 1, 5, 10, 64, 130),
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runPreview(cmd.Context(), a)
		},
	}
	a.jsonFlag(c)
	return c
}

func runPreview(ctx context.Context, a *app) error {
	c, err := a.open()
	if err != nil {
		return err
	}
	p, err := c.Preview(ctx)
	if err != nil {
		return err
	}
	w := a.words()
	fmt.Fprintf(w, "%s: open it in a browser\n", p.Page)
	fmt.Fprintf(w, "it shows %s, for %s by email and %s by post\n", many(int64(p.Samples), "wording", "wordings"),
		many(p.Status.Recipients.Email, "person", "people"), number(p.Status.Recipients.Postal))
	if err := a.object(p.Status); err != nil {
		return err
	}
	if len(p.Open) > 0 {
		printOpen(a, c, p.Open)
		return nil
	}
	fmt.Fprintf(w, "approval code: %s\n", p.Code)
	fmt.Fprintln(w, "When counsel agrees, record it with the line below and the name of who agreed:")
	fmt.Fprintln(a.err, c.ApproveCommand(p.Code))
	return nil
}

// printOpen lists what has to be settled before anything can be approved.
func printOpen(a *app, c *campaign.Campaign, open []campaign.Finding) {
	for _, f := range open {
		at := f.File
		if f.Line > 0 {
			at = fmt.Sprintf("%s:%d", f.File, f.Line)
		}
		fmt.Fprintf(a.words(), "to be settled: %s: %s\n", at, f.Text)
	}
	fmt.Fprintf(a.err, "nothing can be approved before %s settled; then: %s\n",
		many(int64(len(open)), "point above is", "points above are"), c.Command("preview"))
}
