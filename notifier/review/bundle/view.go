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

	Errors, Waived []review.Finding
	Decide         []review.Finding // warnings that ask counsel something
	Know           []review.Finding // other warnings

	// Blocked: there is something that no waiver settles, so there is no code.
	Blocked bool

	Languages []languageView
	Reached   []wording // wordings that somebody gets, or all where nobody gets any
	Nobody    []wording // the others
	Choices   choices
	Dates     []due

	stands map[string]string // the anchor of the block that has the words of a file's line
	ruled  map[string]bool   // states that have wordings of their own
	names  map[string]string // of states, in words
}

// section is a part of the page, for the list of contents.
type section struct{ ID, Title, Note string }

func newView(p PageData) *view {
	v := &view{PageData: p}
	v.nameStates()
	v.sort()
	v.order()
	v.read()
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
		case slices.Contains(counsels, f.Rule):
			v.Decide = append(v.Decide, f)
		default:
			v.Know = append(v.Know, f)
		}
	}
}

// Open reports whether there is anything to settle or to know.
func (v *view) Open() bool {
	return len(v.TODOs)+len(v.Errors)+len(v.Waived)+len(v.Decide)+len(v.Know) > 0
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

// Done reports whether nobody else has to approve.
func (v *view) Done() bool { return !v.Draft() && len(v.Agreed()) >= v.Required() }

// Missing is how many more people have to approve.
func (v *view) Missing() int { return max(0, v.Required()-len(v.Agreed())) }

// Letters says what the page is not about, and nothing where nobody is told by
// post.
func (v *view) Letters() string {
	switch v.Postal {
	case 0:
		return ""
	case 1:
		return "The letter to the 1 person told by post is not part of this bundle, nor of the approval."
	}
	return "Letters to the " + people(v.Postal) + " told by post are not part of this bundle, nor of the approval."
}

// nameStates collects the names of states from all that know them.
func (v *view) nameStates() {
	v.names, v.ruled = map[string]string{}, map[string]bool{}
	name := func(code, name string) { v.names[code] = orElse(v.names[code], name) }
	for _, s := range v.States {
		name(s.Code, s.Name)
	}
	if v.Federal != nil {
		name(v.Federal.Code, v.Federal.Name)
	}
	for _, c := range v.Checklist {
		name(c.State, c.Name)
	}
	for _, s := range v.Samples {
		v.ruled[s.Variant.State] = true
		for _, p := range s.States {
			name(p.State, p.Name)
		}
	}
	if v.Changes != nil {
		for _, p := range v.Changes.People {
			name(p.State, p.Name)
		}
	}
	for _, l := range v.Reading.Languages {
		for _, g := range l.Groups {
			for _, s := range g.States {
				name(s.State, s.Name)
			}
		}
	}
	v.names[notifier.UnknownState] = "State not known"
}

// StateName is a state's name, or its code where the name is not known.
func (v *view) StateName(code string) string { return orElse(v.names[code], code) }

// Unknown reports whether a state is that of people whose state is not known.
func (v *view) Unknown(state string) bool { return state == notifier.UnknownState }

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
	case len(v.Decide) > 0:
		open.Note = count(len(v.Decide)) + " to decide"
	case v.Open():
		open.Note = count(len(v.Know)+len(v.Waived)) + " to know"
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
