package bundle

import (
	"fmt"
	"slices"

	"breachmail/notifier"
	"breachmail/notifier/review"
)

// anchor is where on the page a wording is.
func anchor(v notifier.Variant) string { return "wording-" + v.String() }

// Anchor is where on the page a publication is.
func (p Publication) Anchor() string { return "text-" + p.Name + "-" + p.Language }

// Words says what a publication is, for example "website, English".
func (p Publication) Words() string { return place(p.Name) + ", " + language(p.Language) }

func place(name string) string {
	if name == "call-center" {
		return "call center"
	}
	return name
}

// Words says for whom a wording is, for example "English, prepaid accounts,
// Maryland".
func (v *view) Words(of notifier.Variant) string {
	out := language(of.Language) + ", " + accounts(of.Types)
	if of.State != "" {
		out += ", " + v.StateName(of.State)
	}
	return out
}

// link is a place on the page and the words that lead to it.
type link struct{ To, Words string }

// Found is the wording or other text of that name, and nil where the page does
// not show it.
func (v *view) Found(name string) *link {
	for _, s := range v.Samples {
		if s.Variant.String() == name {
			return &link{anchor(s.Variant), v.Words(s.Variant)}
		}
	}
	for _, p := range v.Elsewhere {
		if p.Base() == name {
			return &link{p.Anchor(), p.Words()}
		}
	}
	return nil
}

// lacking are rules about something that is not there: their line is where it
// could be mended, and no sentence stands for it.
var lacking = []string{review.RuleRequiredBlock, review.RuleTitle, review.RuleHeadings, review.RuleNoticeDate, review.RuleTextSize, review.RuleRegulatorFirst, review.RuleLanguage, review.RuleUnverified}

// Reads is where in the reading the sentence stands that a finding is about,
// and "" where that is not known.
func (v *view) Reads(f review.Finding) string {
	if f.Line == 0 || slices.Contains(lacking, f.Rule) {
		return ""
	}
	return v.stands[at(f.File, f.Line)]
}

func at(file string, line int) string { return fmt.Sprintf("%s:%d", file, line) }
