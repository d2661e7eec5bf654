package campaign

import (
	"path/filepath"

	"breachmail/notifier"
	"breachmail/notifier/intake"
	"breachmail/notifier/ledger"
)

// loader puts groups of accounts into a batch.
type loader struct {
	b        ledger.Batcher
	approved map[int]bool // batches that somebody approved
	reading  *reading
	credits  *credits
	folding  *folding
	late     *listFile // accounts that came after their people's notice was approved or claimed
	tooLate  *listFile // people on --no-email whose notice was
	planned  *Planned
}

func newLoader(b ledger.Batcher, approved map[int]bool, r *reading, f *folding, p *Planned) *loader {
	return &loader{
		b: b, approved: approved, reading: r, credits: r.credits(), folding: f, planned: p,
		late: newListFile(filepath.Join(r.out, "added-after-notice.csv"),
			"reference", "key", "account_number", "account_type", "export"),
		tooLate: newListFile(filepath.Join(r.out, "no-email-too-late.csv"), "reference", "key", "notice"),
	}
}

func (l *loader) abort() {
	l.late.abort()
	l.tooLate.abort()
}

func (l *loader) add(g *intake.Group) error {
	if err := l.folding.add(g); err != nil {
		return err
	}
	row, known, err := l.b.Find(g.Recipient.Key)
	if err != nil {
		return err
	}
	if !known {
		l.credits.add(g.First)
		return l.b.Add(g.Recipient)
	}
	return l.merge(g, &row)
}

// merge takes in what exports say of somebody who is planned already. A notice
// that was approved or claimed never changes.
func (l *loader) merge(g *intake.Group, row *ledger.Row) error {
	merged, changed := intake.Merge(row.Recipient, g.Recipient)
	news := int64(len(merged.Accounts) - len(row.Recipient.Accounts))
	listed := g.Recipient.Reason == intake.ReasonNoEmail
	toPost := listed && row.Recipient.Channel == notifier.Email
	// Who is told by post because of a law could come back to email with the law.
	stays := listed && !toPost && row.Recipient.Reason != intake.ReasonNoEmail && !row.Recipient.Address.IsZero()
	if row.Attempts == 0 && !l.approved[row.Batch] {
		if toPost {
			l.planned.ToPost++
		}
		if toPost || stays {
			merged.Channel, merged.Reason = notifier.Postal, g.Recipient.Reason
		}
		l.planned.Added += news
		if !changed && !toPost && !stays {
			return nil
		}
		return l.b.Replace(merged)
	}
	if toPost {
		l.planned.TooLate++
		if err := l.tooLate.add(row.Recipient.Key.Reference(), row.Recipient.Key.String(), settled(row)); err != nil {
			return err
		}
	}
	if !changed {
		return nil
	}
	return l.addLate(ledger.Late{
		Key: g.Recipient.Key, Accounts: newHeld(row.Recipient.Accounts, merged.Accounts), Export: l.credits.name(g.First),
	})
}

// settled says why a notice does not change any more.
func settled(row *ledger.Row) string {
	if row.Attempts > 0 {
		return string(row.Status)
	}
	return "approved"
}

// addLate lists accounts that a notice does not name, unless they were listed
// before.
func (l *loader) addLate(late ledger.Late) error {
	fresh, err := l.b.AddLate(late)
	if err != nil {
		return err
	}
	l.planned.Late += int64(len(fresh))
	for _, a := range fresh {
		if err := l.late.add(late.Key.Reference(), late.Key.String(), a.Number.Reveal(), string(a.Type), late.Export); err != nil {
			return err
		}
	}
	return nil
}

// newHeld returns what is in after and not in before.
func newHeld(before, after []notifier.Held) []notifier.Held {
	had := map[notifier.Held]bool{}
	for _, h := range before {
		had[h] = true
	}
	var list []notifier.Held
	for _, h := range after {
		if !had[h] {
			list = append(list, h)
		}
	}
	return list
}

// finish puts the lists in place and records the exports of this batch, and
// what of them was set aside.
func (l *loader) finish() (err error) {
	if l.planned.LateFile, err = l.late.finish(); err != nil {
		return err
	}
	if l.planned.TooFile, err = l.tooLate.finish(); err != nil {
		return err
	}
	if err := l.folding.finish(); err != nil {
		return err
	}
	if err := l.reading.record(l.b); err != nil {
		return err
	}
	for i := range l.reading.exports {
		e := &l.reading.exports[i]
		if e.Planned {
			continue
		}
		if err := l.b.AddExport(l.credits.export(i)); err != nil {
			return err
		}
	}
	return nil
}
