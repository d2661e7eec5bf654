package report

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whoever changes one count of a profile that adds up, breaks a sum.
func TestCheckRefusesBrokenSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		counts := all(p)
		i := rapid.IntRange(0, len(counts)-1).Draw(t, "which")
		by := rapid.Int64Range(-1_000_000, 1_000_000).Filter(func(n int64) bool { return n != 0 }).Draw(t, "by")
		*counts[i] += by
		if p.Check() == nil {
			t.Errorf("count %d changed by %d, and every sum holds", i, by)
		}
	})
}

// all returns every count of which a sum is made, except those of a map.
func all(p *Profile) []*int64 {
	out := []*int64{
		&p.Rows.Read, &p.Rows.Merged, &p.Rows.Rejected, &p.Rows.AlreadyTold,
		&p.Recipients.Total, &p.Recipients.Email, &p.Recipients.Postal, &p.Others.Count,
	}
	for _, counts := range [][]Count{p.Languages, p.States, p.Domains, p.Variants, p.Postal} {
		for i := range counts {
			out = append(out, &counts[i].Count)
		}
	}
	for i := range p.Rejected {
		out = append(out, &p.Rejected[i].Rows)
	}
	for i := range p.Exports {
		out = append(out, &p.Exports[i].Rows, &p.Exports[i].Replaced)
	}
	return out
}

// drawn returns a profile in which every sum holds.
func drawn(t *rapid.T) *Profile {
	some := rapid.Int64Range(0, 3_000_000)
	p := &Profile{
		Rows:       Rows{Merged: some.Draw(t, "merged"), Rejected: some.Draw(t, "rejected"), AlreadyTold: some.Draw(t, "told")},
		Recipients: RecipientCount{Email: some.Draw(t, "email"), Postal: some.Draw(t, "postal")},
		Types:      map[string]int64{},
	}
	p.Recipients.Total = p.Recipients.Email + p.Recipients.Postal
	p.Rows.Read = p.Recipients.Total + p.Rows.Merged + p.Rows.Rejected + p.Rows.AlreadyTold
	for _, c := range split(t, p.Recipients.Total) {
		p.Types[c.Name] = c.Count
	}
	p.Languages, p.States = split(t, p.Recipients.Total), split(t, p.Recipients.Total)
	p.Domains, p.Variants = split(t, p.Recipients.Email), split(t, p.Recipients.Email)
	p.Others.Count, p.Domains = p.Domains[0].Count, p.Domains[1:]
	p.Postal = split(t, p.Recipients.Postal)
	replaced := some.Draw(t, "replaced")
	for _, c := range split(t, p.Rows.Read) {
		p.Exports = append(p.Exports, Export{Rows: c.Count})
	}
	p.Exports = append(p.Exports, Export{Rows: replaced, Replaced: replaced})
	for _, c := range split(t, p.Rows.Rejected) {
		p.Rejected = append(p.Rejected, Rejected{Reason: c.Name, Rows: c.Count})
	}
	return p
}

// split cuts n into one to five counts.
func split(t *rapid.T, n int64) []Count {
	var out []Count
	for i := range rapid.IntRange(0, 4).Draw(t, "cuts") {
		part := rapid.Int64Range(0, n).Draw(t, "part")
		out = append(out, Count{string(rune('a' + i)), part})
		n -= part
	}
	return append(out, Count{"rest", n})
}

func TestCheckRefusesBrokenTypes(t *testing.T) {
	for name, change := range map[string]func(*Profile){
		"one more":      func(p *Profile) { p.Types["both"]++ },
		"one missing":   func(p *Profile) { delete(p.Types, "both") },
		"none":          func(p *Profile) { p.Types = nil },
		"below nothing": func(p *Profile) { p.Types["both"], p.Types["prepaid"] = -1, p.Types["prepaid"]+p.Types["both"]+1 },
	} {
		p := rich()
		change(p)
		if p.Check() == nil {
			t.Errorf("%s: every sum holds", name)
		}
	}
}

func TestSorted(t *testing.T) {
	got := Sorted(map[string]int64{"b": 2, "a": 2, "d": 0, "c": 9})
	if want := []Count{{"c", 9}, {"a", 2}, {"b", 2}, {"d", 0}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := Sorted(nil); got == nil || len(got) != 0 {
		t.Errorf("of nothing: got %#v", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.MapOf(rapid.String(), rapid.Int64()).Draw(t, "counts")
		back := map[string]int64{}
		list := Sorted(counts)
		for i, c := range list {
			back[c.Name] = c.Count
			if i > 0 && (list[i-1].Count < c.Count || list[i-1].Count == c.Count && list[i-1].Name >= c.Name) {
				t.Fatalf("%v stands before %v", list[i-1], c)
			}
		}
		if len(list) != len(counts) || !maps.Equal(back, counts) {
			t.Errorf("%v became %v", counts, list)
		}
	})
}
