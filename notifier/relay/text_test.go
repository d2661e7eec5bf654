package relay

import (
	"strings"
	"testing"
	"unicode/utf8"

	"breachmail/notifier"
)

func redact(to, text string) string {
	f := formsOf(notifier.NewAddress(to))
	return string(f.appendRedacted(nil, appendClean(nil, []byte(text))))
}

func TestRedact(t *testing.T) {
	tests := []struct{ to, text, want string }{
		{"maria@example.net", "<maria@example.net>: unknown", "<recipient>: unknown"},
		{"maria@example.net", "MARIA@Example.NET unknown.", "<recipient> unknown."},
		{"maria@example.net", "user maria@example.net.", "user <recipient>."},
		{"maria@example.net", "'maria' maria/x maria= (Maria)", "'<recipient>' <recipient>/x <recipient>= (<recipient>)"},
		{"maria@example.net", "mariachi and santamaria", "mariachi and santamaria"},
		{"maria@example.net", "sent to maria@mail.internal:2525", "sent to <recipient>"},
		{"maria@example.net", "maria@[192.0.2.1] maria@", "<recipient> <recipient>"},
		{"maria@bücher.example", "maria@xn--bcher-kva.example, no", "<recipient>, no"},
		{"jürgen@example.net", "JÜRGEN@example.net", "<recipient>"},
		{"a@example.net", "a mailbox cannot have a name <a@example.net>", "<recipient> mailbox cannot have <recipient> name <recipient>"},
		{"maria+news@example.net", "maria+news@example.net maria", "<recipient> <recipient>"},
		{`"m. rossi"@example.net`, `m. rossi and "m. rossi"@example.net`, "<recipient> and <recipient>"},
		{"maria", "maria", "<recipient>"},
		{"maria@example.net", "ma\x00ria\tis\x1b[2J un\xffknown\u202e", "<recipient> is[2J unknown"},
		{"recipient@example.net", "<recipient>", "<recipient>"},
	}
	for _, test := range tests {
		if got := redact(test.to, test.text); got != test.want {
			t.Errorf("%s: %q\ngot  %q\nwant %q", test.to, test.text, got, test.want)
		}
	}
}

func TestCut(t *testing.T) {
	if got := cut("äöü", 3); got != "ä" {
		t.Errorf("got %q", got)
	}
	if got := cut("abc", 3); got != "abc" {
		t.Errorf("got %q", got)
	}
}

func TestRelayID(t *testing.T) {
	tests := []struct{ text, want string }{
		{"Ok: queued as 4WqX3y1ZzB", "4WqX3y1ZzB"},
		{"Ok: queued as 7M0aVw-PRfC-Q8kZDk1qXA", "7M0aVw-PRfC-Q8kZDk1qXA"},
		{"from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 5C9E1", "5C9E1"},
		{"OK id=1sFooB-000000-2k", "1sFooB-000000-2k"},
		{"<0123@mail.example.com> [InternalId=25769803779, Hostname=x.example.com] 3129 bytes in 0.094, 32.3 KB/sec Queued mail for delivery", "25769803779"},
		{"Ok 0100018f2c4c1e5d-7a0b-4c1e-000000", "0100018f2c4c1e5d-7a0b-4c1e-000000"},
		{"OK  1534791234 x12-20020a056.123 - gsmtp", "x12-20020a056.123"},
		{"w7K9f2ab012345 Message accepted for delivery", "w7K9f2ab012345"},
		{"OK 5E/A1-22335-6D8B7C5B", "5E/A1-22335-6D8B7C5B"},
		{"Ok", ""}, {"Ok thanks", ""}, {"Ok 1 message", ""}, {"", ""}, {"queued as ", ""},
		{"Ok: queued as <recipient>", ""},
		{"Ok: queued as " + strings.Repeat("x", 200), ""},
	}
	for _, test := range tests {
		if got := relayID(test.text); got != test.want {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
}

func TestCutEnhanced(t *testing.T) {
	tests := []struct {
		code       int
		text       string
		want, rest string
	}{
		{250, "2.1.5 Ok", "2.1.5", "Ok"},
		{550, "5.1.1", "5.1.1", ""},
		{550, "5.7.509  denied", "5.7.509", "denied"},
		{550, "4.1.1 not the class of the code", "", "4.1.1 not the class of the code"},
		{250, "2.1.5.9 four", "", "2.1.5.9 four"},
		{250, "2.1 two", "", "2.1 two"},
		{250, "2.1000.1 long", "", "2.1000.1 long"},
		{250, "2..1 gap", "", "2..1 gap"},
		{250, "", "", ""},
	}
	for _, test := range tests {
		got, rest := cutEnhanced(test.code, []byte(test.text))
		if got != test.want || string(rest) != test.rest {
			t.Errorf("%d %q: got %q, %q", test.code, test.text, got, rest)
		}
	}
}

func TestDotStuffing(t *testing.T) {
	tests := []struct{ in, want string }{
		{"a\r\n", "a\r\n.\r\n"},
		{"a", "a\r\n.\r\n"},
		{".\r\n", "..\r\n.\r\n"},
		{"a\r\n.\r\n..b\r\n", "a\r\n..\r\n...b\r\n.\r\n"},
		{"a\r\n.\r\n.\r\n", "a\r\n..\r\n..\r\n.\r\n"},
		{"a\n.\nb\r\n", "a\n..\nb\r\n.\r\n"}, // a lenient relay would take it for the end
	}
	for _, test := range tests {
		if got := string(appendDotStuffed(nil, []byte(test.in))); got != test.want {
			t.Errorf("%q: got %q, want %q", test.in, got, test.want)
		}
	}
}

// FuzzReplyText: whatever a relay says, what is kept of it is short, printable
// and without the recipient.
func FuzzReplyText(f *testing.F) {
	f.Add("maria@example.net", "5.1.1 <Maria@example.net>: maria unknown")
	f.Add("a@example.net", "Ok: queued as a-a.a")
	f.Add(`"m r"+x@example.net`, "m r@ M R+x\x00\xff")
	f.Add("ſ@example.net", "S ſ s")
	f.Add("maria@example.@", "maria") // no address: what stands before the last @ is looked for
	f.Fuzz(func(t *testing.T, to, text string) {
		if len(to) > 320 || len(text) > maxText {
			return
		}
		d := delivery{Session: &Session{}, forms: formsOf(notifier.NewAddress(to))}
		d.decide(atDot, reply{code: 250, text: []byte(text)})
		reply := d.out.Reply
		if len(reply) > maxReply || !utf8.ValidString(reply) || strings.ContainsFunc(reply, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Errorf("%q", reply)
		}
		local := to[:max(strings.LastIndexByte(to, '@'), 0)]
		if len(local) < 2 || strings.Contains(placeholder, strings.ToLower(local)) || !asciiWord(local) {
			return
		}
		for word := range strings.FieldsFuncSeq(d.out.Reply+" "+d.out.RelayID, func(r rune) bool { return !wordRune(r) }) {
			if strings.EqualFold(word, local) && !strings.Contains(to, "+") {
				t.Errorf("%q shows in %q (%q)", local, reply, d.out.RelayID)
			}
		}
	})
}

func asciiWord(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf || !wordRune(r) })
}

// FuzzReadReply: no bytes make the reader panic, or give a reply that is none.
func FuzzReadReply(f *testing.F) {
	f.Add([]byte("250-2.1.0 a\r\n250 2.1.0 b\r\n"))
	f.Add([]byte("250\n"))
	f.Add([]byte("250-\r\n251 x\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		for rest := in; wholeReply(rest); {
			_, next := cutReply(rest)
			if len(next) >= len(rest) {
				t.Fatal("it does not end")
			}
			rest = next
		}
		s := reading(in)
		for range 10 {
			r, err := s.readReply(0)
			if err != nil {
				return
			}
			if r.code < 200 || r.code > 599 || len(r.text) > maxText {
				t.Errorf("%+v", r)
			}
			if r.enhanced != "" && int(r.enhanced[0]-'0') != r.class() {
				t.Errorf("%d with %s", r.code, r.enhanced)
			}
			classify(atDot, r.code, r.enhanced, "")
		}
	})
}

// TestRedactLog takes every address of the recipient out of what a relay's log says.
func TestRedactLog(t *testing.T) {
	ann, other := notifier.NewAddress("ann+notices@example.com"), notifier.NewAddress("a.berg@mail.example")
	for _, tt := range []struct{ said, want string }{
		{"host mx.example[192.0.2.1] said: 550 5.1.1 <Ann+Notices@example.com>: user ann unknown", "host mx.example[192.0.2.1] said: 550 5.1.1 <recipient>: user <recipient> unknown"},
		{"<a.berg@mail.example>\n over quota (a.berg)", "<recipient>  over quota (<recipient>)"},
		{"ann+notices@example.com is a.berg@mail.example", "<recipient> is <recipient>"},
		{"delivered to maildir", "delivered to maildir"},
		{strings.Repeat("x", 400), strings.Repeat("x", maxReply)},
		{"", ""},
	} {
		if got := Redact(tt.said, ann, other, notifier.NewAddress("")); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.said, got, tt.want)
		}
	}
	if got := Redact("a <b@c.example>"); got != "a <b@c.example>" {
		t.Errorf("without a recipient: %q", got)
	}
}
