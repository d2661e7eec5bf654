package campaign

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// piloted are the waves that live needs.
const piloted = "waves:\n  - {name: pilot, recipients: 3, then: hold}\n  - {name: rest}\n"

// storied makes a campaign in whose ledger every table has rows, and every
// column that can have a value has one in some row.
func storied(t testing.TB) *Campaign {
	t.Helper()
	c := newCampaign(t, piloted+"exports: {extra: {plan: plan_name}, max_rejected: 100%}\n")
	path := filepath.Join(t.TempDir(), "export.csv")
	text := "Name,ZIP,Phone,Email,Account Number,Account Type,plan_name,Language\n"
	for n := range 7 {
		text += fmt.Sprintf("Pat Number%d,98101,2065550100,person%05d@example.com,9001%05d,prepaid,Basic,es\n", n, n, n)
	}
	text += "Pat Number1,98101,2065550100,person00001@example.com,900200001,postpaid,Basic,en\n" + // merged
		"Pat Letter,98101,2065550100,,900200002,postpaid,Basic,en\n" + // by post
		strings.Repeat("Pat Nobody,98101,2065550100,nobody@example.com,,prepaid,Basic,en\n", 2) // set aside
	write(t, path, text)
	plan(t, c, path)
	approve(t, c)
	live(t, c)
	more := filepath.Join(t.TempDir(), "more.csv")
	text = "Name,ZIP,Phone,Email,Account Number,Account Type,plan_name,Language\nPat New,10001,2125550100,new@example.com,900300000,prepaid,Basic,en\n"
	for n := range 7 { // late for those who were claimed
		text += fmt.Sprintf("Pat Number%d,98101,2065550100,person%05d@example.com,9004%05d,prepaid,Basic,es\n", n, n, n)
	}
	write(t, more, text)
	plan(t, c, more)
	return c
}

// live has a sender live through what can happen.
func live(t testing.TB, c *Campaign) {
	t.Helper()
	store, err := c.open(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	at := time.Now().Add(-time.Hour)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = store.Start(bg, ledger.Start{Verb: "send", At: at})
	must(err)
	var rows []ledger.Row
	must(store.Each(bg, func(r ledger.Row) error {
		if r.Recipient.Channel == notifier.Email {
			rows = append(rows, r)
		}
		return nil
	}))
	attempts := map[int]int{}
	claim := func(i int, was notifier.Status) notifier.Claim {
		t.Helper()
		attempts[i]++
		cl := notifier.Claim{
			ID: rows[i].Recipient.ID, Key: rows[i].Recipient.Key, Was: was, Attempt: attempts[i], Wave: rows[i].Wave,
			Relay: []string{"primary", "second"}[i%2], At: at, Approval: 1,
		}
		done := make(chan error, 1)
		store.Claim(cl, func(err error) { done <- err })
		must(<-done)
		return cl
	}
	outcome := func(cl notifier.Claim, status notifier.Status) {
		t.Helper()
		o := notifier.Outcome{
			Claim: cl, Status: status, Code: 250, Enhanced: "2.0.0", Reply: "queued", RelayID: "R1", At: at,
			Variant: rows[0].Recipient.Variant.String(), Digest: notifier.Digest{1}, Cause: notifier.CauseRelay,
		}
		if status == notifier.Deferred {
			o.Due, o.Tries = at.Add(time.Minute), 1
		}
		done := make(chan error, 1)
		store.Record(o, func(err error) { done <- err })
		must(<-done)
	}
	outcome(claim(0, notifier.Pending), notifier.Accepted)
	outcome(claim(1, notifier.Pending), notifier.Refused)
	outcome(claim(2, notifier.Pending), notifier.Deferred)
	outcome(claim(2, notifier.Deferred), notifier.Accepted)
	must(store.Release(bg, "pilot", at))
	outcome(claim(3, notifier.Pending), notifier.Unknown)
	_, err = store.Resend(bg, "", at)
	must(err)
	outcome(claim(3, notifier.Pending), notifier.Deferred)
	outcome(claim(4, notifier.Pending), notifier.Unknown)
	must(store.Halt(bg, ledger.Halt{Reason: "too many", At: at, Samples: []string{}}))
	must(store.ClearHalt(bg, at))
	afterwards(t, store, rows[0].Recipient.Key, rows[2].Recipient.Key, at)
	claim(5, notifier.Pending) // in flight, of a process that died
}

// afterwards has something come back from two who were accepted, letters listed,
// and one of them sent.
func afterwards(t testing.TB, store ledger.Store, hard, soft notifier.Key, at time.Time) {
	t.Helper()
	_, err := store.Bounces(bg, []ledger.Bounce{
		{Key: hard, ID: notifier.Digest{1}, Cause: notifier.CauseHard, Code: 550, Enhanced: "5.1.1", Reply: "no such user", By: "verp", Came: at},
		{Key: soft, ID: notifier.Digest{2}, Cause: notifier.CauseSoft, Code: 450, Enhanced: "4.2.1", Reply: "later", By: "header", Came: at},
	}, at)
	if err == nil {
		err = store.ReadBounces(bg, ledger.BouncesRead{Sources: 1, Read: 2, Hard: 1, Soft: 1, At: at})
	}
	if err == nil {
		_, err = store.List(bg, at, func(r *ledger.Row) bool {
			return r.Recipient.Channel == notifier.Postal || r.Status == notifier.Bounced || r.Status == notifier.Refused
		})
	}
	if err == nil {
		err = store.MarkWritten(bg, 1)
	}
	if err == nil {
		_, err = store.Mail(bg, ledger.Mailing{On: "2018-08-30", File: "00", At: at}, func(add func(notifier.Key) (int, error)) error {
			_, err := add(hard)
			return err
		})
	}
	if err == nil {
		err = store.Done(bg, ledger.Done{Task: "web-CA", On: "2018-08-30", At: at})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// tampering is one change behind the program's back.
type tampering struct {
	what string // table, and column where it is about one
	row  string // which one, and how
	sql  string
	args []any
}

// mostTampered is how many rows of a table are changed where all are alike.
const mostTampered = 2

// tamperings lists changes of every column of every row of every table, and for
// every row that it is removed, doubled, and changes places with the next one.
func tamperings(t testing.TB, db *sql.DB) []tampering {
	t.Helper()
	var list []tampering
	for _, table := range texts(t, db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") {
		columns := texts(t, db, "SELECT name FROM pragma_table_info(?)", table)
		keys := texts(t, db, "SELECT name FROM pragma_table_info(?) WHERE pk > 0", table)
		if len(keys) == 0 {
			keys = []string{"rowid"}
		}
		rows := values(t, db, "SELECT "+strings.Join(keys, ", ")+", "+strings.Join(columns, ", ")+" FROM "+table)
		where := " WHERE " + strings.Join(keys, " = ? AND ") + " = ?"
		if table != "attempts" && table != "recipients" && len(rows) > mostTampered {
			rows = rows[:mostTampered]
		}
		for i, row := range rows {
			key, cells := row[:len(keys)], row[len(keys):]
			for j, column := range columns {
				for _, v := range others(column, cells[j], i == 0) {
					list = append(list, tampering{table + "." + column, fmt.Sprintf("row %v to %v", key, v),
						"UPDATE " + table + " SET " + column + " = ?" + where, append([]any{v}, key...)})
				}
			}
			list = append(list, tampering{table, fmt.Sprintf("row %v removed", key), "DELETE FROM " + table + where, key})
			list = append(list, doubled(table, columns, keys, cells))
			if i > 0 {
				list = append(list, swapped(table, columns, keys, rows[i-1], row)...)
			}
		}
	}
	return list
}

// others are values that a cell could have instead; all: also of other kinds. A
// NULL is given a value that stands for something.
func others(column string, v any, all bool) (list []any) {
	switch v := v.(type) {
	case nil:
		switch column {
		case "outcome":
			return []any{int64(12)}
		case "accounts", "extra", "traces", "language", "reason":
			return []any{"x"}
		}
		return []any{int64(1)}
	case int64:
		list = []any{v + 1, nil}
	case float64:
		list = []any{v + 1, nil}
	case string:
		list = []any{v + "x", nil}
	case []byte:
		flipped := slices.Clone(v)
		if len(v) > 0 {
			flipped[len(v)-1] ^= 1
		}
		list = []any{flipped, nil}
	}
	if all {
		list = append(list, int64(-1), "x", []byte{1}, []byte{})
	}
	return list
}

// doubled inserts a row once more, under the next number where it has one.
func doubled(table string, columns, keys []string, cells []any) tampering {
	set := make([]string, len(columns))
	for i, c := range columns {
		if set[i] = "?"; len(keys) == 1 && c == keys[0] {
			if _, number := cells[i].(int64); number {
				set[i] = "(SELECT max(" + c + ") + 1 + 0 * ? FROM " + table + ")"
			}
		}
	}
	return tampering{table, fmt.Sprintf("row %v doubled", cells[0]), "INSERT INTO " + table + " VALUES(" + strings.Join(set, ", ") + ")", cells}
}

// swapped has two rows change all that is not their keys.
func swapped(table string, columns, keys []string, a, b []any) []tampering {
	var set []string
	var args []any
	for j, c := range columns {
		if slices.Contains(keys, c) {
			continue
		}
		set = append(set, c+" = CASE WHEN "+keys[0]+" = ? THEN ? ELSE ? END")
		args = append(args, a[0], b[len(keys)+j], a[len(keys)+j])
	}
	if len(set) == 0 || len(keys) != 1 {
		return nil
	}
	return []tampering{{table, fmt.Sprintf("rows %v and %v change places", a[0], b[0]),
		"UPDATE " + table + " SET " + strings.Join(set, ", ") + " WHERE " + keys[0] + " IN (?, ?)", append(args, a[0], b[0])}}
}

func texts(t testing.TB, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	var list []string
	for _, row := range values(t, db, query, args...) {
		list = append(list, row[0].(string))
	}
	return list
}

func values(t testing.TB, db *sql.DB, query string, args ...any) [][]any {
	t.Helper()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var list [][]any
	for rows.Next() {
		cells, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		list = append(list, cells)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// unseen are the tables and columns in some of whose rows verify sees no change,
// and why.
var unseen = map[string]string{
	"attempts":      "the last row cut off, which nobody's row names: a head that was written down shows it",
	"attempts.prev": "of a row about nobody, where it means nothing",

	"claims": "a claim is no evidence before its outcome", "claims.id": "", "claims.attempt": "",
	"claims.at": "to a minute that is not counted", "claims.approval": "", "claims.was": "",
	"sent": "counts for the pace", "sent.relay": "", "sent.claims": "", "sent.last": "",
	"recipients.tries": "when somebody is tried again", "recipients.first": "", "recipients.due": "",
	"recipients.phone": "no part of the list digest", "recipients.zip": "", "recipients.reason": "", "recipients.consent": "",
	"recipients.wave": "of somebody told by post",
	"late":            "no digest is over it", "late.key": "", "late.accounts": "", "late.export": "", "late.traces": "",
	"groups.batch": "only their sums by channel are checked", "groups.state": "", "groups.reason": "", "groups.variant": "",
	"exports": "only their sums are checked", "exports.digest": "", "exports.name": "", "exports.batch": "",
	"exports.recipients": "", "exports.already_told": "", "exports.replaced": "",
	"rejects": "only how many there are is checked", "rejects.mark": "", "rejects.batch": "",
	"batches.at": "no part of the list digest", "waves.recipients": "how the plan was cut, not how it is", "waves.percent": "",
	"tally": "a count of nobody removed",
	"facts": "when what came back was last looked for, and which list of letters was written", "facts.name": "", "facts.value": "",
	"traces": "by what people are found", "traces.id": "", "traces.bytes": "",
}

// TestVerifyFindsTampering changes, removes, doubles and reorders rows behind the
// program's back: all rows of evidence and all recipients, of other tables the
// first, every column by itself. What verify cannot see is listed above.
func TestVerifyFindsTampering(t *testing.T) {
	t.Parallel()
	c := storied(t)
	before, err := c.Verify(bg, "")
	if err != nil || before.Rows < 13 {
		t.Fatal(before, err)
	}
	whole, err := os.ReadFile(c.path(ledgerFile))
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", c.path(ledgerFile))
	if err != nil {
		t.Fatal(err)
	}
	list := tamperings(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	every := 4 // another part each time; all of them where somebody asks for it
	switch {
	case os.Getenv("BREACHMAIL_TEST_ALL") != "":
		every = 1
	case testing.Short():
		every = 16
	}
	found, tried, missed := 0, map[string]bool{}, map[string]bool{}
	for i := rand.IntN(every); i < len(list); i += every {
		tt := &list[i]
		write(t, c.path(ledgerFile), string(whole))
		if !tamper(t, c, tt) {
			continue // the table's own rules forbid it
		}
		tried[tt.what] = true
		if v, err := c.Verify(bg, ""); err != nil {
			if found++; !errors.Is(err, ErrDamaged) || v == nil || v.OK || v.Wrong == "" {
				t.Errorf("%s, %s: %+v, %v", tt.what, tt.row, v, err)
			}
			continue
		}
		missed[tt.what] = true
		if _, listed := unseen[tt.what]; !listed {
			t.Errorf("%s, %s: not found", tt.what, tt.row)
		}
		if tt.what == "attempts" {
			if v, err := c.Verify(bg, before.Head); !errors.Is(err, ErrOtherHistory) || v.OK {
				t.Errorf("%s: not found by the head that was written down either: %v", tt.row, err)
			}
		}
	}
	t.Logf("%d changes, %d of them found", len(list)/every, found)
	for what := range unseen {
		if tried[what] && !missed[what] && every == 1 && what != "claims.at" { // which minute that is in is chance
			t.Errorf("changes of %s are found, and said not to be", what)
		}
	}
}

// tamper does it, unless SQLite refuses.
func tamper(t testing.TB, c *Campaign, tt *tampering) bool {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+c.path(ledgerFile)+"?_pragma=journal_mode(DELETE)&_pragma=synchronous(OFF)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	res, err := db.Exec(tt.sql, tt.args...)
	if err != nil {
		return false
	}
	n, err := res.RowsAffected()
	return err == nil && n > 0
}

func TestVerifyByAHead(t *testing.T) {
	c := newCampaign(t, piloted)
	if _, err := c.Verify(bg, ""); !errors.Is(err, ErrNothingPlanned) {
		t.Errorf("without a ledger: %v", err)
	}
	plan(t, c, accounts(t, upTo(1, 7)...))
	if v, err := c.Verify(bg, ""); err != nil || !v.OK || v.Rows != 0 || v.Head != "" || v.Recipients != 7 || v.Blocks != 1 {
		t.Errorf("before any evidence: %+v, %v", v, err)
	}
	approve(t, c)
	first, err := c.Verify(bg, "")
	if err != nil || first.Rows != 1 || len(first.Head) != 64 || first.HeadRow != 0 || first.First.IsZero() || first.First != first.Last {
		t.Fatalf("%+v, %v", first, err)
	}
	live(t, c)
	for _, head := range []string{first.Head, first.Head[:16], strings.ToUpper(first.Head[:20])} {
		if v, err := c.Verify(bg, head); err != nil || v.HeadRow != 1 || v.Rows < 10 {
			t.Errorf("%s: %+v, %v", head, v, err)
		}
	}
	for _, head := range []string{strings.Repeat("0", 64), strings.Repeat("0", 16)} {
		if v, err := c.Verify(bg, head); !errors.Is(err, ErrOtherHistory) || v == nil || v.OK || v.Wrong == "" {
			t.Errorf("%s: %+v, %v", head, v, err)
		}
	}
	for _, head := range []string{first.Head[:15], first.Head + "0", "g" + first.Head[1:], " "} {
		if _, err := c.Verify(bg, head); !errors.Is(err, ErrUsage) {
			t.Errorf("%q: %v", head, err)
		}
	}
	// Damage is said before a head that is not there.
	byHand(t, c, "UPDATE attempts SET code = 251 WHERE seq = 4")
	for _, head := range []string{"", first.Head, strings.Repeat("0", 16)} {
		if v, err := c.Verify(bg, head); !errors.Is(err, ErrDamaged) || errors.Is(err, ErrOtherHistory) || !strings.Contains(v.Wrong, "evidence row 4 ") {
			t.Errorf("%s: %+v, %v", head, v, err)
		}
	}
}

// TestVerifyQuotesNobody puts a value where another kind is expected.
func TestVerifyQuotesNobody(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, 1, 2, 3))
	byHand(t, c, "UPDATE recipients SET attempts = address WHERE id = 2")
	if v, err := c.Verify(bg, ""); !errors.Is(err, ErrDamaged) || strings.Contains(v.Wrong, "person") {
		t.Errorf("%+v, %v", v, err)
	}
}
