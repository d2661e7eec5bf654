package campaign

import (
	"slices"
	"testing"
	"time"

	"breachmail/notifier"
)

// TestUnusualCasesShownAreBound holds the unusual cases on the page to those that
// an approval binds: of each template and language that somebody gets, wherever
// they live.
func TestUnusualCasesShownAreBound(t *testing.T) {
	c := newCampaign(t, "")
	text, err := c.text(time.Date(2018, 8, 24, 0, 0, 0, 0, time.UTC), false)
	if err != nil {
		t.Fatal(err)
	}
	bound := unusualVariants(text.notices)
	named := func(list []notifier.Variant) (names []string) {
		for _, v := range list {
			names = append(names, v.String())
		}
		return names
	}
	people := map[notifier.Variant]int64{
		text.notices.Variant("NY", "en", "prepaid"):  5,
		text.notices.Variant("MD", "en", "prepaid"):  4,
		text.notices.Variant("WA", "en", "postpaid"): 8,
		text.notices.Variant("MA", "en", "both"):     1,
	}
	shown := named(mostRead(bound, people))
	if want := []string{"notice-en-prepaid", "massachusetts-en-both-MA"}; !slices.Equal(shown, want) {
		t.Errorf("shown are %q, not %q", shown, want)
	}
	var items []string
	for _, it := range text.items {
		items = append(items, it.Name)
	}
	for _, name := range shown {
		if !slices.Contains(items, "sample "+name+" (no name)") {
			t.Errorf("what stands on the page of %s is not bound", name)
		}
	}
	if shown := named(mostRead(bound, nil)); len(shown) != 1 {
		t.Errorf("where nobody gets an email, shown are %q", shown)
	}
}
