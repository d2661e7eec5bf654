package campaign

import (
	"context"
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
	"breachmail/notifier/notice"
	"breachmail/notifier/review"
)

// text is what an approval binds besides the lists: each item by name, and the
// samples made from them.
type text struct {
	items     []review.Item
	samples   []review.Sample
	elsewhere []notice.Publication
	notices   *notice.Notice
	day       time.Time // the date of the samples
	draft     bool      // incomplete, and only to be looked at
}

func (t *text) digest() notifier.Digest { return review.TextDigest(t.items) }

// text gathers what is said, and to whom the law data and configuration say it
// goes. day is the date that samples bear where campaign.yaml names none.
func (c *Campaign) text(day time.Time, draft bool) (*text, error) {
	n, err := c.compile(day, draft)
	if err != nil {
		return nil, err
	}
	t := &text{notices: n, day: day, draft: draft}
	if t.samples, err = c.press.samples(n, day); err != nil {
		return nil, err
	}
	t.items = review.SampleItems(t.samples)
	awkward, err := review.Awkward(n, unusualVariants(n), day)
	if err != nil {
		return nil, err
	}
	t.items = append(t.items, review.AwkwardItems(awkward)...)
	if err := t.addTemplates(c.templates); err != nil {
		return nil, err
	}
	t.items = append(t.items, review.NewItem(lawFile, c.law))
	for _, part := range []struct {
		name  string
		value any
	}{
		{"campaign", c.Config.Campaign}, {"sender", c.Config.Sender}, {"incident", c.Config.Incident},
		{"email", c.Config.Email}, {"law", c.Config.Law}, {"holds", c.Config.Holds}, {"approvals", c.Config.Approvals},
	} {
		b, err := json.Marshal(part.value)
		if err != nil {
			return nil, err
		}
		t.items = append(t.items, review.NewItem(ConfigFile+": "+part.name, b))
	}
	if extra := sortedKeys(c.Config.Exports.Extra); len(extra) > 0 {
		t.items = append(t.items, review.NewItem(ConfigFile+": exports.extra", []byte(strings.Join(extra, "\n"))))
	}
	if c.signers != nil {
		t.items = append(t.items, review.NewItem("approvals.signers", c.signed))
	}
	return t, t.addElsewhere()
}

// unusualVariants are the wordings whose unusual cases an approval binds, and of
// which the page shows some: those of no state, and of templates of a state's own.
// What the law of other states adds says nothing of the recipient.
func unusualVariants(n *notice.Notice) []notifier.Variant {
	return slices.DeleteFunc(n.Variants(), func(v notifier.Variant) bool { return v != stateless(v) })
}

// stateless is the wording that differs from v by what a state's law adds.
func stateless(v notifier.Variant) notifier.Variant {
	if v.Template == notice.Name {
		v.State = ""
	}
	return v
}

// addElsewhere adds what is said on the website and at the call center.
func (t *text) addElsewhere() error {
	list, err := t.notices.Publications()
	for _, p := range list {
		name := p.Name + "." + p.Language
		t.items = append(t.items, review.NewItem(name+".txt", p.Text), review.NewItem(name+".html", p.HTML))
	}
	t.elsewhere = list
	return err
}

func (t *text) addTemplates(templates fs.FS) error {
	return fs.WalkDir(templates, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(templates, path)
		t.items = append(t.items, review.NewItem(templatesDir+"/"+path, b))
		return err
	})
}

// sampleDay is the date samples bear: the day of the first plan, in UTC, so
// that the same campaign gives the same samples tomorrow and elsewhere.
func sampleDay(batches []ledger.Batch) time.Time {
	return batches[0].At.UTC().Truncate(24 * time.Hour)
}

// planned returns the batches; ErrNothingPlanned when there are none.
func (c *Campaign) planned(ctx context.Context, r ledger.Reader) ([]ledger.Batch, error) {
	if err := c.notPurged(ctx, r); err != nil {
		return nil, err
	}
	batches, err := r.Batches(ctx)
	if err == nil && len(batches) == 0 {
		err = c.nothingPlanned()
	}
	return batches, err
}

func lists(batches []ledger.Batch) []notifier.Digest {
	list := make([]notifier.Digest, len(batches))
	for i, b := range batches {
		list[i] = b.Digest
	}
	return list
}
