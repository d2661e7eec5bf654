package review

import (
	"slices"

	"breachmail/notifier/jurisdiction"
)

// offices are those whose data a block consists of, by block.
var offices = map[string][]string{
	jurisdiction.BlockAttorneyGeneral: {jurisdiction.OfficeAttorneyGeneral},
	jurisdiction.BlockConsumerAgency:  {jurisdiction.OfficeConsumerAgency},
	jurisdiction.BlockFTC:             {jurisdiction.OfficeFTC},
	jurisdiction.BlockBureaus:         {jurisdiction.OfficeEquifax, jurisdiction.OfficeExperian, jurisdiction.OfficeTransUnion},
}

// federalOffices are those whose facts stand under jurisdiction.Federal.
var federalOffices = []string{jurisdiction.OfficeFTC, jurisdiction.OfficeEquifax, jurisdiction.OfficeExperian, jurisdiction.OfficeTransUnion}

// officeNames are all offices that the law data can have.
var officeNames = append([]string{jurisdiction.OfficeAttorneyGeneral, jurisdiction.OfficeConsumerAgency}, federalOffices...)

// officeFacts returns the lines of the law data with the offices that a block
// names.
func (l *linter) officeFacts(state, block string) []jurisdiction.Fact {
	var out []jurisdiction.Fact
	for _, office := range offices[block] {
		if f, ok := l.Law.Fact(officeState(state, office), office); ok {
			out = append(out, f)
		}
	}
	return out
}

// officeState returns the state under which the law data have an office that a
// notice to people of a state names.
func officeState(state, office string) string {
	if slices.Contains(federalOffices, office) {
		return jurisdiction.Federal
	}
	return state
}

// lackedOffices is for blocks that name offices, and for those that are known
// by their words.
func (l *linter) lackedOffices(w *wording, state, block string) []string {
	list, ok := offices[block]
	if !ok {
		return unless(l.states(w, block), lackedWords(block))
	}
	var out []string
	for _, name := range list {
		of := officeState(state, name)
		o, ok := l.Law.Office(of, name)
		if !ok {
			out = append(out, "the office ("+lawFile+" has no "+name+" for "+of+")")
			continue
		}
		out = append(out, w.lacksOf(o)...)
	}
	return out
}

// lacksOf returns what a wording does not say of all that is known of an
// office.
func (w *wording) lacksOf(o jurisdiction.Office) []string {
	if !w.says(o.Name) {
		return []string{`the name "` + o.Name + `"`}
	}
	var out []string
	for _, part := range []struct {
		what, value string
		there       bool
	}{
		{"address", o.Address, w.says(o.Address)},
		{"telephone", o.Phone, w.hasNumbers(o.Phone)},
		{"web address", o.Web, w.says(o.Web)},
	} {
		if part.value != "" && !part.there {
			out = append(out, "the "+part.what+" of "+o.Name)
		}
	}
	return out
}

// names reports whether a wording has an office's name, and how to reach it.
func (w *wording) names(o jurisdiction.Office) bool {
	return w.says(o.Name) && (w.says(o.Address) || o.Phone != "" && w.hasNumbers(o.Phone) || w.says(o.Web))
}
