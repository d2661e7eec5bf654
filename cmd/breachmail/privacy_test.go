package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"breachmail/notifier/campaign"
)

// northwind is the export of a whole carrier, broken rows included.
var northwind = filepath.Join("..", "..", "testdata", "exports", "northwind-aug.csv")

// mayHold are patterns of the files of a campaign directory that are meant to
// hold personal data.
var mayHold = []string{
	"ledger.db", "ledger.db-shm", "ledger.db-wal",
	"out/check/rejected.csv", "out/plan/batch-*/rejected.csv", "out/plan/batch-*/added-after-notice.csv",
}

func isMeantToHold(name string) bool {
	return slices.ContainsFunc(mayHold, func(pattern string) bool {
		ok, err := path.Match(pattern, filepath.ToSlash(name))
		return ok && err == nil
	})
}

// TestNoPersonalDataLeaks tells the whole story, with a relay that quotes the
// recipient in all its replies and a sender that is killed, and then looks for
// every account's values wherever they have no business.
func TestNoPersonalDataLeaks(t *testing.T) {
	t.Parallel()
	values := readSecrets(t, northwind)
	s := newPrivateStory(t, values)
	s.tell()
	s.tellWithLog()
	s.makeErrors()
	s.showEverybody()
	s.searchEvidence()
	s.searchFiles()
	if n := len(s.relay.taken()); n < 800 {
		t.Errorf("the relay holds only %d messages: that was no story", n)
	}
}

// privateStory is one campaign with everything it says.
type privateStory struct {
	t       *testing.T
	values  *secrets
	relay   *scriptRelay
	home    string // the campaign's parent, where commands are run
	dir     string
	program string
	said    int // bytes searched
}

func newPrivateStory(t *testing.T, values *secrets) *privateStory {
	t.Helper()
	r, err := startScriptRelay()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.stop)
	program, err := exec.LookPath("breachmail")
	if err != nil {
		t.Fatal(err)
	}
	s := &privateStory{t: t, values: values, relay: r, home: t.TempDir(), program: program}
	s.dir = filepath.Join(s.home, "aug")
	copyFile(t, northwind, filepath.Join(s.home, "export.csv"))
	// Every tenth person has trouble, a different one in turn.
	trouble := []string{refuse, postpone, drop, refuse, postpone, lose}
	for i := 0; i < len(values.addresses); i += 10 {
		does, times := trouble[i/10%len(trouble)], 1
		if does == refuse {
			times = -1
		}
		r.set(values.addresses[i], does, times)
	}
	return s
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// search fails the test when text holds a value.
func (s *privateStory) search(where, text string) {
	s.t.Helper()
	s.said += len(text)
	found := s.values.in(text)
	for _, f := range found[:min(len(found), 5)] {
		s.t.Errorf("%s holds %s", where, f)
	}
}

// breachmail runs the program on the campaign and searches what it says. The
// signal is given when the relay has n messages.
func (s *privateStory) breachmail(signal os.Signal, n, want int, args ...string) string {
	s.t.Helper()
	var out bytes.Buffer
	cmd := exec.Command(s.program, append([]string{"-C", "aug"}, args...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.home, &out, &out
	cmd.Env = append(os.Environ(), "GORACE="+quickExit)
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	if signal != nil && s.relay.await(n, ended) {
		_ = cmd.Process.Signal(signal)
	}
	<-ended
	if got := cmd.ProcessState.ExitCode(); got != want {
		s.t.Fatalf("%v ended with %d, not %d:\n%s", args, got, want, out.String())
	}
	s.search(fmt.Sprint(args), out.String())
	return out.String()
}

func (s *privateStory) says(want int, args ...string) string {
	s.t.Helper()
	return s.breachmail(nil, 0, want, args...)
}

// tell tells the story up to the last run.
func (s *privateStory) tell() {
	s.says(0, "init", s.dir)
	common, err := os.ReadFile(commonConfig)
	if err != nil {
		s.t.Fatal(err)
	}
	config := strings.NewReplacer("$RELAY", s.relay.addr, "1000/s", "20000/s", "connections: 2", "connections: 8").Replace(string(common))
	config += "law: {status: {MD: voluntary, NJ: voluntary}}\n" +
		"retry: {first: 1s, factor: 1, most: 1s, give_up_after: 72h}\n" +
		"halt: {refused: 100%, deferred: 100%, unknown: 100%, over: 500}\n"
	if err := os.WriteFile(filepath.Join(s.dir, campaign.ConfigFile), []byte(config), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.says(0, "check", "export.csv")
	s.says(0, "plan", "export.csv")
	s.says(0, "plan", "export.csv")
	s.says(0, "send", "--dry-run")
	lines := strings.Split(strings.TrimSpace(s.says(0, "preview")), "\n")
	code := lines[len(lines)-1]
	s.says(0, "approve", "--by", "Robin Vale, General Counsel", "--digest", code[strings.LastIndexByte(code, ' ')+1:])
	s.breachmail(syscall.SIGKILL, 200, -1, "send")
	s.says(0, "status")
	s.breachmail(syscall.SIGINT, 500, 130, "resume")
}

// tellWithLog finishes the story through the library, with everything logged
// that can be.
func (s *privateStory) tellWithLog() {
	c, err := campaign.Open(s.dir)
	if err != nil {
		s.t.Fatal(err)
	}
	var log bytes.Buffer
	c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug - 8, AddSource: true}))
	ctx := context.Background()
	sent, err := c.Send(ctx, ctx, campaign.SendOptions{Verb: "resume", Resend: true})
	if !errors.Is(err, campaign.ErrUnknown) && err != nil {
		s.t.Fatal(err)
	}
	s.search("the log", log.String())
	s.search("what Send returned", fmt.Sprintf("%v %+v %#v", err, sent, sent))
	if n := strings.Count(log.String(), "<recipient>"); n < 50 {
		s.t.Errorf("only %d replies that quoted the recipient were logged", n)
	}
	s.says(3, "resume")
	s.says(0, "resume", "--unknown=resend")
	out := s.says(0, "status")
	s.says(0, "status", "--json")
	s.says(0, "report", "--support", "--json")
	if !strings.Contains(out, "phase: sent") || !strings.Contains(out, "the account closes") {
		s.t.Errorf("the story did not end:\n%s", out)
	}
}

// makeErrors does what goes wrong with exports, and searches the words.
func (s *privateStory) makeErrors() {
	whole, err := os.ReadFile(northwind)
	if err != nil {
		s.t.Fatal(err)
	}
	_, rows, _ := bytes.Cut(whole, []byte("\n"))
	for name, text := range map[string][]byte{
		"headless.csv": rows, // the first account stands where the header should
		"doubled.csv":  append([]byte("BAN,Subscriber Name,Email,E-Mail,MSISDN,Billing ZIP,Pre/Post\n"), rows...),
		"shifted.csv":  append([]byte("Subscriber Name,BAN,Email Address,MSISDN,Pre/Post,Billing ZIP,Notes,Language\n"), rows...),
		"quote.csv":    append([]byte("BAN,Subscriber Name,MSISDN,Billing ZIP,Email Address,Pre/Post,Language,Notes\n\""), rows...),
		"binary.csv":   append([]byte("BAN\x00"), whole...),
	} {
		if err := os.WriteFile(filepath.Join(s.home, name), text, 0o600); err != nil {
			s.t.Fatal(err)
		}
		for _, verb := range []string{"check", "plan"} {
			cmd := exec.Command(s.program, "-C", "aug", verb, name)
			cmd.Dir, cmd.Env = s.home, append(os.Environ(), "GORACE="+quickExit)
			out, _ := cmd.CombinedOutput()
			s.search(verb+" "+name, string(out))
		}
	}
}

// searchEvidence reads every column of every table but those that hold people.
func (s *privateStory) searchEvidence() {
	db, err := sql.Open("sqlite", filepath.Join(s.dir, "ledger.db"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, table := range tables(s.t, db) {
		text := dump(s.t, db, table)
		switch table {
		case "recipients":
			if len(s.values.in(text)) == 0 {
				s.t.Error("the recipients hold nobody")
			}
			continue
		case "late": // accounts that came after a notice
			continue
		case "attempts":
			if n := strings.Count(text, "<recipient>"); n < 100 {
				s.t.Errorf("only %d rows of evidence hold a reply that quoted the recipient", n)
			}
		}
		s.search("table "+table, text)
	}
}

func tables(t *testing.T, db *sql.DB) []string {
	t.Helper()
	rows, err := db.Query("SELECT name FROM sqlite_schema WHERE type = 'table'")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil || !slices.Contains(names, "attempts") {
		t.Fatal(err, names)
	}
	return names
}

// dump writes a table's columns, each as text.
func dump(t *testing.T, db *sql.DB, table string) string {
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
	var b strings.Builder
	cells, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for i, c := range cells {
			fmt.Fprintf(&b, "%s=%s\n", columns[i], c)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// searchFiles looks into every file of the campaign and at every name.
func (s *privateStory) searchFiles() {
	held := map[string]bool{}
	err := filepath.WalkDir(s.dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(s.dir, file)
		if err != nil {
			return err
		}
		s.search("the name of a file", name)
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if isMeantToHold(name) {
			held[filepath.ToSlash(name)] = len(s.values.in(string(b))) > 0
			return s.isPrivate(name, d)
		}
		s.search(name, string(b))
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, name := range []string{"ledger.db", "out/check/rejected.csv", "out/plan/batch-1/rejected.csv"} {
		if !held[name] {
			s.t.Errorf("%s holds nobody: the search finds nothing, or the story was none", name)
		}
	}
}

// isPrivate holds a file with personal data to its mode.
func (s *privateStory) isPrivate(name string, d fs.DirEntry) error {
	info, err := d.Info()
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		s.t.Errorf("%s has mode %04o", name, info.Mode().Perm())
	}
	return err
}
