package jurisdiction

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// duties puts duties on one line: first, who, from how many on, met.
func duties(list []Duty) string {
	var b strings.Builder
	for _, d := range list {
		if d.First {
			b.WriteString("first ")
		}
		fmt.Fprintf(&b, "%s from %d", d.Who, d.From)
		if d.Met {
			b.WriteString(" met")
		}
		b.WriteString("; ")
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func TestDuties(t *testing.T) {
	law := builtInLaw(t)
	for _, c := range []struct {
		state  string
		people int64
		want   string
	}{
		{"CA", 500, "the Attorney General from 501"},
		{"CA", 501, "the Attorney General from 501 met"},
		{"CO", 499, "the Attorney General from 500; credit bureaus from 1001"},
		{"CO", 500, "the Attorney General from 500 met; credit bureaus from 1001"},
		{"CO", 1000, "the Attorney General from 500 met; credit bureaus from 1001"},
		{"CO", 1001, "the Attorney General from 500 met; credit bureaus from 1001 met"},
		{"MD", 0, "first the Attorney General from 1; credit bureaus from 1000"},
		{"MD", 1, "first the Attorney General from 1 met; credit bureaus from 1000"},
		{"NJ", 1001, "first the Division of State Police from 1 met; credit bureaus from 1001 met"},
		{"GA", 10_000, "credit bureaus from 10001"},
		{"US", 500, "FCC, Secret Service and FBI from 500 met"},
		{"CA", 1 << 40, "the Attorney General from 501 met"},
		{"WY", 1_000_000, ""},
		{"XX", 1_000_000, ""},
	} {
		if got := duties(law.Duties(c.state, c.people)); got != c.want {
			t.Errorf("%s, %d people:\ngot  %s\nwant %s", c.state, c.people, got, c.want)
		}
	}
	by := law.Duties("MN", 501)
	if len(by) != 1 || by[0].By != "within 48 hours" || by[0].Fact.Fact != FactBureausFrom || by[0].Fact.Source == "" {
		t.Errorf("MN: %+v", by)
	}
	if d := law.Duties("CA", 501); len(d) != 1 || !strings.Contains(d[0].By, "15 calendar days") || d[0].Fact.Fact != FactRegulator {
		t.Errorf("CA: %+v", d)
	}
}

// Whoever comes first stands first, and is told apart from the others.
func TestDutiesOfTwoRegulators(t *testing.T) {
	law, err := Parse("law.csv", []byte(strings.Join(header, ",")+`
NJ,regulator,the Attorney General,counsel,,,counsel
NJ,regulator_first,the State Police,counsel,,,counsel
NJ,regulator_by,within a week,counsel,,,counsel
`))
	if err != nil {
		t.Fatal(err)
	}
	if got := duties(law.Duties("NJ", 1)); got != "first the State Police from 0 met; the Attorney General from 0 met" {
		t.Error(got)
	}
	if got := duties(law.Duties("NJ", 0)); got != "first the State Police from 0; the Attorney General from 0" {
		t.Error(got)
	}
}

// With more people no duty ends.
func TestDutiesGrow(t *testing.T) {
	law := builtInLaw(t)
	rapid.Check(t, func(t *rapid.T) {
		state := rapid.SampledFrom(law.States()).Draw(t, "state")
		few := rapid.Int64Range(0, 20_000).Draw(t, "few")
		more := few + rapid.Int64Range(0, 20_000).Draw(t, "more")
		before, after := law.Duties(state, few), law.Duties(state, more)
		if len(before) != len(after) {
			t.Fatalf("%d duties, then %d", len(before), len(after))
		}
		for i := range before {
			if before[i].Met && !after[i].Met || before[i].Who != after[i].Who {
				t.Errorf("%+v, then %+v", before[i], after[i])
			}
		}
	})
}
