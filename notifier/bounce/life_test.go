package bounce

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

var (
	keyA = madeKey(1).String()
	keyB = madeKey(2).String()
)

func idOf(key string) string { return "<aug-2018." + key + "@mail.example.com>" }

// kindsOf gives "KEY kind" of each fact about a log, each once.
func kindsOf(t *testing.T, text string) string {
	t.Helper()
	facts, _ := factsOf(t, everyone(), logOf("mail.log", text))
	var kinds []string
	for _, f := range facts {
		fields := strings.Split(f, "\t")
		name := map[string]string{keyA: "A", keyB: "B"}[fields[0][:keyLength]]
		kinds = append(kinds, name+" "+fields[1])
	}
	slices.Sort(kinds)
	return strings.Join(slices.Compact(kinds), ", ")
}

// TestReuse is about queue ids that two messages had.
func TestReuse(t *testing.T) {
	const (
		client  = "smtpd[1]: 40000986295: client=mail.example.com[192.0.2.9]"
		foreign = "cleanup[2]: 40000986295: message-id=<news@example.org>"
		active  = "qmgr[3]: 40000986295: from=<news@example.org>, size=9, nrcpt=1 (queue active)"
		sent    = "smtp[4]: 40000986295: to=<a@example.net>, relay=none, delay=1, delays=0/0/0/0, dsn=2.0.0, status=sent (250 ok)"
		bounced = "smtp[4]: 40000986295: to=<a@example.net>, relay=none, delay=1, delays=0/0/0/0, dsn=5.0.0, status=bounced (no)"
		removed = "qmgr[3]: 40000986295: removed"
		gone    = "smtpd[1]: lost connection after DATA (9 bytes) from mail.example.com[192.0.2.9]"
	)
	ours := func(key string) string { return "cleanup[2]: 40000986295: message-id=" + idOf(key) }
	for _, c := range []struct {
		name  string
		lines []string // "second program: text", or "time program: text"
		want  string
	}{
		{"one after the other", []string{"1 " + client, "1 " + ours(keyA), "2 " + sent, "2 " + removed, "9 " + client, "9 " + ours(keyB), "9 " + bounced}, "A taken, B bounced"},
		{"in the second of the removal", []string{"1 " + client, "1 " + ours(keyA), "1 " + active, "2 " + sent, "2 " + removed, "2 " + client, "2 " + ours(keyB), "2 " + bounced}, "A taken, B bounced"},
		{"another's after ours", []string{"1 " + client, "1 " + ours(keyA), "2 " + sent, "2 " + removed, "9 " + client, "9 " + foreign, "9 " + bounced}, "A taken"},
		{"another's without its Message-ID", []string{"1 " + client, "1 " + ours(keyA), "2 " + sent, "2 " + removed, "9 " + bounced}, "A taken"},
		{"another's after a client that vanished", []string{"1 " + client, "1 " + ours(keyA), "9 " + client, "9 " + foreign, "9 " + active, "9 " + sent}, "A begun"},
		{"the same, in the wrong order", []string{"1 " + client, "1 " + ours(keyA), "9 " + sent, "9 " + active, "9 " + client, "9 " + foreign}, "A begun"},
		{"ours after another's that vanished", []string{"1 " + client, "1 " + foreign, "1 " + gone, "9 " + client, "9 " + ours(keyA), "9 " + sent}, "A taken"},
		{"its client vanished", []string{"1 " + client, "1 " + ours(keyA), "1 " + gone, "9 " + client, "9 " + foreign, "9 " + sent}, "A rejected"},
		{"the next one's client vanished", []string{"1 " + client, "1 " + ours(keyA), "2 " + sent, "2 " + removed, "9 " + client, "9 " + foreign, "9 " + gone}, "A taken"},
		{"a client that vanished later", []string{"1 " + client, "1 " + ours(keyA), "2 smtpd[1]: 50000986295: client=mail.example.com[192.0.2.9]", "3 " + gone}, "A begun"},
		{"a client that vanished when the id was in use again", []string{"1 " + client, "1 " + ours(keyA), "3 " + strings.Replace(client, "[1]", "[5]", 1), "3 " + ours(keyB), "3 " + gone}, "A rejected, B begun"},
		{"a client that vanished hours later", []string{"1 " + client, "1 " + ours(keyA), "13:00:00 " + gone}, "A begun"},
		{"a client of another smtpd", []string{"1 " + client, "1 " + ours(keyA), "3 " + strings.Replace(gone, "[1]", "[7]", 1)}, "A begun"},
		{"a status long before", []string{"1 " + sent, "9 " + client, "9 " + ours(keyA)}, "A begun"},
		{"held", []string{"1 " + client, "1 " + ours(keyA), "1 cleanup[2]: 40000986295: hold: header X: y from mail.example.com[192.0.2.9]; from=<bounces+" + keyA + "@example.com> to=<a@example.net>"}, "A begun"},
		{"held and released", []string{"1 " + client, "1 " + ours(keyA), "9 postsuper[2]: 40000986295: released from hold"}, "A taken"},
		{"a subject that looks like us", []string{"1 " + client, "1 " + foreign, "1 cleanup[2]: 40000986295: info: header Subject: x: header X-Breachmail-Key: " + keyA + " from=<bounces+" + keyA + "@example.com> from h[1.2.3.4]; from=<news@example.org> to=<b@example.net>", "2 " + sent}, ""},
		{"another machine's", []string{"1 " + client, "1 " + ours(keyA), "2 !" + sent}, "A begun"},
	} {
		var b strings.Builder
		for _, l := range c.lines {
			second, text, _ := strings.Cut(l, " ")
			host := "mx.example.net"
			if other, ok := strings.CutPrefix(text, "!"); ok {
				host, text = "mx2.example.net", other
			}
			if len(second) == 1 {
				second = "10:00:0" + second
			}
			fmt.Fprintf(&b, "Aug 24 %s %s postfix/%s\n", second, host, text)
		}
		if got := kindsOf(t, b.String()); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestTwice reads the same lines from syslog and from the journal, and a message
// whose lines name its machine in two ways.
func TestTwice(t *testing.T) {
	syslog := "Aug 24 10:00:01 mx postfix/cleanup[2]: 40000986295: message-id=" + idOf(keyA) + "\n" +
		"Aug 24 10:00:03 mx postfix/smtp[4]: 40000986295: to=<a@example.net>, relay=none, delay=1, delays=0/0/0/0, dsn=2.0.0, status=sent (250 ok)\n"
	journal := `{"__REALTIME_TIMESTAMP":"1535104801700000","_HOSTNAME":"MX.example.net","SYSLOG_IDENTIFIER":"postfix/cleanup","MESSAGE":"40000986295: message-id=` + idOf(keyA) + `"}` + "\n" +
		`{"__REALTIME_TIMESTAMP":"1535104802700000","_HOSTNAME":"MX.example.net","SYSLOG_IDENTIFIER":"postfix/qmgr","MESSAGE":"40000986295: from=<bounces+` + keyA + `@example.com>, size=9, nrcpt=1 (queue active)"}` + "\n"
	a, b := logOf("mail.log", syslog), logOf("journal.json", journal)
	there, _ := factsOf(t, everyone(), a, b)
	back, _ := factsOf(t, everyone(), b, a)
	if !slices.Equal(there, back) || len(there) != 2 {
		t.Errorf("%s\n%s", strings.Join(there, "\n"), strings.Join(back, "\n"))
	}
}
