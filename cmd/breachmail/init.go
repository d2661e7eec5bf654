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
	fmt.Fprintf(a.out, `%[1]s is ready.
  %[2]s   fill in what says TODO
  %[3]s   the notice, to be edited where it must say more
  %[4]s       makes keys: back it up, show it to nobody
Next: breachmail -C %[1]s plan EXPORT.csv
`, dir, filepath.Join(dir, campaign.ConfigFile), filepath.Join(dir, "templates"), filepath.Join(dir, "secret"))
	return nil
}
