package notice

import (
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"breachmail/notifier"
	"breachmail/templates"
)

var noticeDay = time.Date(2018, 8, 24, 0, 0, 0, 0, time.UTC)

func testOptions() Options {
	day := time.Date(2018, 8, 20, 0, 0, 0, 0, time.UTC)
	return Options{
		Campaign:  "aug-2018",
		Templates: templates.FS,
		Incident: Incident{
			Company:        "Northwind Mobile",
			SignedBy:       Signer{Name: "Dana Whitfield", Title: "Chief Executive Officer"},
			Occurred:       Range{From: day, To: day},
			Discovered:     day,
			NoticeDate:     noticeDay,
			WhatHappened:   "Someone outside the company misused one of our interfaces and\nread information about some customers' accounts. We shut that access on the\nsame day.",
			WhatWeAreDoing: "We closed the way in, and *every* request to that interface is now checked.\nWe have told the authorities.",
			WhatYouCanDo:   "You may want to change the PIN of your account. You can do so in any store\nor by calling us.",
			Involved:       []string{"name", "billing ZIP code", "phone number", "email address", "account number", "account type (prepaid or postpaid)"},
			Contact:        Contact{Phone: "1-800-555-0100", Hours: "every day, 8 a.m. to 8 p.m.", Web: "https://www.example.com/notice", Post: "Northwind Mobile, Privacy, 1 Example Street, Springfield"},
		},
		Sender: Sender{
			From:       "Northwind Mobile <notices@example.com>",
			ReplyTo:    "privacy@example.com",
			ReturnPath: "bounces@example.com",
			Hostname:   "mail.example.com",
			Subject:    "Notice of Data Breach",
		},
	}
}

func testNotice(t testing.TB) *Notice {
	t.Helper()
	n, err := Compile(testOptions())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// withTemplate returns the test's options with one template changed.
func withTemplate(t testing.TB, markdown string) Options {
	t.Helper()
	layout, err := fs.ReadFile(templates.FS, layoutFile)
	if err != nil {
		t.Fatal(err)
	}
	o := testOptions()
	o.Templates = fstest.MapFS{
		"notice.en.md": {Data: []byte(markdown)},
		layoutFile:     {Data: layout},
	}
	return o
}

func variant(types string) notifier.Variant {
	return notifier.Variant{Template: Name, Language: "en", Types: types}
}

// recipients are people with awkward values.
func recipients() []notifier.Recipient {
	var out []notifier.Recipient
	for _, types := range []string{"prepaid", "postpaid", "both"} {
		out = append(out, sample(variant(types)))
	}
	add := func(name, address string, numbers ...string) {
		r := sample(variant("postpaid"))
		r.Name, r.Address = notifier.NewName(name), notifier.NewAddress(address)
		r.Key = notifier.KeyByEmail([]byte("test"), address, name)
		if len(numbers) > 0 {
			r.Accounts = nil
		}
		for _, n := range numbers {
			r.Accounts = append(r.Accounts, notifier.Held{Number: notifier.NewAccountNumber(n), Type: notifier.Postpaid})
		}
		out = append(out, r)
	}
	add("", "nobody@example.com")
	add("Zoë Müller-Łukasiewicz", "zoe@example.com")
	add(`O'Brien, "Pat" <pat@example.com>`, "pat@example.com", "55501234", "55505678")
	add("García, José", "jose@example.com")
	add("山田 太郎", "taro@example.com")
	add("عمر الخيّام", "omar@example.com")
	add("Evil \u202Egnp.exe & Co + Söhne", "evil@example.com")
	add("😀 Grinning Face", "grin@example.com")
	add(repeat("Very Long Name ", 20), "long@example.com")
	add(repeat("Ünbrökèn", 40), "unbroken@example.com")
	add(repeat("A", 1200), "toolong@example.com")
	add("Many Lines", "many@example.com", "10000001", "10000002", "10000003", "10000004", "10000005", "10000006", "10000007", "10000008", "10000009", "10000010")
	add("Short Number", "short@example.com", "7")
	add("Odd Number", "odd@example.com", "ab<&\"'+>yz")
	add("Plus", "plus+tag@mail.example.co.uk")
	for i := range out {
		setExtra(&out[i], hostile[i%len(hostile)], hostile[i*5%len(hostile)])
	}
	return out
}

// hostile are texts that would do harm if they were more than text.
var hostile = []string{
	"Springfield Mall", "", "<script>alert(1)</script>", "**bold** _it_ `code`", "[x](http://evil.example)",
	"{{.Name}}", "a \u202Ebcd\u2066e\u200f", " # not a heading ", `"><img src=x onerror='y'>`, "bm7act0zz bm7q",
	`bm7q<&"'+>0zz`, "--=_breachmail--", "=3D=\u2028 =20", "\xff\xfe", repeat("x", 256), repeat("é", 256), repeat("<", 256),
}

// setExtra sets what r's row says in the two columns of extraNotice.
func setExtra(r *notifier.Recipient, plan, store string) {
	r.Extra = []notifier.Extra{{Name: "plan", Text: notifier.NewCell(plan)}, {Name: "store", Text: notifier.NewCell(store)}}
}

// extraNotice is the built-in notice with two columns in it: between blocks,
// within words, in a heading, and at the end.
func extraNotice(t testing.TB) *Notice {
	t.Helper()
	src, err := fs.ReadFile(templates.FS, "notice.en.md")
	if err != nil {
		t.Fatal(err)
	}
	o := withTemplate(t, string(src)+"\n\n## Your store: "+ifThere(".Extra.store")+"\n\n{{if .Extra.plan}}\n"+
		"You have the plan **{{$.Extra.plan}}**, from "+ifThere(".Extra.store")+".\n{{else}}\nYou have no plan.\n{{end}}\n\n- "+
		ifThere(".Extra.plan")+"\n\n"+ifThere(".Extra.store")+"\n")
	o.Extra = []string{"store", "plan"}
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// ifThere prints a field that may be empty.
func ifThere(field string) string { return "{{if " + field + "}}{{" + field + "}}{{end}}" }

func repeat(s string, n int) string {
	var out string
	for range n {
		out += s
	}
	return out
}
