package review

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"breachmail/notifier"
)

// shown writes a change as [-removed-] {+added+}.
func shown(places []PlaceChange) string {
	var out []string
	for _, p := range places {
		line := p.Under + ":"
		for _, e := range p.Words {
			line += " " + map[EditOp]string{Kept: "", Removed: "[-", Added: "{+"}[e.Op] + e.Text + map[EditOp]string{Kept: "", Removed: "-]", Added: "+}"}[e.Op]
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// approvedAs returns what an approval keeps of a campaign, and what
// CompareItems needs of it.
func approvedAs(t testing.TB, c *campaign) (contents map[string][]byte, items []Item, samples []Sample) {
	t.Helper()
	m := c.material(t)
	samples, err := Samples(m.Notices, m.Notices.Variants(), m.Day)
	if err != nil {
		t.Fatal(err)
	}
	items = SampleItems(samples)
	for _, s := range m.Sources {
		name := s.File
		if name == configFile {
			name += ": campaign"
		}
		items = append(items, NewItem(name, s.Text))
	}
	contents = map[string][]byte{}
	for _, it := range items {
		contents[it.Name] = it.Content
	}
	return contents, items, samples
}

// compareContents compares with what an approval kept, by the names of its items.
func compareContents(old map[string][]byte, now []Item, samples []Sample, people map[notifier.Variant]int64) (*Changes, error) {
	var approved []Item
	for name, content := range old {
		approved = append(approved, NewItem(name, content))
	}
	return CompareItems(approved, now, samples, people)
}

func TestCompare(t *testing.T) {
	c := newCampaign(t)
	c.english()
	old, items, samples := approvedAs(t, c)
	people := map[notifier.Variant]int64{}
	for i, s := range samples {
		people[s.Variant] = int64(i + 1)
	}
	got, err := compareContents(old, items, samples, people)
	if err != nil || got == nil || len(got.Files)+len(got.Wordings)+len(got.Added)+len(got.Removed) > 0 {
		t.Errorf("nothing changed: got %+v, %v", got, err)
	}
	if got, err := compareContents(nil, items, samples, people); got != nil || err != nil {
		t.Errorf("nothing was approved: got %+v, %v", got, err)
	}

	c.Incident.WhatHappened = strings.Replace(c.Incident.WhatHappened, "Someone outside the company", "A former supplier", 1)
	c.Incident.Contact.Phone = "1-800-555-0199"
	c.replace(t, baseEnglish, "I am sorry for the worry this brings you.", "I am sorry.\n\nWe will write again.")
	c.Sender.Subject = "Notice of a Data Breach"
	_, items, samples = approvedAs(t, c)
	if got, err = compareContents(old, items, samples, people); err != nil {
		t.Fatal(err)
	}
	if want := []string{"templates/notice.en.md was changed (3 lines)"}; !slices.Equal(got.Files, want) {
		t.Errorf("got %q", got.Files)
	}
	var list []string
	for _, w := range got.Wordings {
		list = append(list, w.Part+" of "+names(w.Variants)+"\n"+shown(w.Places))
	}
	const base, own = "notice-en-prepaid notice-en-postpaid notice-en-both", " massachusetts-en-prepaid-MA massachusetts-en-postpaid-MA massachusetts-en-both-MA"
	want := []string{
		"Subject of " + base + own + "\n: Notice of {+a+} Data Breach",
		"text of " + base + own + "\nFor More Information: By phone: [-1-800-555-0100-] {+1-800-555-0199+} (every day, 8 a.m. to 8 …",
		"text of " + base + "\nWhat Happened: [-Someone outside the company-] {+A former supplier+} misused one of our interfaces and …\n" +
			"For More Information: I am [-sorry for the worry this brings you.-] {+sorry. We will write again.+}",
	}
	if !slices.Equal(list, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(list, "\n\n"), strings.Join(want, "\n\n"))
	}
	if got.Wordings[0].People != 21 || got.Wordings[2].People != 6 {
		t.Errorf("got %+v", got.Wordings)
	}
}

func names(variants []notifier.Variant) string {
	var out []string
	for _, v := range variants {
		out = append(out, v.String())
	}
	return strings.Join(out, " ")
}

// Wordings come and go, and what a reader does not see is said in a word.
func TestComparePartsOfMessages(t *testing.T) {
	c := newCampaign(t)
	c.base()
	old, items, samples := approvedAs(t, c)
	const name = "notice-en-both"
	at := slices.IndexFunc(samples, func(s Sample) bool { return s.Variant.String() == name })
	for what, change := range map[string]struct {
		old, new string
		want     string
	}{
		"date":       {"Date: ", "Date: Mon, 01 Jan 2018 00:00:00 +0000\r\nX-Old-Date: ", "headers\n"},
		"message id": {"Message-ID: <", "Message-ID: <x", "headers\n"},
		"from":       {"From: \"Northwind Mobile\"", "From: \"Northwind\"", "From\n: [-\"Northwind\"-] {+\"Northwind Mobile\"+} <notices@example.com>"},
		"style":      {"font-size:26px", "font-size:24px", "formatted page\n"},
		"mark":       {"<h2>What Happened</h2>", "<p>What Happened</p>", "formatted page\n"},
		"reply":      {"Reply-To: privacy@", "Reply-To: other@", "Reply-To\n: [-other@example.com-] {+privacy@example.com+}"},
	} {
		was := maps.Clone(old)
		key := samplePrefix + name
		was[key] = []byte(strings.Replace(string(samples[at].Message), change.old, change.new, 1))
		if string(was[key]) == string(samples[at].Message) {
			t.Errorf("%s: the message has no %q:\n%s", what, change.old, was[key][:600])
			continue
		}
		got, err := compareContents(was, items, samples, nil)
		if err != nil || len(got.Wordings) != 1 {
			t.Errorf("%s: got %+v, %v", what, got, err)
			continue
		}
		w := got.Wordings[0]
		if s := w.Part + "\n" + shown(w.Places); s != change.want || names(w.Variants) != name {
			t.Errorf("%s: got %q for %s", what, s, names(w.Variants))
		}
		if !slices.Equal(got.Files, []string{otherProgram}) {
			t.Errorf("%s: got %q", what, got.Files)
		}
	}

	delete(old, "sample "+name)
	old["sample notice-en-both-ZZ"] = nil
	got, err := compareContents(old, items, samples, nil)
	if err != nil || names(got.Added) != name || !slices.Equal(got.Removed, []string{"notice-en-both-ZZ"}) || len(got.Wordings) > 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	old["sample "+name] = []byte("no message")
	if _, err := compareContents(old, items, samples, nil); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("got %v", err)
	}
}

// The texts for everybody are compared as well.
func TestComparePublications(t *testing.T) {
	const text, html = "Title\n=====\n\nWe are sorry.\n", "<h1>Title</h1>\n<p>We are sorry.</p>\n"
	was := map[string][]byte{"website.en.txt": []byte(text), "website.en.html": []byte(html)}
	for name, c := range map[string]struct{ text, html, want string }{
		"words":            {"Title\n=====\n\nWe are truly sorry.\n", "<h1>Title</h1>\n<p>We are truly sorry.</p>\n", "text Title: We are {+truly+} sorry."},
		"words behind a <": {text + "\n< 5 words\n", html + "<p>&lt; 5 words</p>\n", "text Title: We are sorry. {+< 5 words+}"},
		"marks":            {text, "<h1>Title</h1>\n<p>We are <b>sorry</b>.</p>\n", "formatted page "},
		"the page's words": {text, html + "<p>Click here.</p>\n", "formatted page Title: We are sorry. {+Click here.+}"},
	} {
		now := []Item{NewItem("website.en.html", []byte(c.html)), NewItem("website.en.txt", []byte(c.text))}
		got, err := compareContents(was, now, nil, nil)
		if err != nil || len(got.Wordings) != 1 || got.Wordings[0].Publication != "website.en" || got.Wordings[0].Part+" "+shown(got.Wordings[0].Places) != c.want ||
			!slices.Equal(got.Files, []string{otherProgram}) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func TestDifferencesInDetail(t *testing.T) {
	item := func(name, content string) Item { return NewItem(name, []byte(content)) }
	bare := func(i Item) Item { i.Content = nil; return i }
	const incident, holds, status = "campaign.yaml: incident", "campaign.yaml: holds", "campaign.yaml: law"
	long := strings.Repeat("words and ", 12)
	for name, c := range map[string]struct {
		old, now Item
		want     []string
	}{
		"nothing":     {item("law.csv", "a"), item("law.csv", "a"), nil},
		"lines":       {item("templates/x.md", "a\nb\nc\n"), item("templates/x.md", "a\nB\nc\nd\n"), []string{"templates/x.md was changed (2 lines)"}},
		"a line less": {item("templates/x.md", "a\nb\n"), item("templates/x.md", "a\n"), []string{"templates/x.md was changed (1 line)"}},
		"line ends":   {item("templates/x.md", "a\r\nb\n"), item("templates/x.md", "a\nb\n"), []string{"templates/x.md was changed (1 line)"}},
		"no law":      {item("law.csv", "MD,a,1\nNY,a,1\nTX,a,1\n"), item("law.csv", "MD,a,2\nNY,a,1\nTX,a,2\n"), []string{"law.csv was changed (2 lines)"}},
		"unknown":     {bare(item("law.csv", "a")), item("law.csv", "b"), []string{"law.csv was changed"}},
		"keys": {
			item(incident, `{"Company":"A","WhatHappened":"x","Contact":{"Phone":"1","Hours":""},"Affected":0,"DataInvolved":["a"],"Translations":null,"Services":"s"}`),
			item(incident, `{"Company":"A","WhatHappened":"y","Contact":{"Phone":"2","Hours":""},"Affected":5,"DataInvolved":["a","b"],"Translations":{"es":{"Subject":"S"}},"Services":""}`),
			[]string{
				incident + ": affected: nothing before, now 5", incident + ": contact.phone: 1 is now 2", incident + ": data_involved: a is now a, b",
				incident + ": services: s before, now nothing", incident + ": translations was added", incident + ": what_happened: x is now y",
			},
		},
		"long texts": {
			item(incident, `{"WhatHappened":"`+long+`","WhatYouCanDo":"`+long+`","Services":"","Company":"a\nb"}`),
			item(incident, `{"WhatHappened":"`+long+`.","WhatYouCanDo":"","Services":"`+long+`","Company":"a"}`),
			[]string{incident + ": company was changed", incident + ": services was added", incident + ": what_happened was changed", incident + ": what_you_can_do was removed"},
		},
		"holds": {
			item(holds, `[{"Name":"police","Match":{"States":["MD"]},"NotBefore":""},{"Name":"regulators","Match":{"States":["NJ"]},"NotBefore":""}]`),
			item(holds, `[{"Name":"police","Match":{"States":["MD","DC"]},"NotBefore":"2018-09-01"},{"Name":"Late","Match":{"States":["PR"]},"NotBefore":""}]`),
			[]string{holds + ": Late was added", holds + ": police.match.states: MD is now MD, DC", holds + ": police.not_before: nothing before, now 2018-09-01", holds + ": regulators was removed"},
		},
		"a list":    {item(holds, `[{"Name":"a"}]`), item(holds, `[]`), []string{holds + ": a was removed"}},
		"its order": {item(holds, `[{"Name":"a"},{"Name":"b"}]`), item(holds, `[{"Name":"b"},{"Name":"a"}]`), []string{holds + " was changed"}},
		"no names":  {item(holds, `[{"Name":"a"},{"Name":"a"}]`), item(holds, `[{"Name":"a"}]`), []string{holds + " was changed"}},
		"a word":    {item("campaign.yaml: campaign", `"a"`), item("campaign.yaml: campaign", `"b"`), []string{"campaign.yaml: campaign: a is now b"}},
		"a state":   {item(status, `{"Status":{"TX":"required","CA":"required"}}`), item(status, `{"Status":{"TX":"voluntary","CA":"required"}}`), []string{status + ": status.TX: required is now voluntary"}},
		"a first state": {
			item(status, `{"Status":null}`), item(status, `{"Status":{"WA":"voluntary"}}`), []string{status + ": status.WA: nothing before, now voluntary"},
		},
		"basis":    {item("campaign.yaml: email", `{"Basis":"voluntary"}`), item("campaign.yaml: email", `{"Basis":"statute"}`), []string{"campaign.yaml: email: basis: voluntary is now statute"}},
		"a switch": {item("campaign.yaml: email", `{"AlsoPostal":false}`), item("campaign.yaml: email", `{"AlsoPostal":true}`), []string{"campaign.yaml: email: also_postal: false is now true"}},
		"words":    {item("campaign.yaml: sender", `{"Subject":"Data Breach"}`), item("campaign.yaml: sender", `{"Subject":"A Breach"}`), []string{`campaign.yaml: sender: subject: "Data Breach" is now "A Breach"`}},
		"samples":  {item("sample a", "1"), item("sample a", "2"), []string{otherProgram}},
	} {
		if got := Differences([]Item{c.old}, []Item{c.now}); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q", name, got)
		}
	}
	got := Differences([]Item{item("sample a", "1"), item("law.csv", "1")}, []Item{item("sample a", "2"), item("sample b", "2"), item("law.csv", "2")})
	if want := []string{"law.csv was changed (1 line)"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// What changed in the law data is said fact by fact.
func TestDifferencesOfLaw(t *testing.T) {
	const head = "state,fact,value,source,source_date,checked_on,confidence\n"
	const was = head + "MD,name,Maryland,code,,,counsel\nMD,deadline_clock,discovery,code,,,counsel\nMD,deadline_days,45,code,2021,,memory\nOR,name,Oregon,code,,,counsel\nOR,block.dates,required,code,2021,,verified\n"
	long := head
	for i := range 25 {
		long += string(rune('A'+i)) + "Q,name,State " + strconv.Itoa(i) + ",code,,,counsel\n"
	}
	for name, c := range map[string]struct {
		was, is string
		want    []string
	}{
		"a value":   {was, strings.ReplaceAll(was, "days,45", "days,40"), []string{"law.csv: MD deadline_days: 45 is now 40"}},
		"a word":    {was, strings.ReplaceAll(was, "required", "advised"), []string{"law.csv: OR block.dates: required is now advised"}},
		"its rest":  {was, strings.ReplaceAll(was, "code,2021,,memory", "the code,2021,2026-11,counsel"), []string{`law.csv: MD deadline_days, source: code is now "the code"`, "law.csv: MD deadline_days, checked_on: nothing is now 2026-11", "law.csv: MD deadline_days, confidence: memory is now counsel"}},
		"one more":  {was, was + "MD,records,for three years,code,,,counsel\n", []string{`law.csv: MD records was added: "for three years"`}},
		"one less":  {was, strings.ReplaceAll(was, "OR,block.dates,required,code,2021,,verified\n", ""), []string{"law.csv: OR block.dates was removed: required"}},
		"a comment": {was, "# ours\n" + was, []string{"law.csv was changed, but no fact in it (comments, or the order of its lines)"}},
		"many":      {long, strings.ReplaceAll(long, "State", "Land"), nil},
		"no law":    {was, "what,ever\n", []string{"law.csv was changed (6 lines)"}},
	} {
		got := Differences([]Item{NewItem("law.csv", []byte(c.was))}, []Item{NewItem("law.csv", []byte(c.is))})
		if c.want == nil {
			if len(got) != 21 || got[0] != `law.csv: AQ name: "State 0" is now "Land 0"` || got[20] != "law.csv: and 5 more" {
				t.Errorf("%s: got %q", name, got)
			}
			continue
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// What only newer versions bind was not added to a campaign that an older one
// approved.
func TestDifferencesOfOlderVersion(t *testing.T) {
	item := func(name, content string) Item { return NewItem(name, []byte(content)) }
	bare := func(i Item) Item { i.Content = nil; return i }
	approved := []Item{bare(item("law.csv", "1")), bare(item("sample a", "1"))}
	later := []Item{item("campaign.yaml: approvals", "{}"), item("website.en", "x"), item("call-center.es", "x"), item("campaign.yaml: exports.extra", "x")}
	const binds = "this version of breachmail binds more than the one that recorded the approval (call-center.es, campaign.yaml: approvals, campaign.yaml: exports.extra, website.en)"
	for name, c := range map[string]struct {
		approved, now []Item
		want          []string
	}{
		"the same files": {approved, []Item{item("law.csv", "1"), item("sample a", "1")}, []string{binds}},
		"other samples":  {approved, []Item{item("law.csv", "1"), item("sample a", "2")}, []string{otherProgram, binds}},
		"another file":   {approved, []Item{item("law.csv", "2"), item("sample a", "2"), item("templates/x.md", "1")}, []string{"law.csv was changed", "templates/x.md was added", binds}},
		"a kept content": {[]Item{item("law.csv", "1")}, []Item{item("law.csv", "1")}, []string{"campaign.yaml: approvals was added", "campaign.yaml: exports.extra was added"}},
	} {
		if got := Differences(c.approved, slices.Concat(c.now, later)); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// An approval of a version that kept no contents is compared by digests.
func TestCompareWithoutContents(t *testing.T) {
	c := newCampaign(t)
	c.base()
	_, approved, _ := approvedAs(t, c)
	for i := range approved {
		approved[i].Content = nil
	}
	_, items, samples := approvedAs(t, c)
	got, err := CompareItems(approved, items, samples, nil)
	if err != nil || got == nil || len(got.Files)+len(got.Wordings)+len(got.Added)+len(got.Removed) > 0 || got.NotKept != "" {
		t.Errorf("nothing changed: got %+v, %v", got, err)
	}
	c.replace(t, baseEnglish, "I am sorry for the worry this brings you.", "I am sorry.")
	_, items, samples = approvedAs(t, c)
	got, err = CompareItems(approved, items, samples, nil)
	if err != nil || !slices.Equal(got.Files, []string{"templates/notice.en.md was changed"}) || len(got.Wordings) > 0 || got.NotKept != notKept {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := CompareItems(nil, items, samples, nil); got != nil || err != nil {
		t.Errorf("nothing was approved: got %+v, %v", got, err)
	}
}

func TestTouched(t *testing.T) {
	a, b, gone, fresh := notifier.Variant{Template: "a"}, notifier.Variant{Template: "b"}, notifier.Variant{Template: "c"}, notifier.Variant{Template: "d"}
	item := func(v notifier.Variant, content string) Item {
		return NewItem(samplePrefix+v.String(), []byte(content))
	}
	approved := []Item{item(a, "1"), item(b, "1"), item(gone, "1"), NewItem("law.csv", nil)}
	people := map[notifier.Variant]int64{a: 1, b: 10, gone: 100, fresh: 1000}
	if got := Touched(approved, []Item{item(a, "1"), item(b, "2"), item(fresh, "1"), NewItem("law.csv", []byte("x"))}, people); got != 1110 {
		t.Errorf("got %d", got)
	}
	if got := Touched(approved, approved, map[notifier.Variant]int64{a: 1, b: 10, gone: 100}); got != 0 {
		t.Errorf("nothing changed: got %d", got)
	}
}

func TestWordEdits(t *testing.T) {
	for _, c := range []struct{ was, is, want string }{
		{"a b c d e", "a b x d e", ": a b [-c-] {+x+} d e"},
		{"", "a b", ": {+a b+}"},
		{"a b", "", ": [-a b-]"},
		{"one of two", "six of ten", ": [-one of two-] {+six of ten+}"},
		{"a b c d e", "x b c d y", ": [-a-] {+x+} b c d [-e-] {+y+}"},
	} {
		if got := shown([]PlaceChange{{Words: wordEdits(c.was, c.is)}}); got != c.want {
			t.Errorf("%q, %q: got %s", c.was, c.is, got)
		}
	}
	long := strings.Repeat("w ", 30)
	edits := withContext(wordEdits("a "+long+"b", "x "+long+"y"))
	if len(edits) != 2 || shown([]PlaceChange{{Words: edits[0]}}) != ": [-a-] {+x+} w w w w w w …" || shown([]PlaceChange{{Words: edits[1]}}) != ": … w w w w w w [-b-] {+y+}" {
		t.Errorf("got %+v", edits)
	}
}

// Put together again, the words are those of both texts.
func FuzzWordEdits(f *testing.F) {
	f.Add("a b c", "a c d")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, was, is string) {
		var a, b []string
		for _, e := range wordEdits(was, is) {
			words := strings.Fields(e.Text)
			if e.Op != Added {
				a = append(a, words...)
			}
			if e.Op != Removed {
				b = append(b, words...)
			}
		}
		if !slices.Equal(a, strings.Fields(was)) || !slices.Equal(b, strings.Fields(is)) {
			t.Errorf("got %q and %q of %q and %q", a, b, was, is)
		}
		_ = changesIn(plainBlocks(was), plainBlocks(is))
	})
}

func BenchmarkCompare(b *testing.B) {
	c := newCampaign(b)
	c.everywhere()
	old, _, _ := approvedAs(b, c)
	c.Incident.Contact.Phone = "1-800-555-0199"
	_, items, samples := approvedAs(b, c)
	for b.Loop() {
		if _, err := compareContents(old, items, samples, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// What changed in the formatted page alone is shown beside what changed in the
// text, in all wordings that have it.
func TestComparePageBesideText(t *testing.T) {
	c := newCampaign(t)
	sampled := func() []Sample {
		n := compile(t, c.Options)
		list, err := Samples(n, n.Variants(), c.Incident.NoticeDate)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	before := sampled()
	old := map[string][]byte{}
	for _, s := range before {
		old[samplePrefix+s.Variant.String()] = s.Message
	}
	c.add(baseEnglish, "One sentence more.")
	c.file("layout.html", func(s string) string {
		return strings.Replace(s, "</body>", "<p>Click here for an offer.</p></body>", 1)
	})
	after := sampled()
	got, err := compareContents(old, SampleItems(after), after, nil)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]int{} // how many wordings have it
	for _, w := range got.Wordings {
		for i := range w.Places {
			said[w.Part+": "+shown(w.Places[i:i+1])] += len(w.Variants)
		}
	}
	offers, sentences := 0, 0
	for what, n := range said {
		if strings.Contains(what, "Click here for an offer.") {
			offers += n
		}
		if strings.Contains(what, "One sentence more.") {
			sentences += n
		}
	}
	if offers != len(after) || sentences == 0 || len(got.Wordings) > 3 {
		t.Errorf("the offer is in %d of %d wordings, the sentence in %d, in %d changes: %v", offers, len(after), sentences, len(got.Wordings), said)
	}
}
