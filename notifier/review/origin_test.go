package review

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"breachmail/notifier/notice"
)

// allSentences calls f with each sentence that there is to read, and with the
// language.
func allSentences(r *Reading, f func(language string, b *TextBlock, s *Sentence)) {
	for i := range r.Languages {
		l := &r.Languages[i]
		lists := [][]TextBlock{l.Base.Blocks}
		for _, d := range l.Differences {
			lists = append(lists, d.Removed, d.Added)
		}
		for _, blocks := range lists {
			for j := range blocks {
				for k := range blocks[j].Sentences {
					f(l.Language, &blocks[j], &blocks[j].Sentences[k])
				}
			}
		}
	}
}

// Every sentence of the built-in notices comes from somewhere, and what is named
// as its origin holds words of it, or the day or number that it says otherwise.
func TestOriginsAreTrue(t *testing.T) {
	r, m := readEverywhere(t)
	lines := map[string][]string{}
	for _, s := range m.Sources {
		lines[s.File] = strings.Split(string(s.Text), "\n")
	}
	inOtherWords := []string{"incident.occurred.from", "incident.occurred.to", "incident.discovered", "incident.notice_date", "incident.affected", "incident.law_enforcement_delay"}
	n := 0
	allSentences(&r, func(language string, _ *TextBlock, s *Sentence) {
		n++
		if len(s.Origins) == 0 {
			t.Errorf("%q comes from nowhere", s.Text)
		}
		for _, o := range s.Origins {
			if o.File == "" {
				if o.Key != "recipient" || !strings.Contains(s.Text, "Maria") && !strings.ContainsAny(s.Text, "0123456789") {
					t.Errorf("%q comes from %+v", s.Text, o)
				}
				continue
			}
			if o.Line < 1 || o.Line > len(lines[o.File]) {
				t.Errorf("%q: there is no line %+v", s.Text, o)
				continue
			}
			line := lines[o.File][o.Line-1]
			words := strings.Fields(plainWords(line))
			common := slices.ContainsFunc(strings.Fields(plainWords(s.Text)), func(w string) bool { return slices.Contains(words, w) })
			if slices.Contains(inOtherWords, o.Key) {
				name := o.Key[strings.LastIndex(o.Key, ".")+1:]
				common = strings.HasPrefix(strings.TrimSpace(line), name+":")
			}
			if !common {
				t.Errorf("%q does not come from %+v: %s", s.Text, o, line)
			}
			if strings.HasPrefix(o.File, "templates/") && strings.Contains(o.File, ".es.") != (language == "es") {
				t.Errorf("%q does not come from %+v", s.Text, o)
			}
		}
	})
	if n < 250 {
		t.Errorf("there are %d sentences", n)
	}
}

// lineOf returns a place, found by what stands there.
func lineOf(t *testing.T, m Material, file, text string) string {
	t.Helper()
	for _, s := range m.Sources {
		if s.File == file && strings.Contains(string(s.Text), text) {
			return file + ":" + lineIn(string(s.Text), text)
		}
	}
	t.Fatalf("%s has no %q", file, text)
	return ""
}

// lineIn returns the number of the line on which words first stand in a text.
func lineIn(text, words string) string {
	before, _, _ := strings.Cut(text, words)
	return strconv.Itoa(1 + strings.Count(before, "\n"))
}

// A day within a text of campaign.yaml comes from that text, also where it is
// the day of something else.
func TestOriginsOfDaysInTexts(t *testing.T) {
	c := newCampaign(t)
	c.base()
	const told = "On August 23, 2018, we told the police."
	c.Incident.WhatWeAreDoing = told
	writeConfig(c)
	r := read(t, c.material(t))
	seen := 0
	allSentences(&r, func(_ string, _ *TextBlock, s *Sentence) {
		var keys []string
		for _, o := range s.Origins {
			keys = append(keys, o.Key)
		}
		switch {
		case s.Text == told:
			seen++
			if !slices.Equal(keys, []string{"incident.what_we_are_doing"}) {
				t.Errorf("%q comes from %q", s.Text, keys)
			}
		case strings.HasPrefix(s.Text, "This happened"):
			seen++
			if !slices.Contains(keys, "incident.discovered") {
				t.Errorf("%q comes from %q", s.Text, keys)
			}
		}
	})
	if seen != 2 {
		t.Errorf("%d of the two sentences stand there", seen)
	}
}

func TestOrigins(t *testing.T) {
	r, m := readEverywhere(t)
	const config, english, law = "campaign.yaml", "templates/notice.en.md", "law.csv"
	at := func(file, text string) string { return lineOf(t, m, file, text) }
	want := map[string]string{
		"Notice of Data Breach": at(english, "# Notice of Data Breach"),
		"August 24, 2018":       at(config, "notice_date:") + " incident.notice_date",
		"Dear Maria Sample,":    ": recipient, " + at(english, "Dear {{.Name}}"),
		"I am sorry.":           at(english, "I am sorry. Looking"),
		"Someone outside the company misused one of our interfaces and read information about some customers' accounts.": at(config, "Someone outside") + " incident.what_happened",
		"We shut that access on the same day.":         at(config, "We shut that") + " incident.what_happened",
		"You can do so in any store or by calling us.": at(config, "You can do so") + " incident.what_you_can_do",
		"This happened between August 20, 2018 and August 22, 2018, and we discovered it on August 23, 2018.": at(config, "from: 2018-08-20") + " incident.occurred.from, " +
			at(config, "to: 2018-08-22") + " incident.occurred.to, " + at(config, "discovered:") + " incident.discovered, " + at(english, "This happened"),
		"This notice was not delayed by a law enforcement investigation.": at(config, "law_enforcement_delay:") + " incident.law_enforcement_delay, " + at(english, "This notice was not delayed"),
		"In all, 2,000,000 people are affected.":                          at(config, "affected:") + " incident.affected, " + at(english, "In all, {{"),
		"the billing ZIP code":                                            at(config, "data_involved:") + " incident.data_involved, " + at(english, "- the {{.}}"),
		"número de teléfono":                                              at(config, "- número de teléfono") + " incident.translations.es.data_involved",
		"Prepaid account ending in 4821":                                  ": recipient, " + at(english, `}}Prepaid{{`),
		"By phone: 1-800-555-0100 (every day, 8 a.m. to 8 p.m.)": at(config, "hours: every") + " incident.contact.hours, " +
			at(config, "phone: 1-800") + " incident.contact.phone, " + at(english, "**By phone:**"),
		"Dana Whitfield": at(config, "signed_by:") + " incident.signed_by.name",
		"Chief Executive Officer, Northwind Mobile":                                                                at(config, "signed_by:") + " incident.signed_by.title, " + at(config, "company: Northwind Mobile") + " incident.company",
		"For Maryland Residents":                                                                                   at(law, "MD,name,") + " MD name, " + at(english, "## For {{"),
		"Your Rights in Massachusetts":                                                                             at("templates/massachusetts.en.md", "## Your Rights in"),
		"Equifax, PO Box 105788, Atlanta, GA 30348, 1-888-298-0045, www.equifax.com":                               at(law, "US,equifax,") + " US equifax",
		"New York State Attorney General, The Capitol, Albany, NY 12224-0341, 1-800-771-7755, ag.ny.gov":           at(law, "NY,attorney_general,") + " NY attorney_general",
		"Pagamos un año de vigilancia de crédito a quien lo quiera.":                                               at(config, "services: Pagamos") + " incident.translations.es.services",
		"You may want to change the PIN of your account.":                                                          at(config, "You may want to change") + " incident.what_you_can_do",
		"Anyone who does is not from Northwind Mobile: please hang up, or delete the message.":                     at(config, "company: Northwind Mobile") + " incident.company, " + at(english, "Anyone who does is not from"),
		"By post: Northwind Mobile, Privacy, 1 Example Street, Springfield":                                        at(config, "post:") + " incident.contact.post, " + at(english, "**By post:**"),
		"Federal law gives you a free copy of your report from each of the three credit bureaus every year.":       at(english, "look at your credit reports. Federal"),
		"We pay for one year of credit monitoring for everyone who wants it.":                                      at(config, "services: We pay") + " incident.services",
		"It costs nothing to place, to lift or to remove.":                                                         at(english, "It costs nothing to place"),
		"Aviso de filtración de datos (Notice of Data Breach)":                                                     at("templates/notice.es.md", "# Aviso de"),
		"These offices have information on how to avoid identity theft, and on fraud alerts and security freezes:": at(english, "These offices have"),
	}
	seen := map[string]bool{}
	allSentences(&r, func(_ string, _ *TextBlock, s *Sentence) {
		expected, ok := want[s.Text]
		if !ok || seen[s.Text] {
			return
		}
		seen[s.Text] = true
		var got []string
		for _, o := range s.Origins {
			place := o.File + ":"
			if o.Line > 0 {
				place += strconv.Itoa(o.Line)
			}
			got = append(got, strings.TrimSpace(place+" "+o.Key))
		}
		if strings.Join(got, ", ") != expected {
			t.Errorf("%s:\ngot  %s\nwant %s", s.Text, strings.Join(got, ", "), expected)
		}
	})
	for text := range want {
		if !seen[text] {
			t.Errorf("nothing reads %q", text)
		}
	}
}

func TestKeyLines(t *testing.T) {
	lines := strings.Split(`# discovered: no
incident:
  company: A
  # contact: no
  contact: {phone: "1", hours: x,
    web: y}
  list:
  - one
  - two
  text: |
    company: not this

    more
  deep:
      company: B
sender:
    company: C`, "\n")
	for key, want := range map[string][2]int{
		"incident": {2, 14}, "incident.company": {3, 3}, "incident.contact": {5, 6}, "incident.contact.phone": {5, 6}, "incident.contact.web": {6, 6},
		"incident.list": {7, 9}, "incident.text": {10, 13}, "incident.deep.company": {15, 15}, "sender.company": {17, 17}, "discovered": {0, 17}, "incident.nothing": {0, 15},
	} {
		if first, last := keyLines(lines, key); first != want[0] || first > 0 && last != want[1] && key != "incident" {
			t.Errorf("%s: got %d to %d", key, first, last)
		}
	}
}

// A short fact is not seen where its words mean something else.
func TestFactsInSentences(t *testing.T) {
	m := Material{Incident: notice.Incident{Company: "Northwind", Involved: []string{"name", "email address"}, WhatHappened: "Yes. Someone read it on that day.\n\n- A *list* item of it"}}
	for _, c := range []struct{ text, kind, want string }{
		{"the name", ListItem, "incident.data_involved"},
		{"They know your name or your account.", Paragraph, ""},
		{"your full name, with middle initial", ListItem, ""},
		{"It concerns your name and email address.", Paragraph, "incident.data_involved"},
		{"Someone read it on that day.", Paragraph, "incident.what_happened"},
		{"A list item of it", ListItem, "incident.what_happened"},
		{"Yes, you can.", Paragraph, ""},
		{"Yes.", Paragraph, "incident.what_happened"},
		{"Northwinds of change", Paragraph, ""},
		{"We at Northwind are sorry.", Paragraph, "incident.company"},
	} {
		var got []string
		for _, f := range m.factsIn("en") {
			if _, ok := f.takeFrom(newClause(c.text, true), c.kind); ok {
				got = append(got, f.key)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q", c.text, got)
		}
	}
}
