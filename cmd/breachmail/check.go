package main

import (
	"context"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

func newCheck(a *app) *cobra.Command {
	var in *campaign.Input
	c := &cobra.Command{
		Use:   "check EXPORT...",
		Short: "Read exports and say what is in them",
		Long: `Reads exports of affected accounts and says what is in them: how many people,
how they are told, what was set aside and why, what looks wrong. Works in any
directory. Writes out/check/index.html, the same to look at, and to
out/check/rejected.csv the rows that would be set aside; nothing else is
changed. Corrected, that file can be planned beside the export it came from.
` + inputHelp,
		Example: example(`  breachmail check exports/east.csv exports/west.csv.gz
  breachmail check --encoding windows-1252 exports/
  zstd -dc affected.csv.zst | breachmail check -`, 0, 1, 11, 64, 130),
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in.Paths = args
			return runCheck(cmd.Context(), a, in)
		},
	}
	in = a.inputFlags(c)
	a.jsonFlag(c)
	return c
}

// checkedObject is what check --json prints.
type checkedObject struct {
	campaign.Status
	Profile *campaign.Profile `json:"profile"`
	Law     *campaign.Outlook `json:"law"`
}

func runCheck(ctx context.Context, a *app, in *campaign.Input) error {
	reading := newReading(a)
	checked, err := campaign.Check(ctx, a.dir, *in, reading.step)
	reading.end()
	if err != nil {
		return err
	}
	printProfile(a.words(), checked)
	return a.object(checkedObject{checked.Status, checked.Profile, &checked.Law})
}
