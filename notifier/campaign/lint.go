package campaign

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/notice"
	"breachmail/notifier/review"
)

// The levels of a finding.
const (
	LevelError   = review.Error
	LevelWarning = review.Warning
)

// InTheWay returns the findings that forbid an approval.
func InTheWay(findings []Finding) []Finding { return review.Open(findings) }

// findings judges every wording.
func (c *Campaign) findings(ctx context.Context, r ledger.Reader, m review.Material) ([]Finding, error) {
	list, err := review.Lint(m)
	if err != nil {
		return nil, err
	}
	return list, c.markWaived(ctx, r, list)
}

// markWaived puts the waivers of the newest approval beside what they are about.
func (c *Campaign) markWaived(ctx context.Context, r ledger.Reader, list []Finding) error {
	last, err := c.lastApproval(ctx, r, anyApproval)
	if err != nil || last == nil {
		return err
	}
	for _, w := range last.Waivers {
		for i := range list {
			if f := &list[i]; f.Waived == "" && slices.Contains(w.About, mark(f)) {
				f.Waived = w.Reason
			}
		}
	}
	return nil
}

// mark tells a finding from every other. A waiver is about those that counsel
// saw: a new one of the same rule is open.
func mark(f *Finding) string {
	sum := sha256.Sum256([]byte(f.Rule + "\x00" + f.State + "\x00" + f.Text))
	return hex.EncodeToString(sum[:8])
}

// material is what the lint looks at.
func (c *Campaign) material(ctx context.Context, r ledger.Reader, t *text) (review.Material, error) {
	options := c.noticeOptions(t.day, t.draft)
	m := review.Material{
		Notices: t.notices, Law: c.Law, Voluntary: map[string]bool{}, Held: c.holdsState,
		Sources: c.sources(), From: c.Config.Sender.From.Address, ReplyTo: c.Config.Sender.ReplyTo,
		Incident: options.Incident, Translations: options.Translations, Day: t.day,
	}
	for state, status := range c.Config.Law.Status {
		m.Voluntary[state] = status == LawVoluntary
	}
	groups, err := r.Groups(ctx)
	if err != nil {
		return m, err
	}
	m.Reached, m.Postal = reached(groups), byPost(groups)
	for _, g := range groups {
		m.People += g.Count
	}
	if !t.draft && denies(&options) {
		m.Bare, err = bare(options)
	}
	return m, err
}

// denies reports whether notices say in any language that some data was not
// involved.
func denies(o *notice.Options) bool {
	n := len(o.Incident.NotInvolved)
	for _, t := range o.Translations {
		n += len(t.NotInvolved)
	}
	return n > 0
}

// bare compiles notices that say nothing of what was not involved.
func bare(o notice.Options) (*notice.Notice, error) {
	o.Incident.NotInvolved = nil
	o.Translations = maps.Clone(o.Translations)
	for language, t := range o.Translations {
		t.NotInvolved = nil
		o.Translations[language] = t
	}
	return notice.Compile(o)
}

// reached counts those told by email, by state and wording.
func reached(groups []ledger.Group) []review.Reach {
	type pair struct {
		state   string
		variant notifier.Variant
	}
	people := map[pair]int64{}
	for _, g := range groups {
		if g.Channel == notifier.Email {
			people[pair{g.State, g.Variant}] += g.Count
		}
	}
	var list []review.Reach
	for p, n := range people {
		list = append(list, review.Reach{State: p.state, Variant: p.variant, People: n})
	}
	slices.SortFunc(list, func(a, b review.Reach) int {
		return strings.Compare(a.Variant.String()+" "+a.State, b.Variant.String()+" "+b.State)
	})
	return list
}

// byPost counts those told by post, by state.
func byPost(groups []ledger.Group) map[string]int64 {
	people := map[string]int64{}
	for _, g := range groups {
		if g.Channel == notifier.Postal {
			people[g.State] += g.Count
		}
	}
	return people
}

// holdsState reports whether a hold keeps back the people of a state until a
// person releases it. One that ends by itself waits for nobody.
func (c *Campaign) holdsState(state string) bool {
	return slices.ContainsFunc(c.Config.Holds, func(h HoldConfig) bool {
		return h.NotBefore.IsZero() && h.Match.keeps(state)
	})
}

// sources are the files that a finding can be about.
func (c *Campaign) sources() []review.Source {
	list := []review.Source{{File: ConfigFile, Text: c.config}, {File: lawFile, Text: c.law}}
	for _, name := range slices.Sorted(maps.Keys(c.templates)) {
		list = append(list, review.Source{File: templatesDir + "/" + name, Text: c.templates[name].Data})
	}
	return list
}
