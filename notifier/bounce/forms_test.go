package bounce

import (
	"fmt"
	"strings"
	"testing"
)

// TestExim is about lines that the logs in testdata have not.
func TestExim(t *testing.T) {
	const id = "1xY7mf-0007OE-1X"
	arrival := "2018-08-24 10:00:00 " + id + " <= bounces+" + keyA + "@example.com H=x [192.0.2.9] P=esmtp S=482\n"
	for _, c := range []struct{ line, want string }{
		{id + " removed by root", `bounced 0  <> "removed from the queue by hand"`},
		{id + " cancelled by root", `bounced 0  <> "removed from the queue by hand"`},
		{id + " frozen by root", ""},
		{id + ` -> "a => b"@example.net R=r T=t H=mx [192.0.2.1] C="250 2.0.0 said \"ok\""`, `taken 250 2.0.0 <"a => b"@example.net> "250 2.0.0 said \\\"ok\\\""`},
		{id + " *> a@example.net R=r T=t", `taken 0  <a@example.net> ""`},
		{id + " ** a@example.net", `bounced 0  <a@example.net> ""`},
		{id + " ** a@example.net: retry timeout exceeded", `bounced 0  <a@example.net> "retry timeout exceeded"`},
		{"1xY7mf-0007OE-1Y => a@example.net R=r T=t", ""},
		{"H=x [192.0.2.9] F=<bounces+" + keyB + "@example.com> rejected RCPT <a@example.net>: 550 5.1.1 nobody", `rejected 550 5.1.1 <> "RCPT <a@example.net>: 550 5.1.1 nobody"`},
		{"H=x [192.0.2.9] F=<news@example.com> rejected RCPT <a@example.net>: 550 5.1.1 nobody", ""},
	} {
		facts, sum := factsOf(t, everyone(), logOf("mainlog", arrival+"2018-08-24 10:00:01 "+c.line+"\n"))
		got := ""
		for _, f := range facts {
			if p := strings.Split(f, "\t"); p[2] == "2018-08-24T10:00:01Z" {
				got = fmt.Sprintf("%s %s %s %s %s", p[1], p[4], p[5], p[6], p[7])
			}
		}
		if got != c.want || sum.Logs[0].Unreadable > 0 {
			t.Errorf("%s:\n%s, want\n%s", c.line, got, c.want)
		}
	}
}

// TestQuotes holds that a quote that never closes costs its line alone.
func TestQuotes(t *testing.T) {
	rows := strings.Repeat(keyA+",sent,x\n", 3*maxRowLines)
	facts, sum := factsOf(t, everyone(), logOf("own.csv", "key,status,reply\n"+keyB+",sent,\"open\n"+rows))
	if s := sum.Logs[0]; len(facts) != 3*maxRowLines || s.Unreadable != 1 || s.Samples[0].Line != 2 {
		t.Errorf("%d facts, %v", len(facts), sum)
	}
}

// TestSeparators reads a table with each of them.
func TestSeparators(t *testing.T) {
	for _, sep := range []string{",", ";", "\t"} {
		text := strings.ReplaceAll("Message-ID|STATUS|Time|Relay ID\n"+idOf(keyA)+"|Delivered|2018-08-24T10:00:00Z|7\n", "|", sep)
		facts, _ := factsOf(t, everyone(), logOf("own.csv", text))
		if want := keyA + "\ttaken\t2018-08-24T10:00:00Z\t7\t0\t\t<>\t\"\"\town.csv:2"; len(facts) != 1 || facts[0] != want {
			t.Errorf("%q: %q, want %q", sep, facts, want)
		}
	}
}
