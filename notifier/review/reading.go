package review

import "breachmail/notifier"

// Reading is everything that there is to read, each text once: a language's
// base notice in full, and of all others what differs from it.
type Reading struct {
	Words          int               // how many there are to read in the notices
	ElsewhereWords int               // and in the texts for everybody, on the website and at the call center
	Languages      []LanguageReading // the one with the most people first
}

// LanguageReading is the reading in one language.
type LanguageReading struct {
	Language string // for example "en"
	Subject  string // the subject line of all notices in it
	People   int    // told by email in it
	Base     BaseText

	// Differences are what other wordings say otherwise, each once, those that
	// most people get first.
	Differences []Difference

	// Groups are the states whose notices read the same, those of the base
	// notice first, then by people. States that nobody lives in are left out.
	Groups []StateGroup
}

// BaseText is a notice in full.
type BaseText struct {
	Variant notifier.Variant
	Blocks  []TextBlock
}

// TextBlock is a heading, a paragraph or an item of a list.
type TextBlock struct {
	Kind      string // Heading, Paragraph or ListItem
	Level     int    // of a heading, from 1 on
	Sentences []Sentence
}

// Sentence is one sentence and where it comes from.
type Sentence struct {
	Text    string
	Origins []Origin
}

// Origin is where words come from: a line of a template, a fact of
// campaign.yaml, a line of the law data, or the recipient's own row.
type Origin struct {
	File string // for example "templates/notice.en.md"; empty for the recipient's own data
	Line int    // 0 where it is no single line
	Key  string // for example "incident.what_happened", "MD attorney_general" or "recipient"; empty for a template's own words
}

// Difference is a place where wordings differ from the base notice. A wording
// is the base notice with each of its differences, in their order, in place.
type Difference struct {
	About    string      // what it is about, in a few words, such as "the credit bureaus"
	Order    int         // among all differences of the language, as a notice has them from top to bottom
	At       int         // the block of the base notice before which it stands, counted from 0
	Under    string      // the heading it stands under, with … where that depends on the state; may be empty
	Before   string      // the last words of the block before it, for finding the place; may be empty
	Removed  []TextBlock // what of the base notice is not there
	Added    []TextBlock // what stands there instead
	Variants []notifier.Variant
	States   []string // whose people get it; empty: not because of their state
	Types    []string // the account types that get it; empty: not because of them
	People   int
}

// StateGroup are states whose people get the same texts.
type StateGroup struct {
	Base   bool
	Name   string // "Base notice", or the states' names
	States []StatePeople
	People int

	// Differences are the places in LanguageReading.Differences, by index, in
	// which their notices are not the base notice because of their state.
	Differences []int
}

// StatePeople is how many people live in a state.
type StatePeople struct {
	State  string // two letters, or notifier.UnknownState
	Name   string
	People int
}
