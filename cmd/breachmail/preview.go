package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

func newPreview(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "preview",
		Short: "Make the page that counsel reads",
		Long: `Writes out/preview/index.html: what would be sent, to how many people, and the
approval code. It opens in any browser, without a network. The samples in it
are made of stand-in values. The last line on stderr is the ready approve
command.`,
		Example: example("  breachmail -C aug-2018 preview", 0, 1, 10, 64),
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
	fmt.Fprintf(w, "%s: %d wordings, for %s people by email and %s by post\n",
		p.Page, p.Samples, number(p.Status.Recipients.Email), number(p.Status.Recipients.Postal))
	for _, f := range p.Open {
		fmt.Fprintf(w, "to be settled first: %s:%d: %s\n", f.File, f.Line, f.Text)
	}
	fmt.Fprintf(w, "approval code: %s\n", p.Code)
	if err := a.object(p.Status); err != nil {
		return err
	}
	fmt.Fprintln(a.err, c.ApproveCommand(p.Code))
	return nil
}
