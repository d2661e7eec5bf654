package review

import (
	"time"

	"breachmail/notifier"
)

// Changes is how what stands now differs from what was approved last.
type Changes struct {
	By       string
	At       time.Time
	Files    []string // file by file, in words
	Wordings []WordingChange
	Added    []notifier.Variant // wordings that were not there
	Removed  []string           // wordings that are no longer there, by name
	People   []StatePeople      // recipients added since, by state

	// NotKept says in a sentence that the approved wordings themselves are not
	// known, so that they cannot be compared word by word; empty where they are.
	NotKept string
}

// WordingChange is one change that the same wordings have in common.
type WordingChange struct {
	Variants    []notifier.Variant
	Publication string // the text for everybody that it is in, such as "website.en", which is no wording; else empty
	People      int
	Part        string        // "text", "formatted page", "headers", or the name of a header, such as "Subject"
	Places      []PlaceChange // empty where no words changed
}

// PlaceChange is a place in a text that was changed, word by word.
type PlaceChange struct {
	Under string // the heading it stands under; may be empty
	Words []WordEdit
}

// WordEdit is a run of words that stand there still, were removed or added.
type WordEdit struct {
	Op   EditOp
	Text string
}

// EditOp is what became of words.
type EditOp string

// What becomes of words.
const (
	Kept    EditOp = "kept"
	Removed EditOp = "removed"
	Added   EditOp = "added"
)
