package intake_test

import (
	"context"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"breachmail/notifier"
	"breachmail/notifier/export"
	"breachmail/notifier/intake"
)

const northwind = "../../testdata/exports/northwind-aug"

// TestNorthwind holds what is made of the sample export against the counts in
// the text beside it.
func TestNorthwind(t *testing.T) {
	text, err := os.ReadFile(northwind + ".md")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	for _, m := range regexp.MustCompile(`(?m)^\| (.+) \| (\d+) \|$`).FindAllStringSubmatch(string(text), -1) {
		want[m[1]], _ = strconv.Atoi(m[2])
	}
	got := tally{}
	got.read(t)
	for _, what := range slices.Sorted(maps.Keys(want)) {
		if n, ok := got[what]; !ok && want[what] > 0 || n != want[what] {
			t.Errorf("%s: %d, and the text says %d", what, n, want[what])
		}
	}
	for _, what := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[what]; !ok {
			t.Errorf("%s: %d, and the text says nothing of it", what, got[what])
		}
	}
	if want["recipients"] < 1000 {
		t.Error("the export has fewer than 1,000 recipients")
	}
	// What exports.max_rejected allows without being set.
	if rows, aside := want["rows below the header"], want["rows set aside"]; aside*100 > rows {
		t.Errorf("%d of %d rows are set aside: more than 1%%, so the sample is refused", aside, rows)
	}
	for what, n := range want {
		if n == 0 {
			t.Errorf("%s: there is none in the sample", what)
		}
	}
}

// tally counts in the words of northwind-aug.md.
type tally map[string]int

func (n tally) read(t *testing.T) {
	r, err := export.Open(export.File{Name: northwind + ".csv", Path: northwind + ".csv"}, export.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	in, err := intake.New(intake.Options{Secret: []byte("secret"), TempDir: t.TempDir(), Languages: []string{"en", "es"}})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	seen := map[string]bool{}
	for {
		a, rej, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		n["rows below the header"]++
		if rej == nil {
			v, err := in.Add(a)
			if err != nil {
				t.Fatal(err)
			}
			rej = v.Reject
		}
		if rej != nil {
			n.reject(t, rej)
			continue
		}
		n.account(a, r.Line().Reveal(), seen)
	}
	n.recipients(t, in)
}

func (n tally) reject(t *testing.T, rej *notifier.Reject) {
	n["rows set aside"]++
	for part, what := range map[string]string{
		"where the header has 8": "too many or too few fields", "does not end": "a quote that does not close",
		"inside an unquoted field": "a quote in the middle of a field", "not valid UTF-8": "not UTF-8",
		"rounded number": "account number rounded by a spreadsheet", "account_number is empty": "no account number",
		"account_type": "account type unknown or empty",
	} {
		if strings.Contains(rej.Reason, part) {
			n["set aside: "+what]++
			return
		}
	}
	t.Errorf("line %d is set aside: %s", rej.Source.Line, rej.Reason)
}

func (n tally) account(a notifier.Account, line string, seen map[string]bool) {
	n["rows taken as accounts"]++
	n.count(seen[line], "rows that repeat another exactly")
	n.count(strings.Contains(line, "\n"), "accounts with a line break in a field")
	n.count(!seen[line] && regexp.MustCompile(`^\d{4}$`).MatchString(a.ZIP), "accounts whose ZIP code lost its leading zero")
	n.count(!seen[line] && len(a.ZIP) == 10, "accounts with ZIP+4")
	name := a.Name.Reveal()
	n.count(strings.Contains(name, "  ") && name == strings.ToUpper(name), "of these, with a row that spells name and address in capitals")
	seen[line] = true
}

func (n tally) count(is bool, what string) {
	if is {
		n[what]++
	}
}

func (n tally) recipients(t *testing.T, in *intake.Intake) {
	at, named := map[string]int{}, map[string]int{}
	for g, err := range in.Recipients(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		r := g.Recipient
		n["recipients"]++
		n["rows merged into a recipient who has another"] += g.Rows - 1
		n["recipients with "+map[string]string{
			"prepaid": "prepaid accounts only", "postpaid": "postpaid accounts only", "both": "both prepaid and postpaid accounts",
		}[r.Variant.Types]]++
		if slices.Contains([]string{"CA", "MA", "MD", "NJ", "TX", "unknown"}, r.State) {
			n["state "+r.State]++
		}
		name, address := r.Name.Reveal(), r.Address.Reveal()
		n.count(len(r.Accounts) > 1, "recipients with more than one account")
		n.count(r.Language == "es", "recipients to be told in Spanish")
		n.count(name == "", "recipients without a name")
		n.count(strings.Contains(name, ","), "recipients with a comma in the name")
		n.count(strings.Contains(name, "'"), "recipients with an apostrophe in the name")
		n.count(utf8.RuneCountInString(name) < len(name), "recipients with letters beyond ASCII in the name")
		n.count(utf8.RuneCountInString(address) < len(address), "recipients with letters beyond ASCII in the address")
		if r.Channel == notifier.Email {
			n["recipients told by email"]++
			at[strings.ToLower(address)]++
			continue
		}
		n["recipients told by post"]++
		n["by post: "+map[string]string{
			"no email address": "no address", "a placeholder stands where the email address should": "a placeholder instead of an address",
			"not an email address": "not an address", "the email address has no valid domain": "not an address",
			"the part of the email address before the @ is not valid": "not an address",
			"two email addresses stand in one field":                  "not an address",
			"the email address ends with a dot, comma or semicolon":   "not an address",
		}[r.Reason]]++
		named[strings.ToLower(name)]++
	}
	for _, people := range at {
		if people > 1 {
			n["addresses that several people share"]++
			n["recipients at such an address"] += people
		}
	}
	for _, people := range named {
		n.count(people == 2, "pairs of people of one name without an address")
	}
}
