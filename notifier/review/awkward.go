package review

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/notice"
)

// AwkwardSample is a sample for somebody whose data try a notice more than
// most: counsel sees how it reads then.
type AwkwardSample struct {
	Sample
	Case string // in words, for example "no name"
}

// awkwardCases are what may be unusual about a recipient, and how a stand-in
// becomes one of those.
var awkwardCases = []struct {
	words string
	make  func(*notifier.Recipient)
}{
	{"no name", named("")},
	{"the longest name", named("Maria Guadalupe Esperanza de los Ángeles Wolfeschlegelsteinhausen-Montgomery y Etxeberria-Fernández III")},
	{"a name in another script, from right to left (Arabic)", named("مريم عبد الرحمن النموذجية")},
	{"a name in another script (Chinese)", named("歐陽樣本")},
	{emptyColumns, func(r *notifier.Recipient) { r.Extra = emptied(r.Extra) }},
	{"ten accounts", func(r *notifier.Recipient) { r.Accounts = manyAccounts(r.Accounts, 10) }},
}

// emptyColumns is the case of somebody of whom the export says nothing in the
// columns that templates may use.
const emptyColumns = "nothing in the further columns"

// Awkward renders, for each of those variants, one sample of each awkward case.
func Awkward(n *notice.Notice, variants []notifier.Variant, date time.Time) ([]AwkwardSample, error) {
	var out []AwkwardSample
	for _, v := range variants {
		for _, c := range awkwardCases {
			r := n.Sample(v)
			if c.words == emptyColumns && len(r.Extra) == 0 {
				continue
			}
			c.make(&r)
			s, err := SampleOf(n, r, date)
			if err != nil {
				return nil, fmt.Errorf("sample %s, %s: %w", v, c.words, err)
			}
			out = append(out, AwkwardSample{s, c.words})
		}
	}
	return out, nil
}

// AwkwardItems returns what an approval binds of awkward samples.
func AwkwardItems(samples []AwkwardSample) []Item {
	items := make([]Item, len(samples))
	for i, s := range samples {
		items[i] = NewItem(samplePrefix+s.Variant.String()+" ("+s.Case+")", s.Message)
	}
	return items
}

func named(name string) func(*notifier.Recipient) {
	return func(r *notifier.Recipient) { r.Name = notifier.NewName(name) }
}

// manyAccounts returns n accounts of the types of those held, in the order of
// their numbers.
func manyAccounts(held []notifier.Held, n int) []notifier.Held {
	const first = 9900001047
	out := make([]notifier.Held, n)
	for i := range out {
		const apart = 1113 // so that no two end in the same digits
		number := strconv.Itoa(first + i*apart)
		out[i] = notifier.Held{Number: notifier.NewAccountNumber(number), Type: held[i%len(held)].Type}
	}
	return out
}

// emptied returns columns with nothing in them.
func emptied(columns []notifier.Extra) []notifier.Extra {
	out := slices.Clone(columns)
	for i := range out {
		out[i].Text = notifier.NewCell("")
	}
	return out
}
