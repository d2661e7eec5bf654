package campaign

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/report"
)

// page gathers what the report's page shows.
func (f *reporter) page(ctx context.Context) (*report.Case, error) {
	c, s, t := f.c, &f.status, &f.told
	p := &report.Case{
		Company: c.Config.Incident.Company, Campaign: s.Campaign, Subject: c.Config.Sender.Subject, At: f.at, Version: f.o.Version,
		Head:  report.Head{Rows: s.Evidence.Rows, Chain: s.Evidence.Head, Epoch: s.Evidence.Epoch, First: t.first, Last: t.last},
		Phase: string(s.Phase), Standing: f.o.Phases[s.Phase], Wrong: f.wrong,
		Rows: report.Rows(s.Rows), Recipients: report.RecipientCount(s.Recipients), Notices: report.Notices(s.Notices),
		AlsoPostal: s.AlsoPostal, Tally: f.tally, Names: map[string]string{notifier.UnknownState: "state unknown"},
		Events: t.events, Tests: t.tests, Verify: c.Command("verify"),
	}
	if !c.Config.Incident.Occurred.From.IsZero() {
		p.Incident = dates(c.Config.Incident.Occurred)
	}
	if s.Purged != nil {
		p.Purged = *s.Purged
	}
	if s.Evidence.Head != "" {
		p.ToVerify = c.Command("verify --head " + s.Evidence.Head)
	}
	for _, w := range s.Waves {
		p.Waves = append(p.Waves, report.Wave(w))
	}
	f.addHolds(p)
	f.addDeadlines(p)
	for _, step := range []func(context.Context, *report.Case) error{f.addApprovals, f.addSamples, f.addAftermath, f.addSources, f.addTasks} {
		if err := step(ctx, p); err != nil {
			return nil, err
		}
	}
	f.addNotes(p)
	p.Owed = f.owed(p)
	return p, nil
}

// addHolds says of each hold whom it is on, and when it ended.
func (f *reporter) addHolds(p *report.Case) {
	for i, h := range f.status.Holds {
		of := &f.c.Config.Holds[i]
		hold := report.Hold{Name: h.Name, Who: of.Match.words(f.c.Law.Name), State: h.State, People: h.People}
		if event, ok := f.told.released[h.Name]; ok {
			hold.Ended, hold.Row = event.At, event.Row
		} else if h.State == holdEnded {
			hold.Ended = of.ends()
			p.Events = append(p.Events, report.Event{At: hold.Ended, Kind: report.EventHold, Text: "the hold " + h.Name + " ended by itself"})
		}
		p.Holds = append(p.Holds, hold)
	}
	for i := range f.approvedHolds {
		h := &f.approvedHolds[i]
		if !slices.ContainsFunc(f.c.Config.Holds, func(have HoldConfig) bool { return have.Name == h.Name }) {
			p.Holds = append(p.Holds, report.Hold{Name: h.Name, Who: h.Match.words(f.c.Law.Name), State: "approved, and no longer in campaign.yaml"})
		}
	}
	slices.SortStableFunc(p.Events, func(a, b report.Event) int { return a.At.Compare(b.At) })
}

// addDeadlines says what the laws of the states that occur ask for.
func (f *reporter) addDeadlines(p *report.Case) {
	people := f.people()
	a := &ahead{end: f.at}
	for _, s := range f.c.describeLaw(people, a) {
		if s.Name != "" {
			p.Names[s.State] = s.Name
		}
		if s.TellBy != "" {
			p.Deadlines = append(p.Deadlines, deadlineOf(&s))
		}
	}
	if federal := f.c.federal(f.tally.All.People, a); federal != nil {
		d := deadlineOf(federal)
		p.Federal = &d
	}
}

func deadlineOf(s *StateLaw) report.Deadline {
	return report.Deadline{State: s.State, Name: s.Name, On: s.TellBy, Words: s.Words, Source: s.Source, Read: s.Read}
}

// addApprovals says who approved, and how many notices left under each approval.
func (f *reporter) addApprovals(ctx context.Context, p *report.Case) error {
	list, err := f.c.endorsements(ctx, f.r)
	if err != nil {
		return err
	}
	text := map[int64]string{}
	for i := range list {
		text[list[i].Seq] = list[i].Text
	}
	sent := map[int64]int64{}
	for w, n := range f.told.sent {
		sent[w.approval] += n
	}
	for i := range f.status.Approvals {
		a := &f.status.Approvals[i]
		out := report.Approval{
			Row: a.Row, By: a.By, At: a.At, Code: a.Code, Text: text[a.Row], Batches: a.Batches, Proof: a.Proof, Note: a.Note,
			Wrong: a.Wrong, ReplacedBy: a.ReplacedBy, Sent: sent[a.Row],
		}
		if a.Signed != "" {
			if out.Signed = "with the key " + a.Signed; a.Signer != "" {
				out.Signed += ", which the file of signers gives to " + a.Signer
			}
		}
		for _, w := range a.Waivers {
			out.Waivers = append(out.Waivers, report.Waiver{Name: w.Name(), Reason: w.Reason})
		}
		p.Approvals = append(p.Approvals, out)
	}
	return nil
}

// addAftermath says what came back, and who was listed for letters and sent some.
func (f *reporter) addAftermath(ctx context.Context, p *report.Case) error {
	came, err := f.r.Came(ctx)
	if err != nil {
		return err
	}
	p.Bounces = report.Bounces{Hard: came.Hard, Soft: came.Soft, Complaints: came.Complaints, AutoReplies: came.AutoReplies, Read: came.Read, Reads: f.told.reads}
	listings, err := f.r.Listings(ctx)
	if err != nil {
		return err
	}
	for _, l := range listings {
		p.Listings = append(p.Listings, report.Listing{Number: l.Number, Row: l.Seq, At: l.At, People: l.People, Digest: l.Digest})
	}
	for _, m := range f.mailings {
		p.Mailings = append(p.Mailings, report.Mailing{Row: m.Seq, On: m.On, At: m.At, People: m.People, Again: m.Again, File: m.File, Proof: m.Proof, Digest: m.Digest})
	}
	return nil
}

// addSources says what went in.
func (f *reporter) addSources(ctx context.Context, p *report.Case) error {
	exports, err := f.r.Exports(ctx)
	if err != nil {
		return err
	}
	for i := range exports {
		e := &exports[i]
		p.Exports = append(p.Exports, report.Source{
			Name: e.Name, Digest: e.Digest.String(), Batch: e.Batch, Rows: e.Rows, Recipients: e.Recipients, Merged: e.Merged, Rejected: e.Rejected, AlreadyTold: e.AlreadyTold,
		})
	}
	batches, err := f.r.Batches(ctx)
	for _, b := range batches {
		p.Batches = append(p.Batches, report.Batch{Number: b.Number, People: b.Size(), Digest: b.Digest.String(), At: b.At})
	}
	return err
}

// addNotes says what else a reader has to know.
func (f *reporter) addNotes(p *report.Case) {
	s := &f.status
	note := func(format string, args ...any) { p.Notes = append(p.Notes, fmt.Sprintf(format, args...)) }
	var doubt *Doubt
	if errors.As(s.Doubt, &doubt) && doubt.Kind != DoubtNoAnchor {
		note("It is not certain that this is the ledger that was used last, so that more may have been sent than stands here: %v.", doubt)
	}
	if f.sending {
		note("A sender was at work while this was read. It is the ledger as it was at one moment; more has been sent since.")
	}
	if s.Halt != nil {
		note("The campaign is halted since %s: %s.", stamp(s.Halt.At), strings.TrimSuffix(s.Halt.Reason, "."))
	}
	if s.Purged != nil {
		note("Personal data was purged on %s. Nobody can be sent to any more; numbers, days and evidence stay as they were.", stamp(*s.Purged))
	}
	if s.Purging {
		note("A purge was begun and has not ended; it may have left personal data.")
	}
	if s.Unapproved > 0 {
		note("%d of %s not approved as they stand.", s.Unapproved, Many(int64(s.Batches), "batch is", "batches are"))
	}
	if p.Bounces.Read.IsZero() && f.tally.All.ByEmail() > 0 {
		note("Nobody has looked yet for what came back: among the emails that the relay took may be such that it could not hand on.")
	}
}

// lettersDue counts those who are still to be sent a letter.
func (f *reporter) lettersDue() int64 {
	if all := &f.tally.All; f.status.AlsoPostal {
		return all.People - all.Letters
	}
	return f.tally.All.Due()
}

// mostNamed is how many tasks are named in a sentence.
const mostNamed = 5

// owed says what is still owed, a sentence each.
func (f *reporter) owed(p *report.Case) []string {
	var list []string
	add := func(n int64, one, more string) {
		if n > 0 {
			list = append(list, Many(n, one, more))
		}
	}
	all := &f.tally.All
	add(all.Unsent(), "notice is still to be sent by email", "notices are still to be sent by email")
	add(all.Unknown(), "person of whom nobody can tell whether the relay took the notice: the relay's log settles it",
		"people of whom nobody can tell whether the relay took the notice: the relay's log settles it")
	var listed, mailed int64
	for _, l := range p.Listings {
		listed += l.People
	}
	for _, m := range p.Mailings {
		mailed += m.People
	}
	if due := f.lettersDue(); due > 0 {
		words := Many(due, "letter is still to be sent", "letters are still to be sent")
		if waiting := listed - mailed; waiting > 0 {
			words += fmt.Sprintf(" (%s listed, and not recorded as sent)", Many(waiting, "person is", "people are"))
		}
		list = append(list, words)
	}
	var open []string
	for _, t := range p.Tasks {
		if t.Done == "" && t.Owed {
			open = append(open, t.Name)
		}
	}
	if n := len(open); n > 0 {
		words := fmt.Sprintf("%s: %s", Many(int64(n), "task is open", "tasks are open"), strings.Join(open[:min(n, mostNamed)], ", "))
		if n > mostNamed {
			words += fmt.Sprintf(" and %d more", n-mostNamed)
		}
		list = append(list, words)
	}
	return list
}

// regulatorsOf are the regulators that the law wants told of so many people.
func regulatorsOf(duties []jurisdiction.Duty) []jurisdiction.Duty {
	return slices.DeleteFunc(duties, func(d jurisdiction.Duty) bool { return !d.Met || d.Who == jurisdiction.CreditBureaus })
}
