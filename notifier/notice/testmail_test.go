package notice

import (
	"bytes"
	"mime"
	"net/mail"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"breachmail/notifier"
)

// reviewer is who tests go to.
const reviewer = "reviewer@example.com"

func composeTest(t *testing.T, n *Notice, v notifier.Variant) (Message, notifier.Envelope) {
	t.Helper()
	m, e, err := n.ComposeTest(v, notifier.NewAddress(reviewer), "7k3fq", noticeDay.Add(9*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return m, e
}

func TestGoldenTests(t *testing.T) {
	n := testStateNotice(t)
	var known []string
	for _, v := range []notifier.Variant{n.Variant("", "en", "prepaid"), n.Variant("RI", "es", "both"), n.Variant("MA", "es", "postpaid")} {
		m, _ := composeTest(t, n, v)
		text, page := read(t, m)
		golden(t, testDir, v.String()+".txt", []byte(text))
		golden(t, testDir, v.String()+".html", []byte(page))
		golden(t, testDir, v.String()+".eml", m.Bytes)
		known = append(known, v.String()+".txt", v.String()+".html", v.String()+".eml")
	}
	checkStale(t, testDir, known)
}

// What a test says on top, by language.
const (
	testEnglish = "This is a test of a notice of data breach from Northwind Mobile, in the wording WORDING: the data in it are made up, and nobody has to do anything."
	testSpanish = "Esta es una prueba de un aviso de filtración de datos de Northwind Mobile, con la redacción WORDING: los datos que contiene son inventados, y nadie tiene que hacer nada."
)

// Every variant's test is its notice with the words on top, to the reviewer and
// to nobody else, and cannot be taken for a notice.
func TestComposeTest(t *testing.T) {
	n := testStateNotice(t)
	for _, v := range n.Variants() {
		m, e := composeTest(t, n, v)
		if want := (notifier.Envelope{From: "bounces@example.com", To: notifier.NewAddress(reviewer)}); e != want {
			t.Errorf("%s: got %+v", v, e)
		}
		checkTestHeader(t, n, v, m)
		r := n.Sample(v)
		text, page, err := n.Render(&r)
		if err != nil {
			t.Fatal(err)
		}
		in := strings.NewReplacer("WORDING", v.String())
		top, lead := in.Replace(testEnglish)+"\n", in.Replace(`<p lang="en">`+testEnglish+"</p>\n")
		if v.Language == "es" {
			top, lead = top+in.Replace(testSpanish)+"\n", lead+in.Replace(`<p lang="es">`+testSpanish+"</p>\n")
		}
		gotText, gotPage := read(t, m)
		if gotText != top+"\n"+string(text) {
			t.Errorf("%s: got\n%.400s", v, gotText)
		}
		before, behind, ok := strings.Cut(gotPage, lead)
		head, body, _ := strings.Cut(string(page), `<body style="margin:0">`)
		if !ok || !strings.HasPrefix(before, head+`<body style="margin:0">`+"\n<div role=\"note\"") || behind != "</div>"+body {
			t.Errorf("%s: got\n%.1500s", v, gotPage)
		}
	}
}

func checkTestHeader(t *testing.T, n *Notice, v notifier.Variant, m Message) {
	t.Helper()
	msg, err := mail.ReadMessage(bytes.NewReader(m.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	h := msg.Header
	if len(h) != len(headerOrder)-1 || h.Get(testHeader) != v.String() || len(h[keyHeader]) != 0 || h.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("%s: headers are %v", v, h)
	}
	if got := h.Get("Message-ID"); got != "<test.7k3fq.aug-2018@mail.example.com>" {
		t.Errorf("%s: Message-ID is %s", v, got)
	}
	if got := h.Get("To"); got != "<"+reviewer+">" {
		t.Errorf("%s: To is %s", v, got)
	}
	if got := h.Get("Date"); got != "Fri, 24 Aug 2018 09:00:00 +0000" {
		t.Errorf("%s: Date is %s", v, got)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := subject, "[TEST] "+n.editions[v.Language].sender.Subject; got != want {
		t.Errorf("%s: Subject is %q, want %q", v, got, want)
	}
	r := n.Sample(v)
	if bytes.Contains(m.Bytes, []byte(r.Key.String())) {
		t.Errorf("%s: a key stands in it", v)
	}
	if err := n.Guard(&r, n.Envelope(&r), m); err == nil {
		t.Errorf("%s: the guard takes it for a notice", v)
	}
}

// The same input gives the same bytes, whatever the time zone.
func TestComposeTestRepeats(t *testing.T) {
	n, v := testStateNotice(t), variant("both")
	to := notifier.NewAddress("zoë@exämple.com")
	a, e, err := n.ComposeTest(v, to, "a1", sent)
	if err != nil {
		t.Fatal(err)
	}
	if !e.UTF8 || e.To != to {
		t.Errorf("got %+v", e)
	}
	b, _, err := n.ComposeTest(v, to, "a1", sent.In(time.UTC))
	if err != nil || !bytes.Equal(a.Bytes, b.Bytes) || a.Digest != b.Digest {
		t.Errorf("the bytes differ (%v)", err)
	}
	c, _, err := n.ComposeTest(v, to, "a2", sent)
	if err != nil || a.Digest == c.Digest {
		t.Errorf("two tests are the same (%v)", err)
	}
	_, e, err = n.ComposeTest(v, notifier.NewAddress("zoe@exämple.com"), "a1", sent)
	if err != nil || e.UTF8 || e.To.Reveal() != "zoe@xn--exmple-cua.com" {
		t.Errorf("got %+v, %v", e, err)
	}
}

func TestComposeTestRefuses(t *testing.T) {
	n := testStateNotice(t)
	other := variant("both")
	other.State = "MA" // whose template is another
	long := strings.Repeat("a", 1000)
	for _, tt := range []struct {
		v            notifier.Variant
		address, id  string
		want         string
		mayNotAppear string
	}{
		{other, reviewer, "a", `there is no wording "notice-en-both-MA" to test`, ""},
		{notifier.Variant{}, reviewer, "a", "there is no wording", ""},
		{variant("both"), reviewer, "", `"" cannot name a test (small letters and digits can)`, ""},
		{variant("both"), reviewer, "A", "cannot name a test", ""},
		{variant("both"), reviewer, "a.b", "cannot name a test", ""},
		{variant("both"), reviewer, "a\n", "cannot name a test", ""},
		{variant("both"), reviewer, long, "too long for a mail header", ""},
		{variant("both"), "", "a", "a reviewer's address is not a plain one", ""},
		{variant("both"), "secret", "a", "a reviewer's address is not a plain one", "secret"},
		{variant("both"), "Secret <r@example.com>", "a", "a reviewer's address is not a plain one", "Secret"},
		{variant("both"), "<secret@example.com>", "a", "a reviewer's address is not a plain one", "secret"},
		{variant("both"), `"secret"@example.com`, "a", "a reviewer's address is not a plain one", "secret"},
		{variant("both"), "secret@example.com\r\nBcc: b@example.com", "a", "a reviewer's address is not a plain one", "secret"},
		{variant("both"), "secret@example.com, b@example.com", "a", "a reviewer's address is not a plain one", "secret"},
		{variant("both"), "secret@exam ple.com", "a", "a reviewer's address is not a plain one", "secret"},
		{variant("both"), "sec,ret@example.com", "a", "a reviewer's address is not a plain one", "sec"},
		{variant("both"), " secret@example.com", "a", "a reviewer's address is not a plain one", "secret"},
		{variant("both"), "secret@example..com", "a", "a reviewer's address is not a plain one", "secret"},
	} {
		m, e, err := n.ComposeTest(tt.v, notifier.NewAddress(tt.address), tt.id, sent)
		if err == nil || !strings.Contains(err.Error(), tt.want) || tt.mayNotAppear != "" && strings.Contains(err.Error(), tt.mayNotAppear) {
			t.Errorf("%q, %.20q: got %v", tt.address, tt.id, err)
		}
		if m.Bytes != nil || e != (notifier.Envelope{}) {
			t.Errorf("%q, %.20q: got a message", tt.address, tt.id)
		}
	}
}

// No test has the Message-ID of a notice, however a campaign is called: a
// notice's has one dot more than its campaign, a test's two.
func TestTestIDsAreApart(t *testing.T) {
	for _, campaign := range []string{"test", "test.a", "test.a.test", "a"} {
		o := testOptions()
		o.Campaign = campaign
		n, err := Compile(o)
		if err != nil {
			t.Fatal(err)
		}
		r := n.Sample(variant("both"))
		notice, err := n.Compose(&r, sent)
		if err != nil {
			t.Fatal(err)
		}
		test, _ := composeTest(t, n, variant("both"))
		if a, b := messageDots(t, notice), messageDots(t, test); a != strings.Count(campaign, ".")+1 || b != a+1 {
			t.Errorf("%s: the notice has %d dots, its test %d", campaign, a, b)
		}
	}
}

func messageDots(t *testing.T, m Message) int {
	t.Helper()
	msg, err := mail.ReadMessage(bytes.NewReader(m.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	local, _, _ := strings.Cut(msg.Header.Get("Message-ID"), "@")
	return strings.Count(local, ".")
}

// The words stand first in the body, whatever the layout writes out of it.
func TestTestedPage(t *testing.T) {
	const notice = `{{template "notice" .}}`
	for layout, want := range map[string]string{
		"<!doctype html><html><head></head><BODY class='>' id=\"a>b\" x>" + notice + "</body></html>": "<!doctype html><html><head></head><BODY class='>' id=\"a>b\" x>|",
		"<!doctype html>\n<html lang=en><head><title>x</title></head>" + notice:                       "<!doctype html>\n<html lang=en><head><title>x</title></head>|",
		"<!doctype html>\n<html lang=en>" + notice:                                                    "<!doctype html>\n<html lang=en>|",
		"<!DOCTYPE html>\n" + notice:                                                                  "<!DOCTYPE html>|",
		"<p>x</p>" + notice:                                                                           "|",
		"<head></head><bodyguard>" + notice:                                                           "<head></head>|",
	} {
		o := withTemplate(t, "# N\n")
		o.Templates.(fstest.MapFS)[layoutFile] = &fstest.MapFile{Data: []byte(layout)}
		n, err := Compile(o)
		if err != nil {
			t.Fatal(err)
		}
		m, _ := composeTest(t, n, variant("both"))
		_, page := read(t, m)
		if got, _, ok := strings.Cut(page, "\n<div role=\"note\""); !ok || got+"|" != want {
			t.Errorf("%s: got %q, want %q", layout, got, want)
		}
	}
}

// A company's name is text, and on one line.
func TestTestedCompany(t *testing.T) {
	o := testOptions()
	o.Incident.Company = "A & <B>\n Inc."
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	m, _ := composeTest(t, n, variant("both"))
	text, page := read(t, m)
	if !strings.HasPrefix(text, "This is a test of a notice of data breach from A & <B> Inc., in the wording notice-en-both: the data") || !strings.Contains(page, "from A &amp; &lt;B&gt; Inc., in the wording notice-en-both: the data") {
		t.Errorf("got\n%.200s\n%.1200s", text, page)
	}
}
