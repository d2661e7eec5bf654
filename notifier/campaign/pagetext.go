package campaign

import (
	"context"
	"errors"
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/report"
	"breachmail/notifier/review"
	"breachmail/notifier/review/bundle"
)

// addSamples puts every wording on the page, and those for people whose data are
// unusual.
func (c *Campaign) addSamples(ctx context.Context, r ledger.Reader, d *bundle.PageData, l *looked) error {
	people := peopleByVariant(l.Reached)
	states := map[notifier.Variant][]review.StatePeople{}
	for _, r := range l.Reached {
		states[r.Variant] = append(states[r.Variant], review.StatePeople{State: r.State, Name: c.Law.Name(r.State), People: int(r.People)})
	}
	for _, s := range l.samples {
		of := states[s.Variant]
		slices.SortStableFunc(of, func(a, b review.StatePeople) int { return b.People - a.People })
		d.Samples = append(d.Samples, bundle.PageSample{Sample: s, People: int(people[s.Variant]), States: of})
	}
	if l.real {
		return c.addReal(ctx, r, d, l.text)
	}
	list, err := review.Awkward(l.notices, mostRead(unusualVariants(l.notices), people), l.day)
	for _, s := range list {
		d.Awkward = append(d.Awkward, bundle.Awkward{Sample: s.Sample, Case: s.Case})
	}
	return err
}

func peopleByVariant(reached []review.Reach) map[notifier.Variant]int64 {
	people := map[notifier.Variant]int64{}
	for _, r := range reached {
		people[r.Variant] += r.People
	}
	return people
}

// mostRead returns for each template and language that anybody is written to in,
// and for the first, the one of variants that most people get, whatever their
// state.
func mostRead(variants []notifier.Variant, people map[notifier.Variant]int64) []notifier.Variant {
	readers := map[notifier.Variant]int64{}
	for v, n := range people {
		readers[stateless(v)] += n
	}
	var list []notifier.Variant
	for _, v := range variants {
		i := slices.IndexFunc(list, func(o notifier.Variant) bool { return o.Template == v.Template && o.Language == v.Language })
		switch {
		case i < 0 && (readers[v] > 0 || len(list) == 0):
			list = append(list, v)
		case i >= 0 && readers[v] > readers[list[i]]:
			list[i] = v
		}
	}
	return list
}

// addReading puts on the page what there is to read, what the law asks for, and
// what is said elsewhere.
func (c *Campaign) addReading(d *bundle.PageData, l *looked) (err error) {
	if d.Reading, err = review.Read(l.Material); err != nil {
		return err
	}
	d.Checklist = l.checklist
	for _, p := range l.elsewhere {
		d.Elsewhere = append(d.Elsewhere, bundle.Publication{Name: p.Name, Language: p.Language, File: p.File, Text: p.Text, HTML: p.HTML})
	}
	return nil
}

// addApprovals puts on the page what was approved before, and what changed since
// the last approval.
func (c *Campaign) addApprovals(ctx context.Context, r ledger.Reader, d *bundle.PageData, l *looked, groups []ledger.Group) error {
	list, err := c.endorsements(ctx, r)
	if err != nil {
		return err
	}
	approved, not, err := c.judged(ctx, r, list, l.batches, d.TextDigest.String())
	if err != nil {
		return err
	}
	standing, _ := behind(list, l.batches[len(l.batches)-1], d.TextDigest.String())
	if l.Awaited = not.few; len(approved) == len(l.batches) {
		l.Approved = namesOf(standing)
		d.Approved = "approved already by " + l.Approved + ", nothing changed since"
	}
	for _, e := range list {
		stands := slices.ContainsFunc(standing, func(s endorsement) bool { return s.Seq == e.Seq })
		d.Approvals = append(d.Approvals, c.pageApproval(&e, stands))
	}
	last, err := c.lastApproval(ctx, r, func(a *ledger.Approval) bool { return a.Code != d.Code.String() })
	if err != nil || last == nil {
		return err
	}
	if d.Changes, err = c.changes(ctx, r, last, l); err != nil {
		return err
	}
	d.Changes.By, d.Changes.At = last.By, last.At
	d.Changes.People = c.addedSince(last, groups)
	return nil
}

// changes says how the texts on the page differ from those of an approval. Where
// these cannot be read any more, that is all there is to say: the page is needed
// for a new approval.
func (c *Campaign) changes(ctx context.Context, r ledger.Reader, a *ledger.Approval, l *looked) (*review.Changes, error) {
	items, err := contents(ctx, r, a)
	if errors.Is(err, ErrDamaged) {
		return &review.Changes{Files: []string{err.Error()}}, nil
	}
	if err != nil {
		return nil, err
	}
	changes, err := review.CompareItems(items, l.items, l.samples, peopleByVariant(l.Reached))
	if err == nil && changes == nil { // only the lists are others
		changes = &review.Changes{}
	}
	return changes, err
}

// addedSince counts by state who was planned after an approval.
func (c *Campaign) addedSince(a *ledger.Approval, groups []ledger.Group) []review.StatePeople {
	added := map[string]int64{}
	for _, g := range groups {
		if _, known := a.Lists[g.Batch]; !known {
			added[g.State] += g.Count
		}
	}
	var list []review.StatePeople
	for _, s := range report.Sorted(added) {
		list = append(list, review.StatePeople{State: s.Name, Name: c.Law.Name(s.Name), People: int(s.Count)})
	}
	return list
}

// pageApproval is an approval as the page shows it; stands is whether it is about
// what the page shows.
func (c *Campaign) pageApproval(e *endorsement, stands bool) bundle.Approval {
	a := bundle.Approval{
		Number: e.Seq, By: e.By, At: e.At, Note: e.Note, Proof: e.Proof, Signed: e.key, Principal: e.Principal,
		Current: stands,
	}
	if e.wrong != nil {
		a.Wrong = e.wrong.Error()
	}
	a.Code, _ = notifier.ParseDigest(e.Code)
	for _, w := range e.Waivers {
		a.Waived = append(a.Waived, w.Name()+": "+w.Reason)
	}
	if e.wrong == nil && e.Campaign != "" {
		a.Statement, a.Signature = statement(&e.Approval), []byte(e.Signature)
	}
	return a
}
