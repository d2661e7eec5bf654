package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

func newRelease(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "release NAME",
		Short: "Open the gate after wave NAME",
		Long: `Opens the gate after wave NAME ("then: hold" in campaign.yaml), so that the
waves behind it can be sent. A sender that runs opens it when it gets there.`,
		Example: example("  breachmail -C aug-2018 release pilot", 0, 1, 5, 10, 64),
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
	switch {
	case err != nil:
		return err
	case r.Already:
		fmt.Fprintf(a.out, "the gate after %s is open already\n", name)
	case r.Asked:
		fmt.Fprintf(a.out, "the running sender will open the gate after %s when it gets there\n", name)
	default:
		fmt.Fprintf(a.out, "the gate after %s is open\nNext: %s\n", name, c.Command("send"))
	}
	return nil
}
