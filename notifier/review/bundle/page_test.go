package bundle

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier/review"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestPage(t *testing.T) {
	p := testPage(t)
	var b bytes.Buffer
	if err := Page(&b, p); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/page.html"
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("%s differs; run with -update and look at the difference", golden)
	}
	for _, s := range []string{"<script src", "http://", "src=\"", "<img", "<link", "@import", "url(", "ZgotmplZ"} {
		if bytes.Contains(b.Bytes(), []byte(s)) {
			t.Errorf("the page has %q", s)
		}
	}
	for _, s := range []string{p.Command, "2,014,877", "1,962,301 people are to be told by email", "not legal advice", "Content-Security-Policy"} {
		if !strings.Contains(strings.ReplaceAll(b.String(), "&#39;", "'"), s) {
			t.Errorf("the page lacks %q", s)
		}
	}
}

// Nobody can approve a page that still has gaps: it has no code and no command.
func TestPageWithGaps(t *testing.T) {
	p := testPage(t)
	p.TODOs = []review.Finding{{File: "campaign.yaml", Line: 12, Text: "incident.company"}, {File: "templates/notice.en.md", Line: 40, Text: "TODO <b>"}}
	var b bytes.Buffer
	if err := Page(&b, p); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"campaign.yaml:12", "incident.company", "TODO &lt;b&gt;", "No approval code yet"} {
		if !strings.Contains(b.String(), s) {
			t.Errorf("the page lacks %q", s)
		}
	}
	if strings.Contains(b.String(), "approve --by") {
		t.Error("the page has a command")
	}
}

// A finding that may be waived leaves the code on the page, since the approval
// that waives it needs the code; another one does not.
func TestPageWithFindings(t *testing.T) {
	p := testPage(t)
	p.Findings = []review.Finding{
		{File: "templates/notice.en.md", Line: 1, Rule: review.RuleRequiredBlock, State: "NY", Level: review.Error, Text: "New York asks for <more>", Variant: "notice-en-prepaid", Variants: 3, Waivable: true},
		{File: "templates/notice.en.md", Line: 9, Rule: review.RuleUrgency, Level: review.Warning, Text: "now", Variant: "notice-en-both-NY", Variants: 1, Waivable: true},
		{File: "campaign.yaml", Rule: review.RuleDate, Level: review.Error, Text: "another day", Waivable: true, Waived: "the police gave it"},
	}
	p.States = append(p.States, State{Code: "NY", Name: "New York"})
	p.Samples[2].People = 0
	for _, c := range []struct {
		name        string
		change      func()
		has, hasNot []string
	}{
		{"as it is", func() {}, []string{
			"What forbids approval", "templates/notice.en.md:1", "required-block:NY", "New York asks for &lt;more&gt;", `href="#wording-notice-en-prepaid"`, "and 2 others",
			"New York: something its law asks for is missing", "Good to know: 1", "Waived by counsel", "Waived: the police gave it", p.Command, `--waive required-block:NY --reason "WHY"`,
			"1 wording reaches nobody so far", "and 1 ready that reaches nobody yet", "1 wording that reaches nobody so far is covered", "Draft",
			"Not ready to send", "I approve in spite of <code>required-block:NY</code>, because: [REASON]", "Copy it, to be filled in",
		}, []string{"No approval code yet", "Still to be filled in"}},
		{"all waived", func() { p.Findings[0].Waived = "they agreed" }, []string{p.Command, "For review by counsel", "statement.txt"}, []string{"What forbids approval", "--waive", "Draft", "Not ready to send", "[REASON]"}},
		{"not to be waived", func() {
			p.Findings = append(p.Findings, review.Finding{File: "a", Line: 2, Rule: review.RuleShortener, Level: review.Error, Text: "bit.ly"})
		}, []string{"No approval code yet", "cannot be waived"}, []string{"approve --by"}},
		{"TODO once", func() {
			p.Findings = []review.Finding{{File: "a", Line: 2, Rule: review.RuleTODO, Level: review.Error, Text: "the reader would see it"}}
			p.TODOs = []review.Finding{{File: "a", Line: 2, Text: "this line still says it"}}
		}, []string{"this line still says it", "Still to be filled in"}, []string{"the reader would see it", "What forbids approval"}},
	} {
		c.change()
		var b bytes.Buffer
		if err := Page(&b, p); err != nil {
			t.Fatal(err)
		}
		page := strings.NewReplacer("&#39;", "'", "&#34;", `"`).Replace(b.String())
		for _, s := range c.has {
			if !strings.Contains(page, s) {
				t.Errorf("%s: the page lacks %q", c.name, s)
			}
		}
		for _, s := range c.hasNot {
			if strings.Contains(page, s) {
				t.Errorf("%s: the page has %q", c.name, s)
			}
		}
	}
}

// Wordings that somebody gets come first, whatever their place in the list.
func TestPageOrder(t *testing.T) {
	p := testPage(t)
	p.Samples[0].People = 0
	v := newView(p)
	var got []string
	for _, s := range append(v.Reached, v.Nobody...) {
		got = append(got, s.Variant.Types)
	}
	if want := []string{"postpaid", "both", "prepaid"}; !slices.Equal(got, want) || len(v.Nobody) != 1 || v.Nobody[0].Number != 3 {
		t.Errorf("got %q, %d reach nobody", got, len(v.Nobody))
	}
	for i := range p.Samples {
		p.Samples[i].People = 0
	}
	if v := newView(p); len(v.Reached) != 3 || len(v.Nobody) != 0 {
		t.Errorf("nobody gets any: %d and %d", len(v.Reached), len(v.Nobody))
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 12345: "12,345", 2000000: "2,000,000", -1000: "-1,000"} {
		if got := count(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}
