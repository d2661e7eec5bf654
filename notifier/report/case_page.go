package report

import (
	"bytes"
	_ "embed" // for case.html and case.css
	"html/template"
	"io"
	"strings"
	"time"
)

//go:embed case.html
var caseHTML string

//go:embed case.css
var caseStyle string

var caseTemplate = template.Must(template.New("case.html").Funcs(template.FuncMap{
	"style":     func() template.CSS { return template.CSS(caseStyle) }, //nolint:gosec // a file of ours
	"number":    Number,
	"people":    people,
	"rows":      rows,
	"many":      Many,
	"size":      func(n int) int64 { return int64(n) },
	"share":     share,
	"stamp":     minute,
	"second":    func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 MST") },
	"date":      calendarDay,
	"stateName": stateName,
	"isZero":    time.Time.IsZero,
	"add":       sumOf,
	"batches":   batchesWords,
	"below":     func(y, by int) int { return y + by },
}).Parse(caseHTML))

func sumOf(list ...int64) (sum int64) {
	for _, n := range list {
		sum += n
	}
	return sum
}

func batchesWords(list []int) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = Number(int64(n))
	}
	if len(words) == 1 {
		return "batch " + words[0]
	}
	return "batches " + strings.Join(words, ", ")
}

// caseView is what the template of a report shows.
type caseView struct {
	*Case
	All      *Counts
	Keys     []standingKey
	States   []StateRow
	Stripes  []stripe
	Domains  []stripe
	Days     []Dated
	Dues     []due
	Progress *progress
	Timeline *timeline
	Marked   []marked
	Shown    []Sample // wordings whose text stands on the page
	Folded   []Sample // and those that have to be unfolded
	Open     []Task
	Done     []Task
	May      []Task // that are owed on a condition that is not met, as far as is known
	Sums     Dated  // of all days
}

// shownSamples is how many wordings are shown without being asked for.
const shownSamples = 2

// WriteCase writes the report of a campaign as a page: one HTML file that needs
// nothing outside itself and runs no script.
func WriteCase(w io.Writer, c *Case) error {
	v := caseView{
		Case: c, All: &c.Tally.All, Keys: c.Tally.All.keys(), States: c.StateRows(), Stripes: c.stateStripes(), Domains: c.domainStripes(),
		Days: c.Tally.Days(), Dues: c.dues(),
	}
	v.Progress = c.progress(v.Dues)
	v.Timeline, v.Marked = c.timeline()
	n := min(len(c.Samples), shownSamples)
	v.Shown, v.Folded = c.Samples[:n], c.Samples[n:]
	for _, t := range c.Tasks {
		switch {
		case t.Done != "":
			v.Done = append(v.Done, t)
		case t.Owed:
			v.Open = append(v.Open, t)
		default:
			v.May = append(v.May, t)
		}
	}
	for _, d := range v.Days {
		v.Sums.Taken += d.Taken
		v.Sums.Refused += d.Refused
		v.Sums.Bounced += d.Bounced
		v.Sums.Letters += d.Letters
	}
	var b bytes.Buffer
	if err := caseTemplate.Execute(&b, v); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Kept says how the deadlines were kept, of those that were told and of those
// that were not: only where a state has one.
func (v caseView) Kept() (k due) {
	for _, d := range v.Dues {
		k.People += d.People
		k.InTime += d.InTime
		k.Late += d.Late
		k.Untold += d.Untold
	}
	return k
}

// Missed counts people whose deadline is over, and who were told later or not yet.
func (v caseView) Missed() (n int64) {
	for _, d := range v.Dues {
		n += d.Late
		if d.Over {
			n += d.Untold
		}
	}
	return n
}
