package returned

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"breachmail/notifier"
)

// corpus is where the bounces lie that were written after the real formats; see
// the README there.
const corpus = "../../../testdata/bounces"

// theirs is whose notices came back in the corpus.
var theirs = Options{Campaign: "aug-2018", ReturnPath: "bounces@example.com", Hostname: "mail.example.com"}

// columns are those of expected.csv.
var columns = []string{"file", "class", "key", "by", "code", "enhanced", "address"}

// verdicts reads expected.csv.
func verdicts(t testing.TB) map[string][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(corpus, "expected.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || !slices.Equal(rows[0], columns) {
		t.Fatalf("%v: %v, want the columns %v", err, rows[0], columns)
	}
	out := map[string][]string{}
	for _, row := range rows[1:] {
		if out[row[0]] != nil {
			t.Errorf("%s stands there twice", row[0])
		}
		out[row[0]] = row[1:]
	}
	return out
}

// file reads one file of the corpus.
func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(corpus, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// reports reads a file of the corpus, message or event.
func reports(t testing.TB, name string) []Report {
	t.Helper()
	if filepath.Ext(name) != ".json" {
		return []Report{Parse(file(t, name), theirs)}
	}
	found, err := ParseEvent(file(t, name), theirs)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return found
}

// verdict is what a report says, in the columns of expected.csv.
func verdict(r Report) []string {
	row := []string{string(r.Class), "", "", "", r.Enhanced, r.Address.Reveal()}
	if len(r.Keys) > 0 {
		row[1], row[2] = r.Keys[0].Key.String(), r.Keys[0].By
		if r.Keys[0].Key == (notifier.Key{}) {
			row[1] = "none"
		}
	}
	if r.Code != 0 {
		row[3] = strconv.Itoa(r.Code)
	}
	return row
}

// none is the class, in the table, of an event that says nothing about a notice
// that did not arrive.
var none = []string{"none", "", "", "", "", ""}

func TestCorpus(t *testing.T) {
	want := verdicts(t)
	files, err := os.ReadDir(corpus)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range files {
		name := f.Name()
		if name == "expected.csv" || name == "README.md" {
			continue
		}
		seen++
		row, ok := want[name]
		if !ok {
			t.Errorf("%s has no row in expected.csv", name)
			continue
		}
		delete(want, name)
		got := none
		switch all := reports(t, name); len(all) {
		case 0:
		case 1:
			got = verdict(all[0])
		default:
			t.Errorf("%s: %d reports", name, len(all))
		}
		if !slices.Equal(got, row) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, row)
		}
	}
	for name := range want {
		t.Errorf("%s stands in expected.csv, and is not there", name)
	}
	if seen < 60 {
		t.Errorf("only %d bounces", seen)
	}
}

// TestApart holds that no two bounces of the corpus are taken for one, and that
// reading one again gives the same.
func TestApart(t *testing.T) {
	seen := map[notifier.Digest]string{}
	for name := range verdicts(t) {
		for i, r := range reports(t, name) {
			if other, ok := seen[r.ID]; ok {
				t.Errorf("%s and %s have one ID", name, other)
			}
			seen[r.ID] = name
			if again := reports(t, name)[i]; again.ID != r.ID {
				t.Errorf("%s has another ID when it is read again", name)
			}
		}
	}
}

// stored are the forms in which one message is kept.
var stored = map[string]func(string) string{
	"CRLF": func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n") },
	"LF":   func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") },
	"Received": func(s string) string {
		return "Received: from a.example by b.example; Sat, 25 Aug 2018 01:00:00 +0000\n" + s
	},
	"mbox": func(s string) string {
		return "From MAILER-DAEMON Fri Aug 24 13:00:05 2018\n" + strings.ReplaceAll(s, "\nFrom ", "\n>From ") + "\n"
	},
	"flags": func(s string) string { return "X-Status: O\nStatus: RO\nX-UID: 17\n" + s },
}

// TestStored holds that a report is the same one wherever it was kept.
func TestStored(t *testing.T) {
	for name := range verdicts(t) {
		if filepath.Ext(name) != ".eml" || name == "empty.eml" || name == "not-mail.eml" {
			continue
		}
		for _, text := range []string{string(file(t, name)), unnamed(string(file(t, name)))} {
			want := Parse([]byte(text), theirs)
			for form, in := range stored {
				got := Parse([]byte(in(text)), theirs)
				if got.ID != want.ID || !slices.Equal(verdict(got), verdict(want)) {
					t.Errorf("%s as %s: %q, want %q, ID %v, want %v", name, form, verdict(got), verdict(want), got.ID, want.ID)
				}
			}
		}
	}
}

// unnamed is a message without its Message-ID, and with a line that an mbox
// writes in another way.
func unnamed(s string) string {
	s = strings.Replace(s, "\nMessage-Id: ", "\nX-Was: ", 1)
	return strings.TrimRight(s, "\r\n") + "\nFrom then on nobody answered.\n"
}

// TestUnnamed holds that two messages without a Message-ID are two when what
// they say differs.
func TestUnnamed(t *testing.T) {
	text := unnamed(string(file(t, "postfix-user-unknown-remote.eml")))
	one, two := Parse([]byte(text), theirs), Parse([]byte(strings.Replace(text, "4Rv5Xk", "4Rv5Xl", 1)), theirs)
	if one.ID != two.ID {
		t.Error("a field that a server added makes it another one")
	}
	if two = Parse([]byte(text+"more\n"), theirs); one.ID == two.ID {
		t.Error("another text, and one ID")
	}
}
