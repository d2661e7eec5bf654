package relay

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"breachmail/notifier"
	"breachmail/notifier/internal/smtptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// envelope is the one of most tests.
var envelope = notifier.Envelope{
	From: "bounces+0123@example.com",
	To:   notifier.NewAddress("maria.rossi@example.net"),
}

const (
	mailLine = "> MAIL FROM:<bounces+0123@example.com>\n"
	rcptLine = "> RCPT TO:<maria.rossi@example.net>\n"
	dataLine = "> DATA\n"
	message  = "Subject: Notice\r\n\r\nHello\r\n.hidden dot\r\n"
	farewell = "> QUIT\n< 221 bye\n"
)

// greeting is a dialogue up to the end of EHLO.
func greeting(extensions ...string) string {
	lines := append([]string{"relay.example.com"}, extensions...)
	s := "< 220 relay.example.com ESMTP\n> EHLO client.example.com\n"
	for i, l := range lines {
		s += "< 250" + map[bool]string{true: " ", false: "-"}[i == len(lines)-1] + l + "\n"
	}
	return s
}

// config fits a scripted server in the clear.
func config(addr string) Config {
	return Config{
		Name: "primary", Address: addr, TLS: TLSNone, Hello: "client.example.com",
		Timeouts: Timeouts{Dial: 5 * time.Second, Greeting: 5 * time.Second, Command: 5 * time.Second, Final: 5 * time.Second},
	}
}

// dial opens a session, or ends the test.
func dial(t testing.TB, c Config) *Session {
	t.Helper()
	s, err := Dial(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// content is a content function that counts its calls.
type content struct {
	calls int
	body  string
	err   error
}

func (c *content) call() ([]byte, error) {
	c.calls++
	return []byte(c.body), c.err
}

// parcel is the usual envelope with a content of its own.
func parcel(content func() ([]byte, error)) *notifier.Parcel {
	return &notifier.Parcel{Envelope: envelope, Content: content}
}

// deliver delivers the usual message.
func deliver(t testing.TB, s *Session) (notifier.Outcome, int) {
	t.Helper()
	c := content{body: message}
	start := time.Now()
	out, err := s.Deliver(t.Context(), parcel(c.call), nil)
	if err != nil {
		t.Fatal(err)
	}
	if out.At.Before(start) || out.At.After(time.Now()) {
		t.Errorf("At is %v", out.At)
	}
	if strings.Contains(strings.ToLower(out.Reply+out.RelayID), "rossi") {
		t.Errorf("the recipient shows: %q", out.Reply)
	}
	return out, c.calls
}

func wantVerdict(t testing.TB, out notifier.Outcome, want verdict) {
	t.Helper()
	if got := (verdict{out.Status, out.Cause, out.Mood}); got != want {
		t.Errorf("got %v, want %v (%d %s %q)", got, want, out.Code, out.Enhanced, out.Reply)
	}
}

// replies are what a relay says to one transaction. An empty one ends it.
type replies struct{ mail, rcpt, data, dot string }

var takes = replies{"250 2.1.0 Ok", "250 2.1.5 Ok", "354 go on", "250 2.0.0 Ok: queued as 4WqX3y"}

// transaction is the dialogue of one transaction; reset says that RSET goes
// before it.
func (r replies) transaction(pipelining, reset bool) string {
	commands := []string{mailLine, rcptLine, dataLine}
	answers := []string{r.mail, r.rcpt, r.data}
	if reset {
		commands = append([]string{"> RSET\n"}, commands...)
		answers = append([]string{"250 2.0.0 Ok"}, answers...)
	}
	var s string
	if pipelining {
		s = strings.Join(commands, "")
	}
	refused := false
	for i, a := range answers {
		if !pipelining && !refused {
			s += commands[i]
		}
		if a == "" || refused && !pipelining {
			break
		}
		s += "< " + a + "\n"
		refused = refused || a[0] >= '4'
	}
	switch {
	case refused && pipelining && r.data != "" && r.data[0] == '3':
		s += "> .\n" // the lone dot
		s += "< 554 5.5.1 no valid recipients\n"
	case !refused && r.data != "" && r.data[0] == '3':
		s += "! content\n"
		if r.dot != "" {
			s += "< " + r.dot + "\n"
		}
	}
	return s
}

// bothWays runs f with and without PIPELINING.
func bothWays(t *testing.T, f func(t *testing.T, pipelining bool, greeting string)) {
	t.Run("pipelining", func(t *testing.T) { f(t, true, greeting("PIPELINING", "ENHANCEDSTATUSCODES")) })
	t.Run("one by one", func(t *testing.T) { f(t, false, greeting("ENHANCEDSTATUSCODES")) })
}

// TestDialogues holds each refusal against its outcome, and then delivers a
// second message over the same session to see that it is still in step.
func TestDialogues(t *testing.T) {
	tests := []struct {
		name    string
		replies replies
		want    verdict
		code    int
		status  string
		left    bool // the content left
		closed  bool // the session is not usable after
	}{
		{"taken", takes, accepted, 250, "2.0.0", true, false},
		{"MAIL 4xx", replies{"451 4.7.1 later", "503 5.5.1 no", "503 5.5.1 no", ""}, relaySoft, 451, "4.7.1", false, false},
		{"MAIL 5xx", replies{"550 5.7.1 go away", "503 5.5.1 no", "503 5.5.1 no", ""}, setupTrouble, 550, "5.7.1", false, false},
		{"MAIL 530", replies{"530 5.7.0 login first", "530 5.7.0 login", "530 5.7.0 login", ""}, setupTrouble, 530, "5.7.0", false, false},
		{"MAIL 421", replies{"421 4.3.2 closing", "", "", ""}, relaySoft, 421, "4.3.2", false, true},
		{"RCPT 450", replies{takes.mail, "450 4.2.1 <maria.rossi@example.net>: busy", "554 5.5.1 no valid recipients", ""}, tryAgain, 450, "4.2.1", false, false},
		{"RCPT 452 full", replies{takes.mail, "452 4.3.1 disk full", "554 5.5.1 no", ""}, relaySoft, 452, "4.3.1", false, false},
		{"RCPT 452 mailbox", replies{takes.mail, "452 4.2.2 mailbox full", "554 5.5.1 no", ""}, tryAgain, 452, "4.2.2", false, false},
		{"RCPT 454", replies{takes.mail, "454 4.7.0 daily quota", "554 5.5.1 no", ""}, quotaUsed, 454, "4.7.0", false, false},
		{"RCPT 550", replies{takes.mail, "550 5.1.1 <Maria.Rossi@EXAMPLE.net>: no such user", "554 5.5.1 no", ""}, refused, 550, "5.1.1", false, false},
		{"RCPT 550 sender", replies{takes.mail, "550 5.1.8 sender domain not found", "554 5.5.1 no", ""}, setupTrouble, 550, "5.1.8", false, false},
		{"RCPT 421", replies{takes.mail, "421 closing", "", ""}, relaySoft, 421, "", false, true},
		{"RCPT 550, DATA 354", replies{takes.mail, "550 no such user", "354 go on", ""}, refused, 550, "", false, false},
		{"RCPT 550, DATA 421", replies{takes.mail, "550 no such user", "421 bye", ""}, refused, 550, "", false, true},
		{"MAIL and RCPT 550, DATA 354", replies{"550 no", "550 no", "354 go on", ""}, setupTrouble, 550, "", false, false},
		{"DATA 451", replies{takes.mail, takes.rcpt, "451 4.7.1 greylisted", ""}, tryAgainSoft, 451, "4.7.1", false, false},
		{"DATA 451 relay", replies{takes.mail, takes.rcpt, "451 4.3.2 queue", ""}, relaySoft, 451, "4.3.2", false, false},
		{"DATA 503", replies{takes.mail, takes.rcpt, "503 order", ""}, relaySoft, 503, "", false, false},
		{"DATA 554", replies{takes.mail, takes.rcpt, "554 5.7.1 policy", ""}, policyHeld, 554, "5.7.1", false, false},
		{"DATA 550 recipient", replies{takes.mail, takes.rcpt, "550 5.1.1 nobody", ""}, refused, 550, "5.1.1", false, false},
		{"dot 421", replies{takes.mail, takes.rcpt, takes.data, "421 4.3.0 closing"}, relaySoft, 421, "4.3.0", true, true},
		{"dot 451", replies{takes.mail, takes.rcpt, takes.data, "451 4.7.1 later"}, tryAgainSoft, 451, "4.7.1", true, false},
		{"dot 452 full", replies{takes.mail, takes.rcpt, takes.data, "452 4.3.1 full"}, relaySoft, 452, "4.3.1", true, false},
		{"dot 454 quota", replies{takes.mail, takes.rcpt, takes.data, "454 Throttling failure: Daily message quota exceeded"}, quotaUsed, 454, "", true, false},
		{"dot 554", replies{takes.mail, takes.rcpt, takes.data, "554 5.7.1 spam"}, policyHeld, 554, "5.7.1", true, false},
		{"dot 550 recipient", replies{takes.mail, takes.rcpt, takes.data, "550 5.1.1 nobody"}, refused, 550, "5.1.1", true, false},
		{"dot 552 mailbox", replies{takes.mail, takes.rcpt, takes.data, "552 5.2.2 full"}, refused, 552, "5.2.2", true, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bothWays(t, func(t *testing.T, pipelining bool, greeting string) {
				script := greeting + test.replies.transaction(pipelining, false)
				// One by one, nothing is read behind the refusal.
				closed := test.closed && (pipelining || test.replies.data != "421 bye")
				if !closed {
					script += takes.transaction(pipelining, !test.left) + farewell
				} else {
					script += "! gone\n"
				}
				s := dial(t, config(smtptest.Serve(t, script)))
				out, calls := deliver(t, s)
				wantVerdict(t, out, test.want)
				if out.Code != test.code || out.Enhanced != test.status {
					t.Errorf("got %d %q, want %d %q", out.Code, out.Enhanced, test.code, test.status)
				}
				if (calls == 1) != test.left || (s.Messages() == 1) != test.left {
					t.Errorf("content was called %d times, %d messages", calls, s.Messages())
				}
				if s.Usable() == closed {
					t.Fatalf("Usable is %v", s.Usable())
				}
				if !closed {
					out, _ := deliver(t, s)
					wantVerdict(t, out, accepted)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestOutcomeFields looks at what an acceptance says.
func TestOutcomeFields(t *testing.T) {
	s := dial(t, config(smtptest.Serve(t, greeting("PIPELINING")+takes.transaction(true, false)+farewell)))
	out, _ := deliver(t, s)
	want := notifier.Outcome{
		Status: notifier.Accepted, Code: 250, Enhanced: "2.0.0",
		Reply: "Ok: queued as 4WqX3y", RelayID: "4WqX3y", At: out.At,
	}
	if out != want {
		t.Errorf("got  %+v\nwant %+v", out, want)
	}
	if s.Idle() < 0 || s.Idle() > time.Minute {
		t.Errorf("Idle is %v", s.Idle())
	}
}

// TestAcceptedThenUnwanted: MAIL refused, RCPT accepted, 354. A dot might
// deliver an empty message, so there must be none.
func TestAcceptedThenUnwanted(t *testing.T) {
	script := greeting("PIPELINING") + mailLine + rcptLine + dataLine +
		"< 451 4.3.2 later\n< 250 ok\n< 354 go on\n! gone\n"
	s := dial(t, config(smtptest.Serve(t, script)))
	out, calls := deliver(t, s)
	wantVerdict(t, out, relaySoft)
	if s.Usable() || calls != 0 {
		t.Errorf("usable %v, content called %d times", s.Usable(), calls)
	}
}

// TestContentFails: the claim could not be made durable, so no dot leaves.
func TestContentFails(t *testing.T) {
	broken := errors.New("disk full")
	for name, c := range map[string]*content{"error": {err: broken}, "empty": {}} {
		t.Run(name, func(t *testing.T) {
			bothWays(t, func(t *testing.T, pipelining bool, greeting string) {
				script := strings.Replace(greeting+takes.transaction(pipelining, false), "! content", "! gone", 1)
				s := dial(t, config(smtptest.Serve(t, script)))
				_, err := s.Deliver(t.Context(), parcel(c.call), nil)
				if err == nil || c.err != nil && !errors.Is(err, broken) {
					t.Errorf("error is %v", err)
				}
				if s.Usable() || s.Messages() != 0 {
					t.Errorf("usable %v, messages %d", s.Usable(), s.Messages())
				}
				out, _ := deliver(t, s)
				wantVerdict(t, out, relayTrouble)
			})
		})
	}
}

// TestUnfit: what cannot be named to the relay is not.
func TestUnfit(t *testing.T) {
	tests := []struct {
		name, from, to string
		utf8, offered  bool
		want           verdict
		fails          bool
	}{
		{"SMTPUTF8 not offered", "b@example.com", "jürgen@example.net", true, false, notCarried, false},
		{"not ASCII, not said", "b@example.com", "jürgen@example.net", false, true, refused, false},
		{"injection", "b@example.com", "a@example.net>\r\nRCPT TO:<b@example.net", true, true, refused, false},
		{"empty", "b@example.com", "", false, true, refused, false},
		{"return path", "b@example.com\r\nDATA", "a@example.net", false, true, verdict{}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			extensions := []string{"PIPELINING"}
			if test.offered {
				extensions = append(extensions, "SMTPUTF8")
			}
			s := dial(t, config(smtptest.Serve(t, greeting(extensions...)+farewell)))
			c := content{body: message}
			out, err := s.Deliver(t.Context(), &notifier.Parcel{
				Envelope: notifier.Envelope{From: test.from, To: notifier.NewAddress(test.to), UTF8: test.utf8}, Content: c.call,
			}, nil)
			if (err != nil) != test.fails || c.calls != 0 || !s.Usable() {
				t.Errorf("error %v, %d calls, usable %v", err, c.calls, s.Usable())
			}
			wantVerdict(t, out, test.want)
		})
	}
}

// TestUTF8 asks for SMTPUTF8 where the address needs it.
func TestUTF8(t *testing.T) {
	script := greeting("PIPELINING", "SMTPUTF8") + `
		> MAIL FROM:<b@example.com> SMTPUTF8
		> RCPT TO:<jürgen@example.net>
		> DATA
		< 250 ok
		< 550-5.1.1 <JÜRGEN@xn--exmple-cua.net>: unknown,
		< 550 5.1.1 says Jürgen
		< 503 no
		` + farewell
	s := dial(t, config(smtptest.Serve(t, script)))
	env := notifier.Envelope{From: "b@example.com", To: notifier.NewAddress("jürgen@example.net"), UTF8: true}
	out, err := s.Deliver(t.Context(), &notifier.Parcel{Envelope: env}, nil)
	if err != nil || out.Reply != "<recipient>: unknown, says <recipient>" {
		t.Errorf("%v %q", err, out.Reply)
	}
	wantVerdict(t, out, refused)
}
