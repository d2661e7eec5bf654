package notice

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Where golden files are: each variant's text, page and message; the texts for
// everybody; tests that reviewers get. Nothing else is there.
const (
	goldenDir    = "testdata/golden"
	publishedDir = "testdata/published"
	testDir      = "testdata/testmail"
)

func TestGolden(t *testing.T) {
	n := testStateNotice(t)
	people := map[string]notifier.Recipient{}
	for _, v := range n.Variants() {
		people[v.String()] = n.Sample(v)
	}
	nameless := n.Sample(variant("postpaid"))
	nameless.Name = notifier.Name{}
	people["notice-en-nameless"] = nameless

	rich := richNotice(t)
	withName := rich.Sample(rich.Variant("WA", "en", "both"))
	withName.Name = notifier.NewName(`Zoë "Z" O'Brien, Jr.`)

	known := checkGolden(t, rich, "notice-en-rich", &withName)
	for name, r := range people {
		known = append(known, checkGolden(t, n, name, &r)...)
	}
	checkStale(t, goldenDir, known)
}

// richNotice is what notices say where every fact is given.
func richNotice(t *testing.T) *Notice {
	t.Helper()
	n, err := Compile(richOptions(t))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func richOptions(t *testing.T) Options {
	t.Helper()
	o := stateOptions(t)
	i := &o.Incident
	i.NotInvolved = []string{"passwords", "payment cards"}
	i.Occurred.To = i.Occurred.From.AddDate(0, 0, 2)
	i.Parent, i.LawEnforcementDelay = "Northwind Holdings", "yes"
	i.Services = "We offer you a year of credit monitoring, free of charge: call us to enroll."
	i.WhatYouCanDo = "1. Change your PIN, *today*: {{.Name}} \\{{ is text.\n2. Read [our page](https://www.example.com/notice).\n\n- one & two\n- <https://www.example.com/>"
	o.Translations = nil
	return o
}

// checkGolden compares a notice with its golden files and returns their names.
func checkGolden(t *testing.T, n *Notice, name string, r *notifier.Recipient) []string {
	t.Helper()
	text, html, err := n.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	m, err := n.Compose(r, noticeDay.Add(9*60*60*1e9))
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Guard(r, n.Envelope(r), m); err != nil {
		t.Error(err)
	}
	golden(t, goldenDir, name+".txt", text)
	golden(t, goldenDir, name+".html", html)
	golden(t, goldenDir, name+".eml", m.Bytes)
	return []string{name + ".txt", name + ".html", name + ".eml"}
}

func golden(t *testing.T, dir, name string, got []byte) {
	t.Helper()
	path := filepath.Join(dir, name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v; run with -update and look at it", err)
		return
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and look at the difference\n%s", path, firstDifference(got, want))
	}
}

// firstDifference returns the first line that differs, as it is and as it was.
func firstDifference(got, want []byte) string {
	is, was := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(is), len(was)) {
		if is[i] != was[i] {
			return fmt.Sprintf("line %d is  %q\nline %d was %q", i+1, is[i], i+1, was[i])
		}
	}
	return fmt.Sprintf("it has %d lines and had %d", len(is), len(was))
}

// checkStale reports golden files of what there is no more, or takes them away
// when files are written anew.
func checkStale(t *testing.T, dir string, known []string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if slices.Contains(known, f.Name()) {
			continue
		}
		path := filepath.Join(dir, f.Name())
		if !*update {
			t.Errorf("%s is of nothing any more; run with -update", path)
		} else if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
}

// The five headings and the title are California's, to the letter.
func TestHeadings(t *testing.T) {
	r := sample(variant("both"))
	text, html, err := testNotice(t).Render(&r)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(html, []byte("<h1>Notice of Data Breach</h1>")) || !bytes.HasPrefix(text, []byte("Notice of Data Breach\n=====")) {
		t.Error("the title is missing")
	}
	rest, restText := string(html), string(text)
	for _, h := range []string{"What Happened", "What Information Was Involved", "What We Are Doing", "What You Can Do", "For More Information"} {
		var ok, okText bool
		_, rest, ok = strings.Cut(rest, "<h2>"+h+"</h2>")
		_, restText, okText = strings.Cut(restText, "\n\n"+h+"\n---")
		if !ok || !okText {
			t.Errorf("heading %q is missing or out of order", h)
		}
	}
}

// What was not involved is said only where counsel has confirmed it.
func TestNotInvolved(t *testing.T) {
	r := sample(variant("both"))
	text, html, err := testNotice(t).Render(&r)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{text, html} {
		if bytes.Contains(bytes.ToLower(b), []byte("not involved")) || bytes.Contains(bytes.ToLower(b), []byte("no financial")) {
			t.Errorf("the notice claims that something was not involved:\n%s", b)
		}
	}
}

// Full account numbers reach no notice.
func TestAccountsAreMasked(t *testing.T) {
	r := sample(variant("both"))
	m, err := testNotice(t).Compose(&r, noticeDay)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range r.Accounts {
		if bytes.Contains(m.Bytes, []byte(a.Number.Reveal())) {
			t.Errorf("account %s stands in full", a.Number)
		}
	}
}

func TestReturnPath(t *testing.T) {
	k := notifier.KeyByEmail([]byte("s"), "a@example.com", "A")
	if got, want := testNotice(t).ReturnPath(k), "bounces+"+k.String()+"@example.com"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestUnknownVariant(t *testing.T) {
	r := sample(notifier.Variant{Template: Name, Language: "xx", Types: "both"})
	if _, err := testNotice(t).Compose(&r, noticeDay); err == nil || !strings.Contains(err.Error(), "notice-xx-both") {
		t.Errorf("got %v", err)
	}
}

// A draft can be looked at before every fact is known.
func TestDraft(t *testing.T) {
	o := testOptions()
	o.Incident, o.Draft = Incident{}, true
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	r := sample(variant("both"))
	text, _, err := n.Render(&r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n\nTODO\n\nDear", "breach at TODO.", "discovered this on TODO.", "TODO\n\nThe accounts concerned", "By phone: TODO"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestEnvelope(t *testing.T) {
	n := testNotice(t)
	for address, utf8 := range map[string]bool{"a@example.com": false, "zoë@example.com": true} {
		r := sample(variant("both"))
		r.Address = notifier.NewAddress(address)
		e := n.Envelope(&r)
		if e.UTF8 != utf8 || e.To != r.Address || e.From != n.ReturnPath(r.Key) {
			t.Errorf("%s: got %+v", address, e)
		}
	}
}
