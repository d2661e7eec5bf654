package campaign

import (
	"context"
	"fmt"
	"io"
	"strings"

	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/report"
)

// writeRegulators writes a folder for each state whose law wants a regulator told
// of that many people, and one for the whole country where that is so there.
func (f *reporter) writeRegulators(ctx context.Context, p *report.Case) error {
	people := f.people()
	for _, row := range p.StateRows() {
		duties := regulatorsOf(f.c.Law.Duties(row.State, people[row.State]))
		if len(duties) == 0 {
			continue
		}
		if err := f.regulator(&row, duties, f.wordingsOf(row.State)); err != nil {
			return err
		}
		p.Packs = append(p.Packs, row.Name)
		if ctx.Err() != nil {
			return ErrInterrupted
		}
	}
	if duties := regulatorsOf(f.c.Law.Duties(jurisdiction.Federal, f.tally.All.People)); len(duties) > 0 {
		row := report.StateRow{State: jurisdiction.Federal, Name: "the whole country", Counts: f.tally.All}
		if p.Federal != nil {
			row.Deadline, row.Source = p.Federal.On, p.Federal.Source
		}
		if err := f.regulator(&row, duties, f.wordingsOf("")); err != nil {
			return err
		}
		p.Packs = append(p.Packs, row.Name)
	}
	return nil
}

// wordingsOf returns the wordings that people of a state are told in, of every
// state where it is empty: for each template and language the one that most get.
func (f *reporter) wordingsOf(state string) []said {
	people := map[string]int64{}
	kinds := map[string]string{}
	for _, g := range f.groups {
		if state == "" || g.State == state {
			name := g.Variant.String()
			people[name] += g.Count
			kinds[name] = g.Variant.Template + "-" + g.Variant.Language
		}
	}
	seen := map[string]bool{}
	var list []said
	for _, n := range report.Sorted(people) {
		for _, s := range f.said[n.Name] {
			if s.Lost == "" && !seen[kinds[n.Name]] {
				seen[kinds[n.Name]] = true
				list = append(list, s)
			}
		}
	}
	return list
}

// regulator writes one folder.
func (f *reporter) regulator(row *report.StateRow, duties []jurisdiction.Duty, wordings []said) error {
	dir := "regulators/" + row.State + "/"
	f.out.states = append(f.out.states, row.State)
	var names []string
	for _, s := range wordings {
		name := "sample-" + s.Wording
		names = append(names, name)
		text := "From: " + s.From + "\nSubject: " + s.Subject + "\n\n" + s.Text
		for ending, content := range map[string][]byte{".txt": []byte(text), ".eml": s.message} {
			err := f.out.add(dir+name+ending, func(w writer) error {
				_, err := w.Write(content)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return f.out.add(dir+"summary.txt", func(w writer) error { return f.summary(w, row, duties, names) })
}

// summary writes what a regulator is told, in words.
func (f *reporter) summary(w io.Writer, row *report.StateRow, duties []jurisdiction.Duty, names []string) error {
	i := &f.c.Config.Incident
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s: notice of a data breach, for the regulator of %s", i.Company, row.Name)
	line("As of %s, from the campaign %s, evidence row %d (%s).", stamp(f.at), f.status.Campaign, f.status.Evidence.Rows, f.status.Evidence.Head)
	if len(f.wrong) > 0 {
		line("\nDO NOT RELY ON THIS: what is stored does not agree. %s.", f.wrong[0])
	}
	line("\nWho is to be told, as counsel's law data say; counsel decides:")
	for _, d := range duties {
		words := d.Who
		if d.First {
			words += ", before the people"
		}
		if d.By != "" {
			words += " (" + d.By + ")"
		}
		line("  %s\n    source: %s", words, strings.TrimSuffix(d.Fact.Source+", "+d.Fact.SourceDate, ", "))
	}
	line("\nThe incident:")
	if !i.Occurred.From.IsZero() {
		line("  it happened:    %s", dates(i.Occurred))
	}
	if !i.Discovered.IsZero() {
		line("  discovered:     %s", i.Discovered)
	}
	line("  data involved:  %s", strings.Join(i.DataInvolved, ", "))
	line("\nPeople of %s:", row.Name)
	count := func(words string, n int64) { line("  %12s  %s", Number(n), words) }
	count("affected", row.People)
	count("email taken by the relay, and not come back", row.ByEmail())
	count("letter sent", row.Letters)
	count("still to be told", row.Untold)
	line("\nDates:")
	line("  first notice:   %s", noneYet(row.First))
	line("  last notice:    %s", noneYet(row.Last))
	if row.Deadline != "" {
		line("  deadline:       %s (%s)", row.Deadline, row.Source)
		line("  sent by then:   %s, later %s", Number(row.InTime), Number(row.Late))
	}
	if len(names) > 0 {
		line("\nThe notice, with stand-in values for a person's own, is in these files (.eml opens in a mail program):")
		for _, name := range names {
			line("  %s.txt, %s.eml", name, name)
		}
	} else {
		line("\nNo notice was approved yet, or it is not kept.")
	}
	line("\nAn email counts once the relay took it and while it has not come back; that does\nnot say that it was read.")
	_, err := io.WriteString(w, b.String())
	return err
}

func noneYet(day string) string {
	if day == "" {
		return "none yet"
	}
	return day
}
