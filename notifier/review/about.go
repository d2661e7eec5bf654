package review

import (
	"slices"
	"strings"

	"breachmail/notifier/jurisdiction"
)

// aboutBlocks says of blocks that are known by their words what they are about,
// those first that decide where a sentence has several.
var aboutBlocks = []struct{ block, words string }{
	{jurisdiction.BlockPoliceReport, "the police report"},
	{jurisdiction.BlockReportTheft, "reporting identity theft"},
	{jurisdiction.BlockFCRA, "the Fair Credit Reporting Act"},
	{jurisdiction.BlockBureausByPhone, "the bureaus by telephone"},
	{jurisdiction.BlockOfficesInform, "where to get information"},
	{jurisdiction.BlockFreeze, "security freezes"},
	{jurisdiction.BlockFraudAlert, "fraud alerts"},
	{jurisdiction.BlockDelay, "a delay by law enforcement"},
	{jurisdiction.BlockNoDataRequest, "not giving data in reply"},
	{jurisdiction.BlockDataHeld, "asking for one's own data"},
	{jurisdiction.BlockVigilance, "staying alert"},
	{jurisdiction.BlockCreditReports, "credit reports"},
}

const (
	aboutTypes   = "the account type"
	aboutHeading = "the heading"
	aboutCount   = "how many are affected"
	aboutOffices = "the offices' addresses"
)

// about says in a few words what a difference is about: the account type, the
// one subject that is known by its words, its heading, the first subject, the
// heading it stands under, or else how it begins.
func (r *reader) about(language string, d *Difference) string {
	if len(d.Types) > 0 && len(d.States) == 0 {
		return aboutTypes
	}
	blocks := d.Added
	if len(blocks) == 0 {
		blocks = d.Removed
	}
	subjects := r.subjects(language, blocks, r.statesOf(d.Variants))
	if len(subjects) == 1 {
		return subjects[0]
	}
	if heading := firstHeading(slices.Concat(d.Added, d.Removed)); heading != "" {
		if len(d.Added)+len(d.Removed) == 1 {
			return aboutHeading
		}
		return firstWords(heading)
	}
	switch {
	case len(subjects) > 0:
		return subjects[0]
	case d.Under != "":
		return firstWords(d.Under)
	}
	return firstWords(blocks[0].words())
}

func firstHeading(blocks []TextBlock) string {
	for i := range blocks {
		if blocks[i].Kind == Heading {
			return blocks[i].words()
		}
	}
	return ""
}

// firstWords returns the first few words of s, and nothing in brackets where
// those are too many.
func firstWords(s string) string {
	const most = 6
	words := strings.Fields(s)
	if len(words) <= most {
		return s
	}
	if before, _, ok := strings.Cut(s, " ("); ok && before != "" {
		return firstWords(before)
	}
	return strings.TrimRight(strings.Join(words[:most], " "), ".,:;") + "…"
}

// subjects returns what blocks that people of some states read are known to be
// about, in their order.
func (r *reader) subjects(language string, blocks []TextBlock, states []string) []string {
	var out []string
	list := sentencesOf(blocks)
	if v := vocabularyOf(language); v != nil {
		parts := make([]map[string]uint, len(list))
		for i, s := range list {
			parts[i] = v.partsOf(s)
		}
		for i, s := range list {
			out = withNew(out, r.subject(v, s, parts[i:]))
		}
	}
	return withNew(out, r.officesIn(" "+plainWords(strings.Join(list, " "))+" ", states))
}

func sentencesOf(blocks []TextBlock) []string {
	var out []string
	for i := range blocks {
		for _, s := range blocks[i].Sentences {
			out = append(out, s.Text)
		}
	}
	return out
}

// subject returns what a sentence begins to be about, where that is known;
// parts are those of it and of what follows it, see vocabulary.partsOf.
func (r *reader) subject(v *vocabulary, sentence string, parts []map[string]uint) []string {
	if holds(sentence, r.Incident.Affected) {
		return []string{aboutCount}
	}
	for _, a := range aboutBlocks {
		if v.blocks[a.block].begins(len(parts), func(i int) uint { return parts[i][a.block] }) {
			return []string{a.words}
		}
	}
	return nil
}

// aboutOffice says of one office's address what it is.
var aboutOffice = map[string]string{
	jurisdiction.OfficeAttorneyGeneral: "the attorney general's address",
	jurisdiction.OfficeConsumerAgency:  "the state agency's address",
	jurisdiction.OfficeFTC:             "the Federal Trade Commission's address",
	jurisdiction.OfficeEquifax:         "the credit bureaus",
	jurisdiction.OfficeExperian:        "the credit bureaus",
	jurisdiction.OfficeTransUnion:      "the credit bureaus",
}

// officesIn says whose address stands in words, as plainWords gives them.
func (r *reader) officesIn(words string, states []string) []string {
	if r.Law == nil {
		return nil
	}
	var out []string
	for _, state := range append(slices.Clone(states), jurisdiction.Federal) {
		for _, name := range officeNames {
			o, ok := r.Law.Office(state, name)
			if ok && strings.Contains(words, " "+plainWords(o.Name)+" ") {
				out = withNew(out, []string{aboutOffice[name]})
			}
		}
	}
	if len(out) > 1 {
		return []string{aboutOffices}
	}
	return out
}
