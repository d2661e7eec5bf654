package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the check.json of the dialects")

const dialects = "../../testdata/exports/dialects"

// dialect is one folder of testdata/exports/dialects: the files as they come,
// a text that says where such a file comes from and what is in it by whoever
// made it, and what check says of it.
type dialect struct {
	dir   string
	args  []string          // of check and plan
	yaml  string            // the exports section of campaign.yaml
	facts map[string]string // the table of about.md
}

func readDialect(t *testing.T, dir string) *dialect {
	t.Helper()
	d := &dialect{dir: dir, facts: map[string]string{}}
	about := readFile(t, filepath.Join(dir, "about.md"))
	for _, m := range regexp.MustCompile(`(?m)^\| ([^|]+) \| ([^|]+) \|$`).FindAllStringSubmatch(about, -1) {
		d.facts[strings.TrimSpace(m[1])] = strings.TrimSpace(m[2])
	}
	delete(d.facts, "what")
	delete(d.facts, "---")
	if len(d.facts) == 0 {
		t.Fatal("about.md has no table of what is expected")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		switch e.Name() {
		case "about.md", "check.json":
		case "args":
			d.args = strings.Split(strings.TrimSpace(readFile(t, filepath.Join(dir, "args"))), "\n")
		case "exports.yaml":
			d.yaml = readFile(t, filepath.Join(dir, "exports.yaml"))
		default:
			if _, err := os.Stat(filepath.Join(dir, "args")); err != nil {
				d.args = append(d.args, e.Name())
			}
		}
	}
	return d
}

// TestDialects holds what check makes of each dialect to the counts of whoever
// made it, to all of what it said before, and to what plan makes of it.
func TestDialects(t *testing.T) {
	entries, err := os.ReadDir(dialects)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) < 15 {
		t.Errorf("only %d dialects", len(entries))
	}
	abs, err := filepath.Abs(dialects)
	if err != nil {
		t.Fatal(err)
	}
	common := readFile(t, filepath.Join("testdata", "script", "campaign.yaml"))
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			d := readDialect(t, filepath.Join(abs, e.Name()))
			d.unpack(t, common)
			if words, fails := d.facts["error contains"]; fails {
				d.fails(t, words)
				return
			}
			d.holds(t)
		})
	}
}

// unpack makes a campaign with the dialect's files in it the current directory.
func (d *dialect) unpack(t *testing.T, common string) {
	t.Helper()
	t.Chdir(t.TempDir())
	if _, errs, code := inProcess("init", "aug"); code != 0 {
		t.Fatal(errs)
	}
	if err := os.CopyFS(".", os.DirFS(d.dir)); err != nil {
		t.Fatal(err)
	}
	config := strings.ReplaceAll(common, "$RELAY", "127.0.0.1:1") + d.yaml
	if err := os.WriteFile(filepath.Join("aug", "campaign.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	// A key that others may read is refused, and git keeps no such modes.
	for i, a := range d.args {
		if a == "--identity" {
			if err := os.Chmod(d.args[i+1], 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (d *dialect) run(verb string) (out, errs string, code int) {
	return inProcess(append([]string{"-C", "aug", verb, "--json"}, d.args...)...)
}

// fails holds check and plan to an error of these words.
func (d *dialect) fails(t *testing.T, words string) {
	for _, verb := range []string{"check", "plan"} {
		out, errs, code := d.run(verb)
		if code != 1 || out != "" {
			t.Errorf("%s ends with %d and says %q", verb, code, out)
		}
		for w := range strings.SplitSeq(words, ";") {
			if !strings.Contains(strings.ToLower(errs), strings.ToLower(strings.TrimSpace(w))) {
				t.Errorf("%s does not say %q: %s", verb, w, errs)
			}
		}
	}
}

// holds compares what check and plan say.
func (d *dialect) holds(t *testing.T) {
	out, errs, code := d.run("check")
	if code != 0 {
		t.Fatalf("check ends with %d: %s", code, errs)
	}
	checked := decode(t, out)
	d.facted(t, checked)
	d.golden(t, out)
	countRejects(t, checked)
	planned, errs, code := d.run("plan")
	if refused := refusal(checked); refused != "" {
		if code != 1 || !strings.Contains(errs, refused) {
			t.Errorf("check says that plan refuses it: %s; plan ends with %d and says: %s", refused, code, errs)
		}
		return
	}
	if code != 0 {
		t.Fatalf("plan ends with %d: %s", code, errs)
	}
	p := decode(t, planned)
	for _, key := range []string{"rows", "recipients", "notices", "balanced", "profile", "law.states", "law.federal"} {
		ours, _ := at(checked, key)
		theirs, _ := at(p, key)
		if a, b := elsewhere(ours), elsewhere(theirs); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: check says\n%v\nplan says\n%v", key, a, b)
		}
	}
}

// elsewhere is a value as if it had been written elsewhere: the names of files
// below out are those of each verb's own.
func elsewhere(v any) any {
	b, _ := json.Marshal(v)
	return regexp.MustCompile(`aug/out/(check|plan/batch-1)/`).ReplaceAllString(string(b), "aug/out/")
}

func decode(t *testing.T, text string) map[string]any {
	t.Helper()
	v, err := oneObject(text)
	if err != nil {
		t.Fatal(err)
	}
	return v.(map[string]any)
}

// facted holds the counts of about.md.
func (d *dialect) facted(t *testing.T, checked map[string]any) {
	paths := map[string]string{
		"rows read": "rows.read", "recipients": "recipients.total", "merged": "rows.merged", "set aside": "rows.rejected",
		"already told": "rows.already_told", "by email": "recipients.email", "by post": "recipients.postal",
		"encoding": "profile.exports.0.encoding", "delimiter": "profile.exports.0.delimiter", "line break": "profile.exports.0.line_break",
		"two states": "profile.two_states.recipients", "shared accounts": "profile.shared_accounts",
	}
	for _, what := range slices.Sorted(maps.Keys(d.facts)) {
		want := d.facts[what]
		got := ""
		if path, ok := paths[what]; ok {
			v, _ := at(checked, path)
			got = str(v)
		} else if state, ok := strings.CutPrefix(what, "state "); ok {
			got = counted(checked, "profile.states", state)
		} else if language, ok := strings.CutPrefix(what, "language "); ok {
			got = counted(checked, "profile.languages", language)
		} else if what == "refused" {
			got = strconv.FormatBool(refusal(checked) != "")
			want = strconv.FormatBool(want == "yes" || want == "true")
		} else {
			t.Errorf("the test does not know what %q is", what)
			continue
		}
		if got != want {
			t.Errorf("%s: %s, and about.md says %s", what, got, want)
		}
	}
}

func str(v any) string {
	b, _ := json.Marshal(v)
	return strings.Trim(string(b), `"`)
}

// counted returns the count of that name in the list at path, "0" without one.
func counted(v map[string]any, path, name string) string {
	list, _ := at(v, path)
	for _, e := range list.([]any) {
		if m := e.(map[string]any); m["name"] == name {
			return str(m["count"])
		}
	}
	return "0"
}

// refusal says why plan would refuse the exports.
func refusal(checked map[string]any) string {
	list, _ := at(checked, "profile.exports")
	for _, e := range list.([]any) {
		if words := e.(map[string]any)["refused"].(string); words != "" {
			return words
		}
	}
	return ""
}

// legal is what check says of laws: it is last, and changes with the day.
var legal = regexp.MustCompile(`(?s),\n  "law": .*\n}\n$`)

// golden holds all that check says, but for laws, to check.json.
func (d *dialect) golden(t *testing.T, out string) {
	out = legal.ReplaceAllString(out, "\n}\n")
	path := filepath.Join(d.dir, "check.json")
	if *update {
		if err := os.WriteFile(path, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := readFile(t, path); want != out {
		t.Errorf("check says\n%s\nnot\n%s\n(go test ./cmd/breachmail -run Dialects -update)", out, want)
	}
}

// countRejects finds each row that was set aside in rejected.csv once.
func countRejects(t *testing.T, checked map[string]any) {
	rejected, _ := at(checked, "rows.rejected")
	want, _ := strconv.Atoi(str(rejected))
	b, err := os.ReadFile("aug/out/check/rejected.csv")
	if want == 0 {
		if err == nil {
			t.Error("there is a rejected.csv, and nothing was set aside")
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	r := csv.NewReader(bytes.NewReader(b))
	head, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	file := slices.Index(head, "file")
	rows := 0
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		rows++
		at := row[file] + ":" + row[file+1]
		if seen[at]++; seen[at] > 1 {
			t.Errorf("%s is in rejected.csv twice", at)
		}
	}
	if rows != want {
		t.Errorf("rejected.csv has %d rows, and %d were set aside", rows, want)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
