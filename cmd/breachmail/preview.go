package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

func newPreview(a *app) *cobra.Command {
	var o campaign.PreviewOptions
	c := &cobra.Command{
		Use:   "preview",
		Short: "Make the bundle that counsel reads",
		Long: `Writes out/preview/: index.html says what would be sent, to how many people, and
the approval code; beside it is a message file of each wording. The page opens in
any browser, without a network. Samples are made of stand-in values. The last line
on stderr is the ready approve command, unless something has to be settled first.

--zip writes one archive to pass on. --real makes the samples of real recipients,
into out/preview-real/: that bundle holds personal data, and with --zip is only
written encrypted, by age, to those whom --age names.`,
		Example: example(`  breachmail -C aug-2018 preview
  breachmail -C aug-2018 preview --zip for-counsel.zip
  breachmail -C aug-2018 preview --real --zip for-counsel.zip.age --age age1…`, 0, 1, 5, 10, 11, 64, 130),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("zip") && o.Zip == "" {
				return &campaign.Hinted{Err: fmt.Errorf("%w: --zip names no file", campaign.ErrUsage), Hint: "write --zip FILE"}
			}
			return runPreview(cmd.Context(), a, o)
		},
	}
	c.Flags().BoolVar(&o.Real, "real", false, "samples of real recipients; the bundle holds personal data")
	c.Flags().StringVar(&o.Zip, "zip", "", "write one archive of the bundle to `FILE`")
	c.Flags().StringArrayVar(&o.Keys, "age", nil, "encrypt it to `KEY`: an age or SSH public key, or a file of them; repeatable")
	a.jsonFlag(c)
	return c
}

func runPreview(ctx context.Context, a *app, o campaign.PreviewOptions) error {
	c, err := a.open()
	if err != nil {
		return err
	}
	p, err := c.Preview(ctx, o)
	if err != nil {
		return err
	}
	w := a.words()
	fmt.Fprintf(w, "%s: open it in a browser\n", p.Page)
	if o.Zip != "" {
		fmt.Fprintf(w, "%s: the same to pass on\n", o.Zip)
	}
	if o.Real {
		fmt.Fprintln(w, "it holds personal data of real recipients: pass it on only to those who may see them")
	}
	fmt.Fprintf(w, "it shows %s, %s to read, for %s by email and %s by post\n", many(int64(p.Samples), "wording", "wordings"), many(int64(p.Words), "word", "words"),
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
		printStop(a, c, p, stop)
		return nil
	}
	if p.Approved != "" {
		fmt.Fprintf(w, "approved already by %s: nothing has changed since; %s says what is next\n", p.Approved, c.Command("status"))
		fmt.Fprintln(w, "Another approval of the same would be recorded with:")
		fmt.Fprintln(a.err, c.ApproveCommand(p.Code, p.Lint))
		return nil
	}
	if p.Awaited.Code != "" {
		fmt.Fprintln(w, p.Awaited.Say)
	}
	fmt.Fprintln(w, "When counsel agrees, record it with the line below and the name of who agreed:")
	fmt.Fprintln(a.err, c.ApproveCommand(p.Code, p.Lint))
	return nil
}

// printStop says how the findings that forbid an approval are settled.
func printStop(a *app, c *campaign.Campaign, p *campaign.Previewed, stop []campaign.Finding) {
	fmt.Fprintf(a.err, "nothing can be approved before %s mended or waived; when mended: %s\n",
		many(int64(len(stop)), "error above is", "errors above are"), c.Command("preview"))
	waived := append([]campaign.Finding{}, p.Lint...)
	for i := range waived {
		f := &waived[i]
		if f.Level != campaign.LevelError || f.Waived != "" {
			continue
		}
		if !f.Waivable {
			return
		}
		f.Waived = "WHY"
	}
	fmt.Fprintln(a.err, "where counsel decides to approve in spite of them: "+c.ApproveCommand(p.Code, waived))
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
