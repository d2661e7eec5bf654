package report

import (
	"bytes"
	"cmp"
	_ "embed" // for page.html
	"html/template"
	"io"
	"sync"
	"time"
)

// About says what a page is called and how it came to be.
type About struct {
	Title   string    // "What the exports hold" where it is empty
	When    time.Time // left out where it is zero
	Version string    // of breachmail; left out where it is empty
}

//go:embed page.html
var pageHTML string

// pageTemplate is parsed by the run that writes a page.
var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page.html").Funcs(functions).Parse(pageHTML))
})

var functions = template.FuncMap{
	"number":  Number,
	"people":  people,
	"rows":    rows,
	"many":    Many,
	"where":   where,
	"field":   field,
	"packing": packing,
	"stamp":   func(t time.Time) string { return t.Format("January 2, 2006, 15:04 MST") },
	"less":    func(a, b int64) int64 { return a - b },
	"size":    func(n int) int64 { return int64(n) },
}

// view is what the template shows.
type view struct {
	*Profile
	About   About
	Fresh   int64    // exports that were not planned before
	Old     int64    // exports that were
	Refused []Export // those that plan would refuse
	Shifted []Export // those whose columns look shifted
	Broken  []string // sums that do not hold, in words
	Charts  []chart
	States  chart
}

// WritePage writes what check has found as a page: one HTML file that needs
// nothing outside itself and runs no script.
func WritePage(w io.Writer, p *Profile, about About) error {
	about.Title = cmp.Or(about.Title, "What the exports hold")
	v := view{Profile: p, About: about, Broken: p.broken()}
	for _, e := range p.Exports {
		if e.Planned {
			v.Old++
		} else {
			v.Fresh++
		}
		if e.Refused != "" {
			v.Refused = append(v.Refused, e)
		}
		if e.Shifted != "" {
			v.Shifted = append(v.Shifted, e)
		}
	}
	if p.Recipients.Total > 0 {
		v.Charts, v.States = p.charts()
	}
	var b bytes.Buffer
	if err := pageTemplate().Execute(&b, v); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Look reports whether there is anything that needs a look.
func (v view) Look() bool {
	return len(v.Shifted)+len(v.Rejected)+len(v.Warnings)+len(v.Typos) > 0 ||
		v.TwoStates.Recipients > 0 || v.SharedAccounts > 0 || v.SharedAddresses > 0 || v.Lists.missing()
}

// missing reports whether a list names someone whom no export has.
func (l Lists) missing() bool {
	return l.AlreadyTold.Found < l.AlreadyTold.Entries || l.NoEmail.Found < l.NoEmail.Entries
}
