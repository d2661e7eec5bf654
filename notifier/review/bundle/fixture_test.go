package bundle

import (
	"fmt"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/notice"
	"breachmail/notifier/review"
	"breachmail/templates"
)

func testNotice(t *testing.T) *notice.Notice {
	t.Helper()
	return compile(t, testOptions())
}

func compile(t *testing.T, o notice.Options) *notice.Notice {
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

func testPage(t *testing.T) PageData {
	t.Helper()
	made := time.Date(2018, 8, 23, 16, 5, 0, 0, time.UTC)
	var variants []notifier.Variant
	for _, types := range []string{"prepaid", "postpaid", "both"} {
		variants = append(variants, notifier.Variant{Template: notice.Name, Language: "en", Types: types})
	}
	samples, err := review.Samples(testNotice(t), variants, made)
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
	for i, s := range samples {
		p.Samples = append(p.Samples, PageSample{Sample: s, People: []int{701442, 1180077, 80782}[i]})
	}
	p.States = []State{
		{Code: "CA", Name: "California", People: 402112, Deadline: Deadline{On: made.AddDate(0, 0, 27), Source: "Cal. Civ. Code § 1798.82", SourceDate: "2026-01-01"}},
		{Code: "TX", Name: "Texas", People: 310288, Deadline: Deadline{On: made.AddDate(0, 0, 57), Source: "Tex. Bus. & Com. Code § 521.053", SourceDate: "2021-09-01"}},
		{Code: "GA", Name: "Georgia", People: 98213, Deadline: Deadline{Text: "without unreasonable delay", Source: "Ga. Code § 10-1-912"}},
		{Code: "MA", Name: "Massachusetts", People: 51007, Also: []string{"the Attorney General and the Office of Consumer Affairs (with a sample of the notice)"}},
		{
			Code: "MD", Name: "Maryland", People: 38811, Missed: true, Status: "required", Held: []string{"regulators-first"},
			Deadline: Deadline{On: made.AddDate(0, 0, 2), Text: "45 days after discovery", Source: "Md. Code Com. Law § 14-3504"},
			Also:     []string{"the Attorney General, before the people", "credit bureaus"},
		},
		{Code: "WA", Name: "Washington", People: 60233, Deadline: Deadline{On: made.AddDate(0, 0, 27), Source: "RCW 19.255.010"}},
		{Code: notifier.UnknownState, Name: "State not known", People: 1412},
	}
	p.ByEmail = "everyone with a usable address (email.basis: voluntary)"
	p.ByPost = []Reason{{"the account has no email address", 48012}, {"two addresses in one field", 4764}}
	p.Holds = []Hold{
		{Name: "regulators-first", Who: "people in Maryland, New Jersey"},
		{Name: "police", Who: "everyone", Ends: made.AddDate(0, 0, 1)},
		{Name: "board", Who: "everyone", Over: true},
	}
	p.Federal = &State{
		Code: "US", Name: "Federal rule for telecommunications carriers", People: 2014877, Passed: true, Doubt: "doubtful: its effective date was put off",
		Deadline: Deadline{On: made.AddDate(0, 0, -1), Text: "30 days after determination", Source: "47 CFR 64.2011"},
	}
	return p
}
