package report

import (
	"fmt"
	"time"

	"breachmail/notifier"
)

// caseStart is when the campaigns of the tests begin to send.
var caseStart = time.Date(2018, 8, 24, 13, 0, 0, 0, time.UTC)

// richCase is the report of a campaign such as a regulator will read: three waves,
// a halt, refused, bounced and unknown notices, letters, and something still owed.
func richCase() *Case {
	weights := states(40_000)
	deadlines := []Deadline{
		{State: "CO", Name: "Colorado", On: "2018-09-19", Source: "Colo. Rev. Stat. 6-1-716", Read: "2021"},
		{State: "FL", Name: "Florida", On: "2018-09-19", Source: "Fla. Stat. 501.171", Read: "2021"},
		{State: "WA", Name: "Washington", On: "2018-09-19", Source: "RCW 19.255.010", Read: "2021"},
		{State: "OH", Name: "Ohio", On: "2018-10-04", Source: "Ohio Rev. Code 1349.19", Read: "2021"},
		{State: "MD", Name: "Maryland", On: "2018-10-04", Source: "Md. Code Com. Law 14-3504", Read: "2021"},
		{State: "TX", Name: "Texas", On: "2018-10-19", Source: "Tex. Bus. & Com. Code 521.053", Read: "2021"},
	}
	on := map[string]string{}
	for _, d := range deadlines {
		on[d.State] = d.On
	}
	t := NewTally(TallyOptions{
		Deadline: func(s string) string { return on[s] },
		Waves:    []string{"pilot", "canary", "rest"},
	})
	id := 0
	for _, s := range weights {
		for range s.Count {
			id++
			t.Add(somebody(id, s.Name, t))
		}
	}
	hash := func(n int) string { return fmt.Sprintf("%064x", 0x5b8c1f0e77a94d22*uint64(n)) }
	c := &Case{
		Company: "Northwind Mobile", Campaign: "aug-2018", Subject: "Notice of Data Breach", Incident: "August 20, 2018",
		At: time.Date(2018, 9, 25, 9, 30, 0, 0, time.UTC), Version: "1.2.3", Phase: "sent", Standing: "every email has its outcome; letters are still to be written",
		Head:       Head{Rows: 38_112, Chain: hash(77), Epoch: 4, First: caseStart.Add(-time.Hour), Last: caseStart.Add(30 * 24 * time.Hour)},
		Rows:       Rows{Read: t.All.People + 812 + 31 + 2, Merged: 812, Rejected: 31, AlreadyTold: 2},
		Recipients: RecipientCount{Total: t.All.People, Email: t.All.Email, Postal: t.All.Postal}, Notices: t.Notices, Tally: t,
		Deadlines: deadlines, Names: map[string]string{"CA": "California", "TX": "Texas", "NY": "New York", "WA": "Washington", "unknown": "state unknown"},
		Waves: []Wave{{"pilot", 100, 95, "done"}, {"canary", 400, 390, "done"}, {"rest", 36_900, 36_000, "done"}},
		Events: []Event{
			{2, caseStart.Add(-time.Minute), EventStart, "a run began to send (send, breachmail 1.2.3)"},
			{104, caseStart.Add(40 * time.Minute), EventGate, "the gate after wave pilot was opened"},
			{105, caseStart.Add(41 * time.Minute), EventStart, "a run began to send (resume, breachmail 1.2.3)"},
			{20_112, caseStart.Add(160 * time.Minute), EventHalt, "halted: 5.4% of the last 500 notices were refused"},
			{20_113, caseStart.Add(230 * time.Minute), EventClear, "the halt was taken back"},
			{20_114, caseStart.Add(230 * time.Minute), EventStart, "a run began to send (resume, breachmail 1.2.3)"},
			{20_115, caseStart.Add(290 * time.Minute), EventHold, "the hold regulators-first on people in Maryland, New Jersey was released"},
		},
		Holds: []Hold{{"regulators-first", "people in Maryland, New Jersey", "released", 0, caseStart.Add(290 * time.Minute), 20_115}, {"police", "everyone", "ended", 0, caseStart.Add(-2 * time.Hour), 0}},
		Approvals: []Approval{{
			Row: 1, By: "Ana Ruiz, General Counsel", At: caseStart.Add(-time.Hour), Code: hash(3), Text: hash(4), Batches: []int{1}, Proof: hash(5), Sent: 36_000,
			Waivers: []Waiver{{"toll-free:IL", "the number is toll-free"}},
		}},
		Samples: []Sample{
			{Wording: "notice-en-postpaid", Approval: 1, Sent: 24_000, Subject: "Notice of Data Breach", From: "Northwind Mobile <notices@example.com>", Text: "NOTICE OF DATA BREACH\n\nDear Robin Sample,\n\nWe are writing to you about an incident.\n"},
			{Wording: "notice-en-prepaid", Approval: 1, Sent: 9_000, Subject: "Notice of Data Breach", From: "Northwind Mobile <notices@example.com>", Text: "NOTICE OF DATA BREACH\n\nDear Robin Sample,\n"},
			{Wording: "notice-es-prepaid", Approval: 1, Sent: 3_000, Subject: "Aviso", From: "Northwind Mobile <notices@example.com>", Text: "AVISO\n"},
			{Wording: "notice-en-both", Approval: 9, Lost: "an older version of breachmail recorded the approval"},
		},
		Tasks: []Task{
			{Name: "web-CA", Owed: true, What: "a conspicuous notice on the company's website", By: "with the notices", Done: "2018-08-24", Proof: hash(8), Row: 20_116},
			{Name: "media-CA", Owed: true, What: "notice to major statewide media", State: "CA", By: "", Source: "Cal. Civ. Code 1798.82"},
			{Name: "bureaus-TX", What: "the credit bureaus are told", State: "TX", When: "from 10,000 people on; there are 3,950"},
		},
		Owed:     []string{"1,180 letters are to be sent", "1 task is open: media-CA"},
		Packs:    []string{"California", "Florida"},
		Exports:  []Source{{"east.csv", hash(11), 1, t.All.People + 845, t.All.People, 812, 31, 2}},
		Batches:  []Batch{{1, t.All.People, hash(12), caseStart.Add(-3 * time.Hour)}},
		Listings: []Listing{{1, 37_000, caseStart.Add(3 * 24 * time.Hour), 2_900, hash(13)}},
		Mailings: []Mailing{{37_100, "2018-08-30", caseStart.Add(7 * 24 * time.Hour), 1_700, 0, hash(14), hash(15), hash(16)}},
		Bounces: Bounces{Hard: 900, Soft: 71, Complaints: 3, AutoReplies: 412, Read: caseStart.Add(3 * 24 * time.Hour), Reads: []BouncesRead{
			{36_900, caseStart.Add(3 * 24 * time.Hour), 1_400, 900, 71, 3, 412, 10},
		}},
		Tests: 3, Verify: "breachmail -C aug-2018 verify", ToVerify: "breachmail -C aug-2018 verify --head " + hash(77),
	}
	return c
}

// somebody is the n-th person, and what became of their notice.
func somebody(n int, state string, t *Tally) *Person {
	p := &Person{State: state, Channel: notifier.Email, Status: notifier.Accepted, Wave: "rest", Domain: domains[n*7%n1(n, len(domains))].Name}
	at := caseStart.Add(42*time.Minute + time.Duration(n*13%36_000)*400*time.Millisecond)
	switch {
	case n%400 == 0:
		p.Wave, at = "pilot", caseStart.Add(time.Duration(n%90)*time.Second)
	case n%100 == 1:
		p.Wave = "canary"
		at = caseStart.Add(42*time.Minute + time.Duration(n%600)*time.Second)
	}
	if at.After(caseStart.Add(160 * time.Minute)) { // nothing was sent while it was halted
		at = at.Add(70 * time.Minute)
	}
	p.Taken = at
	switch {
	case n%16 == 3:
		p.Channel, p.Status, p.Taken, p.Domain, p.Wave = notifier.Postal, "", time.Time{}, "", ""
	case n%60 == 7:
		p.Status, p.Taken = notifier.Refused, time.Time{}
		t.Refused(at.Format(time.DateOnly), 1)
	case n%40 == 9:
		p.Status = notifier.Bounced
		p.Bounced = at.Add(26 * time.Hour)
	case n%2500 == 11:
		p.Status, p.Taken = notifier.Unknown, time.Time{}
	case n%3000 == 13:
		p.Status, p.Taken = notifier.Deferred, time.Time{}
	}
	if s := p.standing(); s == LetterDue && n%5 < 3 {
		p.Letter = "2018-08-30"
		if n%25 == 2 {
			p.Letter = "2018-09-21"
		}
	}
	return p
}

// n1 makes the first domains more frequent than the last.
func n1(n, most int) int { return 1 + n%11*n%most }
