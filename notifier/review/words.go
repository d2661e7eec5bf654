package review

import (
	"cmp"
	"regexp"
	"strings"
	"sync"

	"breachmail/notifier/jurisdiction"
)

// blockWords says for lawyers what each block is.
var blockWords = map[string]string{
	jurisdiction.BlockTitle:           `the title "Notice of Data Breach"`,
	jurisdiction.BlockHeadings:        "the five headings of California",
	jurisdiction.BlockNature:          "what happened",
	jurisdiction.BlockCount:           "how many people are affected",
	jurisdiction.BlockDates:           "the dates on which it happened",
	jurisdiction.BlockDiscovered:      "the date on which it was discovered",
	jurisdiction.BlockNoticeDate:      "the date of the notice",
	jurisdiction.BlockDelay:           "whether law enforcement delayed the notice",
	jurisdiction.BlockDataTypes:       "the kinds of data involved",
	jurisdiction.BlockContact:         "who writes, and how to reach them",
	jurisdiction.BlockContactPhone:    "the company's telephone number",
	jurisdiction.BlockContactPost:     "the company's postal address",
	jurisdiction.BlockTollFree:        "a toll-free number of the company",
	jurisdiction.BlockBureausByPhone:  "that the company's number also tells how to reach the credit bureaus",
	jurisdiction.BlockWeb:             "a web page of the company",
	jurisdiction.BlockDataHeld:        "that the reader can ask what is kept about them",
	jurisdiction.BlockStepsTaken:      "what the company does",
	jurisdiction.BlockStepsToTake:     "what the reader can do",
	jurisdiction.BlockVigilance:       "the advice to stay alert or to watch account statements",
	jurisdiction.BlockCreditReports:   "the advice to look at credit reports",
	jurisdiction.BlockNoDataRequest:   "the warning not to give personal data in reply",
	jurisdiction.BlockMitigation:      "the services that are offered",
	jurisdiction.BlockParentCompany:   "to whom the company belongs",
	jurisdiction.BlockAttorneyGeneral: "how to reach the attorney general",
	jurisdiction.BlockConsumerAgency:  "how to reach the state's other agency",
	jurisdiction.BlockFTC:             "how to reach the Federal Trade Commission",
	jurisdiction.BlockOfficesInform:   "that offices inform on identity theft, fraud alerts and freezes",
	jurisdiction.BlockBureaus:         "how to reach the credit bureaus",
	jurisdiction.BlockFraudAlert:      "information on fraud alerts",
	jurisdiction.BlockFreeze:          "how to ask for a security freeze, free of charge",
	jurisdiction.BlockPoliceReport:    "the right to a police report",
	jurisdiction.BlockReportTheft:     "the advice to report identity theft",
	jurisdiction.BlockFCRA:            "the rights under the Fair Credit Reporting Act",
}

// lackedBlock says of blocks what a wording without them lacks, where blockWords
// is not the name of a thing.
var lackedBlock = map[string]string{
	jurisdiction.BlockTitle:          `the heading "Notice of Data Breach"`,
	jurisdiction.BlockNature:         "a description of what happened",
	jurisdiction.BlockCount:          "the number of people affected",
	jurisdiction.BlockDelay:          "a sentence on whether law enforcement delayed the notice",
	jurisdiction.BlockContact:        "the company's name, or how to reach it",
	jurisdiction.BlockTollFree:       "a number in incident.contact.phone that costs the caller nothing",
	jurisdiction.BlockBureausByPhone: "a sentence that the company's number also tells how to reach the credit bureaus",
	jurisdiction.BlockDataHeld:       "a sentence that the reader can ask what is kept about them",
	jurisdiction.BlockStepsTaken:     "a description of what the company does",
	jurisdiction.BlockStepsToTake:    "advice on what the reader can do",
	jurisdiction.BlockParentCompany:  "the name of the company it belongs to",
	jurisdiction.BlockOfficesInform:  "a sentence that offices inform on identity theft, fraud alerts and freezes",
	jurisdiction.BlockFreeze:         "directions on asking for a security freeze, free of charge",
}

// lackedWords says what a wording without a block lacks.
func lackedWords(block string) string { return cmp.Or(lackedBlock[block], blockWords[block]) }

// wordsFor says for lawyers what a law that asks for a block, or forbids it, is
// about.
func wordsFor(block, asks string) string {
	if asks != jurisdiction.Forbidden {
		return blockWords[block]
	}
	if words := saying(block); words != blockWords[block] {
		return words
	}
	return "giving " + blockWords[block]
}

// saying returns a block's words as they stand behind a verb: "saying how many
// people are affected", "the date of the notice".
func saying(block string) string {
	words := blockWords[block]
	if block == jurisdiction.BlockNature {
		return "describing " + words
	}
	switch first, _, _ := strings.Cut(words, " "); first {
	case "how", "what", "who", "whether", "that", "to":
		return "saying " + words
	}
	return words
}

// vocabulary is by which words the rules know things in one language. All of it
// is looked for in folded text: lower case, no accents, plain quotes.
type vocabulary struct {
	months []string         // January first; several names of one with spaces between
	dates  []*regexp.Regexp // with the groups y, m and d

	discovered, happened, otherVerb, earlier *regexp.Regexp // what a date can belong to; earlier is what may lie before the incident

	negation *regexp.Regexp
	denial   *regexp.Regexp // that something was not involved
	nothing  *regexp.Regexp // the same of all that is not named
	withKind *regexp.Regexp // that something was not involved, with what that is
	ofReader *regexp.Regexp // what is so for some readers, or asked of them, and denies nothing
	safe     *regexp.Regexp // that something is safe
	safer    *regexp.Regexp // right behind that: it is made so now
	data     *regexp.Regexp // kinds of data

	requests  []request
	warns     *regexp.Regexp // who warns of a request makes none
	condition *regexp.Regexp // begins a clause that is true of some readers only
	goesOn    *regexp.Regexp // goes on with such a clause
	turn      *regexp.Regexp // after it the opposite may follow
	others    *regexp.Regexp // who may ask readers for data
	ourselves *regexp.Regexp // the company, as the one who would get it
	weDo      *regexp.Regexp // right before a verb: the company does it
	openers   *regexp.Regexp // what may stand before a request in its clause
	purpose   *regexp.Regexp // an opener that says what for
	asIfWe    *regexp.Regexp // looks like weDo and is not; may be nil
	weThen    *regexp.Regexp // behind such a purpose: somebody else acts
	bidden    *regexp.Regexp // a clause that goes on to ask the reader for something
	acted     *regexp.Regexp // somebody else acts

	urgency *regexp.Regexp

	callsFree *regexp.Regexp // that calling costs nothing

	counts    []*regexp.Regexp // how many people, with the group n
	inState   *regexp.Regexp   // likewise, right before the name of a state
	uncounted *regexp.Regexp   // among the words of a count: time is counted, or who works for the company
	team      *regexp.Regexp   // right before a count: the latter
	atWork    *regexp.Regexp   // right behind it: likewise
	aYear     *regexp.Regexp   // right before a number: it is a year

	whatHappened *regexp.Regexp // a heading
	how          *regexp.Regexp // how a breach came about
	supposed     *regexp.Regexp // right before that: it may come about
	actors       *regexp.Regexp // who brings breaches about
	advised      *regexp.Regexp // before an actor: what to do about them
	mayDo        *regexp.Regexp // right behind an actor: what they may do

	free    *regexp.Regexp // that something costs nothing
	gratis  string         // what stands for all of that
	undone  *regexp.Regexp // right before an action: it is not taken
	sameDay *regexp.Regexp
	blocks  map[string]statement
}

func re(expression string) *regexp.Regexp { return regexp.MustCompile(expression) }

// pattern is an expression that is compiled when it is first asked for: most
// verbs look at no text.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return re(expression) })
}

// anyOf matches one of several expressions as whole words.
func anyOf(patterns ...string) *regexp.Regexp {
	return re(`\b(?:` + strings.Join(patterns, "|") + `)\b`)
}

func all(patterns ...string) []*regexp.Regexp {
	var out []*regexp.Regexp
	for _, p := range patterns {
		out = append(out, re(p))
	}
	return out
}

// vocabularies are made when the first text in their language is looked at: to
// compile all expressions takes longer than most verbs.
var vocabularies = map[string]func() *vocabulary{"en": english, "es": spanish}

// vocabularyOf returns that of a language, nil where there is none.
func vocabularyOf(language string) *vocabulary {
	if words := vocabularies[language]; words != nil {
		return words()
	}
	return nil
}

// redirectors are domains that shorten, track or wrap links. Those below them
// are meant as well.
var redirectors = []string{
	"bit.ly", "bitly.com", "j.mp", "tinyurl.com", "t.co", "goo.gl", "ow.ly", "is.gd", "v.gd", "buff.ly", "rebrand.ly", "lnkd.in", "t.ly", "cutt.ly",
	"rb.gy", "tiny.cc", "bl.ink", "s.id", "shorturl.at", "shorte.st", "fb.me", "adf.ly", "linktr.ee", "lnk.to", "smarturl.it", "soo.gd", "clck.ru",
	"qr.ae", "x.co", "tr.im", "snip.ly", "short.io", "trib.al", "dlvr.it", "ift.tt", "wp.me", "amzn.to", "page.link", "app.link", "urlz.fr", "u.to",
	"l.facebook.com", "safelinks.protection.outlook.com", "urldefense.com", "urldefense.proofpoint.com", "linkprotect.cudasvc.com", "sendgrid.net",
	"list-manage.com", "mailchi.mp", "hubspotlinks.com", "awstrack.me", "mandrillapp.com", "mailgun.org", "sparkpostmail.com", "rs6.net", "exct.net",
	"mkt.com", "mjt.lu", "createsend.com", "klclick.com", "emltrk.com", "mailtrack.io", "sendibt3.com", "pstmrk.it",
}
