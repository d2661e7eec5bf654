package main

import (
	"bytes"
	"compress/flate"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// stored returns which values b holds in whatever stands around them: a database
// writes one column right behind the other. Short values, and cells that are no
// person's, are parts of other words, and left out.
func (s *secrets) stored(b []byte) []string {
	b = bytes.ToLower(b)
	var found []string
	for i := 0; i+prefix <= len(b); i++ {
		for _, n := range s.needles[[prefix]byte(b[i:i+prefix])] {
			long := len(n.text) >= 9 && (n.kind != "a name" || strings.Contains(n.text, " "))
			if !long || strings.HasPrefix(n.kind, "a cell") || n.kind == "a local part" || !bytes.HasPrefix(b[i:], []byte(n.text)) {
				continue
			}
			if f := n.kind + ": " + n.text; !slices.Contains(found, f) {
				if found = append(found, f); len(found) == mostFound {
					return found
				}
			}
		}
	}
	return found
}

// mostFound is how many values are told of one file.
const mostFound = 20

// left returns what the files of a campaign directory hold of the values, by
// their names.
func (s *secrets) left(t *testing.T, dir string) map[string][]string {
	t.Helper()
	held, files := map[string][]string{}, 0
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		files++
		b, err := os.ReadFile(file)
		found := s.stored(b)
		if !strings.HasPrefix(name, "ledger.db") {
			found = append(found, s.in(string(b))...)
		}
		if found = append(found, s.in(name)...); len(found) > 0 {
			held[name] = found
		}
		return err
	})
	if err != nil || files < 5 {
		t.Fatalf("%d files were searched: %v", files, err)
	}
	return held
}

// TestPurgeForgetsEverybody tells a story in which personal data gets to every
// place it can get to, kills the last run, and purges: no file of the campaign
// holds anything of anybody, and the evidence is whole.
func TestPurgeForgetsEverybody(t *testing.T) {
	t.Parallel()
	values := readSecrets(t, northwind)
	s := newPrivateStory(t, values)
	late := s.moreAccounts()
	s.tell()
	s.says(0, "preview", "--real")
	s.says(0, "plan", "--already-told", "told.csv", "--no-email", "post.csv", late)
	s.says(0, "backup", "copy.db")
	s.breachmail(syscall.SIGKILL, 700, -1, "resume", "--unknown=resend")
	s.leaveHalfMade()
	before := values.left(t, s.dir)
	for _, name := range []string{
		"ledger.db", "ledger.db-wal", "ledger.db.v4.bak", ".stdin.123.tmp", "out/check/rejected.csv", "out/plan/batch-1/rejected.csv",
		"out/plan/batch-2/added-after-notice.csv", "out/preview-real/index.html",
	} {
		if len(before[filepath.FromSlash(name)]) == 0 {
			t.Errorf("%s holds nobody before: the search finds nothing, or the story was none", name)
		}
	}
	out := s.says(0, "purge", "--now", "--yes")
	for name, found := range values.left(t, s.dir) {
		t.Errorf("%s still holds %q", name, found)
	}
	if !strings.Contains(out, "copy.db") || strings.Contains(out, "not breachmail's") {
		t.Errorf("purge does not name the backup, or names files that are ours:\n%s", out)
	}
	s.searchKept()
	s.says(0, "verify")
	s.says(0, "status")
	s.says(1, "resume")
}

// moreAccounts writes an export with another account for everybody, and the
// lists that plan takes, and has the story look for those accounts too.
func (s *privateStory) moreAccounts() (name string) {
	s.t.Helper()
	whole, err := os.ReadFile(northwind)
	if err != nil {
		s.t.Fatal(err)
	}
	header, rows, _ := strings.Cut(string(whole), "\n")
	more := header + "\n"
	for line := range strings.Lines(rows) {
		if len(line) > 9 && digits(line[:9]) == line[:9] {
			more += "7" + line[1:8] + "7" + line[9:]
		}
	}
	for name, text := range map[string]string{
		"late.csv": more, "told.csv": "email\n" + s.values.addresses[1] + "\n", "post.csv": "email\n" + s.values.addresses[2] + "\n" + s.values.addresses[3] + "\n",
	} {
		if err := os.WriteFile(filepath.Join(s.home, name), []byte(text), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	for p, needles := range readSecrets(s.t, filepath.Join(s.home, "late.csv")).needles {
		for _, n := range needles {
			if !slices.Contains(s.values.needles[p], n) {
				s.values.needles[p] = append(s.values.needles[p], n)
			}
		}
	}
	return "late.csv"
}

// leaveHalfMade leaves what killed runs of other verbs can.
func (s *privateStory) leaveHalfMade() {
	s.t.Helper()
	for _, name := range []string{
		"ledger.db.v4.bak", "ledger.db.v4.bak.tmp", "ledger.db.v4.bak.tmp-journal", ".stdin.123.tmp", "etilqs_1", ".campaign.yaml.1.tmp",
		"out/plan/.rows-1.tmp", "out/approvals/.approval-1.txt.2.tmp", "out/.x.tmp", "control/release-x", "out/letters/all.csv",
	} {
		to := filepath.Join(s.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			s.t.Fatal(err)
		}
		copyFile(s.t, northwind, to)
	}
}

// searchKept looks through what approvals bound, which is stored deflated.
func (s *privateStory) searchKept() {
	s.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(s.dir, "ledger.db"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.Query("SELECT bytes FROM contents")
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	pieces := 0
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			s.t.Fatal(err)
		}
		text, err := io.ReadAll(flate.NewReader(bytes.NewReader(b)))
		if err != nil {
			s.t.Fatal(err)
		}
		pieces++
		s.search(fmt.Sprintf("piece %d of what was approved", pieces), string(text))
	}
	if err := rows.Err(); err != nil || pieces < 10 {
		s.t.Errorf("only %d pieces were searched: %v", pieces, err)
	}
}
