package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

func newPlan(a *app) *cobra.Command {
	var in *campaign.Input
	c := &cobra.Command{
		Use:   "plan EXPORT...",
		Short: "Load exports into the campaign as a batch",
		Long: `Loads exports of affected accounts into the campaign's ledger as one batch:
accounts are grouped into recipients, recipients cut into waves. Rows that are
set aside go, with their reason, to out/plan/batch-N/rejected.csv. An export
that was planned before is skipped, and a plan that was killed can simply be
run again. Every batch needs its own approval. Rows that were set aside,
corrected in rejected.csv, can be planned as they stand there: they take the
place of their rejects in the account.
` + inputHelp,
		Example: example(`  breachmail -C aug-2018 plan exports/east.csv
  breachmail -C aug-2018 plan --already-told ../pilot exports/
  breachmail -C aug-2018 plan aug-2018/out/plan/batch-1/rejected.csv`, 0, 1, 5, 11, 64, 130),
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in.Paths = args
			return runPlan(cmd.Context(), a, in)
		},
	}
	in = a.inputFlags(c)
	a.jsonFlag(c)
	return c
}

// plannedObject is what plan --json prints: where the campaign stands, and
// what was read.
type plannedObject struct {
	campaign.Status
	Profile *campaign.Profile `json:"profile"`
	Law     *campaign.Outlook `json:"law"`
}

func runPlan(ctx context.Context, a *app, in *campaign.Input) error {
	c, err := a.open()
	if err != nil {
		return err
	}
	reading := newReading(a)
	p, err := c.Plan(ctx, *in, reading.step)
	reading.end()
	if err != nil {
		return err
	}
	printPlan(a.words(), c, p)
	return a.object(plannedObject{p.Status, p.Profile, &p.Law})
}

func printPlan(w io.Writer, c *campaign.Campaign, p *campaign.Planned) {
	printRead(w, p.Profile)
	printRejected(w, p.Profile)
	printLook(w, p.Profile)
	if p.Batch.Number > 0 {
		fmt.Fprintf(w, "batch %d: %s\n", p.Batch.Number, many(p.Batch.Size(), "new recipient", "new recipients"))
	} else {
		fmt.Fprintln(w, "nobody new")
	}
	if p.Added > 0 {
		fmt.Fprintf(w, "%s planned before and not approved yet\n",
			many(p.Added, "account was added to a notice that was", "accounts were added to notices that were"))
	}
	if p.Settled > 0 {
		fmt.Fprintf(w, "%s another wording or channel now, since campaign.yaml, law.csv or the templates were changed\n",
			many(p.Settled, "person who was planned before gets", "people who were planned before get"))
	}
	if p.ToPost > 0 {
		fmt.Fprintf(w, "%s by email before, and told by post now\n", many(p.ToPost, "person was planned", "people were planned"))
	}
	if p.TooLate > 0 {
		fmt.Fprintf(w, "%s approved or sent already, so --no-email comes too late: %s\n",
			many(p.TooLate, "person has a notice that is", "people have notices that are"), p.TooFile)
	}
	if p.Late > 0 {
		fmt.Fprintf(w, "%s approved or sent already: added after notice, not named in it\n",
			many(p.Late, "account belongs to somebody whose notice is", "accounts belong to people whose notices are"))
		fmt.Fprintf(w, "  they are listed in %s\n", p.LateFile)
	}
	fmt.Fprintln(w, "\nThe whole campaign now:")
	printSums(w, &p.Status)
	fmt.Fprintln(w)
	printWaves(w, p.Status.Waves)
	printHolds(w, p.Status.Holds)
	printOutlook(w, &p.Law, c.Config.Incident.Discovered.Time().IsZero())
	fmt.Fprintln(w, "Next: "+c.Command("preview"))
}

func printWaves(w io.Writer, waves []campaign.WaveStatus) {
	rows := [][]string{{"wave", "recipients", "taken by the relay", "state"}}
	for _, v := range waves {
		rows = append(rows, []string{v.Name, number(v.Total), number(v.Accepted), v.State})
	}
	printTable(w, rows)
}
