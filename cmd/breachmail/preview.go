package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

func newPreview(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "preview",
		Short: "Make the page that counsel reads",
		Long: `Writes out/preview/index.html: what would be sent, to how many people, and the
approval code. It opens in any browser, without a network. The samples in it
are made of stand-in values. The last line on stderr is the ready approve
command, unless something has to be settled first.`,
		Example: example("  breachmail -C aug-2018 preview", 0, 1, 5, 10, 64, 130),
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
	fmt.Fprintf(w, "%s: open it in a browser\n", p.Page)
	fmt.Fprintf(w, "it shows %s, for %s by email and %s by post\n", many(int64(p.Samples), "wording", "wordings"),
		many(p.Status.Recipients.Email, "person", "people"), number(p.Status.Recipients.Postal))
	if err := a.object(previewObject{p.Status, p.Code, findingObjects(append(p.Open, p.Lint...))}); err != nil {
		return err
	}
	if len(p.Open) > 0 {
		printOpen(a, c, p.Open)
		return nil
	}
	printFindings(w, p.Lint)
	fmt.Fprintf(w, "approval code: %s\n", p.Code)
	if stop := campaign.InTheWay(p.Lint); len(stop) > 0 {
		fmt.Fprintf(a.err, "nothing can be approved before %s mended or waived; then: %s\n",
			many(int64(len(stop)), "error above is", "errors above are"), c.Command("preview"))
		return nil
	}
	fmt.Fprintln(w, "When counsel agrees, record it with the line below and the name of who agreed:")
	fmt.Fprintln(a.err, c.ApproveCommand(p.Code, p.Lint))
	return nil
}

// previewObject is what preview --json prints.
type previewObject struct {
	campaign.Status
	Code     string          `json:"approval_code"`
	Findings []findingObject `json:"findings"`
}

// findingObject is a finding in JSON.
type findingObject struct {
	Level    string `json:"level"` // error or warning
	Rule     string `json:"rule"`  // empty for what is still to be filled in
	State    string `json:"state"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Text     string `json:"text"`
	Variant  string `json:"variant"`  // the first wording it was found in
	Variants int    `json:"variants"` // in how many
	Waivable bool   `json:"waivable"`
	Waived   string `json:"waived"` // the reason, where it is waived
}

func findingObjects(list []campaign.Finding) []findingObject {
	out := []findingObject{}
	for _, f := range list {
		o := findingObject{string(f.Level), f.Rule, f.State, f.File, f.Line, f.Text, f.Variant, f.Variants, f.Waivable, f.Waived}
		if o.Rule == "" {
			o.Level = string(campaign.LevelError)
		}
		out = append(out, o)
	}
	return out
}

// printOpen lists what has to be filled in before anything can be approved.
func printOpen(a *app, c *campaign.Campaign, open []campaign.Finding) {
	for _, f := range open {
		fmt.Fprintf(a.words(), "to be settled: %s: %s\n", f.At(), f.Text)
	}
	fmt.Fprintf(a.err, "nothing can be approved before %s settled; then: %s\n",
		many(int64(len(open)), "point above is", "points above are"), c.Command("preview"))
}

// printFindings lists what the wordings were found to lack or to have.
func printFindings(w io.Writer, findings []campaign.Finding) {
	for _, f := range findings {
		level, where := string(f.Level), ""
		if f.Waived != "" {
			level = "waived"
		}
		if f.Variant != "" {
			where = " (" + f.Variant
			if f.Variants > 1 {
				where += fmt.Sprintf(" and %d more", f.Variants-1)
			}
			where += ")"
		}
		fmt.Fprintf(w, "%s: %s: %s: %s%s\n", level, f.At(), f.Name(), f.Text, where)
		if f.Waived != "" {
			fmt.Fprintf(w, "  waived because: %s\n", f.Waived)
		}
	}
}
