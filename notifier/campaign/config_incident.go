package campaign

// The values of incident.law_enforcement_delay.
const (
	delayYes = "yes"
	delayNo  = "no"
)

// IncidentConfig holds the facts that every notice states. Text that only the
// company can know may still be TODO (see TODOs).
type IncidentConfig struct {
	Company             string    `yaml:"company"`
	ParentCompany       string    `yaml:"parent_company"`
	SignedBy            SignedBy  `yaml:"signed_by"`
	Occurred            DateRange `yaml:"occurred"`
	Discovered          Date      `yaml:"discovered"`
	Determined          Date      `yaml:"determined"`
	ScopeEnded          Date      `yaml:"scope_ended"`
	NoticeDate          Date      `yaml:"notice_date"`
	Affected            int       `yaml:"affected"`              // how many people; 0 where nothing is said
	LawEnforcementDelay string    `yaml:"law_enforcement_delay"` // yes or no; empty where nothing is said
	WhatHappened        string    `yaml:"what_happened"`
	DataInvolved        []string  `yaml:"data_involved"`
	DataNotInvolved     []string  `yaml:"data_not_involved"`
	WhatWeAreDoing      string    `yaml:"what_we_are_doing"`
	WhatYouCanDo        string    `yaml:"what_you_can_do"`
	Services            string    `yaml:"services"` // what is offered to those affected

	Contact      ContactConfig                `yaml:"contact"`
	Translations map[string]TranslationConfig `yaml:"translations"` // by language, such as es
}

// TranslationConfig is what of the sender and the incident reads differently in
// another language. Names, dates and addresses are the same in all.
type TranslationConfig struct {
	Subject         string   `yaml:"subject"`
	SignerTitle     string   `yaml:"signer_title"`
	Hours           string   `yaml:"hours"`
	DataInvolved    []string `yaml:"data_involved"`
	DataNotInvolved []string `yaml:"data_not_involved"`
	WhatHappened    string   `yaml:"what_happened"`
	WhatWeAreDoing  string   `yaml:"what_we_are_doing"`
	WhatYouCanDo    string   `yaml:"what_you_can_do"`
	Services        string   `yaml:"services"`
}

// SignedBy is the person whose name stands under the notice.
type SignedBy struct {
	Name  string `yaml:"name"`
	Title string `yaml:"title"`
}

// DateRange is the first and the last day of something. To is zero where only
// one day is known.
type DateRange struct {
	From Date `yaml:"from"`
	To   Date `yaml:"to"`
}

// ContactConfig says where a reader of the notice can ask.
type ContactConfig struct {
	Phone string `yaml:"phone"`
	Hours string `yaml:"hours"`
	Web   string `yaml:"web"`
	Post  string `yaml:"post"`
}
