package bundle

import (
	"fmt"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/notice"
	"breachmail/notifier/review"
	"breachmail/templates"
)

var made = time.Date(2018, 8, 23, 16, 5, 0, 0, time.UTC)

func compile(t testing.TB, o notice.Options) *notice.Notice {
	t.Helper()
	n, err := notice.Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func testOptions() notice.Options {
	day := time.Date(2018, 8, 20, 0, 0, 0, 0, time.UTC)
	return notice.Options{
		Campaign:  "aug-2018",
		Templates: templates.FS,
		Incident: notice.Incident{
			Company:        "Northwind Mobile",
			SignedBy:       notice.Signer{Name: "Dana Whitfield", Title: "Chief Executive Officer"},
			Occurred:       notice.Range{From: day, To: day},
			Discovered:     day,
			NoticeDate:     day.AddDate(0, 0, 4),
			WhatHappened:   "Someone outside the company misused one of our interfaces and read information about some customers' accounts. We shut that access on the same day.",
			WhatWeAreDoing: "We closed the way in, and every request to that interface is now checked.",
			WhatYouCanDo:   "You may want to change the PIN of your account. You can do so in any store or by calling us.",
			Involved:       []string{"name", "billing ZIP code", "phone number", "email address", "account number", "account type (prepaid or postpaid)"},
			Contact:        notice.Contact{Phone: "1-800-555-0100", Hours: "every day, 8 a.m. to 8 p.m.", Web: "https://www.example.com/notice"},
		},
		Sender: notice.Sender{
			From: "Northwind Mobile <notices@example.com>", ReplyTo: "privacy@example.com",
			ReturnPath: "bounces@example.com", Hostname: "mail.example.com", Subject: "Notice of Data Breach",
		},
	}
}

// testPage is a page with a little of everything.
func testPage(t testing.TB) PageData {
	t.Helper()
	var variants []notifier.Variant
	for _, types := range []string{"prepaid", "postpaid", "both"} {
		variants = append(variants, notifier.Variant{Template: notice.Name, Language: "en", Types: types})
	}
	samples, err := review.Samples(compile(t, testOptions()), variants, made)
	if err != nil {
		t.Fatal(err)
	}
	p := PageData{
		Company: "Northwind Mobile", Campaign: "aug-2018", Subject: "Notice of Data Breach",
		From: "Northwind Mobile <notices@example.com>", IncidentDates: "August 20, 2018", Generated: made,
		Recipients: 2014877, Email: 1962301, Postal: 52576,
		TextDigest: review.TextDigest(review.SampleItems(samples)),
		Batches:    []Batch{{Number: 1, Recipients: 2014877, Digest: review.NewItem("", []byte("list")).Digest}},
	}
	p.Code = review.Code(p.TextDigest, []notifier.Digest{p.Batches[0].Digest})
	p.Command = fmt.Sprintf("breachmail -C campaigns/aug-2018 approve --by 'NAME, ROLE' --digest %x", p.Code[:review.ShortCode/2])
	p.Statement = fmt.Sprintf("I have reviewed the notice of Northwind Mobile about the incident of August 20, 2018, and the list of the 2,014,877 people it is for. "+
		"I approve that it is sent as shown on the page with the approval code %x. [Name, role, date]", p.Code[:review.ShortCode/2])
	for i, s := range samples {
		p.Samples = append(p.Samples, PageSample{Sample: s, People: []int{701442, 1180077, 80782}[i]})
	}
	p.States, p.Federal = testStates()
	p.ByEmail = "everyone with a usable address (email.basis: voluntary)"
	p.ByPost = []Reason{{"the account has no email address", 48012}, {"two addresses in one field", 4764}}
	p.Consent = "In 2 states, California and Texas, the law data allow email only with consent."
	p.Holds = []Hold{
		{Name: "regulators-first", Who: "people in Maryland, New Jersey"},
		{Name: "police", Who: "everyone", Ends: made.AddDate(0, 0, 1)},
		{Name: "board", Who: "everyone", Over: true},
	}
	p.Reading = testReading()
	p.Checklist = testChecklist()
	p.Elsewhere = testPublications()
	p.Awkward = []Awkward{{Sample: samples[0], Case: "no name"}, {Sample: samples[2], Case: "a name in another script, from right to left (Arabic)"}}
	return p
}

func testStates() ([]State, *State) {
	list := []State{
		{Code: "CA", Name: "California", People: 402112, Email: 391000, Postal: 11112, Deadline: Deadline{On: made.AddDate(0, 0, 27), Source: "Cal. Civ. Code § 1798.82", SourceDate: "2026-01-01"}},
		{Code: "TX", Name: "Texas", People: 310288, Deadline: Deadline{On: made.AddDate(0, 0, 57), Source: "Tex. Bus. & Com. Code § 521.053", SourceDate: "2021-09-01"}},
		{Code: "GA", Name: "Georgia", People: 98213, Postal: 98213, Deadline: Deadline{Text: "without unreasonable delay", Source: "Ga. Code § 10-1-912"}},
		{Code: "MA", Name: "Massachusetts", People: 51007, Email: 51007, Also: []string{"the Attorney General and the Office of Consumer Affairs (with a sample of the notice)"}},
		{
			Code: "MD", Name: "Maryland", People: 38811, Missed: true, Status: "required", Held: []string{"regulators-first"},
			Deadline: Deadline{On: made.AddDate(0, 0, 2), Text: "45 days after discovery", Source: "Md. Code Com. Law § 14-3504"},
			Also:     []string{"the Attorney General, before the people", "credit bureaus"},
		},
		{Code: "WA", Name: "Washington", People: 60233, Deadline: Deadline{On: made.AddDate(0, 0, 27), Source: "RCW 19.255.010"}},
		{Code: notifier.UnknownState, Name: "State not known", People: 1412},
	}
	return list, &State{
		Code: "US", Name: "Federal rule for telecommunications carriers", People: 2014877, Passed: true, Doubt: "doubtful: its effective date was put off",
		Deadline: Deadline{On: made.AddDate(0, 0, -1), Text: "30 days after determination", Source: "47 CFR 64.2011"},
	}
}

func english(types, state string) notifier.Variant {
	return notifier.Variant{Template: notice.Name, Language: "en", Types: types, State: state}
}

// block is one of a text in which each sentence has a line of its own in a
// template.
func block(kind string, level, line int, sentences ...string) review.TextBlock {
	b := review.TextBlock{Kind: kind, Level: level}
	for i, s := range sentences {
		b.Sentences = append(b.Sentences, review.Sentence{Text: s, Origins: []review.Origin{{File: "templates/notice.en.md", Line: line + i}}})
	}
	return b
}

func testReading() review.Reading {
	fact := block("paragraph", 0, 9, "Someone outside the company misused one of our interfaces.", "We shut that access on the same day.")
	for i := range fact.Sentences {
		fact.Sentences[i].Origins = []review.Origin{{File: "campaign.yaml", Line: 14, Key: "incident.what_happened"}}
	}
	dear := block("paragraph", 0, 4, "Dear Maria Sample,")
	dear.Sentences[0].Origins = append(dear.Sentences[0].Origins, review.Origin{Key: "recipient"})
	office := block("paragraph", 0, 60, "You can write to the Maryland Attorney General, 200 St. Paul Place, Baltimore.")
	office.Sentences[0].Origins = []review.Origin{{File: "law.csv", Line: 212, Key: "MD attorney_general"}}
	return review.Reading{
		Words: 1247, ElsewhereWords: 412,
		Languages: []review.LanguageReading{{
			Language: "en", People: 1962301,
			Base: review.BaseText{Variant: english("postpaid", ""), Blocks: []review.TextBlock{
				block("heading", 1, 1, "Notice of Data Breach"), dear, block("heading", 2, 7, "What Happened"), fact,
				block("paragraph", 0, 11, "This happened on August 20, 2018.", "We are sorry."),
				block("heading", 2, 20, "What Information Was Involved"), block("item", 0, 22, "the name"), block("item", 0, 23, "the billing ZIP code"),
			}},
			Differences: []review.Difference{
				{
					About: "the account type", Order: 1, Under: "What You Can Do", Before: "by calling us.", Removed: []review.TextBlock{block("paragraph", 0, 30, "Please check your bills.")},
					Added: []review.TextBlock{block("paragraph", 0, 31, "Please check your prepaid balance.")}, Types: []string{"prepaid"},
					Variants: []notifier.Variant{english("prepaid", "")}, People: 701442,
				},
				{
					About: "the attorney general's address", Order: 2, Under: "For More Information", Added: []review.TextBlock{block("heading", 2, 59, "For Maryland Residents"), office}, States: []string{"MD"},
					Variants: []notifier.Variant{english("prepaid", "MD"), english("postpaid", "MD"), english("both", "MD"), english("both", "")}, People: 38811,
				},
				{Order: 0, Removed: []review.TextBlock{fact}, States: []string{"MA", "RI"}, Types: []string{"both"}, Variants: []notifier.Variant{english("both", "")}, People: 1},
			},
			Groups: []review.StateGroup{
				{Base: true, Name: "Base notice", People: 1402118, States: []review.StatePeople{{State: "CA", Name: "California", People: 402112}, {State: "TX", Name: "Texas", People: 310288}, {State: "DC", Name: "District of Columbia", People: 9}, {State: "PR", Name: "Puerto Rico", People: 3}, {State: notifier.UnknownState, Name: "state unknown", People: 2}}},
				{Name: "Maryland", People: 38811, States: []review.StatePeople{{State: "MD", People: 38811}}, Differences: []int{1}},
				{Name: "Massachusetts, Rhode Island", People: 51008, States: []review.StatePeople{{State: "MA", People: 51007}, {State: "RI", Name: "Rhode Island", People: 1}}, Differences: []int{2, 1}},
			},
		}},
	}
}

func testChecklist() []review.StateChecklist {
	fact := func(name, value string) jurisdiction.Fact {
		return jurisdiction.Fact{State: "MD", Fact: name, Value: value, Source: "Md. Code Com. Law § 14-3504", SourceDate: "2024-10-01", CheckedOn: "2026-11-02", Confidence: jurisdiction.Verified}
	}
	office := fact(jurisdiction.OfficeAttorneyGeneral, "Attorney General | 200 St. Paul Place, Baltimore | | https://www.example.org")
	office.Source, office.SourceDate, office.Confidence = "a directory", "", jurisdiction.Memory
	spanish := notifier.Variant{Template: notice.Name, Language: "es", Types: "postpaid", State: "MD"}
	return []review.StateChecklist{
		{
			StatePeople: review.StatePeople{State: "MD", Name: "Maryland", People: 38811}, Variant: english("postpaid", ""),
			Items: []review.CheckItem{
				{Block: jurisdiction.BlockDataTypes, Words: "which kinds of data were involved", Asks: jurisdiction.Required, Stands: []string{"These details about you were involved:"}, Fact: fact("block.data_types", jurisdiction.Required)},
				{Block: jurisdiction.BlockAttorneyGeneral, Words: "how to reach the attorney general", Asks: jurisdiction.Required, Lacks: []string{"the address", "the telephone number"}, Fact: fact("block.attorney_general", jurisdiction.Required), Offices: []jurisdiction.Fact{office}, Others: []review.OtherWording{{Variant: english("both", "")}}},
				{Block: jurisdiction.BlockNature, Words: "what happened, in general terms", Asks: jurisdiction.Forbidden, Stands: []string{"Someone outside the company misused <one> of our interfaces."}, Fact: fact("block.nature", jurisdiction.Forbidden)},
				{Block: jurisdiction.BlockNoticeDate, Words: "the date of the notice", Asks: jurisdiction.Required, Stands: []string{"August 24, 2018"}, Fact: fact("block.notice_date", jurisdiction.Required), Others: []review.OtherWording{{Variant: spanish, Lacks: []string{"the date"}}, {Variant: notifier.Variant{Template: notice.Name, Language: "es", Types: "both", State: "MD"}, Lacks: []string{"the date"}}}},
				{Block: jurisdiction.BlockDelay, Words: "whether law enforcement delayed the notice", Asks: jurisdiction.Advised, Note: "nothing has to stand there: there was no delay", Fact: fact("block.delay", jurisdiction.Advised)},
				{Block: jurisdiction.BlockBureaus, Words: "how to reach the credit bureaus", Asks: jurisdiction.Forbidden, Doubts: []string{"Ask a bureau."}, Fact: fact("block.bureaus", jurisdiction.Forbidden)},
				{Block: jurisdiction.BlockCount, Words: "how many people are affected", Asks: jurisdiction.Forbidden, Fact: fact("block.count", jurisdiction.Forbidden)},
			},
			Facts: []jurisdiction.Fact{fact(jurisdiction.FactDeadline, "45 days after the investigation"), fact(jurisdiction.OfficeAttorneyGeneral, "Attorney General | 200 St. Paul Place, Baltimore | | https://www.example.org")},
		},
		{StatePeople: review.StatePeople{State: "GA", Name: "Georgia", People: 98213}, Variant: english("both", ""), Items: []review.CheckItem{{Block: jurisdiction.BlockNoticeDate, Words: "the date of the notice", Asks: jurisdiction.Required, Lacks: []string{"the date"}}}},
		{StatePeople: review.StatePeople{State: "TX", Name: "Texas", People: 310288}, Variant: english("both", ""), Voluntary: true},
		{StatePeople: review.StatePeople{State: notifier.UnknownState, Name: "state unknown", People: 1412}, Variant: english("both", "")},
	}
}

func testPublications() []Publication {
	return []Publication{
		{Name: "website", Language: "en", File: "templates/website.en.md", Text: []byte("What happened\n\nSomeone outside the company misused one of our interfaces.\n"), HTML: []byte("<h2>What happened</h2>\n<p>Someone outside the company misused one of our interfaces.</p>\n")},
		{Name: "website", Language: "es", File: "templates/website.es.md", Text: []byte("Qué pasó\n"), HTML: []byte("<h2>Qué pasó</h2>\n")},
		{Name: "call-center", Language: "en", File: "templates/call-center.en.md", Text: []byte("Ask for the reference, and never for a password.\n")},
	}
}
