package notice

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"breachmail/notifier"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and look at the difference\n%s", path, got)
	}
}

func TestGolden(t *testing.T) {
	n := testNotice(t)
	for _, types := range []string{"prepaid", "postpaid", "both"} {
		r := sample(variant(types))
		checkGolden(t, n, r.Variant.String(), &r)
	}
	r := sample(variant("postpaid"))
	r.Name = notifier.Name{}
	checkGolden(t, n, "notice-en-nameless", &r)

	o := testOptions()
	o.Incident.NotInvolved = []string{"passwords", "payment cards"}
	o.Incident.Occurred.To = o.Incident.Occurred.From.AddDate(0, 0, 2)
	o.Incident.WhatYouCanDo = "1. Change your PIN, *today*: {{.Name}} \\{{ is text.\n2. Read [our page](https://www.example.com/notice).\n\n- one & two\n- <https://www.example.com/>"
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	r = sample(variant("both"))
	r.Name = notifier.NewName(`Zoë "Z" O'Brien, Jr.`)
	checkGolden(t, n, "notice-en-rich", &r)
}

func checkGolden(t *testing.T, n *Notice, name string, r *notifier.Recipient) {
	t.Helper()
	text, html, err := n.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	m, err := n.Compose(r, noticeDay.Add(9*60*60*1e9))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, name+".txt", text)
	golden(t, name+".html", html)
	golden(t, name+".eml", m.Bytes)
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

func TestLanguages(t *testing.T) {
	o := withTemplate(t, "# Notice\n")
	files := o.Templates.(fstest.MapFS)
	files["notice.es.md"] = &fstest.MapFile{Data: []byte("# Aviso\n\n{{date .Incident.NoticeDate}}\n")}
	files["notice.ar.md"] = files["notice.es.md"]
	files["other.en.md"] = files["notice.es.md"]
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := n.Languages(), []string{"en", "ar", "es"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
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
	for _, want := range []string{"\n\nTODO\n\nDear", "breach at TODO.", "discovered this on TODO.", "- TODO", "By phone: TODO"} {
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
