package returned

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
)

const (
	keyA = "201zr2k8m0q6t1v9xw3y5a7bg0"
	keyB = "202zr2k8m0q6t1v9xw3y5a7bg0"
)

// found lists the keys of a message with where they stood.
func found(message string, o Options) string {
	var out []string
	for _, c := range Parse([]byte(strings.ReplaceAll(message, "KEY", keyA)), o).Keys {
		out = append(out, strings.NewReplacer(keyA, "A", keyB, "B", notifier.Key{}.String(), "none").Replace(c.Key.String())+" "+c.By)
	}
	return strings.Join(out, ", ")
}

func TestClues(t *testing.T) {
	for _, c := range []struct{ message, want string }{
		{"To: bounces+KEY@example.com\n\n", "A verp"},
		{"To: <BOUNCES+" + strings.ToUpper(keyA) + "@EXAMPLE.COM>\n\n", "A verp"},
		{"To: a@example.com, \"B\" <bounces+KEY@example.com>\n\n", "A verp"},
		{"Delivered-To: bounces+KEY@mail.internal.example\n\n", "A verp"}, // another domain: rewritten
		{"X-Original-To: prvs=1234abcd=bounces+KEY@example.com\n\n", "A verp"},
		{"X-Envelope-To: SRS0=h=t=example.com=bounces+KEY@forward.example\n\n", "A verp"},
		{"To: notbounces+KEY@example.com\n\n", ""},
		{"To: x.bounces+KEY@example.com\n\n", ""},
		{"To: other+KEY@example.com\n\n", ""},
		{"To: bounces+KEYx@example.com\n\n", "none verp"},
		{"To: bounces+KEY\n\n", ""},
		{"To: bounces+" + keyA[:25] + "u@example.com\n\n", "none verp"}, // no letter of a key
		{"In-Reply-To: <aug-2018.KEY@mail.example.com>\n\n", "A message_id"},
		{"In-Reply-To: <may-2017.KEY@mail.example.com>\n\n", ""},
		{"References: <x@y> <aug-2018.KEY@mail.example.com>\n\n", "A message_id"},
		{"To: bounces+KEY@example.com\nIn-Reply-To: <aug-2018." + keyB + "@mail.example.com>\n\n", "A verp, B message_id"},
		{"From: x@y\n\n> X-Breachmail-Key: KEY\n", "A header"},
		{"From: x@y\n\nMessage-ID: <aug-2018." + keyB + "@h>\nX-Breachmail-Key: KEY\n", "A header, B message_id"},
		{"From: x@y\n\nMessage-ID:\n <aug-2018.KEY@mail.example.com>\n", "A message_id"},
		{"X-Breachmail-Key: KEY\n\n", ""}, // its own header is not the notice's
	} {
		if got := found(c.message, theirs); got != c.want {
			t.Errorf("%q: %q, want %q", c.message, got, c.want)
		}
	}
	if got := found("To: anything+KEY@example.com\n\n", Options{Campaign: "aug-2018"}); got != "A verp" {
		t.Errorf("without a return path: %q", got)
	}
}

func TestMaxClues(t *testing.T) {
	var b strings.Builder
	b.WriteString("To: ")
	for i := range 100 {
		fmt.Fprintf(&b, "bounces+%d%s@example.com, ", 100+i, keyA[3:])
	}
	if got := Parse([]byte(b.String()+"\n\n"), theirs).Keys; len(got) != maxClues {
		t.Errorf("%d keys", len(got))
	}
}

func TestClassOf(t *testing.T) {
	for _, c := range []struct {
		action, enhanced string
		code             int
		want             Class
	}{
		{"failed", "5.1.1", 550, Hard},
		{"failed", "4.4.7", 0, Hard},
		{"failed", "", 0, Hard},
		{"failed", "2.0.0", 0, Soft},
		{"delayed", "5.1.1", 0, Soft},
		{"relayed", "5.1.1", 0, Other},
		{"", "5.1.1", 250, Hard},
		{"", "4.2.2", 0, Soft},
		{"", "2.0.0", 0, Other},
		{"", "", 554, Hard},
		{"", "", 451, Soft},
		{"", "", 0, ""},
		{"unheard-of", "", 0, ""},
	} {
		if got := classOf(c.action, c.enhanced, c.code); got != c.want {
			t.Errorf("%s %s %d: %q, want %q", c.action, c.enhanced, c.code, got, c.want)
		}
	}
}

func TestCodesIn(t *testing.T) {
	for _, c := range []struct {
		text     string
		code     int
		enhanced string
	}{
		{"550 5.1.1 no", 550, "5.1.1"},
		{"550-5.1.1 no", 550, "5.1.1"},
		{"host mx[192.0.2.5] said: 552 5.2.2 full", 552, "5.2.2"},
		{"<<< 550 User unknown", 550, ""},
		{"Remote server replied: 550 unknown", 550, ""},
		{"Sorry, no mailbox here by that name. (#5.1.1)", 0, "5.1.1"},
		{"#5.1.1 smtp;550", 0, "5.1.1"},
		{"<x@y>: 550: 5.1.1 no", 550, "5.1.1"},
		{"connect to 192.0.2.4 port 465", 0, ""},
		{"at 15:55 it had 554 bytes", 0, ""},
		{"version 14.5.1.1", 0, ""},
		{"14 550 5.1.1", 550, "5.1.1"},
		{"", 0, ""},
		{"5", 0, ""},
	} {
		if code, enhanced := codesIn(c.text); code != c.code || enhanced != c.enhanced {
			t.Errorf("%q: %d %q", c.text, code, enhanced)
		}
	}
}

// TestOwnDate holds that a report's time is its own, and one of a calendar.
func TestOwnDate(t *testing.T) {
	for text, want := range map[string]time.Time{
		"Fri, 24 Aug 2018 15:00:00 +0200 (CEST)": time.Date(2018, 8, 24, 13, 0, 0, 0, time.UTC),
		"24 Aug 2018 13:00:00 GMT":               time.Date(2018, 8, 24, 13, 0, 0, 0, time.UTC),
		"Fri, 24 Aug 9999 15:00:00 +0200":        {},
		"yesterday":                              {},
		"":                                       {},
	} {
		if got := Parse([]byte("Date: "+text+"\n\n"), theirs).At; !got.Equal(want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// TestWorst holds that of several recipients the worst counts.
func TestWorst(t *testing.T) {
	m := "From: MAILER-DAEMON@x.example\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n" +
		"Final-Recipient: rfc822; a@x.example\nAction: delivered\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.1.1\n\n" +
		"Final-Recipient: rfc822; c@x.example\nAction: delayed\nStatus: 4.0.0\n\n--b--\n"
	r := Parse([]byte(m), theirs)
	if r.Class != Hard || r.Address.Reveal() != "b@x.example" || r.Enhanced != "5.1.1" || r.Reporter != "x.example" {
		t.Errorf("%v %q", r, r.Address.Reveal())
	}
}

// TestHidden holds that a report does not print what is personal in it.
func TestHidden(t *testing.T) {
	r := Parse(file(t, "postfix-user-unknown-remote.eml"), theirs)
	if !strings.Contains(r.Text.Reveal(), "nina@example.org") {
		t.Fatalf("no text: %q", r.Text.Reveal())
	}
	if s := fmt.Sprintf("%v %+v %#v", r, r, r); strings.Contains(s, "nina@") {
		t.Errorf("prints %s", s)
	}
}

// TestIncomplete holds that a report that was read before all of it was there is
// another one than the whole.
func TestIncomplete(t *testing.T) {
	whole := file(t, "postfix-user-unknown-remote.eml")
	cut := Parse(whole[:bytes.Index(whole, []byte("--"))], theirs)
	if all := Parse(whole, theirs); cut.ID == all.ID || cut.Class == all.Class {
		t.Errorf("%s and %s have one ID", cut.Class, all.Class)
	}
}

// TestHostile holds that a message made to cost much gives a report all the
// same.
func TestHostile(t *testing.T) {
	nested := ""
	for i := range 5000 {
		nested += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	for name, message := range map[string]string{
		"nested":     nested,
		"parts":      "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 100000),
		"fields":     strings.Repeat("X: y\n", 500000) + "\n",
		"long field": "Subject: " + strings.Repeat("x", 3<<20) + "\n\n",
		"folded":     "Subject: x\n" + strings.Repeat(" folded\n", 200000) + "\n",
		"recipients": "From: postmaster@x\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" + strings.Repeat("Action: failed\n\n", 100000),
		"text":       "From: postmaster@x.example\n\n" + strings.Repeat("a@b.example 550 ", 250000),
		"words":      "Subject: " + strings.Repeat("=?utf-8?q?x?= ", 1000) + "\n\n",
		"long":       strings.Repeat("x", 8<<20),
	} {
		r := Parse([]byte(message), theirs)
		if r.ID == (notifier.Digest{}) || !notifier.CleanLine(r.Text.Reveal()) {
			t.Errorf("%s: %v", name, r)
		}
	}
}

// TestEventsTwice holds that one event is the same one with and without what SNS
// puts around it, and that two about one notice are two.
func TestEventsTwice(t *testing.T) {
	a, b := reports(t, "ses-permanent.json"), reports(t, "ses-mailbox-full.json")
	if a[0].ID == b[0].ID || len(a) != 1 || len(b) != 1 {
		t.Error("two events have one ID")
	}
	plain := `{"eventType":"Bounce","bounce":{"bounceType":"Permanent","feedbackId":"f","bouncedRecipients":[{"emailAddress":"a@example.net"},{"emailAddress":"b@example.net"}]},"mail":{"source":"bounces+` + keyA + `@example.com"}}`
	wrapped := `{"Type":"Notification","TopicArn":"t","Message":` + fmt.Sprintf("%q", plain) + `}`
	one, err := ParseEvent([]byte(plain), theirs)
	two, err2 := ParseEvent([]byte(wrapped), theirs)
	if err != nil || err2 != nil || len(one) != 2 || len(two) != 2 || one[0].ID != two[0].ID || one[0].ID == one[1].ID {
		t.Errorf("%v %v, %v %v", one, err, two, err2)
	}
}

func TestNoEvents(t *testing.T) {
	for _, s := range []string{"", "{", "[]", `{"a":1}`, `{"__REALTIME_TIMESTAMP":"1"}`, `{"sg_event_id":1,"event":null}`, `{"eventType":[]}`} {
		if got, err := ParseEvent([]byte(s), theirs); err == nil {
			t.Errorf("%s: %v", s, got)
		}
	}
	if got, err := ParseEvent([]byte(`{"Type":"SubscriptionConfirmation","TopicArn":"t","Message":"hello"}`), theirs); err != nil || len(got) != 0 {
		t.Errorf("%v %v", got, err)
	}
}

func TestRulesAreLower(t *testing.T) {
	for _, r := range rules {
		for _, p := range r.phrases {
			if p != spaced([]byte(p)) {
				t.Errorf("%q can never be found", p)
			}
		}
	}
	for _, list := range [][]string{copies, daemons, bounceSubjects, automaticSubjects} {
		for i, s := range list {
			if s != strings.ToLower(s) || s == "" || slices.Contains(list[:i], s) {
				t.Errorf("%q is not in lower case, or stands there twice", s)
			}
		}
	}
}

func BenchmarkParse(b *testing.B) {
	var messages [][]byte
	size := 0
	for name := range verdicts(b) {
		if strings.HasSuffix(name, ".eml") {
			messages = append(messages, file(b, name))
			size += len(messages[len(messages)-1])
		}
	}
	b.SetBytes(int64(size / len(messages)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Parse(messages[i%len(messages)], theirs)
	}
}
