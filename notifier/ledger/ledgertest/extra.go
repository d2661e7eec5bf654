package ledgertest

import (
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// withExtra are people with two extra columns, of whom every third agreed to
// be told by email.
func withExtra(prefix string, n int) []notifier.Recipient {
	list := people(prefix, n)
	for i := range list {
		r := &list[i]
		r.Consent = i%3 == 0
		if i%4 == 0 {
			continue // an export without them
		}
		r.Extra = []notifier.Extra{
			{Name: "plan", Text: notifier.NewCell("3:5 a day\nor \"more\"\x00\xff")},
			{Name: "store", Text: notifier.NewCell(r.Name.Reveal())},
		}
	}
	list[1].Extra[1].Text = notifier.NewCell("")
	return list
}

func (f *fixture) planList(list []notifier.Recipient) {
	f.t.Helper()
	_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		for _, r := range list {
			if err := b.Add(r); err != nil {
				return err
			}
		}
		return b.AddExport(ledger.Export{Name: "list", Rows: int64(len(list)), Recipients: int64(len(list))})
	})
	f.must(err)
}

func (f *fixture) sameExtra(got, want notifier.Recipient) {
	f.t.Helper()
	f.want(got.Consent, want.Consent)
	f.want(len(got.Extra), len(want.Extra))
	for i, e := range want.Extra {
		f.want(got.Extra[i].Name, e.Name)
		f.want(got.Extra[i].Text.Reveal(), e.Text.Reveal())
	}
}

func extraLasts(_ *testing.T, f *fixture) {
	list := withExtra("a", 1000)
	f.planList(list)
	f.reopen()
	i := 0
	f.must(f.Each(ctx, func(r ledger.Row) error {
		f.sameExtra(r.Recipient, list[i])
		i++
		return nil
	}))
	f.want(i, len(list))
	_, err := f.Plan(ctx, waves, func(b ledger.Batcher) error {
		for i, r := range list[:10] {
			found, ok, err := b.Find(r.Key)
			f.must(err)
			f.want(ok, true)
			f.sameExtra(found.Recipient, r)
			list[i].Consent = !r.Consent
			list[i].Extra = list[10+i].Extra
			found.Recipient.Consent, found.Recipient.Extra = list[i].Consent, list[i].Extra
			f.must(b.Replace(found.Recipient))
			found, _, err = b.Find(r.Key)
			f.must(err)
			f.sameExtra(found.Recipient, list[i])
		}
		return nil
	})
	f.must(err)
	block, err := f.Block(ctx, ledger.Batch{Number: 1, First: 1, Last: 1000}, 0)
	f.must(err)
	f.want(block.Intact(), true)
	for i := range list[:10] {
		f.sameExtra(block.Rows[i].Recipient, list[i])
	}
}

func extraIsBound(t *testing.T, f *fixture) {
	f.planList(withExtra("a", 100))
	batches, err := f.Batches(ctx)
	f.must(err)
	for name, change := range map[string]func(*notifier.Recipient){
		"text":  func(r *notifier.Recipient) { r.Extra[0].Text = notifier.NewCell("another") },
		"name":  func(r *notifier.Recipient) { r.Extra[0].Name = "another" },
		"order": func(r *notifier.Recipient) { r.Extra[0], r.Extra[1] = r.Extra[1], r.Extra[0] },
		"one":   func(r *notifier.Recipient) { r.Extra = r.Extra[:1] },
		"all":   func(r *notifier.Recipient) { r.Extra = nil },
	} {
		block, err := f.Block(ctx, batches[0], 0)
		f.must(err)
		f.want(block.Intact(), true)
		change(&block.Rows[2].Recipient)
		if block.Intact() {
			t.Errorf("another %s of the extra columns gives the same digest", name)
		}
	}
	row := f.pending()[5]
	_, err = f.Plan(ctx, waves, func(b ledger.Batcher) error {
		r := row.Recipient
		r.Extra = []notifier.Extra{{Name: "plan", Text: notifier.NewCell("another")}}
		return b.Replace(r)
	})
	f.must(err)
	after, err := f.Batches(ctx)
	f.must(err)
	if after[0].Digest == batches[0].Digest {
		t.Fatal("the list digest is the same")
	}
}
