package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"breachmail/notifier/campaign"
)

func newStatus(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "status",
		Short: "Say where the campaign stands",
		Long: `Says where the campaign stands, also while another process sends. It ends with 0
whenever it could say so, whatever the phase.`,
		Example: example("  breachmail -C aug-2018 status\n  breachmail -C aug-2018 status --json", 0, 1, 5, 64),
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runStatus(cmd.Context(), a)
		},
	}
	a.jsonFlag(c)
	return c
}

func runStatus(ctx context.Context, a *app) error {
	c, err := a.open()
	if err != nil {
		return err
	}
	s, err := c.Status(ctx)
	if err != nil {
		return err
	}
	if a.json {
		return a.object(s)
	}
	fmt.Fprintf(a.out, "campaign %s\n", s.Campaign)
	printStanding(a.out, c, &s)
	return nil
}

// printStanding says where a campaign stands and what to do next.
func printStanding(w io.Writer, c *campaign.Campaign, s *campaign.Status) {
	fmt.Fprintf(w, "phase: %s (%s)\n", s.Phase, phaseWords[s.Phase])
	printPurged(w, c, s)
	if s.Phase != campaign.PhaseEmpty {
		printAccount(w, s)
		fmt.Fprintln(w)
		printWaves(w, s.Waves)
		printHolds(w, s.Holds)
		printAfterwards(w, s)
	}
	printApprovals(w, s.Approvals)
	printHalt(w, s)
	if s.Unapproved > 0 && s.Unapproved < s.Batches {
		fmt.Fprintf(w, "%d of %d batches not approved as they stand\n", s.Unapproved, s.Batches)
	}
	if !s.NextDue.IsZero() {
		fmt.Fprintf(w, "the next deferred notice is due %s\n", s.NextDue.Local().Format(time.DateTime))
	}
	switch {
	case !s.Balanced:
		fmt.Fprintf(w, "THE ACCOUNT DOES NOT CLOSE: %v\n", s.Unbalanced)
	case s.Phase != campaign.PhaseEmpty:
		fmt.Fprintln(w, "the account closes: every row is explained")
	}
	printEvidence(w, s)
	if s.Doubt != nil {
		fmt.Fprintf(w, "IT DOES NOT SEND: %v\n", s.Doubt)
	}
	if next := nextStep(c, s); next != "" {
		fmt.Fprintln(w, "Next: "+next)
	}
}

// printPurged says that personal data is gone, or that a purge has left some.
func printPurged(w io.Writer, c *campaign.Campaign, s *campaign.Status) {
	if s.Purged != nil {
		fmt.Fprintf(w, "personal data was purged on %s: nobody can be sent to any more\n", s.Purged.Local().Format(time.DateTime))
	}
	if s.Purging {
		fmt.Fprintf(w, "A PURGE HAS NOT ENDED and may have left personal data; end it with:\n  %s\n", c.Command("purge"))
	}
}

// printEvidence gives the head of the evidence, to be written down.
func printEvidence(w io.Writer, s *campaign.Status) {
	if s.Evidence.Rows > 0 {
		fmt.Fprintf(w, "evidence: %s (write its head down, for verify --head)\n", many(s.Evidence.Rows, "row", "rows"))
		printHead(w, s.Evidence.Head)
	}
}

func printHead(w io.Writer, head string) { fmt.Fprintf(w, "evidence head: %s\n", head) }

// printHalt says why a campaign was halted, if it was.
func printHalt(w io.Writer, s *campaign.Status) {
	if s.Halt == nil {
		return
	}
	fmt.Fprintf(w, "halted %s: %s\n", s.Halt.At.Local().Format(time.DateTime), s.Halt.Reason)
	if len(s.Halt.Samples) > 0 {
		fmt.Fprintln(w, "replies that led to it, the latest first:")
	}
	for _, reply := range s.Halt.Samples {
		fmt.Fprintln(w, "  "+reply)
	}
}

func printAccount(w io.Writer, s *campaign.Status) {
	n := &s.Notices
	for _, l := range []struct {
		n     int64
		words string
	}{
		{s.Rows.Read, "rows read"},
		{s.Rows.Merged, "merged into another row's notice"},
		{s.Rows.Rejected, "set aside"},
		{s.Rows.AlreadyTold, "already told"},
		{s.Recipients.Total, "recipients"},
		{s.Recipients.Postal, "by post"},
		{s.Recipients.Email, "by email:"},
		{n.Accepted, "  taken by the relay"},
		{n.Pending, "  pending"},
		{n.InFlight, "  in flight"},
		{n.Deferred, "  deferred, to be tried again"},
		{n.Refused, "  refused"},
		{n.Bounced, "  bounced"},
		{n.Unknown, "  unknown: nobody can tell whether the relay took them"},
	} {
		if l.n > 0 || l.words == "recipients" || l.words == "by email:" {
			fmt.Fprintf(w, "  %s  %s\n", padded(l.n), l.words)
		}
	}
}

// printAfterwards says what came back, and where the letters stand.
func printAfterwards(w io.Writer, s *campaign.Status) {
	if b := &s.Bounces; b.Read != nil {
		fmt.Fprintf(w, "bounces, last looked for %s: %s for good, %s not final, %s complaints, %s answers of programs\n", b.Read.Local().Format(time.DateTime),
			number(b.Hard), number(b.Soft), number(b.Complaints), number(b.AutoReplies))
	}
	if l := &s.Letters; l.Due > 0 || l.Listed > 0 {
		fmt.Fprintf(w, "to be told by post: %s, of whom %s listed, %s sent, %s left\n", number(l.Due), number(l.Listed), number(l.Told), number(l.Untold))
	}
}

// printApprovals lists who approved, and in spite of what.
func printApprovals(w io.Writer, approvals campaign.Approvals) {
	for i := range approvals {
		a := &approvals[i]
		fmt.Fprintf(w, "approved by %s, on %s, code %s (%s)\n", a.By, a.At.Format("2006-01-02 15:04 MST"), cut12(a.Code), signedWords(a.Signed, a.Signer, a.Proof))
		if a.Wrong != "" {
			fmt.Fprintf(w, "  does not count: %s\n", a.Wrong)
		}
		if a.ReplacedBy > 0 {
			fmt.Fprintf(w, "  replaced by the approval in evidence row %d\n", a.ReplacedBy)
		}
		if a.Note != "" {
			fmt.Fprintf(w, "  note: %s\n", a.Note)
		}
		for _, v := range a.Waivers {
			fmt.Fprintf(w, "  waived: %s: %s\n", v.Name(), v.Reason)
		}
	}
	if len(approvals) > 0 {
		fmt.Fprintln(w)
	}
}

// cut12 returns the digits of an approval code that people compare.
func cut12(code string) string { return code[:min(len(code), 12)] }

// printHolds lists the holds, if there are any.
func printHolds(w io.Writer, holds campaign.Holds) {
	if len(holds) == 0 {
		return
	}
	rows := [][]string{{"hold", "keeps back", "state"}}
	for _, h := range holds {
		rows = append(rows, []string{h.Name, number(h.People), h.State})
	}
	printTable(w, rows)
}

// phaseWords say what a phase means.
var phaseWords = map[campaign.Phase]string{
	campaign.PhaseEmpty:       "nobody is planned",
	campaign.PhasePlanned:     "what is left to send is not approved",
	campaign.PhaseApproved:    "nothing was sent yet",
	campaign.PhaseSending:     "a sender is running now",
	campaign.PhaseInterrupted: "something is left to send, and nobody sends it",
	campaign.PhaseAtGate:      "whoever is left stands behind a closed gate or under a hold",
	campaign.PhaseHalted:      "stopped by the breaker or the guard",
	campaign.PhaseUnsettled:   "all is sent but what is unknown",
	campaign.PhaseSent:        "every email has its outcome; letters are still to be written",
	campaign.PhaseComplete:    "every notice has its outcome, and nobody waits for a letter",
}

// lettersNext is what letters is to do next: where all who are left are listed, the
// mail house has them.
func lettersNext(s *campaign.Status) string {
	if s.Letters.Listed-s.Letters.Told >= s.Letters.Untold {
		return "letters --sent FILE --on DATE"
	}
	return "letters"
}

// sentWords say what is to be done once all is sent: bounces come for days.
func sentWords(s *campaign.Status) string {
	switch {
	case s.Bounces.Read == nil:
		return "take in what came back with bounces PATH; then: "
	case s.Letters.Listed-s.Letters.Told >= s.Letters.Untold:
		return "once the letters are sent: "
	}
	return ""
}

// nextStep is the command that goes on from a phase.
func nextStep(c *campaign.Campaign, s *campaign.Status) string {
	if s.Purged != nil {
		return ""
	}
	var how *campaign.Hinted
	if errors.As(s.Doubt, &how) {
		return how.Hint
	}
	if standing := s.Holds.Standing(); s.Phase == campaign.PhaseAtGate && s.Gate == "" && len(standing) > 0 {
		return c.Opens(standing[0])
	}
	if s.Phase == campaign.PhasePlanned && s.Awaited.Code != "" {
		return s.Awaited.Say + "; the others approve the same code: " + s.Awaited.Command
	}
	verb := map[campaign.Phase]string{
		campaign.PhaseEmpty:       "plan EXPORT",
		campaign.PhasePlanned:     "preview",
		campaign.PhaseApproved:    "send",
		campaign.PhaseInterrupted: "resume",
		campaign.PhaseAtGate:      "release " + s.Gate,
		campaign.PhaseHalted:      "resume --clear-halt",
		campaign.PhaseUnsettled:   "reconcile LOG",
		campaign.PhaseSent:        lettersNext(s),
		campaign.PhaseComplete:    "report",
	}[s.Phase]
	if verb == "" {
		return ""
	}
	first := map[campaign.Phase]string{
		campaign.PhaseAtGate:    "look at what became of wave " + s.Gate + "; then: ",
		campaign.PhaseHalted:    "find out why; then: ",
		campaign.PhaseUnsettled: "settle the unknown by the relay's log: ",
		campaign.PhaseSent:      sentWords(s),
	}[s.Phase]
	return first + c.Command(verb)
}
