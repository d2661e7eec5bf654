package main

import (
	"fmt"
	"strings"
)

// What is counted, in the words of the text beside the export. A test reads
// them there.
const (
	rows          = "rows below the header"
	setAside      = "rows set aside"
	ragged        = "set aside: too many or too few fields"
	openQuote     = "set aside: a quote that does not close"
	strayQuote    = "set aside: a quote in the middle of a field"
	latin1        = "set aside: not UTF-8"
	damaged       = "set aside: account number rounded by a spreadsheet"
	noNumber      = "set aside: no account number"
	noType        = "set aside: account type unknown or empty"
	accounts      = "rows taken as accounts"
	recipients    = "recipients"
	merged        = "rows merged into a recipient who has another"
	duplicate     = "rows that repeat another exactly"
	byEmail       = "recipients told by email"
	byPost        = "recipients told by post"
	noAddress     = "by post: no address"
	placeholder   = "by post: a placeholder instead of an address"
	notAddress    = "by post: not an address"
	several       = "recipients with more than one account"
	otherSpelling = "of these, with a row that spells name and address in capitals"
	sharedAddress = "addresses that several people share"
	atShared      = "recipients at such an address"
	sameName      = "pairs of people of one name without an address"
	nameless      = "recipients without a name"
	spanish       = "recipients to be told in Spanish"
	comma         = "recipients with a comma in the name"
	apostrophe    = "recipients with an apostrophe in the name"
	accent        = "recipients with letters beyond ASCII in the name"
	international = "recipients with letters beyond ASCII in the address"
	lostZero      = "accounts whose ZIP code lost its leading zero"
	plusFour      = "accounts with ZIP+4"
	lineBreak     = "accounts with a line break in a field"
)

// order is the order of the table.
var order = []string{
	rows, setAside, ragged, openQuote, strayQuote, latin1, damaged, noNumber, noType,
	accounts, recipients, merged, duplicate,
	byEmail, byPost, noAddress, placeholder, notAddress,
	several, otherSpelling, "recipients with " + prepaid, "recipients with " + postpaid, "recipients with " + both,
	sharedAddress, atShared, sameName, nameless, spanish, comma, apostrophe, accent, international,
	lostZero, plusFour, lineBreak,
	"state CA", "state MA", "state MD", "state NJ", "state TX", "state unknown",
}

// text returns northwind-aug.md.
func (g *gen) text() string {
	g.count[merged] = g.count[accounts] - g.count[recipients]
	var b strings.Builder
	b.WriteString(`# northwind-aug.csv

An export of affected accounts as the billing system of a carrier would hand it
over: headers of its own, a column nobody asked for, spellings from several
systems, and what spreadsheets and hurried hands do to such a file. Northwind
Mobile and everyone in it are made up: the addresses are on reserved domains
and the phone numbers are among those kept free for fiction (555-0100 to
555-0199).

The counts below are of what was put into the file, and a test holds what
breachmail makes of it against each of them. Both files are written by

    go run ./testdata/exports/gen testdata/exports

| what | how many |
| --- | ---: |
`)
	for _, what := range order {
		fmt.Fprintf(&b, "| %s | %d |\n", what, g.count[what])
	}
	b.WriteString(`
rows = recipients + merged + set aside. A broken row is set aside alone: the
rows before and after it are read.
`)
	return b.String()
}
