package review

import (
	"testing"
	"time"

	"breachmail/notifier/notice"
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
