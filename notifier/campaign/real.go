package campaign

import (
	"context"
	"slices"
	"unicode"
	"unicode/utf8"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/review"
	"breachmail/notifier/review/bundle"
)

// unusual picks real recipients whose data are unusual.
type unusual struct {
	first   map[notifier.Variant]notifier.Recipient // of each wording
	longest notifier.Recipient
	most    notifier.Recipient // accounts
	unnamed notifier.Recipient
	script  notifier.Recipient // a name in another script than the Latin one
}

// add looks at one recipient. Rows are lent: what is kept is copied.
func (u *unusual) add(row *ledger.Row) {
	r := &row.Recipient
	if r.Channel != notifier.Email {
		return
	}
	if _, ok := u.first[r.Variant]; !ok {
		u.first[r.Variant] = copyOf(r)
	}
	name := r.Name.Reveal()
	if utf8.RuneCountInString(name) > utf8.RuneCountInString(u.longest.Name.Reveal()) {
		u.longest = copyOf(r)
	}
	if len(r.Accounts) > max(1, len(u.most.Accounts)) {
		u.most = copyOf(r)
	}
	if name == "" && u.unnamed.ID == 0 {
		u.unnamed = copyOf(r)
	}
	if u.script.ID == 0 && inOtherScript(name) {
		u.script = copyOf(r)
	}
}

func copyOf(r *notifier.Recipient) notifier.Recipient {
	c := *r
	c.Accounts, c.Extra = slices.Clone(r.Accounts), slices.Clone(r.Extra)
	return c
}

func inOtherScript(name string) bool {
	for _, c := range name {
		if unicode.IsLetter(c) && !unicode.Is(unicode.Latin, c) {
			return true
		}
	}
	return false
}

// addReal replaces the stand-ins on the page by real recipients, where there
// are any.
func (c *Campaign) addReal(ctx context.Context, r ledger.Reader, d *bundle.PageData, t *text) error {
	u := &unusual{first: map[notifier.Variant]notifier.Recipient{}}
	if err := r.Each(ctx, func(row ledger.Row) error { u.add(&row); return nil }); err != nil {
		return err
	}
	for i := range d.Samples {
		someone, ok := u.first[d.Samples[i].Variant]
		if !ok {
			continue
		}
		s, err := review.SampleOf(t.notices, someone, t.day)
		if err != nil {
			return err
		}
		d.Samples[i].Sample = s
	}
	for _, odd := range []struct {
		words string
		r     notifier.Recipient
	}{{"no name", u.unnamed}, {"the longest name", u.longest}, {"a name in another script", u.script}, {"the most accounts", u.most}} {
		if odd.r.ID == 0 {
			continue
		}
		s, err := review.SampleOf(t.notices, odd.r, t.day)
		if err != nil {
			return err
		}
		d.Awkward = append(d.Awkward, bundle.Awkward{Sample: s, Case: odd.words})
	}
	return nil
}
