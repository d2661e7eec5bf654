package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// dialect is a small export, in a folder of its own, as one kind of system or
// hand leaves it.
type dialect struct {
	name  string
	build func(f *fixture)
}

// dialects are all of them, in the order of the files they are built in.
var dialects = []dialect{
	// dialects_systems.go
	{"billing-batch", billingBatch},
	{"crm-report", crmReport},
	{"unload-tabs", unloadTabs},
	{"unload-bars", unloadBars},
	{"mainframe-bars", mainframeBars},
	{"consent-state-language", consentColumns},
	{"extra-columns", extraColumns},
	{"joined-files", joinedFiles},
	// dialects_sheets.go
	{"excel-german", excelGerman},
	{"excel-french", excelFrench},
	{"excel-unicode-text", excelUnicodeText},
	{"excel-mac", excelMac},
	{"excel-dropped-tail", excelDroppedTail},
	{"eaten-zeros", eatenZeros},
	{"script-floats", scriptFloats},
	{"pasted-cells", pastedCells},
	{"quoted-breaks", quotedBreaks},
	// dialects_packed.go
	{"mvno-zip", mvnoZip},
	{"mac-zip", macZip},
	{"nightly-gzip", nightlyGzip},
	{"warehouse-zstd", warehouseZstd},
	{"security-age", securityAge},
	{"long-line", longLine},
	// dialects_people.go
	{"placeholders-typos", placeholdersTypos},
	{"international", otherScripts},
	{"two-states", twoStates},
	{"two-addresses", twoAddresses},
	{"postcodes", postcodes},
	{"corrected-rows", correctedRows},
	{"told-lists", toldLists},
	// dialects_broken.go
	{"broken-rows", brokenRows},
	{"shifted-columns", shiftedColumns},
	{"cut-short", cutShort},
	{"doubled-column", doubledColumn},
	{"first-line-lost", firstLineLost},
	{"column-lost", columnLost},
	{"zero-bytes", zeroBytes},
	{"renamed-xlsx", renamedXLSX},
}

// make builds the dialect's folder in memory.
func (d dialect) make() *fixture {
	f := &fixture{name: d.name, count: map[string]int{}}
	for _, b := range []byte(d.name) {
		f.seed += int(b)
	}
	d.build(f)
	return f
}

// fixture is a dialect's folder in the making.
type fixture struct {
	name  string
	about string // where such a file comes from
	files []file
	args  []string // flags and files, where the export alone would not do
	yaml  string   // the section exports of campaign.yaml
	after func(dir string) error

	count  map[string]int
	states []string    // whose counts stand in the table
	facts  [][2]string // what else stands there
	wrong  string      // words of the error, between semicolons; the file then has no counts

	seed, serial int // of the next person
}

type file struct {
	name string
	text []byte
}

func (f *fixture) file(name string, text []byte) { f.files = append(f.files, file{name, text}) }

func (f *fixture) fact(what, value string) { f.facts = append(f.facts, [2]string{what, value}) }

// fate is what becomes of a row.
type fate int

const (
	mailed   fate = iota // the first row of a recipient told by email
	posted               // the first row of a recipient told by post
	repeated             // a further row of a recipient
	aside                // set aside
	known                // of somebody who was told already
)

// tally counts a row of that fate. The state is the one its recipient is told
// under, whatever its ZIP code says.
func (f *fixture) tally(to fate, state string) {
	f.count["rows read"]++
	switch to {
	case mailed, posted:
		f.count["recipients"]++
		f.count["state "+state]++
		f.count[map[fate]string{mailed: "by email", posted: "by post"}[to]]++
	case repeated:
		f.count["merged"]++
	case aside:
		f.count["set aside"]++
	case known:
		f.count["already told"]++
	}
}

// put writes a row of that fate.
func (f *fixture) put(s *sheet, to fate, a account) {
	f.tally(to, a["state"])
	s.add(a)
}

// raw writes a line that no sheet would write, and that is set aside.
func (f *fixture) raw(s *sheet, line string) {
	f.tally(aside, "")
	s.lines = append(s.lines, line)
}

// some writes n people with one account and an address each.
func (f *fixture) some(s *sheet, n int) {
	for range n {
		f.put(s, mailed, f.who())
	}
}

// text returns about.md.
func (f *fixture) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n| what | how many |\n| --- | ---: |\n", f.name, strings.TrimSpace(f.about))
	if f.wrong != "" {
		fmt.Fprintf(&b, "| error contains | %s |\n", f.wrong)
		return b.String()
	}
	for _, what := range []string{"rows read", "recipients", "merged", "set aside", "already told", "by email", "by post"} {
		fmt.Fprintf(&b, "| %s | %d |\n", what, f.count[what])
	}
	for _, state := range f.states {
		fmt.Fprintf(&b, "| state %s | %d |\n", state, f.count["state "+state])
	}
	for _, fact := range f.facts {
		fmt.Fprintf(&b, "| %s | %s |\n", fact[0], fact[1])
	}
	return b.String()
}

// write writes the folder. What else is in it stays.
func (f *fixture) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	files := append(f.files, file{"about.md", []byte(f.text())})
	if len(f.args) > 0 {
		files = append(files, file{"args", []byte(strings.Join(f.args, "\n") + "\n")})
	}
	if f.yaml != "" {
		files = append(files, file{"exports.yaml", []byte(f.yaml)})
	}
	var err error
	for _, one := range files {
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, one.name), one.text, 0o644))
	}
	if f.after != nil {
		err = errors.Join(err, f.after(dir))
	}
	return err
}
