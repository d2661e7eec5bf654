package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

// sendFlags are the flags of send and resume.
type sendFlags struct {
	wave      string
	dryRun    bool
	noWait    bool
	unknown   string
	clearHalt bool
	verb      string
}

func newSend(a *app) *cobra.Command {
	o := sendFlags{verb: "send", unknown: unknownHold}
	c := &cobra.Command{
		Use:   "send",
		Short: "Send what is due, wave by wave",
		Long: `Hands notices to the relays, wave by wave, at the configured rate, and waits for
what is deferred. It stops at a gate. The first Ctrl-C finishes what is on the
wire, a second one gives that up. Killed, it goes on with "resume".

A copy of the ledger, or one that is older than one that was used already, does
not send: people who were sent to since would be sent to again. What was used
last is kept in $XDG_STATE_HOME (or ~/.local/state), outside of the campaign.

While it runs, a change of limits or of a relay's connections, rate, weight or
quotas in campaign.yaml is taken over with: kill -HUP PID`,
		Example: example("  breachmail -C aug-2018 send --dry-run\n  breachmail -C aug-2018 send", 0, 1, 3, 4, 5, 10, 11, 12, 13, 14, 64, 130),
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.dryRun {
				return runDry(cmd.Context(), a, o)
			}
			return runSend(cmd.Context(), a, o)
		},
	}
	sharedFlags(a, c, &o)
	c.Flags().BoolVar(&o.dryRun, "dry-run", false, "make every notice, connect to nothing; allowed before approval")
	return c
}

// The values of --unknown.
const (
	unknownHold   = "hold"
	unknownResend = "resend"
)

func newResume(a *app) *cobra.Command {
	o := sendFlags{verb: "resume"}
	c := &cobra.Command{
		Use:   "resume",
		Short: "Go on with an interrupted campaign",
		Long: `The same as send, with decisions. "Unknown" recipients are those of whom nobody
can tell whether the relay took their notice; they are not sent again unless
somebody says so. --clear-halt goes on after the breaker stopped the campaign.`,
		Example: example("  breachmail -C aug-2018 resume\n  breachmail -C aug-2018 resume --unknown=resend", 0, 1, 3, 4, 5, 10, 11, 12, 13, 14, 64, 130),
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runSend(cmd.Context(), a, o)
		},
	}
	sharedFlags(a, c, &o)
	c.Flags().StringVar(&o.unknown, "unknown", unknownHold, "`hold` or resend: what to do with unknown recipients")
	c.Flags().BoolVar(&o.clearHalt, "clear-halt", false, "go on after a halt")
	return c
}

func sharedFlags(a *app, c *cobra.Command, o *sendFlags) {
	c.Flags().StringVar(&o.wave, "wave", "", "send only wave `NAME`")
	c.Flags().BoolVar(&o.noWait, "no-wait", false, "end when all that is left is deferred, do not wait for it")
	a.jsonFlag(c)
}

func runSend(ctx context.Context, a *app, o sendFlags) error {
	if o.unknown != unknownHold && o.unknown != unknownResend {
		return fmt.Errorf("%w: --unknown is hold or resend, not %q", campaign.ErrUsage, o.unknown)
	}
	c, err := a.open()
	if err != nil {
		return err
	}
	progress := new(campaign.Progress)
	bar := newSending(a, c, progress)
	sent, err := c.Send(ctx, a.abort, campaign.SendOptions{
		Verb: o.verb, Program: "breachmail " + buildVersion(), Wave: o.wave, NoWait: o.noWait, Resend: o.unknown == unknownResend, ClearHalt: o.clearHalt,
		Progress: progress, Begin: bar.begin, Reload: a.hangups.take(), Reloaded: bar.reloaded,
	})
	bar.end()
	if sent == nil {
		return err
	}
	printSent(a.words(), c, sent, bar.run(sent.Commits))
	for _, w := range sent.Warnings {
		fmt.Fprintln(a.err, "warning: "+w)
	}
	if jsonErr := a.object(sent.Status); jsonErr != nil {
		return jsonErr
	}
	return err
}

// printSent is the last word of a run: what it did, empty where it did not get
// to sending, and where that leaves the campaign.
func printSent(w io.Writer, c *campaign.Campaign, sent *campaign.Sent, did string) {
	if n := int64(sent.Recovered); n > 0 {
		fmt.Fprintf(w, "%s on the way when the last run was killed: unknown now\n", many(n, "notice was", "notices were"))
	}
	if n := int64(sent.Resent); n > 0 {
		fmt.Fprintf(w, "%s made pending again\n", many(n, "unknown recipient was", "unknown recipients were"))
	}
	if did != "" {
		fmt.Fprintln(w, did)
	}
	printStanding(w, c, &sent.Status)
}

// dryObject is what send --dry-run --json prints.
type dryObject struct {
	campaign.Status
	Findings []findingObject `json:"findings"`
	Guarded  int64           `json:"guarded"` // notices that the guard would stop the run for
}

func runDry(ctx context.Context, a *app, o sendFlags) error {
	c, err := a.open()
	if err != nil {
		return err
	}
	reading := newReading(a)
	tried, err := c.DryRun(ctx, o.wave, func(n int64) {
		reading.say(func() string { return many(n, "notice", "notices") + " made" })
	})
	reading.end()
	if err != nil {
		return err
	}
	w := a.words()
	printFindings(w, tried.Lint)
	for _, g := range tried.Guarded {
		fmt.Fprintln(w, g)
	}
	fmt.Fprintf(w, "%s made, %s in all; nothing was sent and nothing is changed\n",
		many(tried.Notices, "notice was", "notices were"), many(tried.Bytes, "byte", "bytes"))
	return errors.Join(a.object(dryObject{tried.Status, findingObjects(tried.Lint), tried.Stopped}), tried.Verdict())
}
