package relay

import (
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/internal/smtptest"
)

// TestNotSilent: the relay closed, or spoke, while the claim was made durable.
// Nothing of the content leaves, and that is known.
func TestNotSilent(t *testing.T) {
	for name, test := range map[string]struct {
		end  string
		want verdict
	}{
		"closed":        {"! close\n", relayTrouble},
		"reset":         {"! reset\n", relayTrouble},
		"spoke":         {"! pause 20ms\n< 250 2.0.0 Ok: queued as 4WqX3y\n! gone\n", relayTrouble},
		"said farewell": {"! pause 20ms\n< 421 4.4.2 timeout\n! gone\n", relaySoft},
	} {
		for _, mode := range []TLSMode{TLSNone, TLSImplicit} {
			t.Run(string(mode)+"/"+name, func(t *testing.T) {
				script := greeting("PIPELINING") + mailLine + rcptLine + dataLine + "< 250 ok\n< 250 ok\n< 354 go\n" + test.end
				serve := smtptest.Serve
				if mode == TLSImplicit {
					serve = smtptest.ServeTLS
				}
				c := config(serve(t, script))
				c.TLS, c.TLSConfig = mode, smtptest.ClientTLS()
				s := dial(t, c)
				if s.conn.heard == nil {
					t.Skip("it cannot be seen on this system")
				}
				out, err := s.Deliver(t.Context(), parcel(func() ([]byte, error) {
					for i := 0; i < 5000 && !s.conn.heard(); i++ {
						time.Sleep(time.Millisecond)
					}
					return []byte(message), nil
				}), func() *notifier.Parcel {
					t.Error("the next one was asked for")
					return nil
				})
				if err != nil || s.Usable() || s.Messages() != 0 {
					t.Errorf("%v, usable %v, %d messages", err, s.Usable(), s.Messages())
				}
				wantVerdict(t, out, test.want)
			})
		}
	}
}
