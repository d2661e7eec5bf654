package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

func newRelease(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "release NAME",
		Short: "Open the gate after wave NAME, or end the hold NAME",
		Long: `Opens the gate after wave NAME ("then: hold" in campaign.yaml), so that the
waves behind it can be sent, or ends the hold of that name ("holds"), so that
those it keeps back can be. A sender that runs opens the gate when it gets
there, and sends whom the hold kept back at the latest behind its last wave.`,
		Example: example("  breachmail -C aug-2018 release pilot\n  breachmail -C aug-2018 release regulators-first", 0, 1, 5, 10, 64),
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRelease(cmd.Context(), a, args[0])
		},
	}
}

func runRelease(ctx context.Context, a *app, name string) error {
	c, err := a.open()
	if err != nil {
		return err
	}
	r, err := c.Release(ctx, name)
	if err != nil {
		return err
	}
	words := gateWords
	if r.Hold {
		words = holdWords
	}
	switch {
	case r.Already:
		fmt.Fprintf(a.out, words.already+"\n", name)
	case r.Asked:
		fmt.Fprintf(a.out, words.asked+"\n", name)
	default:
		fmt.Fprintf(a.out, words.done+"\nNext: %s\n", name, c.Command("send"))
	}
	return nil
}

// releaseWords say what became of a release.
type releaseWords struct{ already, asked, done string }

var (
	gateWords = releaseWords{
		already: "the gate after %s is open already",
		asked:   "the running sender will open the gate after %s when it gets there",
		done:    "the gate after %s is open",
	}
	holdWords = releaseWords{
		already: "the hold %s has ended already",
		asked:   "the running sender will end the hold %s, at the latest behind its last wave",
		done:    "the hold %s has ended",
	}
)
