package jurisdiction

import "slices"

// BlockPrefix begins the name of a fact about a block of the notice; its value
// is Required, Advised or Forbidden.
const BlockPrefix = "block."

// What a state's law says of a block.
const (
	Required  = "required"
	Advised   = "advised" // usual, or asked for only in some cases: counsel decides
	Forbidden = "forbidden"
)

// The blocks that laws ask for or forbid.
const (
	BlockTitle           = "title"            // the title "Notice of Data Breach"
	BlockHeadings        = "headings"         // the five headings of California
	BlockNature          = "nature"           // what happened, in general terms
	BlockCount           = "count"            // how many people are affected
	BlockDates           = "dates"            // when it happened
	BlockDiscovered      = "discovered"       // when it was discovered
	BlockNoticeDate      = "notice_date"      // the date of the notice
	BlockDelay           = "delay"            // whether the police asked for a delay
	BlockDataTypes       = "data_types"       // which kinds of data were involved
	BlockContact         = "contact"          // who writes, and how to reach them
	BlockContactPhone    = "contact_phone"    // the company's telephone number
	BlockContactPost     = "contact_post"     // its postal address
	BlockTollFree        = "toll_free"        // that its number is toll-free
	BlockBureausByPhone  = "bureaus_by_phone" // that its number also tells how to reach the credit bureaus
	BlockWeb             = "web"              // a web page of the company
	BlockDataHeld        = "data_held"        // that the reader can ask what is kept about them
	BlockStepsTaken      = "steps_taken"      // what the company does
	BlockStepsToTake     = "steps_to_take"    // what the reader can do
	BlockVigilance       = "vigilance"        // to stay alert for fraud, or to watch account statements
	BlockCreditReports   = "credit_reports"   // to look at credit reports
	BlockNoDataRequest   = "no_data_request"  // not to give personal data in reply to such emails
	BlockMitigation      = "mitigation"       // services that are offered
	BlockParentCompany   = "parent_company"   // to whom the company belongs
	BlockAttorneyGeneral = "attorney_general" // how to reach the attorney general
	BlockConsumerAgency  = "consumer_agency"  // how to reach the state's other agency
	BlockFTC             = "ftc"              // how to reach the Federal Trade Commission
	BlockOfficesInform   = "offices_inform"   // that these inform, on avoiding identity theft or as the law says
	BlockBureaus         = "bureaus"          // how to reach the credit bureaus
	BlockFraudAlert      = "fraud_alert"      // that these inform on fraud alerts and freezes
	BlockFreeze          = "freeze"           // how to ask for a security freeze, for free
	BlockPoliceReport    = "police_report"    // the right to a police report
	BlockReportTheft     = "report_theft"     // to report identity theft to the authorities
	BlockFCRA            = "fcra"             // rights under the Fair Credit Reporting Act
)

// Blocks are the names of all blocks, in the order of a notice.
var Blocks = []string{
	BlockTitle, BlockHeadings, BlockNoticeDate, BlockNature, BlockCount, BlockDates, BlockDiscovered, BlockDelay,
	BlockDataTypes, BlockStepsTaken, BlockMitigation, BlockStepsToTake, BlockVigilance, BlockCreditReports, BlockNoDataRequest,
	BlockContact, BlockContactPhone, BlockContactPost, BlockTollFree, BlockBureausByPhone, BlockWeb, BlockDataHeld, BlockParentCompany,
	BlockAttorneyGeneral, BlockConsumerAgency, BlockFTC, BlockOfficesInform, BlockBureaus, BlockFraudAlert, BlockFreeze,
	BlockPoliceReport, BlockReportTheft, BlockFCRA,
}

// Block returns what the law of a state says of a block.
func (l *Law) Block(state, block string) (Fact, bool) { return l.Fact(state, BlockPrefix+block) }

// Asks reports whether a notice to the state must or should have a block.
func (l *Law) Asks(state, block string) bool {
	f, ok := l.Block(state, block)
	return ok && f.Value != Forbidden
}

// Template returns the name of the template that notices to the state need,
// and "" where that is the one for everybody.
func (l *Law) Template(state string) string { return l.facts[state][FactTemplate].Value }

// Email returns whom the law of the state allows to be told by email, and ""
// where nothing is known.
func (l *Law) Email(state string) string { return l.facts[state][FactEmail].Value }

// Facts returns all that is known about a state, in a fixed order.
func (l *Law) Facts(state string) []Fact {
	var list []Fact
	for _, name := range facts {
		if f, ok := l.Fact(state, name); ok {
			list = append(list, f)
		}
	}
	for _, b := range Blocks {
		if f, ok := l.Block(state, b); ok {
			list = append(list, f)
		}
	}
	return list
}

func isBlock(name string) bool { return slices.Contains(Blocks, name) }
