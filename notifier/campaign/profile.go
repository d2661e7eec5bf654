package campaign

import (
	"path/filepath"
	"strconv"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/intake"
	"breachmail/notifier/report"
)

// Profile is what exports hold.
type Profile = report.Profile

// ReadExport is one export of a profile.
type ReadExport = report.Export

// Rejected is one reason of a profile why rows are set aside.
type Rejected = report.Rejected

// Changed is a byte that decoding made a character of.
type Changed = report.Changed

// Count is one count of a profile.
type Count = report.Count

// ListUse says how much of a list was found.
type ListUse = report.ListUse

// Number writes n with separators, as reports do.
func Number(n int64) string { return report.Number(n) }

// Many writes a number of something, as reports do.
func Many(n int64, one, more string) string { return report.Many(n, one, more) }

// folding makes a profile of the recipients of one run. check and plan both
// use it, so that they agree on every number.
type folding struct {
	r         *reading
	p         Profile
	types     map[string]int64
	languages map[string]int64
	states    map[string]int64
	variants  map[string]int64
	postal    map[string]int64
	domains   map[string]int64
	typos     map[[2]string]int64 // by domain and what was meant
	two       *listFile
}

// mostDomains is how many domains are counted one by one, so that memory does
// not grow with the exports. Keys come in random order, so a domain with many
// recipients is met long before there are so many.
const mostDomains = 50_000

func (r *reading) fold() *folding {
	return &folding{
		r: r, types: map[string]int64{}, languages: map[string]int64{}, states: map[string]int64{},
		variants: map[string]int64{}, postal: map[string]int64{}, domains: map[string]int64{}, typos: map[[2]string]int64{},
		two: newListFile(filepath.Join(r.out, "two-states.csv"), "reference", "key", "states", "told_under", "file", "line"),
	}
}

// add takes in one recipient.
func (f *folding) add(g *intake.Group) error {
	who := &g.Recipient
	f.p.Recipients.Total++
	if f.p.Recipients.Total%batchRows == 0 {
		f.r.progress(Step{Recipients: f.p.Recipients.Total})
	}
	f.types[who.Variant.Types]++
	f.languages[who.Language]++
	f.states[who.State]++
	if who.Channel == notifier.Postal {
		f.p.Recipients.Postal++
		f.postal[who.Reason]++
	} else {
		f.p.Recipients.Email++
		f.variants[who.Variant.String()]++
		f.domain(strings.ToLower(who.Address.Domain()), g.Typo)
	}
	if len(g.States) < 2 {
		return nil
	}
	f.p.TwoStates.Recipients++
	return f.two.add(who.Key.Reference(), who.Key.String(), strings.Join(g.States, " "), who.State,
		g.Source.File, strconv.Itoa(g.Source.Line))
}

func (f *folding) domain(domain, meant string) {
	if _, known := f.domains[domain]; known || len(f.domains) < mostDomains {
		f.domains[domain]++
	} else {
		f.p.Others.Different++
		f.p.Others.Count++
	}
	if meant != "" && len(f.typos) < mostDomains {
		f.typos[[2]string{domain, meant}]++
	}
}

// finish puts the list of people in two states in place.
func (f *folding) finish() (err error) {
	f.p.TwoStates.File, err = f.two.finish()
	return err
}

func (f *folding) abort() { f.two.abort() }

// listed is how many domains a profile lists.
const listed = 20

// profile returns what was read. The reading is finished.
func (f *folding) profile() (*Profile, error) {
	p, r := &f.p, f.r
	p.Exports = make([]report.Export, len(r.exports))
	for i := range r.exports {
		e := r.exports[i].Export
		p.Exports[i] = e
		p.Rows.Read += e.Rows - e.Replaced
		p.Rows.Rejected += e.Rejected - e.Replaced
		p.Rows.AlreadyTold += e.AlreadyTold
	}
	p.Rows.Merged = p.Rows.Read - p.Rows.Rejected - p.Rows.AlreadyTold - p.Recipients.Total
	p.Types = f.types
	p.Languages, p.States = report.Sorted(f.languages), report.Sorted(f.states)
	p.Variants, p.Postal = report.Sorted(f.variants), report.Sorted(f.postal)
	p.Domains = report.Sorted(f.domains)
	if len(p.Domains) > listed {
		for _, d := range p.Domains[listed:] {
			p.Others.Different++
			p.Others.Count += d.Count
		}
		p.Domains = p.Domains[:listed]
	}
	p.Rejected, p.File = r.reasons.sorted(), r.aside.path
	p.Typos = f.mistyped()
	p.Lists = report.Lists{AlreadyTold: useOf(r.toldBefore), NoEmail: useOf(r.noEmail)}
	if err := f.warn(); err != nil {
		return nil, err
	}
	return p, p.Check()
}

func (f *folding) mistyped() []report.Typo {
	counts := map[string]int64{}
	meant := map[string]string{}
	for pair, n := range f.typos {
		counts[pair[0]], meant[pair[0]] = n, pair[1]
	}
	list := []report.Typo{}
	for _, c := range report.Sorted(counts) {
		list = append(list, report.Typo{Domain: c.Name, Meant: meant[c.Name], Recipients: c.Count})
	}
	return list
}

// warn gathers what may be wrong without a row being set aside for it.
func (f *folding) warn() (err error) {
	f.p.Warnings = []report.Warning{}
	for i := range f.r.exports {
		if e := &f.r.exports[i]; e.Shifted != "" && e.Refused == "" {
			f.p.Warnings = append(f.p.Warnings, report.Warning{Code: "shifted", Text: e.Name + ": " + e.Shifted, Rows: e.Rows, File: e.Name})
		}
	}
	for _, w := range f.r.intake.Warnings() {
		f.p.Warnings = append(f.p.Warnings, report.Warning{
			Code: w.Code, Text: w.Text, Rows: w.Rows, File: w.First.File, Line: w.First.Line, Example: w.Example,
		})
	}
	if f.r.skipped() {
		return nil
	}
	if f.p.SharedAccounts, err = f.r.intake.SharedAccounts(); err != nil {
		return err
	}
	f.p.SharedAddresses, err = f.r.intake.SharedAddresses()
	return err
}

func useOf(l *intake.List) report.ListUse {
	if l == nil {
		return report.ListUse{}
	}
	return report.ListUse{Entries: l.Len(), Found: l.Found()}
}
