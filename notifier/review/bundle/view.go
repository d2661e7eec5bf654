package bundle

import (
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/review"
)

// view is a page's data in the order in which the page shows it.
type view struct {
	PageData
	Errors, Warnings, Waived []review.Finding

	// Blocked: there is something that no waiver settles, so there is no code.
	Blocked bool

	Reached []numbered // wordings that somebody gets, or all where nobody gets any
	Nobody  []numbered // the others
}

// numbered is a sample with its number on the page, counted from 1.
type numbered struct {
	Number, Total int
	PageSample
}

func newView(p PageData) view {
	v := view{PageData: p, Blocked: len(p.TODOs) > 0}
	for _, f := range p.Findings {
		switch {
		case f.Rule == review.RuleTODO && slices.ContainsFunc(p.TODOs, func(t review.Finding) bool { return t.File == f.File && t.Line == f.Line }):
			// It is listed already.
		case f.Waived != "":
			v.Waived = append(v.Waived, f)
		case f.Level == review.Error:
			v.Errors = append(v.Errors, f)
			v.Blocked = v.Blocked || !f.Waivable
		default:
			v.Warnings = append(v.Warnings, f)
		}
	}
	v.order()
	return v
}

// order parts the samples by whether somebody gets them.
func (v *view) order() {
	var none []PageSample
	add := func(list *[]numbered, s PageSample) {
		*list = append(*list, numbered{Number: len(v.Reached) + len(v.Nobody) + 1, Total: len(v.Samples), PageSample: s})
	}
	for _, s := range v.Samples {
		if s.People == 0 {
			none = append(none, s)
			continue
		}
		add(&v.Reached, s)
	}
	list := &v.Nobody
	if len(v.Reached) == 0 {
		list = &v.Reached
	}
	for _, s := range none {
		add(list, s)
	}
}

// Named says for whom the wording of that name is, and nothing where the page
// does not show it.
func (v view) Named(variant string) string {
	for _, s := range v.Samples {
		if s.Variant.String() == variant {
			return words(s.Variant)
		}
	}
	return ""
}

// anchor is where on the page a wording is.
func anchor(v notifier.Variant) string { return "wording-" + v.String() }
