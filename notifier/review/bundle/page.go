package bundle

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"breachmail/notifier"
	"breachmail/notifier/review"
)

// PageData is what the preview page shows.
type PageData struct {
	Company       string
	Campaign      string
	Subject       string
	From          string
	IncidentDates string // in words, for example "August 20, 2018"
	Generated     time.Time

	Recipients int // Email + Postal
	Email      int
	Postal     int
	ByEmail    string   // who is told by email, in words
	ByPost     []Reason // why the others are not, most people first
	Holds      []Hold
	States     []State // in the order to be shown; may be empty
	Federal    *State  // the rule that holds in the whole country, if any does

	TODOs    []review.Finding // places that are still to be filled in
	Findings []review.Finding // of Lint
	Samples  []PageSample

	Reading   review.Reading
	Checklist []review.StateChecklist
	Changes   *review.Changes // nil where nothing was approved before
	Elsewhere []Publication   // what is said on the website and at the call center
	Awkward   []Awkward
	Approvals []Approval // oldest first
	Needed    int        // how many people have to approve; 0 counts as 1
	Statement string     // what counsel sends back to approve, one paragraph

	// Real: the samples are made of real recipients. The bundle holds personal
	// data and says so.
	Real bool

	TextDigest notifier.Digest
	Batches    []Batch
	Code       notifier.Digest
	Command    string // the ready approve command line
}

// State is how many people live in one state, and by when its law wants them
// told, where that is known.
type State struct {
	Code     string // two letters, or notifier.UnknownState
	Name     string // for example "Massachusetts"; Code is shown where it is empty
	People   int
	Deadline Deadline
	Status   string   // required or voluntary, as counsel marked it; else empty
	Passed   bool     // the last day is over
	Missed   bool     // it will be over before the last notice has left
	Also     []string // who else is to be told at this number of people
	Held     []string // the holds that keep these people back
	Doubt    string   // why the law may not be in force
}

// Reason is why people are told by post, and how many.
type Reason struct {
	Text   string
	People int
}

// Hold is a condition under which people may not be told yet.
type Hold struct {
	Name string
	Who  string    // in words: "everyone", or states
	Ends time.Time // the day on which it ends by itself; zero where a person ends it
	Over bool      // released, or ended
}

// Deadline is a legal date and where it was read. Where On is zero the law
// names no number of days, or nothing is known; Text may say which.
type Deadline struct {
	On         time.Time
	Text       string
	Source     string
	SourceDate string // empty where nobody knows
}

// PageSample is a sample and how many people get a notice of that wording.
type PageSample struct {
	review.Sample
	People int
}

// Batch is one run of plan, with the digest of its list.
type Batch struct {
	Number     int
	Recipients int
	Digest     notifier.Digest
}

//go:embed page.html
var pageHTML string

var pageTemplate = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"count":  count,
	"people": people,
	"date":   func(t time.Time) string { return t.Format("January 2, 2006") },
	"stamp":  func(t time.Time) string { return t.Format("January 2, 2006, 15:04 MST") },
	"hex":    func(d notifier.Digest) string { return fmt.Sprintf("%x", d[:]) },
	"short":  short,
	"dec":    func(i int) int { return i - 1 },
	"anchor": anchor,
	"text":   func(b []byte) string { return string(b) },
	"email":  func(a notifier.Address) string { return a.Reveal() },
	"words":  words,
	"head":   head,
	"tall":   tall,
	"most":   most,
	"list":   func(v ...any) []any { return v },
}).Parse(pageHTML))

// Page writes the preview page: one HTML file that needs nothing outside
// itself and runs no script.
func Page(w io.Writer, p PageData) error {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, newView(p)); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// count writes a number with separators: 2,000,000.
func count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// people writes a number of people: "1 person", "2,000 people".
func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return count(n) + " people"
}

// short returns the first digits of a digest in groups of four.
func short(d notifier.Digest) []string {
	s := fmt.Sprintf("%x", d[:])[:review.ShortCode]
	return []string{s[:4], s[4:8], s[8:]}
}

var languages = map[string]string{"en": "English", "es": "Spanish"}

var accountWords = map[string]string{
	"prepaid":  "prepaid accounts",
	"postpaid": "postpaid accounts",
	"both":     "prepaid and postpaid accounts",
}

// words says for whom a variant is, for example "English, prepaid accounts".
func words(v notifier.Variant) string {
	out := []string{orElse(languages[v.Language], v.Language), orElse(accountWords[v.Types], v.Types)}
	if v.State != "" {
		out = append(out, v.State)
	}
	return strings.Join(out, ", ")
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// most names the states with the most people.
func most(states []State) string {
	byPeople := slices.SortedStableFunc(slices.Values(states), func(a, b State) int { return cmp.Compare(b.People, a.People) })
	var out []string
	others := 0
	for i, s := range byPeople {
		if i >= 4 && len(byPeople) > 5 {
			others += s.People
			continue
		}
		out = append(out, orElse(s.Name, s.Code)+" "+count(s.People))
	}
	if others > 0 {
		out = append(out, strconv.Itoa(len(byPeople)-4)+" others "+count(others))
	}
	return strings.Join(out, "; ")
}

// head returns a message's header.
func head(message []byte) string {
	h, _, _ := bytes.Cut(message, []byte("\r\n\r\n"))
	return strings.ReplaceAll(string(h), "\r\n", "\n")
}

// tall guesses the height in pixels that a notice needs in a frame in which a
// line holds about that many characters: a frame without scripts cannot say.
func tall(text []byte, perLine int) int {
	height := 80
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		switch n := utf8.RuneCount(line); {
		case len(bytes.Trim(line, "-=")) == 0: // empty, or the line under a heading
			height += 12
		default:
			height += 25 * (1 + n/perLine)
		}
	}
	return height
}

// Publication is a text that says elsewhere what the notice says.
type Publication struct {
	Name     string // website or call-center
	Language string
	File     string // the template
	Text     []byte
	HTML     []byte // a fragment, without html and body
}

// Awkward is a sample for a recipient whose data are unusual.
type Awkward struct {
	review.Sample
	Case string // in words: "no name"
	File string // the name of its message file, without directory
}

// Approval is one that stands in the record.
type Approval struct {
	Number  int64 // of its row in the evidence
	By      string
	At      time.Time
	Code    notifier.Digest
	Note    string
	Proof   string    // hex SHA-256 of counsel's mail or signed document; may be empty
	Signed  string    // the key's fingerprint; empty: asserted by the operator, not signed
	Waived  []string  // rule and reason
	Current bool      // it is about what stands on this page
	Files   [2]string // names of the statement and of the signature in the bundle; empty where there are none
}
