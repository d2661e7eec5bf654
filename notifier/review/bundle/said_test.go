package bundle

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/review"
)

// said is what a page says in the element of that id, on one line; the whole
// page where id is empty.
func said(t *testing.T, p PageData, id string) string {
	t.Helper()
	root := parsePage(t, p)
	for n := range root.Descendants() {
		if id != "" && attr(n, "id") == id {
			return text(n)
		}
	}
	if id != "" {
		t.Fatalf("the page has no %s", id)
	}
	return text(root)
}

// text is what a reader of a node reads, on one line.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && !within(d, "style") && !within(d, "script") {
			b.WriteString(d.Data)
		}
		if d.Type == html.ElementNode && slices.Contains([]string{"p", "div", "li", "td", "th", "br", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "summary", "span"}, d.Data) {
			b.WriteString(" ")
		}
	}
	s := strings.Join(strings.Fields(b.String()), " ")
	return strings.NewReplacer(" .", ".", " ,", ",", " ;", ";", " )", ")", "( ", "(").Replace(s)
}

// TestSaid: what the parts of a page say, and do not say.
func TestSaid(t *testing.T) {
	const letters = "Letters to the 52,576 people told by post are not part of this bundle, nor of the approval."
	for _, c := range []struct {
		name   string
		change func(*PageData)
		in     string // the id of a part
		has    []string
		hasNot []string
	}{
		{"first", func(*PageData) {}, "", []string{
			"1,962,301 people are to be told by email, and 52,576 people by post, about the incident of August 20, 2018. " + letters,
			"about 1,200 words in the notices, and 410 in the texts for website and call center",
			"The nearest legal dates", "California 402,112 (391,000 by email, 11,112 by post)", "Texas 310,288;", "Georgia 98,213 (by post)",
			"Others who have to be told, some earlier: Maryland, Massachusetts (see all).", "Federal rule for telecommunications carriers: 2,014,877 people (doubtful)",
			"In 2 states, California and Texas, the law data allow email only with consent.", "For review by counsel",
		}, []string{"the law knows", "said to anybody", "digest of", "evidence", "state unknown"}},
		{"one person each", func(p *PageData) { p.Email, p.Postal = 1, 1 }, "", []string{
			"1 person is to be told by email, and 1 person by post,", "The letter to the 1 person told by post is not part of this bundle, nor of the approval.",
		}, []string{"person are"}},
		{"no letters", func(p *PageData) { p.Postal = 0 }, "", nil, []string{"etters to the", "etter to the", "by post, about"}},
		{"approved", func(p *PageData) { p.Approved = "approved already by Robin Chen, nothing changed since" }, "", []string{"Approved already by Robin Chen, nothing changed since"}, []string{"For review by counsel"}},
		{"approved, and then spoilt", func(p *PageData) {
			p.Approved = "approved already by Robin Chen, nothing changed since"
			p.TODOs = []review.Finding{{File: "a", Line: 1, Text: "TODO"}}
		}, "", []string{"Draft: not ready"}, []string{"Approved already"}},
		{"the reading", func(*PageData) {}, "reading", []string{"everything that is said by email so far", letters, "read every wording that is sent by email so far"}, []string{"said to anybody", "covered by the approval too"}},
		{"wordings nobody gets", func(p *PageData) { p.Samples[0].People = 0 }, "reading", []string{"1 wording that reaches nobody so far is covered by the approval too and is not in the reading"}, nil},
		{"the wordings", func(*PageData) {}, "wordings", []string{letters}, nil},
		{"to approve", func(p *PageData) { p.Approvals = testApprovals(*p) }, "approve", []string{
			letters, "Record 9, approval code", "Signed as robin.chen@example.com with the key SHA256:", "One paragraph by mail is enough",
		}, []string{"evidence", "digest of", "different people"}},
		{"one of two", func(p *PageData) { p.Approvals, p.Needed = testApprovals(*p), 3 }, "approve", []string{"3 different people have to approve: approved so far by Robin Chen, general counsel; 2 more."}, nil},
		{"elsewhere", func(*PageData) {}, "elsewhere", []string{
			"Publish these only when nothing speaks against it: people in Maryland, New Jersey are on hold (regulators-first); everyone is on hold (police, until August 24, 2018).",
		}, []string{"board"}},
		{"elsewhere without holds", func(p *PageData) { p.Holds = p.Holds[2:] }, "elsewhere", nil, []string{"Publish these only"}},
		{"states", func(*PageData) {}, "states", []string{"By email", "Georgia 98,213 0 98,213", "Doubtful: its effective date was put off", "State not known"}, []string{"Whether it is in force"}},
		{"states before channels were known", func(p *PageData) {
			for i := range p.States {
				p.States[i].Email, p.States[i].Postal = 0, 0
			}
		}, "states", nil, []string{"By email"}},
		{"changes", func(p *PageData) { p.Changes = testChanges() }, "changes", []string{"Text for the website, English", "Text: in 4 wordings, 1,650,311 people"}, []string{"0 wordings", "0 people"}},
		{"nothing kept", func(p *PageData) {
			p.Changes = &review.Changes{By: "Alex Rivera", NotKept: "An older version recorded this approval without the words."}
		}, "changes", []string{"An older version recorded this approval without the words."}, []string{"Neither files nor words"}},
	} {
		p := testPage(t)
		c.change(&p)
		got := said(t, p, c.in)
		for _, s := range c.has {
			if !strings.Contains(got, s) {
				t.Errorf("%s lacks %q:\n%.3000s", c.name, s, got)
			}
		}
		for _, s := range c.hasNot {
			if strings.Contains(got, s) {
				t.Errorf("%s has %q", c.name, s)
			}
		}
	}
}

// Findings are told in words first, and what asks counsel something stands apart
// from what is only good to know.
func TestFindingsInWords(t *testing.T) {
	p := testPage(t)
	warning := func(rule, state string) review.Finding {
		return review.Finding{File: "law.csv", Line: 1, Rule: rule, State: state, Level: review.Warning, Text: "why"}
	}
	p.Findings = []review.Finding{
		{File: "a", Line: 1, Rule: review.RuleForbiddenBlock, State: "MA", Level: review.Error, Text: "why", Waivable: true},
		warning(review.RuleForbiddenBlock, "MA"), warning(review.RuleUnverified, ""), warning(review.RuleUrgency, ""),
	}
	got := said(t, p, "open")
	for _, s := range []string{
		"Massachusetts: something its law forbids a:1 forbidden-block:MA", "For counsel to decide: 2", "Massachusetts: something its law may forbid",
		"Addresses that nobody has compared with a source law.csv:1 unverified", "Good to know: 1", "Words that press the reader",
	} {
		if !strings.Contains(got, s) {
			t.Errorf("lacks %q: %s", s, got)
		}
	}
	for _, rule := range review.Rules {
		if titles[rule] == "" {
			t.Errorf("there are no words for %s", rule)
		}
	}
}

// The checklist counts as What is open does, and says what stands behind each
// line.
func TestChecklist(t *testing.T) {
	p := testPage(t)
	got := said(t, p, "checklist")
	for _, s := range []string{
		"Maryland: 3 of 7 met, 1 for counsel to read; in Spanish one is lacking 3 points to settle, 1 point to read, 38,811 people",
		"In English, prepaid and postpaid accounts: met", "Spanish, prepaid and postpaid accounts, Maryland: lacking: the date",
		"Counsel to read: “Ask a bureau.”", "Nothing has to stand there: there was no delay", "Attorney general: a directory; from general knowledge, to be checked",
		"Georgia: 0 of 1 met 98,213 people by post: judged by the text of the email", "which nobody there gets: all are told by post",
		"Texas: nothing particular is asked of the notice 310,288 people, voluntary", "State not known: which law applies is unknown 1,412 people",
	} {
		if !strings.Contains(got, s) {
			t.Errorf("lacks %q: %s", s, got)
		}
	}
}

func TestOnlyThere(t *testing.T) {
	es, en := notifier.Variant{Language: "es", Types: "both"}, notifier.Variant{Language: "en", Types: "prepaid"}
	lacks := func(v ...notifier.Variant) review.CheckItem {
		i := review.CheckItem{Asks: jurisdiction.Required}
		for _, v := range v {
			i.Others = append(i.Others, review.OtherWording{Variant: v, Lacks: []string{"it"}})
		}
		return i
	}
	for want, items := range map[string][]review.CheckItem{
		"1 of 1 met":                           {{Asks: jurisdiction.Required}},
		"0 of 1 met":                           {{Asks: jurisdiction.Required, Lacks: []string{"it"}, Others: []review.OtherWording{{Variant: es, Lacks: []string{"it", "that"}}}}},
		"0 of 2 met; in Spanish 2 are lacking": {lacks(es, es), lacks(es)},
		"1 of 3 met; in another wording one is lacking; in Spanish one is lacking": {lacks(en), lacks(es), {}},
	} {
		if got := new(view).Summary(review.StateChecklist{Variant: notifier.Variant{Language: "en"}, Items: items}); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Each row of the states says what is different, leads there and to the state's
// own wording, and has all of it in one piece, from top to bottom.
func TestGroups(t *testing.T) {
	p := testPage(t)
	for i, n := range []int{3, 40, 2} {
		p.Samples[i].States = []review.StatePeople{{State: "CA", People: 100 - n}, {State: "MD", People: n}}
	}
	got := said(t, p, "reading")
	for _, s := range []string{
		"Base notice: 3 states, 1 territory and people whose state is not known", "Nothing because of the state: California 402,112, Texas 310,288, District of Columbia 9, Puerto Rico 3, State not known 2",
		"the attorney general's address (2)", "Massachusetts 51,007, Rhode Island 1 51,008 difference 3, the attorney general's address (2)",
		"Read the addition for Maryland in one piece Under “For More Information” For Maryland Residents • You",
		"Read the addition for Massachusetts and Rhode Island in one piece Prepaid and postpaid accounts only: Not there: “Someone outside the company misused one of our interfaces. We shut that …” Under “For More Information”",
	} {
		if !strings.Contains(strings.ReplaceAll(got, "Residents You", "Residents • You"), s) {
			t.Errorf("lacks %q: %s", s, got)
		}
	}
	g := newView(p).Languages[0].Groups
	if g[0].Names[0].Own != nil || g[1].Names[0].Own == nil || g[1].Names[0].Own.To != "wording-notice-en-postpaid" {
		t.Errorf("leads to %v and %v", g[0].Names[0].Own, g[1].Names[0].Own)
	}
}

func TestSameHeading(t *testing.T) {
	for _, c := range []struct {
		pattern, heading string
		want             bool
	}{
		{"For … Residents", "For Maryland Residents", true}, {"For … Residents", "For Residents", false}, {"For … Residents", "What Happened", false},
		{"What Happened", "What Happened", true}, {"What Happened", "", false}, {"", "", true}, {"For … Residents", "", false},
	} {
		if got := sameHeading(c.pattern, c.heading); got != c.want {
			t.Errorf("%q, %q: %v", c.pattern, c.heading, got)
		}
	}
}

func TestRegions(t *testing.T) {
	for want, states := range map[string]string{
		"": "", "1 state": "CA", "2 states": "CA DC", "1 state and 2 territories": "CA PR PW", "people whose state is not known": "unknown",
		"1 state, military addresses and people whose state is not known": "AE unknown TX",
	} {
		var list []review.StatePeople
		for _, s := range strings.Fields(states) {
			list = append(list, review.StatePeople{State: s})
		}
		if got := regions(list); got != want {
			t.Errorf("%s: got %q, want %q", states, got, want)
		}
	}
}

// Those who leave the least time come first.
func TestHours(t *testing.T) {
	list := []string{"the Attorney General, before the people (30 days)", "the police (within 72 hours)", "DACO (within 10 days, which cannot be extended)", "the agency (14 business days)", "credit bureaus"}
	for i := range list[1:] {
		if a, b := hours(list[i:i+1]), hours(list[i+1:i+2]); a >= b {
			t.Errorf("%q: %d hours, %q: %d", list[i], a, list[i+1], b)
		}
	}
	if got := hours([]string{list[3], list[1]}); got != 72 {
		t.Errorf("both: %d", got)
	}
}

// A plain text stays as it is, character by character, with marks on what paper
// shows otherwise.
func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"":                     "",
		"a\n":                  "a\n",
		"Title\n=====\n\na\n":  "<b>Title</b><span class=\"stroke\">\n=====\n</span><span>\n</span>a\n",
		"Title\n---":           "<b>Title</b><span class=\"stroke\">\n---</span>",
		"\n---\n- a\n--\n":     "<span>\n</span>---\n- a\n--\n",
		"a < b\n\n\n&amp;\n\n": "a &lt; b\n<span>\n</span><span>\n</span>&amp;amp;\n<span>\n</span>",
	} {
		got := string(plain([]byte(in)))
		if got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
		root, err := html.Parse(strings.NewReader("<pre>\n" + got + "</pre>"))
		if err != nil {
			t.Fatal(err)
		}
		var back strings.Builder
		for n := range root.Descendants() {
			if n.Type == html.TextNode {
				back.WriteString(n.Data)
			}
		}
		if back.String() != in {
			t.Errorf("%q reads %q", in, back.String())
		}
	}
}
