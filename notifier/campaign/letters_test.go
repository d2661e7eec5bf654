package campaign

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// postal writes an export of people without addresses, in these ZIPs in turn.
func postal(t testing.TB, zips []string, numbers ...int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("Name,ZIP,Phone,Email,Account Number,Account Type\n")
	for _, n := range numbers {
		fmt.Fprintf(&b, "Pat Number%d,%s,2065550100,,9001%05d,prepaid\n", n, zips[n%len(zips)], n)
	}
	path := filepath.Join(t.TempDir(), "postal.csv")
	write(t, path, b.String())
	return path
}

// column reads one column of a list of letters.
func column(t testing.TB, path, name string) []string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], name)
	var list []string
	for _, row := range rows[1:] {
		list = append(list, row[at])
	}
	return list
}

func letters(t testing.TB, c *Campaign, o LettersOptions) *Letters {
	t.Helper()
	l, err := c.Letters(bg, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Who was listed by a run that was killed before it wrote is in the next one's
// list, whatever else that lists.
func TestLettersOfAKilledRun(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, postal(t, []string{"98101"}, upTo(1, 9)...))
	approve(t, c)
	store := openLedger(t, c)
	taken := 0
	listing, err := store.List(bg, time.Now(), func(*ledger.Row) bool { taken++; return taken <= 4 })
	if err != nil || listing.People != 4 {
		t.Fatal(listing, err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	l := letters(t, c, LettersOptions{})
	if l.Listed != 5 || l.Written != 9 || len(l.Lists) != 2 {
		t.Errorf("%+v", l)
	}
	for name, want := range map[string]int{"letters.csv": 9, "letters-1.csv": 4, "letters-2.csv": 5} {
		keys := column(t, c.path(outDir, lettersDir, name), "key")
		slices.Sort(keys)
		if len(slices.Compact(keys)) != want {
			t.Errorf("%s has %d people, not %d", name, len(keys), want)
		}
	}
	if l = letters(t, c, LettersOptions{}); l.Listed != 0 || l.Written != 0 || l.File != "" {
		t.Errorf("once more: %+v", l)
	}
	if l = letters(t, c, LettersOptions{All: true}); l.Written != 9 || len(l.Lists) != 0 {
		t.Errorf("all: %+v", l)
	}
}

// Letters say what was approved, not what stands in the files now, and reach only
// those of batches that were approved.
func TestLettersSayWhatWasApproved(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, postal(t, []string{"98101"}, upTo(1, 3)...))
	approve(t, c)
	plan(t, c, postal(t, []string{"98101"}, upTo(11, 15)...))
	path := c.path(templatesDir, "notice.en.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, strings.Replace(string(text), "# Notice of Data Breach", "# Something else", 1))
	l := letters(t, reopen(t, c), LettersOptions{})
	if l.Written != 3 || l.NotApproved != 5 || len(l.Texts) != 1 || len(l.Warnings) != 0 {
		t.Fatalf("%+v", l)
	}
	letter, err := os.ReadFile(l.Texts[0].File)
	if err != nil || !strings.Contains(string(letter), "Notice of Data Breach</h1>") || strings.Contains(string(letter), "Something else") {
		t.Errorf("%v: %s", err, letter)
	}
	var left int64
	for _, s := range l.Left {
		left += s.People
	}
	if left != 8 {
		t.Errorf("%d are left, of 8: %+v", left, l.Left)
	}
}

// Words that suit a screen only are told, and left as they were approved.
func TestLettersOnScreen(t *testing.T) {
	c := newCampaign(t, "")
	path := c.path(templatesDir, "notice.en.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, strings.Replace(string(text), "This notice does not ask you", "Nobody asks you in this email", 1))
	c = reopen(t, c)
	plan(t, c, postal(t, []string{"98101"}, 1))
	approve(t, c)
	l := letters(t, c, LettersOptions{})
	if len(l.Warnings) != 1 || !strings.Contains(l.Warnings[0], "templates/notice.en.md say “in this email”") {
		t.Errorf("%q", l.Warnings)
	}
	letter, err := os.ReadFile(l.Texts[0].File)
	if err != nil || !strings.Contains(string(letter), "Nobody asks you in this email") {
		t.Errorf("%v: %s", err, letter)
	}
}

// A recipient who is not who was approved is nobody a letter may go to.
func TestLettersOfAChangedRecipient(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, postal(t, []string{"98101"}, upTo(1, 5)...))
	approve(t, c)
	byHand(t, c, "UPDATE recipients SET name = 'Eve' WHERE id = 3")
	if _, err := c.Letters(bg, LettersOptions{}); !errors.Is(err, ErrNotApproved) {
		t.Fatal(err)
	}
	if _, err := os.Stat(c.path(outDir, lettersDir, "letters.csv")); err == nil {
		t.Error("a list was written")
	}
}

// With also_postal everybody is listed, and complete comes only with the last
// letter; what is left is right by state.
func TestAlsoPostal(t *testing.T) {
	c := newCampaign(t, "")
	write(t, c.path(ConfigFile), strings.Replace(string(c.config), "basis: voluntary", "basis: voluntary\n  also_postal: true", 1))
	c = reopen(t, c)
	plan(t, c, accounts(t, upTo(1, 4)...), postal(t, []string{"98101", "02134", "21201"}, upTo(5, 10)...))
	approve(t, c)
	l := letters(t, c, LettersOptions{})
	want := []LetterReason{{"no email address", 6}, {"also_postal", 4}}
	if l.Written != 10 || !slices.Equal(l.Reasons, want) {
		t.Fatalf("%d written, %+v", l.Written, l.Reasons)
	}
	keys := column(t, l.File, "key")
	states := column(t, l.File, "state")
	var first []string
	left := map[string]int64{}
	for i, state := range states {
		if state == "MA" {
			first = append(first, keys[i])
		} else {
			left[state]++
		}
	}
	file := filepath.Join(t.TempDir(), "sent.csv")
	write(t, file, "key\n"+strings.Join(append(first, first[0]), "\n")+"\n")
	m, err := c.Mailed(bg, MailedOptions{File: file, On: time.Now().Format(time.DateOnly)})
	if err != nil || m.People != 2 || m.Again != 1 {
		t.Fatalf("%+v, %v", m, err)
	}
	for _, s := range m.Left {
		if s.People != left[s.State] {
			t.Errorf("%s: %d left, not %d", s.State, s.People, left[s.State])
		}
		delete(left, s.State)
	}
	if len(left) > 0 {
		t.Errorf("not counted: %v", left)
	}
}

// A file with somebody who was not listed records nobody, and says each row
// without what stands in it; only the first are said.
func TestMailedNobody(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, postal(t, []string{"98101"}, upTo(1, 3)...), accounts(t, 50))
	approve(t, c)
	l := letters(t, c, LettersOptions{})
	store := openLedger(t, c)
	var other notifier.Key
	if err := store.Each(bg, func(r ledger.Row) error {
		if r.Recipient.Channel == notifier.Email {
			other = r.Recipient.Key
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	lines := append([]string{"key"}, column(t, l.File, "key")...)
	lines = append(lines, other.String())
	for range 12 {
		lines = append(lines, "Mary Secret")
	}
	file := filepath.Join(t.TempDir(), "sent.csv")
	write(t, file, strings.Join(lines, "\n")+"\n")
	_, err := c.Mailed(bg, MailedOptions{File: file, On: time.Now().Format(time.DateOnly)})
	if err == nil || strings.Contains(err.Error(), "Secret") || !strings.Contains(err.Error(), "sent.csv:5: nobody with this key was listed") ||
		!strings.Contains(err.Error(), "sent.csv:14:") || strings.Contains(err.Error(), "sent.csv:15:") || !strings.Contains(err.Error(), "and 3 more") {
		t.Errorf("%v", err)
	}
	s, err := c.Status(bg)
	if err != nil || s.Letters.Told != 0 {
		t.Errorf("%+v, %v", s.Letters, err)
	}
}

func TestSpreadable(t *testing.T) {
	for in, want := range map[string]string{
		"Ana Lee": "Ana Lee", "=1+1": " =1+1", "+1": " +1", "-Ana": " -Ana", "@x": " @x", "": "",
	} {
		if got := spreadable(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	if dialled("+12065550100") != "+12065550100" || dialled("+1=cmd") != " +1=cmd" || dialled("206") != "206" {
		t.Error("a phone number is not as it was")
	}
}

// TestLettersOfOtherHolds takes a hold out of campaign.yaml: whom it kept back is
// not listed for that.
func TestLettersOfOtherHolds(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, "holds: [{name: police, match: all}]\n")
	plan(t, c, postal(t, []string{"98101"}, 1, 2))
	approve(t, c)
	if l := letters(t, c, LettersOptions{}); l.Listed != 0 || len(l.HeldBack) != 1 || l.HeldBack[0].People != 2 {
		t.Fatalf("%+v", l)
	}
	c.Config.Holds = nil
	if _, err := c.Letters(bg, LettersOptions{}); !errors.Is(err, ErrNotApproved) {
		t.Errorf("listed without the hold: %v", err)
	}
	if s, err := c.Status(bg); err != nil || s.Letters.Listed != 0 {
		t.Errorf("%+v, %v", s.Letters, err)
	}
}

// TestAlsoPostalStays: what was approved says whom a letter is owed.
func TestAlsoPostalStays(t *testing.T) {
	t.Parallel()
	c := newCampaign(t, "")
	write(t, c.path(ConfigFile), strings.Replace(string(c.config), "email:", "email:\n  also_postal: true", 1))
	c = reopen(t, c)
	plan(t, c, accounts(t, 1, 2, 3))
	approve(t, c)
	c.Config.Email.AlsoPostal = false
	if s, err := c.Status(bg); err != nil || s.Letters.Due != 3 {
		t.Errorf("%+v, %v", s.Letters, err)
	}
}
