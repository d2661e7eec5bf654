package relay

import (
	"fmt"
	"strings"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/internal/smtptest"
)

// TestDialAlerts: an alert or a reset in the handshake is one of the network,
// unless it is about certificates or versions.
func TestDialAlerts(t *testing.T) {
	alert := func(n int) string {
		return fmt.Sprintf("! send \"\\x15\\x03\\x03\\x00\\x02\\x02\\x%02x\"\n! stall\n", n)
	}
	older := `! send "\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01` + strings.Repeat(`\x00`, 33) + `\x00\x2f\x00"` + "\n! stall\n" // TLS 1.0
	for name, test := range map[string]struct {
		says string
		mood notifier.Mood
	}{
		"handshake failure":    {alert(40), notifier.MoodFine},
		"bad certificate":      {alert(42), notifier.MoodSetup},
		"unknown authority":    {alert(48), notifier.MoodSetup},
		"protocol version":     {alert(70), notifier.MoodSetup},
		"internal error":       {alert(80), notifier.MoodFine},
		"certificate required": {alert(116), notifier.MoodSetup},
		"older version":        {older, notifier.MoodSetup},
		"reset":                {"! reset\n", notifier.MoodFine},
		"closed":               {"! close\n", notifier.MoodFine},
	} {
		t.Run(name, func(t *testing.T) {
			c := config(smtptest.Serve(t, "! await\n"+test.says))
			c.TLS, c.TLSConfig = TLSImplicit, smtptest.ClientTLS()
			if e := dialFails(t, c); e.Stage != StageTLS || e.Mood() != test.mood {
				t.Errorf("%v, mood %q", e, e.Mood())
			}
			c = config(smtptest.Serve(t, greeting("STARTTLS")+"> STARTTLS\n< 220 go\n! await\n"+test.says))
			c.TLS, c.TLSConfig = TLSStart, smtptest.ClientTLS()
			if e := dialFails(t, c); e.Stage != StageSTARTTLS || e.Mood() != test.mood {
				t.Errorf("STARTTLS: %v, mood %q", e, e.Mood())
			}
		})
	}
}

// TestReason names the stage, and not the relay.
func TestReason(t *testing.T) {
	e := dialFails(t, config(smtptest.Serve(t, "< 554 5.3.2 no service\n")))
	if want := `greeting: 554 "5.3.2 no service"`; e.Reason() != want || e.Error() != "relay primary: "+want {
		t.Errorf("%q, %q", e.Reason(), e)
	}
}

// TestShortUsername: what is taken out are whole tokens, and the mood is that of
// what the relay said before.
func TestShortUsername(t *testing.T) {
	for name, test := range map[string]struct{ user, reply, says string }{
		"letter":           {"u", "535 5.7.8 authentication failure for u (u@example.com)", "authentication failure for <hidden> (<hidden>@example.com)"},
		"word of the mood": {"quota", "535 5.7.0 sending quota exceeded", "sending <hidden> exceeded"},
		"inside itself":    {"aa", "535 5.7.8 aaa aa", "aaa <hidden>"},
		"not in a word":    {"ü", "535 5.7.8 für ü", "für <hidden>"},
	} {
		t.Run(name, func(t *testing.T) {
			c := config(smtptest.Serve(t, greeting("AUTH PLAIN")+"> AUTH PLAIN *\n< "+test.reply+"\n> *\n< 500 what\n> QUIT\n< 221 bye\n"))
			c.Auth = &Auth{Mechanism: AuthPlain, Username: test.user, Password: NewSecret(password)}
			want := notifier.MoodSetup
			if test.user == "quota" {
				want = notifier.MoodQuota
			}
			if e := dialFails(t, c); !strings.HasSuffix(e.Error(), test.says+`"`) || e.Mood() != want {
				t.Errorf("%v, mood %q", e, e.Mood())
			}
		})
	}
}
