package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"breachmail/notifier/review"
)

// pages are pages of every kind: full, empty, blocked, with personal data.
func pages(t *testing.T) map[string]PageData {
	t.Helper()
	small, blocked, secret := testPage(t), testPage(t), largePage(t, 102)
	blocked.TODOs = []review.Finding{{File: "campaign.yaml", Line: 12, Text: "incident.company"}}
	secret.Real, secret.States = true, nil
	secret.ByPost = []Reason{{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 1}}
	return map[string]PageData{"small": small, "large": largePage(t, 102), "blocked": blocked, "personal": secret, "empty": {}}
}

func parsePage(t *testing.T, p PageData) *html.Node {
	t.Helper()
	var b bytes.Buffer
	if err := Page(&b, p); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// TestLinks: every id is there once, and every link leads somewhere: to a place
// on the page, or to a file of the bundle.
func TestLinks(t *testing.T) {
	for name, p := range pages(t) {
		root := parsePage(t, p)
		ids := map[string]int{}
		for n := range root.Descendants() {
			if id := attr(n, "id"); id != "" {
				ids[id]++
			}
		}
		for id, n := range ids {
			if n > 1 {
				t.Errorf("%s: %d times id %q", name, n, id)
			}
		}
		files, err := p.files()
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			to := attr(n, "href")
			place, here := strings.CutPrefix(to, "#")
			switch {
			case to == "" || here && ids[place] == 1:
			case !slices.ContainsFunc(files, func(f file) bool { return f.name == to }):
				t.Errorf("%s: a link to %q leads nowhere", name, to)
			}
			for _, refers := range []string{"aria-labelledby", "data-copy"} {
				if to := attr(n, refers); to != "" && ids[to] != 1 {
					t.Errorf("%s: %s=%q leads nowhere", name, refers, to)
				}
			}
		}
	}
}

// TestOutline: headings go down one level at a time, frames are closed off and
// named, fields are labelled, and nothing but the one known script runs.
func TestOutline(t *testing.T) {
	for name, p := range pages(t) {
		last, scripts := 0, 0
		for n := range parsePage(t, p).Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: %s has %s", name, n.Data, a.Key)
				}
			}
			switch n.Data {
			case "h1", "h2", "h3", "h4", "h5", "h6":
				level := int(n.Data[1] - '0')
				if level > last+1 {
					t.Errorf("%s: %s behind a heading of level %d", name, n.Data, last)
				}
				last = level
			case "iframe":
				if attr(n, "title") == "" || attr(n, "sandbox") != "" || !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "sandbox" }) {
					t.Errorf("%s: a frame without name or open: %q", name, attr(n, "title"))
				}
			case "input", "select":
				if !within(n, "label") {
					t.Errorf("%s: a field without label: %s", name, attr(n, "id"))
				}
			case "script":
				scripts++
				sum := sha256.Sum256([]byte(n.FirstChild.Data))
				if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy(n), want) {
					t.Errorf("%s: the policy %q does not know the script: %s", name, policy(n), want)
				}
			}
		}
		if scripts != 1 {
			t.Errorf("%s: %d scripts", name, scripts)
		}
	}
}

func within(n *html.Node, element string) bool {
	for p := range n.Ancestors() {
		if p.Data == element {
			return true
		}
	}
	return false
}

// policy is the content security policy of the page that a node is in.
func policy(n *html.Node) string {
	var root *html.Node
	for root = range n.Ancestors() {
	}
	for n := range root.Descendants() {
		if attr(n, "http-equiv") == "Content-Security-Policy" {
			return attr(n, "content")
		}
	}
	return ""
}

func TestPolicy(t *testing.T) {
	var script *html.Node
	for n := range parsePage(t, testPage(t)).Descendants() {
		if n.Data == "script" {
			script = n
		}
	}
	got := policy(script)
	if !strings.HasPrefix(got, "default-src 'none'; script-src 'sha256-") || strings.Contains(strings.Split(got, "style-src")[0], "unsafe") {
		t.Errorf("the policy is %q", got)
	}
}

// A page of everything that the built-in templates and law give, and of four
// times that, can still be passed on by mail.
func TestSize(t *testing.T) {
	const most = 5 << 20
	for _, n := range []int{102, 400, 600} {
		p := largePage(t, n)
		var b bytes.Buffer
		if err := Page(&b, p); err != nil {
			t.Fatal(err)
		}
		frames, texts := bytes.Count(b.Bytes(), []byte("<iframe")), bytes.Count(b.Bytes(), []byte("<pre class=\"notice\""))
		t.Logf("%d wordings: %d bytes, %d frames", n, b.Len(), frames)
		if b.Len() > most && n <= 400 {
			t.Errorf("%d wordings: %d bytes", n, b.Len())
		}
		if texts < n || n <= 400 && frames < n || n > 400 && frames >= n {
			t.Errorf("%d wordings: %d frames, %d texts", n, frames, texts)
		}
	}
}

// The page says loudly that it holds personal data, also on paper.
func TestReal(t *testing.T) {
	p := testPage(t)
	for _, is := range []bool{false, true} {
		p.Real = is
		var b bytes.Buffer
		if err := Page(&b, p); err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{`<p class="real"`, `@top-center{content:"Contains personal data"`, "<title>Personal data."} {
			if strings.Contains(b.String(), s) != is {
				t.Errorf("personal data %v: %q", is, s)
			}
		}
	}
}

// What stands in an attribute or between tags stays there.
func TestEscapes(t *testing.T) {
	p := testPage(t)
	const evil = `</pre></iframe>"><script>alert(1)</script>&amp;`
	p.Samples[0].Text, p.Samples[0].HTML = []byte(evil), []byte(evil)
	p.Elsewhere[0].HTML = []byte(evil)
	scripts := 0
	for n := range parsePage(t, p).Descendants() {
		switch {
		case n.Data == "script" && n.Type == html.ElementNode:
			scripts++
		case attr(n, "srcdoc") != "" && strings.HasPrefix(attr(n, "title"), "Formatted notice: ") && strings.Contains(attr(n, "srcdoc"), "alert(1)"):
			if got := attr(n, "srcdoc"); got != evil {
				t.Errorf("the frame holds %q", got)
			}
		}
	}
	if scripts != 1 {
		t.Errorf("%d scripts", scripts)
	}
}
