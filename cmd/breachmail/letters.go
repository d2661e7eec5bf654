package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

// lettersFlags are the flags of letters.
type lettersFlags struct {
	all   bool
	sent  string
	on    string
	proof string
}

func newLetters(a *app) *cobra.Command {
	var o lettersFlags
	c := &cobra.Command{
		Use:   "letters",
		Short: "List the people to be told by post, and record that they were",
		Long: `Writes out/letters/letters.csv for the company's mail house, one row a person:
whoever is told by post, was refused or given up, or whose notice bounced (with
email.also_postal everybody). Beside it are the letters' texts, as counsel
approved them, to be printed on US Letter; the column "letter" says which one is
whose, and «name» in a text stands for the column "name". Who is under a hold, or
of a batch that nobody approved, is not listed yet.

Run again it writes those who are new since; every list stays there as
letters-1.csv, letters-2.csv and so on. --all writes everybody ever listed.

--sent records whose letters were sent: FILE is the list, or what the mail house
made of it, with a column "key" or "reference". A row that names nobody who was
listed is an error, and then nothing is recorded.`,
		Example: example(`  breachmail -C aug-2018 letters
  breachmail -C aug-2018 letters --sent posted.csv --on 2018-08-30 --proof receipt.pdf`, 0, 1, 5, 10, 11, 12, 14, 64, 130),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runLetters(cmd.Context(), a, o)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.all, "all", false, "write everybody who was ever listed")
	f.StringVar(&o.sent, "sent", "", "record that the letters of those in `FILE` were sent")
	f.StringVar(&o.on, "on", "", "with --sent: the `DATE`, as 2018-08-30")
	f.StringVar(&o.proof, "proof", "", "with --sent: a `FILE` that proves it; its digest is kept")
	a.jsonFlag(c)
	return c
}

func (o *lettersFlags) check() error {
	wrong := func(what, how string) error {
		return &campaign.Hinted{Err: fmt.Errorf("%w: %s", campaign.ErrUsage, what), Hint: how}
	}
	const written = "it is written: breachmail letters --sent FILE --on DATE [--proof FILE]"
	switch {
	case o.sent != "" && o.all:
		return wrong("--all writes a list, and --sent records one", "run one after the other")
	case o.sent != "" && o.on == "":
		return wrong("--sent without --on", written)
	case o.sent == "" && (o.on != "" || o.proof != ""):
		return wrong("--on and --proof go with --sent", written)
	}
	return nil
}

func runLetters(ctx context.Context, a *app, o lettersFlags) error {
	if err := o.check(); err != nil {
		return err
	}
	c, err := a.open()
	if err != nil {
		return err
	}
	if o.sent != "" {
		return runMailed(ctx, a, c, o)
	}
	l, err := c.Letters(ctx, campaign.LettersOptions{All: o.all})
	if err != nil {
		return err
	}
	printLetters(a.words(), c, l)
	return a.object(struct {
		campaign.Status
		List *campaign.Letters `json:"list"`
	}{l.Status, l})
}

func runMailed(ctx context.Context, a *app, c *campaign.Campaign, o lettersFlags) error {
	m, err := c.Mailed(ctx, campaign.MailedOptions{File: o.sent, On: o.on, Proof: o.proof})
	if m == nil {
		return err
	}
	printMailed(a.words(), c, m)
	return errors.Join(err, a.object(struct {
		campaign.Status
		Mailing *campaign.Mailed `json:"mailing"`
	}{m.Status, m}))
}

// printLetters says who was listed, where that stands, and who is left.
func printLetters(w io.Writer, c *campaign.Campaign, l *campaign.Letters) {
	switch {
	case l.Written == 0:
		fmt.Fprintln(w, "nobody is new: the lists are as they were")
	case l.Listed > 0:
		fmt.Fprintf(w, "listed for a letter: %s\n", many(l.Listed, "person", "people"))
	}
	if l.Written > 0 {
		fmt.Fprintf(w, "%s, %s:\n", l.File, many(l.Written, "person", "people"))
		for _, r := range l.Reasons {
			fmt.Fprintf(w, "  %s  %s\n", padded(r.People), reasonWords(r.Reason))
		}
	}
	printTexts(w, l.Texts)
	printNotListed(w, l)
	printStatesLeft(w, l.Left)
	for _, warning := range l.Warnings {
		fmt.Fprintf(w, "ATTENTION: %s\n", warning)
	}
	if l.Written > 0 {
		fmt.Fprintln(w, "The list holds personal data: give it to the mail house encrypted, and as text.")
	}
	if len(l.Left) > 0 {
		fmt.Fprintf(w, "Next: once they are posted: %s\n", c.Command("letters --sent FILE --on DATE --proof FILE"))
	}
}

// mostTexts is how many texts are named on the screen; --json names all.
const mostTexts = 8

// printTexts names the letters' texts, those of most people first.
func printTexts(w io.Writer, texts []campaign.LetterText) {
	if len(texts) == 0 {
		return
	}
	texts = slices.Clone(texts)
	slices.SortStableFunc(texts, func(a, b campaign.LetterText) int { return cmp.Compare(b.People, a.People) })
	fmt.Fprintf(w, "%s of letters, to be printed on US Letter:\n", many(int64(len(texts)), "text", "texts"))
	for _, t := range texts[:min(len(texts), mostTexts)] {
		fmt.Fprintf(w, "  %s  %s\n", padded(t.People), t.File)
	}
	if more := len(texts) - mostTexts; more > 0 {
		fmt.Fprintf(w, "  and %s more (the column \"letter\" names them)\n", number(int64(more)))
	}
}

// reasonWords are what the reasons that are no words mean.
func reasonWords(reason string) string {
	words := map[string]string{
		"refused": "refused by the relay", "expired": "given up: not taken in time", "bounced": "bounced",
		"also_postal": "by email as well (email.also_postal)",
	}[reason]
	return orElse(words, reason)
}

// printNotListed says who is not listed yet, and why.
func printNotListed(w io.Writer, l *campaign.Letters) {
	for _, h := range l.HeldBack {
		fmt.Fprintf(w, "not listed: %s under the hold %s\n", many(h.People, "person", "people"), h.Name)
	}
	if l.NotApproved > 0 {
		fmt.Fprintf(w, "not listed: %s of batches that are not approved\n", many(l.NotApproved, "person", "people"))
	}
	n := &l.Status.Notices
	if open := n.Pending + n.Deferred; open > 0 {
		fmt.Fprintf(w, "may still be told by email: %s pending or deferred\n", many(open, "person", "people"))
	}
	if n.Unknown > 0 {
		fmt.Fprintf(w, "unknown, to be settled first: %s\n", many(n.Unknown, "person", "people"))
	}
}

// mostStates is how many states are named on the screen; --json names all.
const mostStates = 15

// printStatesLeft says by state who still has to be told by letter, and by when.
func printStatesLeft(w io.Writer, left []campaign.StateLeft) {
	if len(left) == 0 {
		fmt.Fprintln(w, "nobody is left to be told by letter")
		return
	}
	var people int64
	rows := [][]string{{"state", "people", "to be told by"}}
	for i, s := range left {
		people += s.People
		if i < mostStates {
			by := orElse(s.TellBy, "no day that the law data name")
			if s.Passed {
				by += " (PASSED)"
			}
			rows = append(rows, []string{s.State, number(s.People), by})
		}
	}
	fmt.Fprintf(w, "still to be told by letter: %s\n", many(people, "person", "people"))
	printTable(w, rows)
	if more := len(left) - mostStates; more > 0 {
		fmt.Fprintf(w, "  and %s (all of them: --json)\n", many(int64(more), "state more", "states more"))
	}
	fmt.Fprintln(w, "The days are those of the law data; counsel decides.")
}

// printMailed says what was recorded.
func printMailed(w io.Writer, c *campaign.Campaign, m *campaign.Mailed) {
	fmt.Fprintf(w, "letters sent on %s: %s recorded", m.On, many(m.People, "person", "people"))
	if m.Again > 0 {
		fmt.Fprintf(w, ", %s recorded before", number(m.Again))
	}
	fmt.Fprintln(w)
	if m.Row > 0 && m.Proof != "" {
		fmt.Fprintf(w, "the proof's SHA-256 is kept in evidence row %d: %s\n", m.Row, cut12(m.Proof))
	}
	printStatesLeft(w, m.Left)
	printHead(w, m.Status.Evidence.Head)
	fmt.Fprintf(w, "phase: %s (%s)\n", m.Status.Phase, phaseWords[m.Status.Phase])
	if len(m.Left) == 0 {
		fmt.Fprintf(w, "Next: what the law asks for beside the notices: %s\n", c.Command("done"))
	}
}
