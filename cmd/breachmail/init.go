package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
	"breachmail/templates"
)

func newInit(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "Make a new campaign directory",
		Long: `Makes DIR with a commented campaign.yaml, the notice's templates, the law data
and the campaign's secret. Fill in what says TODO; nothing is sent by this.`,
		Example: example("  breachmail init aug-2018", 0, 1, 64),
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return runInit(a, args[0])
		},
	}
}

func runInit(a *app, dir string) error {
	if err := campaign.Init(dir, templates.FS); err != nil {
		return err
	}
	config := filepath.Join(dir, campaign.ConfigFile)
	fmt.Fprintf(a.out, "%s is ready\n", dir)
	printList(a.out, [][2]string{
		{config, "fill in what says TODO, email.basis first"},
		{filepath.Join(dir, "templates"), "the notice, to be edited where it must say more"},
		{filepath.Join(dir, "law.csv"), "what state laws ask, for counsel to correct"},
		{filepath.Join(dir, "secret"), "makes keys: back it up, show it to nobody"},
	})
	fmt.Fprintf(a.out, "Next: edit %s, then: %s\n", config, campaign.CommandIn(dir, "plan EXPORT"))
	return nil
}
