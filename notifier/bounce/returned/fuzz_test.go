package returned

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier"
)

// holds fails where a report is not fit to be kept.
func holds(t *testing.T, r Report) {
	t.Helper()
	switch {
	case !slices.Contains([]Class{Hard, Soft, Complaint, AutoReply, Other}, r.Class):
		t.Fatalf("class %q", r.Class)
	case r.Code != 0 && (r.Code < 200 || r.Code > 599), len(r.Enhanced) > 9:
		t.Fatalf("%d %q", r.Code, r.Enhanced)
	case r.ID == notifier.Digest{}:
		t.Fatal("no ID")
	case len(r.Keys) > maxClues:
		t.Fatalf("%d keys", len(r.Keys))
	case !r.At.IsZero() && (r.At.Year() < 1970 || r.At.Year() > 2201):
		t.Fatalf("at %v", r.At)
	}
	for i, c := range r.Keys {
		if slices.ContainsFunc(r.Keys[:i], func(other Clue) bool { return other.Key == c.Key }) || !slices.Contains([]string{ByVERP, ByEnvelopeID, ByHeader, ByMessageID}, c.By) {
			t.Fatalf("keys %v", r.Keys)
		}
	}
	for _, s := range []string{r.Text.Reveal(), r.Address.Reveal(), r.Reporter, r.Enhanced} {
		if len(s) > 1100 || !notifier.CleanLine(s) {
			t.Fatalf("%q is not fit to be kept", s)
		}
	}
	hides(t, r)
}

// hides fails where a report prints what was said: it looks the same whatever that
// is, and no field of words has it. Keys and digests are nobody's words, and what was
// said may be like one.
func hides(t *testing.T, r Report) {
	other := r
	other.Text = notifier.NewLine("something else")
	const all = "%v %+v %#v"
	said := r.Text.Reveal()
	words := fmt.Sprintf("%v %v %v %v", r.Class, r.Address, r.Text, r.Reporter)
	if fmt.Sprintf(all, r, r, r) != fmt.Sprintf(all, other, other, other) || len(said) > 20 && strings.Contains(words, said) {
		t.Fatal("prints what was said")
	}
}

func FuzzParse(f *testing.F) {
	for name := range verdicts(f) {
		if filepath.Ext(name) == ".eml" {
			f.Add(file(f, name))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<18 {
			return
		}
		r := Parse(b, theirs)
		holds(t, r)
		if again := Parse(b, theirs); again.ID != r.ID || !slices.Equal(verdict(again), verdict(r)) {
			t.Fatal("another report when it is read again")
		}
	})
}

func FuzzParseEvent(f *testing.F) {
	for name := range verdicts(f) {
		if filepath.Ext(name) == ".json" {
			f.Add(file(f, name))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<18 {
			return
		}
		all, _ := ParseEvent(b, theirs)
		for _, r := range all {
			holds(t, r)
		}
	})
}
