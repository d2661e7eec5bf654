package campaign

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/ledger"
)

// made makes a report, which has to agree.
func made(t testing.TB, c *Campaign, o ReportOptions) *Reported {
	t.Helper()
	r, err := c.Report(bg, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// inReport returns what stands in a file of the report.
func inReport(t testing.TB, c *Campaign, name string) string {
	t.Helper()
	b, err := os.ReadFile(c.path(outDir, reportDir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// closed is a storied campaign with bounces, letters and something done.
func closed(t testing.TB) *Campaign {
	t.Helper()
	c := storied(t)
	store, err := c.open(bg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	var taken notifier.Key
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(store.Each(bg, func(r ledger.Row) error {
		if r.Status == notifier.Accepted {
			taken = r.Recipient.Key
		}
		return nil
	}))
	_, err = store.Bounces(bg, []ledger.Bounce{{Key: taken, ID: notifier.Digest{7}, Cause: notifier.CauseHard, Code: 550, By: "verp"}}, time.Now())
	must(err)
	must(store.ReadBounces(bg, ledger.BouncesRead{Sources: 1, Read: 1, Hard: 1, At: time.Now()}))
	_, err = store.List(bg, time.Now(), func(r *ledger.Row) bool {
		return r.Recipient.Channel == notifier.Postal || r.Status == notifier.Bounced
	})
	must(err)
	_, err = store.Mail(bg, ledger.Mailing{On: "2018-08-30", File: strings.Repeat("ab", 32), At: time.Now()}, func(add func(notifier.Key) (int, error)) error {
		_, err := add(taken)
		return err
	})
	must(err)
	return c
}

// The file alone gives the chain, by what doc.go of the ledger says of it and
// nothing of its code.
func TestReportEvidenceGivesTheChain(t *testing.T) {
	c := closed(t)
	r := made(t, c, ReportOptions{})
	text := inReport(t, c, "evidence.jsonl")
	rows, head := chainOf(t, text)
	if rows != r.Evidence.Rows || hex.EncodeToString(head) != r.Evidence.Head || rows < 15 {
		t.Errorf("the file gives %d rows and the head %x; the ledger has %d and %s", rows, head, r.Evidence.Rows, r.Evidence.Head)
	}
	page := inReport(t, c, "index.html")
	if !strings.Contains(page, r.Evidence.Head) || !strings.Contains(page, "verify --head "+r.Evidence.Head) {
		t.Error("the page does not give the head, and the command")
	}
	if rows, head = chainOf(t, strings.Replace(text, `"status":"refused"`, `"status":"accepted"`, 1)); hex.EncodeToString(head) == r.Evidence.Head || rows == 0 {
		t.Error("a changed row gives the same head")
	}
}

// chainOf computes the chain of a file's rows, and holds it against the values in
// it where nothing was changed.
func chainOf(t *testing.T, text string) (rows int64, chain []byte) {
	t.Helper()
	chain = make([]byte, 32)
	for line := range strings.Lines(text) {
		var row map[string]any
		d := json.NewDecoder(strings.NewReader(line))
		d.UseNumber()
		if err := d.Decode(&row); err != nil {
			t.Fatal(err)
		}
		rows++
		word := func(name string) string { s, _ := row[name].(string); return s }
		number := func(name string) int64 { n, _ := row[name].(json.Number); i, _ := n.Int64(); return i }
		if number("seq") != rows {
			t.Fatalf("row %d has the number %d", rows, number("seq"))
		}
		b := binary.BigEndian.AppendUint64(bytes.Clone(chain), uint64(rows))
		field := func(s string) {
			b = binary.AppendUvarint(b, uint64(len(s)))
			b = append(b, s...)
		}
		field(word("kind"))
		key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(word("key")))
		if word("key") != "" { // of the alphabet that keys are written in
			k, errKey := notifier.ParseKey(word("key"))
			key, err = k[:], errKey
		}
		if err != nil {
			t.Fatal(err)
		}
		field(string(key))
		for _, name := range []string{"wave", "relay", "status", "cause", "enhanced", "reply", "relay_id", "variant"} {
			field(word(name))
		}
		digest, err := hex.DecodeString(word("digest"))
		if err != nil {
			t.Fatal(err)
		}
		field(string(digest))
		field(word("note"))
		for _, name := range []string{"attempt", "approval", "code", "claimed", "known"} {
			b = binary.AppendVarint(b, number(name))
		}
		sum := sha256.Sum256(b)
		chain = sum[:]
	}
	return rows, chain
}

func TestReportCountsEverybody(t *testing.T) {
	c := closed(t)
	r := made(t, c, ReportOptions{Support: true})
	s, err := c.Status(bg)
	if err != nil {
		t.Fatal(err)
	}
	if r.Recipients != s.Recipients || r.Notices != s.Notices || !r.Balanced || len(r.Wrong) > 0 || r.Letters != s.Letters || s.Letters.Told == 0 {
		t.Errorf("the report says %+v, the status %+v", r, s)
	}
	states, err := csv.NewReader(strings.NewReader(inReport(t, c, "by-state.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]int64{}
	for _, row := range states[1:] {
		for i, name := range states[0] {
			n, _ := strconv.ParseInt(row[i], 10, 64)
			sums[name] += n
		}
	}
	for name, want := range map[string]int64{
		"people": s.Recipients.Total, "email_accepted": s.Notices.Accepted, "by_post_told": s.Letters.Told, "untold": r.Untold,
		"refused": s.Notices.Refused, "bounced": s.Notices.Bounced, "letters_sent": s.Letters.Told, "letter_due": s.Letters.Untold, "unknown": s.Notices.Unknown,
	} {
		if sums[name] != want {
			t.Errorf("by-state.csv counts %d as %s, want %d", sums[name], name, want)
		}
	}
	if got := sums["email_accepted"] + sums["by_post_told"] + sums["letter_due"] + sums["unknown"] + sums["not_sent"]; got != s.Recipients.Total {
		t.Errorf("where people stand sums up to %d of %d", got, s.Recipients.Total)
	}
	people, err := csv.NewReader(strings.NewReader(inReport(t, c, "support.csv"))).ReadAll()
	if err != nil || int64(len(people)) != s.Recipients.Total+1 {
		t.Errorf("support.csv has %d lines: %v", len(people), err)
	}
	sent := slices.ContainsFunc(people, func(p []string) bool { return p[2] == "letter_sent" && p[3] == "2018-08-30" })
	if !sent || strings.Contains(inReport(t, c, "support.csv"), "Number") {
		t.Errorf("support.csv says %q", people)
	}
	info, err := os.Stat(c.path(outDir, reportDir, "support.csv"))
	if err != nil || info.Mode().Perm() != personal {
		t.Errorf("support.csv: %v %v", info.Mode(), err)
	}
}

// What an earlier report had and this one has not would mislead.
func TestReportLeavesNothingOld(t *testing.T) {
	c := closed(t)
	dir := c.path(outDir, reportDir)
	r := made(t, c, ReportOptions{Support: true})
	if len(r.Regulators) == 0 {
		t.Fatal("no regulator is to be told")
	}
	old := filepath.Join(dir, "regulators", "ZZ")
	for _, name := range []string{"regulators/ZZ/summary.txt", "regulators/ZZ/sample-x.eml", ".support.csv.123.tmp", "mine.txt", "regulators/YY/mine.txt"} {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, at, "old")
	}
	made(t, c, ReportOptions{})
	var names []string
	_ = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	for _, name := range names {
		if name == "support.csv" || strings.Contains(name, "/ZZ") || strings.HasSuffix(name, ".tmp") {
			t.Errorf("%s is still there", name)
		}
	}
	for _, name := range []string{"mine.txt", "regulators/YY/mine.txt", "index.html", "evidence.jsonl", "regulators/" + r.Regulators[0] + "/summary.txt"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is gone", name)
		}
	}
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder of a state that is not told is still there: %v", err)
	}
}

// Where the chain or the account is broken the page says so first, and the error
// is ErrDamaged.
func TestReportSaysWhatDoesNotAgree(t *testing.T) {
	for name, query := range map[string]string{
		"evidence": "UPDATE attempts SET reply = 'never said' WHERE seq = 3",
		"account":  "UPDATE tally SET n = n + 1 WHERE status = 12",
		"people":   "UPDATE recipients SET status = 10 WHERE status = 13",
	} {
		t.Run(name, func(t *testing.T) {
			c := closed(t)
			made(t, c, ReportOptions{})
			byHand(t, c, query)
			r, err := c.Report(bg, ReportOptions{})
			if !errors.Is(err, ErrDamaged) || r == nil || len(r.Wrong) == 0 || r.Balanced {
				t.Fatalf("%+v, %v", r, err)
			}
			page := inReport(t, c, "index.html")
			first, _, _ := strings.Cut(page, `<section`)
			if !strings.Contains(first, "cannot be relied on") {
				t.Error("the page does not say so at its top")
			}
			if !strings.Contains(inReport(t, c, "regulators/"+r.Regulators[0]+"/summary.txt"), "DO NOT RELY ON THIS") {
				t.Error("the regulator's folder does not say so")
			}
		})
	}
}

// A report that fails leaves the one before as it was.
func TestReportInterrupted(t *testing.T) {
	c := closed(t)
	made(t, c, ReportOptions{})
	before := inReport(t, c, "index.html")
	ctx, cancel := context.WithCancel(bg)
	cancel()
	if _, err := c.Report(ctx, ReportOptions{}); err == nil {
		t.Fatal("no error")
	}
	if inReport(t, c, "index.html") != before {
		t.Error("the page was changed")
	}
	if left, _ := filepath.Glob(c.path(outDir, reportDir, ".*.tmp")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestReportOfNothing(t *testing.T) {
	c := newCampaign(t, "")
	if _, err := c.Report(bg, ReportOptions{}); !errors.Is(err, ErrNothingPlanned) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(c.path(outDir, reportDir)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder was made: %v", err)
	}
}

// After a purge the numbers stay; there are no names, and nothing by domain.
func TestReportAfterPurge(t *testing.T) {
	c := closed(t)
	before := made(t, c, ReportOptions{Support: true})
	if _, err := c.Purge(bg, PurgeOptions{Now: true, Yes: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(c.path(outDir, reportDir, "support.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("purge has left support.csv: %v", err)
	}
	r := made(t, c, ReportOptions{Support: true})
	if r.Notices.Accepted != before.Notices.Accepted || r.Letters != before.Letters || r.Purged == nil || !r.NoNames {
		t.Errorf("before %+v, after %+v", before, r)
	}
	if text := inReport(t, c, "support.csv"); strings.Contains(text, "P***") || !strings.Contains(text, "letter_sent") {
		t.Errorf("support.csv says %q", text)
	}
	page := inReport(t, c, "index.html")
	if !strings.Contains(page, "Personal data was purged on") || !strings.Contains(page, "nothing can be said by domain") {
		t.Error("the page does not say that personal data was purged")
	}
}

// A claim without outcome is in nobody's row; while nobody sends it is unknown.
func TestReportCountsClaims(t *testing.T) {
	c := newCampaign(t, "")
	plan(t, c, accounts(t, upTo(1, 5)...))
	approve(t, c)
	store := openLedger(t, c)
	var first ledger.Row
	if err := store.Each(bg, func(r ledger.Row) error {
		if r.Recipient.ID == 1 {
			first = r
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	store.Claim(notifier.Claim{ID: 1, Key: first.Recipient.Key, Was: notifier.Pending, Attempt: 1, Wave: first.Wave, Relay: "primary", At: time.Now(), Approval: 1}, func(err error) { done <- err })
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	r := made(t, c, ReportOptions{})
	if r.Notices.Unknown != 1 || r.Notices.Pending != 4 || !r.Balanced {
		t.Errorf("%+v", r)
	}
}

func TestReportSupportIsNoFormula(t *testing.T) {
	for in, want := range map[string]string{"=*** B***": "'=*** B***", "@***": "'@***", "P***": "P***", "": ""} {
		if got := defused(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
}
