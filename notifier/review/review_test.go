package review

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/notice"
)

func sameItem(a, b Item) bool { return a.Name == b.Name && a.Digest == b.Digest }

func TestTextDigest(t *testing.T) {
	a, b := NewItem("a", []byte("1")), NewItem("b", []byte("2"))
	base := TextDigest([]Item{a, b})
	if TextDigest([]Item{b, a}) != base {
		t.Error("the order of items matters")
	}
	for name, items := range map[string][]Item{
		"none": nil, "one less": {a}, "twice": {a, b, b}, "renamed": {a, {Name: "c", Digest: b.Digest}}, "swapped": {{Name: "a", Digest: b.Digest}, {Name: "b", Digest: a.Digest}},
	} {
		if TextDigest(items) == base {
			t.Errorf("%s: the digest is the same", name)
		}
	}
}

func TestCode(t *testing.T) {
	text, one, two := notifier.Digest{1}, notifier.Digest{2}, notifier.Digest{3}
	seen := map[notifier.Digest]bool{}
	for _, lists := range [][]notifier.Digest{nil, {one}, {two}, {one, two}, {two, one}, {one, one}} {
		seen[Code(text, lists)] = true
	}
	seen[Code(one, []notifier.Digest{text})] = true
	if len(seen) != 7 {
		t.Errorf("there are %d different codes, want 7", len(seen))
	}
}

func TestDifferences(t *testing.T) {
	item := func(name, content string) Item { return Item{Name: name, Digest: sha256.Sum256([]byte(content))} }
	approved := []Item{item("law.csv", "1"), item("templates/notice.en.md", "1"), item("holds", "1")}
	current := []Item{item("templates/notice.en.md", "2"), item("holds", "1"), item("templates/notice.es.md", "1")}
	want := []string{"law.csv was removed", "templates/notice.en.md was changed", "templates/notice.es.md was added"}
	if got := Differences(approved, current); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if got := Differences(approved, approved); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}

func TestSamplesRepeat(t *testing.T) {
	date := time.Date(2018, 8, 24, 0, 0, 0, 0, time.UTC)
	v := []notifier.Variant{{Template: "notice", Language: "en", Types: "both"}}
	a, err := Samples(testNotice(t), v, date)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Samples(testNotice(t), v, date)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := SampleItems(a), SampleItems(b); !slices.EqualFunc(got, want, sameItem) || got[0].Name != "sample notice-en-both" {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, err := Samples(testNotice(t), []notifier.Variant{{Template: "notice", Language: "xx", Types: "both"}}, date); err == nil {
		t.Error("a language without a template was rendered")
	}
}

// Counsel sees where a further column of the export stands, and the order in
// which campaign.yaml names the columns changes nothing.
func TestSamplesShowColumns(t *testing.T) {
	var items [2][]Item
	for i, names := range [][]string{{"store", "plan"}, {"plan", "store"}} {
		o := testOptions()
		o.Extra = names
		o.Templates = fstest.MapFS{
			"notice.en.md": {Data: []byte("{{if .Extra.store}}From {{.Extra.store}}{{end}}{{if .Extra.plan}}, with {{.Extra.plan}}{{end}}.\n")},
			"layout.html":  {Data: []byte("<html>{{template \"notice\" .}}</html>")},
		}
		samples, err := Samples(compile(t, o), []notifier.Variant{{Template: notice.Name, Language: "en", Types: "both"}}, time.Unix(0, 0))
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range [][]byte{samples[0].Text, samples[0].HTML} {
			if !bytes.Contains(body, []byte("From [store], with [plan].")) {
				t.Errorf("a body does not show the columns:\n%s", body)
			}
		}
		items[i] = SampleItems(samples)
	}
	if !slices.EqualFunc(items[0], items[1], sameItem) {
		t.Error("the digests differ")
	}
}
