package campaign

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/ledger"
	"breachmail/notifier/ledger/sqlite"
	"breachmail/templates"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var bg = context.Background()

// facts is a campaign.yaml without waves.
const facts = `campaign: aug
sender:
  from: "Northwind Mobile <notices@example.com>"
  reply_to: privacy@example.com
  return_path: bounces@example.com
  hostname: mail.example.com
  subject: Notice of Data Breach
incident:
  company: Northwind Mobile
  signed_by: {name: Dana Whitfield, title: Chief Executive Officer}
  occurred: {from: 2018-08-20, to: 2018-08-21}
  discovered: 2018-08-21
  determined: 2018-08-22
  scope_ended: 2018-08-23
  notice_date: 2018-08-24
  what_happened: Someone asked one of our systems for customer records.
  data_involved: [name, phone number]
  data_not_involved: [passwords]
  what_we_are_doing: We closed that system.
  what_you_can_do: Be careful with calls that mention your account.
  contact: {phone: 1-800-555-0100, hours: 8 to 20, web: "https://www.example.com/notice", post: 1 Example Plaza}
email:
  basis: voluntary
relays:
  - {name: primary, address: "127.0.0.1:1", tls: none, connections: 1}
limits:
  rate: 1000/s
`

// newCampaign makes a campaign whose campaign.yaml is the facts and more.
func newCampaign(t testing.TB, more string) *Campaign {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "aug")
	if err := Init(dir, templates.FS); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, ConfigFile), facts+more)
	write(t, filepath.Join(dir, lawFile), someLaw())
	// The same secret for all, so that the same accounts have the same keys.
	write(t, filepath.Join(dir, secretFile), hex.EncodeToString(make([]byte, 32))+"\n")
	return reopen(t, &Campaign{Dir: dir})
}

// someLaw is the law data of a few states: each has wordings of its own, which
// every campaign of the tests compiles.
func someLaw() string {
	var b strings.Builder
	for line := range strings.Lines(string(jurisdiction.BuiltIn())) {
		switch state, _, _ := strings.Cut(line, ","); state {
		case "CA", "FL", "GA", "MA", "MD", "NJ", "NY", "TX", "US", "WA", "state":
			b.WriteString(line)
		}
	}
	return b.String()
}

// reopen reads the campaign's files again. Its state directory is beside it.
func reopen(t testing.TB, c *Campaign) *Campaign {
	t.Helper()
	again, err := Open(c.Dir)
	if err != nil {
		t.Fatal(err)
	}
	again.State = filepath.Join(filepath.Dir(c.Dir), "state")
	return again
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// accounts writes an export with one row for each number, one a person, and
// returns its path.
func accounts(t testing.TB, numbers ...int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("Name,ZIP,Phone,Email,Account Number,Account Type\n")
	for _, n := range numbers {
		fmt.Fprintf(&b, "Pat Number%d,98101,2065550100,person%05d@example.com,9001%05d,prepaid\n", n, n, n)
	}
	path := filepath.Join(t.TempDir(), "export.csv")
	write(t, path, b.String())
	return path
}

// upTo returns from, from+1, … to.
func upTo(from, to int) []int {
	var list []int
	for n := from; n <= to; n++ {
		list = append(list, n)
	}
	return list
}

// plan plans exports, or ends the test.
func plan(t testing.TB, c *Campaign, exports ...string) *Planned {
	t.Helper()
	p, err := c.Plan(bg, Input{Paths: exports}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// approve records the approval of what stands in the campaign.
func approve(t testing.TB, c *Campaign) {
	t.Helper()
	p, err := c.Preview(bg, PreviewOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Approve(bg, ApproveOptions{By: "Ana Ruiz, General Counsel", Code: p.Code}); err != nil {
		t.Fatal(err)
	}
}

// openLedger opens the campaign's ledger until the test ends.
func openLedger(t testing.TB, c *Campaign) *sqlite.Store {
	t.Helper()
	store, err := c.open(bg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// byHand changes the ledger behind the program's back.
func byHand(t testing.TB, c *Campaign, query string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", c.path(ledgerFile))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	res, err := db.Exec(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%s changed nothing: %v", query, err)
	}
}

// content returns every row of the ledger as a line, without the times at which
// things were written.
func content(t testing.TB, c *Campaign) []string {
	t.Helper()
	db, err := sql.Open("sqlite", c.path(ledgerFile))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var lines []string
	for _, table := range []string{"exports", "batches", "blocks", "variants", "waves", "recipients", "tally", "groups", "claims", "late", "attempts"} {
		lines = append(lines, tableLines(t, db, table)...)
	}
	return lines
}

func tableLines(t testing.TB, db *sql.DB, table string) []string {
	t.Helper()
	rows, err := db.Query("SELECT * FROM " + table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	cells, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	var lines []string
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		line := table
		for i, name := range columns {
			if name != "at" {
				line += fmt.Sprintf(" %s=%v", name, cells[i])
			}
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines) // variants and relays are numbered as they are met
	return lines
}

// approvedOf returns what an approval of the given batches would let through.
func approvedOf(t testing.TB, r ledger.Reader, numbers ...int) []approvedBatch {
	t.Helper()
	batches, err := r.Batches(bg)
	if err != nil {
		t.Fatal(err)
	}
	var list []approvedBatch
	for _, b := range batches {
		if !slices.Contains(numbers, b.Number) {
			continue
		}
		blocks, err := r.Blocks(bg, b)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, approvedBatch{Batch: b, approval: int64(b.Number), blocks: blocks})
	}
	return list
}

func ids(tasks []notifier.Task) []int64 {
	var list []int64
	for i := range tasks {
		list = append(list, tasks[i].Recipient.ID)
	}
	return list
}
