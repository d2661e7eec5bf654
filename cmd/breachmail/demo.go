package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"breachmail/notifier/demo"
	"breachmail/templates"
)

func newDemo(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "demo [DIR]",
		Short: "Tell the whole story on made-up accounts",
		Long: `Makes up 1,000 accounts, starts a relay inside the program, plans, previews,
approves and sends, kills the sender with SIGKILL in the middle, resumes, settles
what is unknown by what the relay holds, and closes the account. Nothing leaves
this machine. DIR is a new temporary directory unless named.`,
		Example: example("  breachmail demo\n  breachmail demo /tmp/story", 0, 1, 64, 130),
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runDemo(cmd.Context(), a, args)
		},
	}
}

func runDemo(ctx context.Context, a *app, args []string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	o := demo.Options{Program: program, Out: a.out, Templates: templates.FS}
	if len(args) == 1 {
		o.Dir = args[0]
	}
	return demo.Run(ctx, o)
}
