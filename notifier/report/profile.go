package report

// Profile is what exports hold: what check says of them before anything is
// planned, and what plan has read. Nothing in it is personal data: examples
// are masked.
//
// Rows are accounted for: Rows.Read = Recipients.Total + Rows.Merged +
// Rows.Rejected + Rows.AlreadyTold, and each count of recipients by channel,
// state, language or account type adds up to Recipients.Total.
type Profile struct {
	Exports    []Export         `json:"exports"`
	Rows       Rows             `json:"rows"`
	Recipients RecipientCount   `json:"recipients"`
	Types      map[string]int64 `json:"account_types"` // recipients: prepaid, postpaid, both
	Languages  []Count          `json:"languages"`     // recipients, most first
	States     []Count          `json:"states"`        // recipients, most first; "unknown" among them
	Domains    []Count          `json:"domains"`       // email recipients, most first; the largest only
	Others     Others           `json:"other_domains"` // all the others
	Variants   []Count          `json:"variants"`      // email recipients, by wording
	Postal     []Count          `json:"postal"`        // postal recipients, by reason
	Rejected   []Rejected       `json:"rejected"`      // by field and reason, most first
	File       string           `json:"rejected_file"` // where they are; empty when nothing was set aside
	Warnings   []Warning        `json:"warnings"`
	Typos      []Typo           `json:"typos"` // domains that look mistyped, most recipients first
	TwoStates  TwoStates        `json:"two_states"`
	// SharedAccounts is how many account numbers stand beside more than one
	// address: everyone at these addresses is told.
	SharedAccounts int64 `json:"shared_accounts"`
	// SharedAddresses is how many addresses more than one recipient is told at:
	// several people, or one under several spellings of the name.
	SharedAddresses int64 `json:"shared_addresses"`
	Lists           Lists `json:"lists"`
}

// Rows accounts for the rows of all exports.
type Rows struct {
	Read        int64 `json:"read"`
	Merged      int64 `json:"merged"`
	Rejected    int64 `json:"rejected"`
	AlreadyTold int64 `json:"already_told"`
}

// RecipientCount counts people by channel.
type RecipientCount struct {
	Total  int64 `json:"total"`
	Email  int64 `json:"email"`
	Postal int64 `json:"postal"`
}

// Export is one file, or one member of an archive, as it was read.
type Export struct {
	Name        string    `json:"name"`
	Planned     bool      `json:"planned_before"` // plan skips it
	Packing     []string  `json:"packing"`        // from outside in: "age", "gzip", "zstd", "zip"
	Encoding    string    `json:"encoding"`       // for example "UTF-8", "Windows-1252"
	Guessed     bool      `json:"encoding_guessed"`
	Changed     []Changed `json:"characters"` // what decoding made of bytes beyond ASCII: a sample, unless it was UTF-8
	Delimiter   string    `json:"delimiter"`  // "comma", "semicolon", "tab" or "bar"
	LineBreak   string    `json:"line_break"` // "LF", "CR LF", "CR" or "mixed"
	Columns     []Column  `json:"columns"`    // all of the file, in order
	Corrections bool      `json:"corrections"`
	Rows        int64     `json:"rows"`
	Rejected    int64     `json:"rejected"`
	AlreadyTold int64     `json:"already_told"`
	Replaced    int64     `json:"replaced"`         // rows that stand in for one that these exports had set aside
	Earlier     int64     `json:"replaced_earlier"` // rows that stand in for one that an earlier plan had set aside
	Unmatched   int64     `json:"unmatched"`        // rows of corrections that stand in for none, neither here nor in the campaign
	Shifted     string    `json:"shifted"`          // which columns look shifted, and from which line on
	Refused     string    `json:"refused"`          // why plan would load nothing of it; empty when it would
}

// Changed is a byte of a file that is not in UTF-8, and what was made of it.
type Changed struct {
	Byte      string `json:"byte"` // two hexadecimal digits
	Character string `json:"character"`
	Line      int    `json:"line"` // the first with it
}

// Column is a column of an export and the field it is read as, "" when it is
// not read.
type Column struct {
	Header string `json:"header"`
	Field  string `json:"field"`
}

// Count is how many there are of something.
type Count struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// Others is what is not listed one by one.
type Others struct {
	Different int64 `json:"different"` // at least so many
	Count     int64 `json:"count"`
}

// Rejected is a reason why rows were set aside.
type Rejected struct {
	Field   string `json:"field"` // empty when the row as a whole is wrong
	Reason  string `json:"reason"`
	Rows    int64  `json:"rows"`
	File    string `json:"file"` // of the first
	Line    int    `json:"line"`
	Example string `json:"example"` // the first, masked
}

// Warning is something that was put right, or may be wrong, without a row being
// set aside for it.
type Warning struct {
	Code    string `json:"code"`
	Text    string `json:"text"`
	Rows    int64  `json:"rows"`
	File    string `json:"file"` // of the first; empty when it is about no single row
	Line    int    `json:"line"`
	Example string `json:"example"` // masked; may be empty
}

// Typo is a domain that looks mistyped. It is reported and never changed.
type Typo struct {
	Domain     string `json:"domain"`
	Meant      string `json:"meant"` // probably
	Recipients int64  `json:"recipients"`
}

// TwoStates counts recipients with accounts in more than one state. They are
// told under the state of most of them, or in a tie of the row read last.
type TwoStates struct {
	Recipients int64  `json:"recipients"`
	File       string `json:"file"` // lists their keys; empty when there are none
}

// Lists says what came of --already-told and --no-email.
type Lists struct {
	AlreadyTold ListUse `json:"already_told"`
	NoEmail     ListUse `json:"no_email"`
}

// ListUse says how much of a list was found in the exports.
type ListUse struct {
	Entries int64 `json:"entries"` // different ones
	Found   int64 `json:"found"`   // of these
}
