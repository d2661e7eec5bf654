package review

import (
	"maps"
	"slices"
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

// approvedAs returns what an approval keeps of a campaign, and what Compare
// needs of it.
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

func TestCompare(t *testing.T) {
	c := newCampaign(t)
	c.english()
	old, items, samples := approvedAs(t, c)
	people := map[notifier.Variant]int64{}
	for i, s := range samples {
		people[s.Variant] = int64(i + 1)
	}
	got, err := Compare(old, items, samples, people)
	if err != nil || got == nil || len(got.Files)+len(got.Wordings)+len(got.Added)+len(got.Removed) > 0 {
		t.Errorf("nothing changed: got %+v, %v", got, err)
	}
	if got, err := Compare(nil, items, samples, people); got != nil || err != nil {
		t.Errorf("nothing was approved: got %+v, %v", got, err)
	}

	c.Incident.WhatHappened = strings.Replace(c.Incident.WhatHappened, "Someone outside the company", "A former supplier", 1)
	c.Incident.Contact.Phone = "1-800-555-0199"
	c.replace(t, baseEnglish, "I am sorry for the worry this brings you.", "I am sorry.\n\nWe will write again.")
	c.Sender.Subject = "Notice of a Data Breach"
	_, items, samples = approvedAs(t, c)
	if got, err = Compare(old, items, samples, people); err != nil {
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
		got, err := Compare(was, items, samples, nil)
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
	got, err := Compare(old, items, samples, nil)
	if err != nil || names(got.Added) != name || !slices.Equal(got.Removed, []string{"notice-en-both-ZZ"}) || len(got.Wordings) > 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	old["sample "+name] = []byte("no message")
	if _, err := Compare(old, items, samples, nil); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("got %v", err)
	}
}

// The texts for everybody are compared as well.
func TestComparePublications(t *testing.T) {
	item := func(text, html string) Item { return NewItem("website.en", []byte(text+html)) }
	was := item("Title\n=====\n\nWe are sorry.\n", "<h1>Title</h1>\n<p>We are sorry.</p>\n")
	for name, c := range map[string]struct {
		now  Item
		want string
	}{
		"words": {item("Title\n=====\n\nWe are truly sorry.\n", "<h1>Title</h1>\n<p>We are truly sorry.</p>\n"), "text Title: We are {+truly+} sorry."},
		"marks": {item("Title\n=====\n\nWe are sorry.\n", "<h1>Title</h1>\n<p>We are <b>sorry</b>.</p>\n"), "formatted page "},
	} {
		got, err := Compare(map[string][]byte{was.Name: was.Content}, []Item{c.now}, nil, nil)
		if err != nil || len(got.Wordings) != 1 || got.Wordings[0].Publication != "website.en" || got.Wordings[0].Part+" "+shown(got.Wordings[0].Places) != c.want ||
			!slices.Equal(got.Files, []string{otherProgram}) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func TestDifferencesInDetail(t *testing.T) {
	item := func(name, content string) Item { return NewItem(name, []byte(content)) }
	bare := func(i Item) Item { i.Content = nil; return i }
	const incident = "campaign.yaml: incident"
	for name, c := range map[string]struct {
		old, now Item
		want     []string
	}{
		"nothing":     {item("law.csv", "a"), item("law.csv", "a"), nil},
		"lines":       {item("templates/x.md", "a\nb\nc\n"), item("templates/x.md", "a\nB\nc\nd\n"), []string{"templates/x.md was changed (2 lines)"}},
		"a line less": {item("templates/x.md", "a\nb\n"), item("templates/x.md", "a\n"), []string{"templates/x.md was changed (1 line)"}},
		"line ends":   {item("templates/x.md", "a\r\nb\n"), item("templates/x.md", "a\nb\n"), []string{"templates/x.md was changed (1 line)"}},
		"law":         {item("law.csv", "MD,a,1\nNY,a,1\nTX,a,1\n"), item("law.csv", "MD,a,2\nNY,a,1\nTX,a,2\n"), []string{"law.csv was changed (2 lines: MD, TX)"}},
		"unknown":     {bare(item("law.csv", "a")), item("law.csv", "b"), []string{"law.csv was changed"}},
		"keys": {
			item(incident, `{"Company":"A","WhatHappened":"x","Contact":{"Phone":"1","Hours":""},"Affected":0,"DataInvolved":["a"],"Translations":null,"Services":"s"}`),
			item(incident, `{"Company":"A","WhatHappened":"y","Contact":{"Phone":"2","Hours":""},"Affected":5,"DataInvolved":["a","b"],"Translations":{"es":{"Subject":"S"}},"Services":""}`),
			[]string{
				incident + ": affected was added", incident + ": contact.phone was changed", incident + ": data_involved was changed",
				incident + ": services was removed", incident + ": translations was added", incident + ": what_happened was changed",
			},
		},
		"a list":   {item("campaign.yaml: holds", `[{"Name":"a"}]`), item("campaign.yaml: holds", `[]`), []string{"campaign.yaml: holds was changed"}},
		"a word":   {item("campaign.yaml: campaign", `"a"`), item("campaign.yaml: campaign", `"b"`), []string{"campaign.yaml: campaign was changed"}},
		"a state":  {item("campaign.yaml: law", `{"Status":{"TX":"required","CA":"required"}}`), item("campaign.yaml: law", `{"Status":{"TX":"voluntary","CA":"required"}}`), []string{"campaign.yaml: law: status.TX was changed"}},
		"a switch": {item("campaign.yaml: email", `{"AlsoPostal":false}`), item("campaign.yaml: email", `{"AlsoPostal":true}`), []string{"campaign.yaml: email: also_postal was changed"}},
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
		if _, err := Compare(old, items, samples, nil); err != nil {
			b.Fatal(err)
		}
	}
}
