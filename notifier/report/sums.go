package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Sorted lists counts, most first, and by name where there are as many.
func Sorted(counts map[string]int64) []Count {
	out := make([]Count, 0, len(counts))
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, Count{name, counts[name]})
	}
	slices.SortStableFunc(out, func(a, b Count) int { return cmp.Compare(b.Count, a.Count) })
	return out
}

// Check says which sums of the profile do not hold: those named beside
// Profile, email recipients by domain and by wording, postal recipients by
// reason, rows by export, and rows set aside by reason. No count may be
// negative.
func (p *Profile) Check() error {
	if broken := p.broken(); len(broken) > 0 {
		return fmt.Errorf("the account does not close: %s", strings.Join(broken, "; "))
	}
	return nil
}

// sum is a count and what its parts come to.
type sum struct {
	what  string // of which there are so many
	total int64
	by    string // what the parts are
	parts []int64
}

// broken says in words which sums do not hold.
func (p *Profile) broken() []string {
	var out []string
	for _, s := range p.sums() {
		var got int64
		negative := s.total < 0
		for _, n := range s.parts {
			got += n
			negative = negative || n < 0
		}
		switch {
		case negative:
			out = append(out, fmt.Sprintf("a count of %s is negative (%s)", s.what, s.by))
		case got != s.total:
			out = append(out, fmt.Sprintf("%s %s, but %s %s", Number(s.total), s.what, Number(got), s.by))
		}
	}
	return out
}

func (p *Profile) sums() []sum {
	rows, people := p.Rows, p.Recipients
	var byExport []int64
	for i := range p.Exports {
		byExport = append(byExport, p.Exports[i].Rows-p.Exports[i].Replaced)
	}
	return []sum{
		{"rows", rows.Read, "as people, merged, set aside and already told", []int64{people.Total, rows.Merged, rows.Rejected, rows.AlreadyTold}},
		{"people", people.Total, "by email and by post", []int64{people.Email, people.Postal}},
		{"people", people.Total, "by account type", values(Sorted(p.Types))},
		{"people", people.Total, "by language", values(p.Languages)},
		{"people", people.Total, "by state", values(p.States)},
		{"people to be told by email", people.Email, "by domain", append(values(p.Domains), p.Others.Count)},
		{"people to be told by email", people.Email, "by wording", values(p.Variants)},
		{"people to be told by post", people.Postal, "by reason", values(p.Postal)},
		{"rows", rows.Read, "by export", byExport},
		{"rows set aside", rows.Rejected, "by reason", p.rejectedRows()},
	}
}

func (p *Profile) rejectedRows() []int64 {
	var out []int64
	for _, r := range p.Rejected {
		out = append(out, r.Rows)
	}
	return out
}

func values(counts []Count) []int64 {
	var out []int64
	for _, c := range counts {
		out = append(out, c.Count)
	}
	return out
}
