package relay

import (
	"strings"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/internal/smtptest"
)

// TestParameters: MAIL and RCPT carry what the relay offered, and no more.
func TestParameters(t *testing.T) {
	plain := notifier.Envelope{From: "b@example.com", To: notifier.NewAddress("a@example.net")}
	sized, withID, wide := plain, plain, plain
	sized.Size = 3210
	withID.ID = "01 a+b=c"
	wide.UTF8, wide.To, wide.ID, wide.Size = true, notifier.NewAddress("jürgen@example.net"), "0123", 99
	tests := []struct {
		name       string
		offer      string
		env        notifier.Envelope
		mail, rcpt string
	}{
		{"nothing", "", plain, "", ""},
		{"nothing offered", "", sized, "", ""},
		{"size", "SIZE", sized, " SIZE=3210", ""},
		{"size with a limit", "SIZE 3210", sized, " SIZE=3210", ""},
		{"size without limit", "SIZE 0", sized, " SIZE=3210", ""},
		{"size, not known", "SIZE 100", plain, "", ""},
		{"seven bits", "8BITMIME,SMTPUTF8", plain, "", ""},
		{"DSN", "DSN", plain, " RET=HDRS", " NOTIFY=FAILURE,DELAY"},
		{"DSN with an id", "DSN", withID, " RET=HDRS ENVID=01+20a+2Bb+3Dc", " NOTIFY=FAILURE,DELAY"},
		{"SMTPUTF8", "SMTPUTF8", wide, " SMTPUTF8", ""},
		{"everything", "SMTPUTF8,8BITMIME,SIZE 1000,DSN", wide, " SIZE=99 SMTPUTF8 BODY=8BITMIME RET=HDRS ENVID=0123", " NOTIFY=FAILURE,DELAY"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bothWays(t, func(t *testing.T, pipelining bool, _ string) {
				offer := strings.FieldsFunc(test.offer, func(r rune) bool { return r == ',' })
				if pipelining {
					offer = append(offer, "PIPELINING")
				}
				script := takes.transaction(pipelining, false)
				script = strings.Replace(script, mailLine, "> MAIL FROM:<b@example.com>"+test.mail+"\n", 1)
				script = strings.Replace(script, rcptLine, "> RCPT TO:<"+test.env.To.Reveal()+">"+test.rcpt+"\n", 1)
				s := dial(t, config(smtptest.Serve(t, greeting(offer...)+script+farewell)))
				out, err := s.Deliver(t.Context(), &notifier.Parcel{Envelope: test.env, Content: (&content{body: message}).call}, nil)
				if err != nil {
					t.Fatal(err)
				}
				wantVerdict(t, out, accepted)
			})
		})
	}
}

// TestTooLarge: what the relay says it would not take is not offered.
func TestTooLarge(t *testing.T) {
	s := dial(t, config(smtptest.Serve(t, greeting("PIPELINING", "SIZE 3209")+farewell)))
	env := envelope
	env.Size = 3210
	c := content{body: message}
	out, err := s.Deliver(t.Context(), &notifier.Parcel{Envelope: env, Content: c.call}, nil)
	if err != nil || c.calls != 0 || !s.Usable() {
		t.Errorf("error %v, %d calls, usable %v", err, c.calls, s.Usable())
	}
	wantVerdict(t, out, setupTrouble)
	if want := "the notice has 3210 bytes, the relay takes 3209"; out.Reply != want {
		t.Errorf("got %q, want %q", out.Reply, want)
	}
}
