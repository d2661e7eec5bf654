package bundle

import (
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/review"
)

// view is a page's data in the order in which the page shows it.
type view struct {
	PageData
	Contents []section

	Errors, Warnings, Waived []review.Finding

	// Blocked: there is something that no waiver settles, so there is no code.
	Blocked bool

	Languages []languageView
	Reached   []wording // wordings that somebody gets, or all where nobody gets any
	Nobody    []wording // the others
	Choices   choices
	Dates     []due

	stands map[string]string // the anchor of the block that has the words of a file's line
	own    map[string]bool   // states that have wordings of their own
	names  map[string]string // of states, in words
}

// section is a part of the page, for the list of contents.
type section struct{ ID, Title, Note string }

func newView(p PageData) *view {
	v := &view{PageData: p}
	v.nameStates()
	v.sort()
	v.read()
	v.order()
	v.Choices = v.choices()
	v.Dates = v.dates()
	v.Contents = v.contents()
	return v
}

// sort parts the findings by what they mean for the approval.
func (v *view) sort() {
	v.Blocked = len(v.TODOs) > 0
	for _, f := range v.Findings {
		switch {
		case f.Rule == review.RuleTODO && slices.ContainsFunc(v.TODOs, func(t review.Finding) bool { return t.File == f.File && t.Line == f.Line }):
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
}

// Open reports whether there is anything to settle or to know.
func (v *view) Open() bool {
	return len(v.TODOs)+len(v.Errors)+len(v.Waived)+len(v.Warnings) > 0
}

// Draft reports whether something forbids approval.
func (v *view) Draft() bool { return len(v.TODOs)+len(v.Errors) > 0 }

// People who have to approve, at least one.
func (v *view) Required() int { return max(1, v.Needed) }

// Agreed are those who approved what stands on the page, each once.
func (v *view) Agreed() []string {
	var out []string
	for _, a := range v.Approvals {
		if a.Current && !slices.Contains(out, a.By) {
			out = append(out, a.By)
		}
	}
	return out
}

// Approved reports whether nobody else has to approve.
func (v *view) Approved() bool { return !v.Draft() && len(v.Agreed()) >= v.Required() }

// nameStates collects the names of states from all that know them.
func (v *view) nameStates() {
	v.names = map[string]string{notifier.UnknownState: "State not known"}
	v.own = map[string]bool{}
	for _, s := range v.States {
		v.names[s.Code] = orElse(s.Name, v.names[s.Code])
	}
	for _, c := range v.Checklist {
		v.names[c.State] = orElse(c.Name, v.names[c.State])
	}
	for _, s := range v.Samples {
		v.own[s.Variant.State] = true
		for _, p := range s.States {
			v.names[p.State] = orElse(p.Name, v.names[p.State])
		}
	}
}

// StateName is a state's name, or its code where the name is not known.
func (v *view) StateName(code string) string { return orElse(v.names[code], code) }

// contents lists the parts that the page has.
func (v *view) contents() []section {
	var out []section
	add := func(has bool, s section) {
		if has {
			out = append(out, s)
		}
	}
	n := len(v.TODOs) + len(v.Errors)
	open := section{"open", "What is open", "nothing"}
	switch {
	case n > 0:
		open.Note = count(n) + " to settle"
	case v.Open():
		open.Note = count(len(v.Warnings)+len(v.Waived)) + " to know"
	}
	add(true, open)
	add(v.Changes != nil, section{"changes", "What changed", ""})
	add(len(v.Languages) > 0, section{"reading", "The reading", ""})
	add(true, section{"wordings", "The wordings", count(len(v.Reached))})
	add(len(v.Awkward) > 0, section{"awkward", "Unusual cases", count(len(v.Awkward))})
	add(len(v.Checklist) > 0, section{"checklist", "What the law asks", ""})
	add(len(v.Elsewhere) > 0, section{"elsewhere", "Website and call center", ""})
	add(len(v.States) > 0 || v.Federal != nil, section{"states", "Where they live", ""})
	add(true, section{"approve", "To approve", ""})
	return out
}
