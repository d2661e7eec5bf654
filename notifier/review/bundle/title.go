package bundle

import "breachmail/notifier/review"

// titles are the words for what each rule finds.
var titles = map[string]string{
	review.RuleRequiredBlock:  "something its law asks for is missing",
	review.RuleForbiddenBlock: "something its law forbids",
	review.RuleTitle:          "the title “Notice of Data Breach” is missing",
	review.RuleHeadings:       "a heading that the law prescribes is missing",
	review.RuleNoticeDate:     "the date of the notice is missing",
	review.RuleTextSize:       "text smaller than the law allows",
	review.RuleRegulatorFirst: "a regulator is to be told before the people",
	review.RuleNotInvolved:    "data are said not to be involved",
	review.RuleTollFree:       "a call is said to cost nothing",
	review.RuleTODO:           "still to be filled in",
	review.RuleDate:           "a date contradicts the incident",
	review.RuleShortener:      "a link leads through somebody else’s site",
	review.RuleLinkText:       "a link shows another address than it opens",
	review.RuleOneLink:        "more than one link",
	review.RuleLinkDomain:     "a link leads to another domain than the sender’s",
	review.RuleRemoteContent:  "something would be loaded from elsewhere",
	review.RuleForm:           "a form to fill in",
	review.RuleScript:         "a script",
	review.RuleAttachment:     "an attachment",
	review.RulePersonalLink:   "a link that is not the same for everybody",
	review.RuleDataRequest:    "the reader is asked for data",
	review.RuleUrgency:        "words that press the reader",
	review.RuleFullNumber:     "an account or telephone number in full",
	review.RuleForeignAddress: "somebody else’s email address",
	review.RuleComputed:       "words that no sample shows",
	review.RuleUnverified:     "addresses that nobody has compared with a source",
	review.RuleAffected:       "fewer people are named than are to be told",
	review.RuleLanguage:       "a language whose words are not checked",
}

// counsels are the rules whose warnings ask counsel to decide something.
var counsels = []string{
	review.RuleRequiredBlock, review.RuleForbiddenBlock, review.RuleTitle, review.RuleHeadings, review.RuleNoticeDate, review.RuleTextSize,
	review.RuleRegulatorFirst, review.RuleNotInvolved, review.RuleUnverified, review.RuleAffected, review.RuleLanguage,
}

// Title says in words what a finding is, its state first: "Massachusetts:
// something its law forbids".
func (v *view) Title(f review.Finding) string {
	words := orElse(titles[f.Rule], f.Rule)
	if f.Rule == review.RuleForbiddenBlock && f.Level == review.Warning {
		words = "something its law may forbid"
	}
	if f.State == "" {
		return capital(words)
	}
	return v.StateName(f.State) + ": " + words
}

// Waivers are the names of what stands in the way of an approval, each once.
func (v *view) Waivers() []string {
	var out []string
	seen := map[string]bool{}
	for _, f := range v.Errors {
		if name := f.Name(); f.Waivable && !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	return out
}
