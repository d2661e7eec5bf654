package review

import (
	"fmt"
	"slices"
)

// Level is how grave a finding is.
type Level string

// The levels.
const (
	Error   Level = "error"   // forbids approval, unless counsel waives it
	Warning Level = "warning" // counsel should know
)

// The rules. Those of the law are judged for each state that a wording goes to,
// the others for every wording. An error of a wording that reaches nobody is
// only a warning. Of the texts for everybody, which stand on the website and
// before those who answer calls, some rules are judged: see publicRules.
//
//	rule             level    may be waived
//	required-block   error    yes  a block that the state's law requires is missing (advised ones: warning)
//	forbidden-block  error    yes  one that it forbids is there (what counsel should read: warning)
//	title            error    yes  the title "Notice of Data Breach" is missing
//	headings         error    yes  a heading of California is missing
//	notice-date      error    yes  the date of the notice is missing
//	text-size        error    yes  text is smaller than 10 points
//	regulator-first  error    yes  a regulator has to be told first, and no hold without a date covers the state
//	not-involved     error    yes  data is said not to be involved, and incident.data_not_involved does not say so
//	toll-free        error    yes  a call is said to cost nothing, and the number is not toll-free
//	todo             error    no   a TODO
//	date             error    yes  a date contradicts the incident
//	shortener        error    no   a link goes through somebody else's redirection
//	link-text        error    no   a link shows another address than it opens
//	one-link         error    yes  there is more than one link
//	link-domain      error    yes  a link leads to another domain than the sender's
//	remote-content   error    yes  something would be loaded from elsewhere
//	form             error    yes  a form
//	script           error    yes  a script
//	attachment       error    yes  a part beside the two bodies
//	personal-link    error    no   a link that is not the same for everybody
//	data-request     error    yes  the reader is asked for data, to log in or to click
//	urgency          warning  yes  a phrase that presses the reader
//	full-number      error    no   an account or phone number in full
//	foreign-address  error    no   an email address that is neither the recipient's nor the sender's
//	computed         error    yes  a template computes with a recipient's own values, so that no sample shows all it says
//	unverified       warning  yes  addresses of offices that notices name were never compared with a source
//	affected         warning  yes  incident.affected is less than how many people are planned
//	language         warning  yes  the rules about words are not known for the language
const (
	RuleRequiredBlock  = "required-block"
	RuleForbiddenBlock = "forbidden-block"
	RuleTitle          = "title"
	RuleHeadings       = "headings"
	RuleNoticeDate     = "notice-date"
	RuleTextSize       = "text-size"
	RuleRegulatorFirst = "regulator-first"
	RuleNotInvolved    = "not-involved"
	RuleTollFree       = "toll-free"
	RuleTODO           = "todo"
	RuleDate           = "date"
	RuleShortener      = "shortener"
	RuleLinkText       = "link-text"
	RuleOneLink        = "one-link"
	RuleLinkDomain     = "link-domain"
	RuleRemoteContent  = "remote-content"
	RuleForm           = "form"
	RuleScript         = "script"
	RuleAttachment     = "attachment"
	RulePersonalLink   = "personal-link"
	RuleDataRequest    = "data-request"
	RuleUrgency        = "urgency"
	RuleFullNumber     = "full-number"
	RuleForeignAddress = "foreign-address"
	RuleComputed       = "computed"
	RuleUnverified     = "unverified"
	RuleAffected       = "affected"
	RuleLanguage       = "language"
)

// Rules are the names of all rules, in the order of the table above.
var Rules = []string{
	RuleRequiredBlock, RuleForbiddenBlock, RuleTitle, RuleHeadings, RuleNoticeDate, RuleTextSize, RuleRegulatorFirst,
	RuleNotInvolved, RuleTollFree, RuleTODO, RuleDate,
	RuleShortener, RuleLinkText, RuleOneLink, RuleLinkDomain, RuleRemoteContent, RuleForm, RuleScript,
	RuleAttachment, RulePersonalLink, RuleDataRequest, RuleUrgency,
	RuleFullNumber, RuleForeignAddress, RuleComputed, RuleUnverified, RuleAffected, RuleLanguage,
}

// Waivable reports whether counsel may waive a rule.
func Waivable(rule string) bool {
	switch rule {
	case RuleTODO, RuleShortener, RuleLinkText, RulePersonalLink, RuleFullNumber, RuleForeignAddress:
		return false
	}
	return slices.Contains(Rules, rule)
}

// Finding is something that has to be settled, or at least known, before an
// approval.
type Finding struct {
	File     string
	Line     int    // where to mend it; 0 where that is no single line
	Rule     string // one of the Rule constants; empty for a place that is still to be filled in
	State    string // where it is about one state's law
	Variant  string // the first wording it was found in, or a text for everybody such as "website.en"; empty where it is about none
	Variants int    // in how many wordings
	Level    Level
	Text     string // why
	Waivable bool
	Waived   string // the reason, where it is waived
}

// At is the place where it can be mended: file and line.
func (f Finding) At() string {
	if f.Line == 0 {
		return f.File
	}
	return fmt.Sprintf("%s:%d", f.File, f.Line)
}

// Name is what a waiver calls the finding: its rule, and its state behind a
// colon.
func (f Finding) Name() string { return waiverName(f.Rule, f.State) }

// Waiver is counsel's decision to approve in spite of findings.
type Waiver struct {
	Rule   string
	State  string // empty: whatever the state
	Reason string
}

func (w Waiver) meets(f Finding) bool {
	return w.Rule == f.Rule && (w.State == "" || w.State == f.State)
}

// Waive marks the findings that waivers are about. Where a waiver cannot be
// taken it is an error, and nothing is marked.
func Waive(findings []Finding, waivers []Waiver) error {
	for _, w := range waivers {
		name := waiverName(w.Rule, w.State)
		switch {
		case !slices.Contains(Rules, w.Rule):
			return fmt.Errorf("there is no rule %q to waive (preview names the rule of each finding)", w.Rule)
		case !Waivable(w.Rule):
			return fmt.Errorf("%s cannot be waived (mend what preview shows)", w.Rule)
		case w.Reason == "":
			return fmt.Errorf("the waiver of %s has no reason (say why)", name)
		case !slices.ContainsFunc(findings, w.meets):
			return fmt.Errorf("there is no finding for the waiver of %s (take it out; preview lists what there is)", name)
		}
	}
	for i := range findings {
		for _, w := range waivers {
			if w.meets(findings[i]) && findings[i].Waived == "" {
				findings[i].Waived = w.Reason
			}
		}
	}
	return nil
}

func waiverName(rule, state string) string {
	if state == "" {
		return rule
	}
	return rule + ":" + state
}

// Open returns the findings that forbid approval.
func Open(findings []Finding) []Finding {
	var out []Finding
	for _, f := range findings {
		if f.Level == Error && f.Waived == "" {
			out = append(out, f)
		}
	}
	return out
}
