package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

// reconcileFlags are the flags of reconcile.
type reconcileFlags struct {
	absent  string
	zone    string
	dryRun  bool
	adopt   bool
	because string
}

// absentHold is the other value of --absent beside unknownResend.
const absentHold = "hold"

func newReconcile(a *app) *cobra.Command {
	o := reconcileFlags{}
	c := &cobra.Command{
		Use:   "reconcile LOG...",
		Short: "Settle unknown recipients by the relay's log",
		Long: `Looks in the relay's log for those of whom nobody can tell whether the relay took
their notice. Who is found as taken is accepted, who came back has bounced. Who
is not found stays unknown; where the logs show that they hold all that the relay
took before and after, --absent=resend queues these people again. It says what
the logs lack where they do not show that.

A LOG is a file, packed with gzip or not, a folder of files, or - for standard
input, in any order: Postfix (syslog, or journalctl -o json), Exim's main log,
event JSON of SES or SendGrid, or CSV with the columns key or message_id, status
(accepted, deferred, bounced, rejected), time, relay_id, code, enhanced, reply.
Times that name no zone are this machine's, or those of --zone.

--adopt is for a ledger that does not send because it is a copy, or older than
one that was used already (exit code 14), where that one is lost. Who was sent to
since is settled by the logs, then this ledger is the one that sends. Logs have
to show all that every relay took since; --because adopts it although they do
not, with the reason why, which is kept as evidence.`,
		Example: example(`  breachmail -C aug-2018 reconcile /var/log/mail.log.1 /var/log/mail.log
  journalctl -u 'postfix*' -o json --since 2018-08-24 | breachmail -C aug-2018 reconcile -
  breachmail -C aug-2018 reconcile --absent=resend logs/
  breachmail -C aug-2018 reconcile --adopt logs/`, 0, 1, 3, 5, 10, 11, 14, 64, 130),
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runReconcile(cmd.Context(), a, o, args)
		},
	}
	f := c.Flags()
	f.StringVar(&o.absent, "absent", absentHold, "`hold` or resend: what to do with those who were never taken")
	f.StringVar(&o.zone, "zone", "", "the `ZONE` of times that name none, such as America/New_York")
	f.BoolVar(&o.dryRun, "dry-run", false, "say what would be settled, change nothing")
	f.BoolVar(&o.adopt, "adopt", false, "settle who was sent to since, and send from this ledger from now on")
	f.StringVar(&o.because, "because", "", "with --adopt: do so although no log shows what was sent since; `TEXT` is why")
	a.jsonFlag(c)
	return c
}

// options reads flags and arguments.
func (o *reconcileFlags) options(a *app, logs []string) (campaign.ReconcileOptions, error) {
	wrong := func(format string, args ...any) error {
		return &campaign.Hinted{
			Err:  fmt.Errorf("%w: "+format, append([]any{campaign.ErrUsage}, args...)...),
			Hint: "it is written: breachmail reconcile LOG... (more with: breachmail reconcile --help)",
		}
	}
	opt := campaign.ReconcileOptions{Logs: logs, Stdin: a.in, Resend: o.absent == unknownResend, DryRun: o.dryRun, Adopt: o.adopt, Because: o.because}
	switch {
	case o.absent != absentHold && o.absent != unknownResend:
		return opt, wrong("--absent is hold or resend, not %q", o.absent)
	case o.adopt && opt.Resend:
		return opt, wrong("--absent=resend is for afterwards: adopt first, then reconcile once more without --adopt")
	case o.because != "" && !o.adopt:
		return opt, wrong("--because is why a ledger is adopted, and goes with --adopt")
	case len(logs) == 0 && !o.adopt:
		return opt, wrong("reconcile without a log")
	}
	if o.zone != "" {
		zone, err := time.LoadLocation(o.zone)
		if err != nil {
			return opt, wrong("--zone %q is none that is known", o.zone)
		}
		opt.Zone = zone
	}
	return opt, nil
}

// reconciledObject is what reconcile --json prints.
type reconciledObject struct {
	campaign.Status
	Recovered int                `json:"recovered"`
	Accepted  int                `json:"accepted"`
	Bounced   int                `json:"bounced"`
	Resend    int                `json:"resend"`
	Unknown   int                `json:"unknown"`
	Reasons   []campaign.Reason  `json:"reasons"`
	Logs      []campaign.LogRead `json:"logs"`
	Strangers int                `json:"strangers"`
	Adopted   *adoptedObject     `json:"adopted"`
}

type adoptedObject struct {
	Epoch   int64  `json:"epoch"`
	Because string `json:"because"`
}

func runReconcile(ctx context.Context, a *app, o reconcileFlags, logs []string) error {
	opt, err := o.options(a, logs)
	if err != nil {
		return err
	}
	c, err := a.open()
	if err != nil {
		return err
	}
	r, err := c.Reconcile(ctx, opt)
	if r == nil {
		return err
	}
	printReconciled(a.words(), c, r, &opt)
	return errors.Join(a.object(reconciledOf(r)), err)
}

func reconciledOf(r *campaign.Reconciled) reconciledObject {
	j := reconciledObject{
		Status: r.Status, Recovered: r.Recovered, Accepted: r.Accepted, Bounced: r.Bounced, Resend: r.Resent,
		Unknown: r.Unknown, Reasons: r.Reasons, Logs: r.Logs, Strangers: r.Strangers,
	}
	if r.Adopted != nil {
		j.Adopted = &adoptedObject{r.Adopted.Epoch, r.Adopted.Because}
	}
	if j.Logs == nil {
		j.Logs = []campaign.LogRead{}
	}
	return j
}

// printReconciled says what was settled, what was not and why, and what to do next.
func printReconciled(w io.Writer, c *campaign.Campaign, r *campaign.Reconciled, o *campaign.ReconcileOptions) {
	if r.NoDoubt {
		fmt.Fprintln(w, "this ledger is the one that was used last: there is nothing to adopt")
		return
	}
	printLogs(w, r.Logs)
	for _, l := range []struct {
		n     int
		words string
	}{
		{r.Recovered, "on the way when the last run was killed: unknown until now"},
		{r.InFlight, "on the way when the last run was killed: not looked for without being made unknown"},
		{r.Accepted, "found as taken by the relay: accepted"},
		{r.Bounced, "found as returned: bounced"},
		{r.Resent - r.Refused, "demonstrably never taken: queued again"},
		{r.Refused, "refused or broken off, by the log's own word: queued again"},
		{r.Begun, "began to come in, and the logs do not say how that ended: unknown now"},
		{r.Strangers, "in the logs, but not in this ledger: planned after it was copied"},
	} {
		if l.n > 0 {
			fmt.Fprintf(w, "  %s  %s\n", padded(int64(l.n)), l.words)
		}
	}
	printReasons(w, r, o)
	if o.DryRun {
		fmt.Fprintln(w, "nothing is changed")
		return
	}
	if r.Adopted != nil {
		fmt.Fprintf(w, "this ledger is the one that sends from now on, in epoch %d\n", r.Adopted.Epoch)
		fmt.Fprintln(w, "whose notice was on its way when the other one was used last, and reached the\nrelay after these logs end, will get a second one")
	}
	if next := nextStep(c, &r.Status); next != "" && r.Status.Phase != campaign.PhaseUnsettled {
		fmt.Fprintln(w, "Next: "+next)
	}
}

// printReasons says why the unknown stay so, or why nothing is adopted.
func printReasons(w io.Writer, r *campaign.Reconciled, o *campaign.ReconcileOptions) {
	switch {
	case len(r.Reasons) > 0 && o.Adopt:
		fmt.Fprintln(w, "the logs do not show all that was sent since:")
	case r.Unknown == 0 && r.Accepted+r.Bounced+r.Resent == 0 && !o.Adopt:
		fmt.Fprintln(w, "nobody is unknown")
	case r.Unknown > 0 && !o.Adopt:
		fmt.Fprintf(w, "%s unknown:\n", many(int64(r.Unknown), "recipient stays", "recipients stay"))
	}
	for _, reason := range r.Reasons {
		if o.Adopt {
			fmt.Fprintf(w, "  %s\n", reason.Why)
			continue
		}
		fmt.Fprintf(w, "  %s  %s\n", padded(int64(reason.N)), reason.Why)
	}
}

// printLogs says what was found in each log.
func printLogs(w io.Writer, logs []campaign.LogRead) {
	for _, l := range logs {
		said := "nothing of this campaign"
		if l.Ours > 0 {
			said = many(int64(l.Ours), "line", "lines") + " with notices of this campaign"
		}
		if !l.From.IsZero() {
			said += fmt.Sprintf(", %s to %s", l.From.Local().Format(time.DateTime), l.To.Local().Format(time.DateTime))
		}
		fmt.Fprintf(w, "%s: %s, %s: %s\n", filepath.Base(l.Name), l.Format, many(int64(l.Lines), "line", "lines"), said)
		if l.Unreadable > 0 {
			fmt.Fprintf(w, "  %s could not be read, the first: %s\n", many(int64(l.Unreadable), "line", "lines"), l.Samples[0])
		}
	}
}
