package relay

import (
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"breachmail/notifier/internal/smtptest"
)

// large does not fit into the socket buffers of both sides.
var large = strings.Repeat("0123456789abcdef0123456789abcdef0123456789abcdef012345678901\r\n", 512<<10)

// TestStoppedShort: the content broke off in the middle, and it shows.
func TestStoppedShort(t *testing.T) {
	ends := map[string]struct {
		script string
		want   verdict
	}{
		"deaf":                {"! deaf\n", relayTrouble},
		"reset":               {"! reset\n", relayTrouble},
		"refusal, then reset": {"! await\n< 552 5.3.4 too large\n! deaf\n", setupTrouble},
		"closing, then reset": {"! await\n< 421 4.3.2 closing\n! deaf\n", relaySoft},
		"yes to half":         {"! await\n< 250 2.0.0 Ok\n! deaf\n", unknown},
	}
	for _, mode := range []TLSMode{TLSNone, TLSImplicit} {
		for name, end := range ends {
			t.Run(string(mode)+"/"+name, func(t *testing.T) {
				script := strings.Replace(greeting("PIPELINING")+replies{takes.mail, takes.rcpt, takes.data, ""}.transaction(true, false), "! content", end.script, 1)
				serve := smtptest.Serve
				if mode == TLSImplicit {
					serve = smtptest.ServeTLS
				}
				c := config(serve(t, script))
				c.TLS, c.TLSConfig = mode, smtptest.ClientTLS()
				s := dial(t, c)
				s.config.Timeouts.Command = 200 * time.Millisecond
				s.config.Timeouts.Final = 200 * time.Millisecond
				body := content{body: large}
				out, err := s.Deliver(t.Context(), parcel(body.call), nil)
				if err != nil {
					t.Fatal(err)
				}
				wantVerdict(t, out, end.want)
				if s.Usable() || s.Messages() != 0 {
					t.Errorf("usable %v, messages %d", s.Usable(), s.Messages())
				}
			})
		}
	}
}

// breaking takes all but the last missing bytes of a write, and fails.
type breaking struct {
	net.Conn
	missing int
}

func (b *breaking) Write(p []byte) (int, error) {
	n, err := b.Conn.Write(p[:len(p)-b.missing])
	if err == nil {
		err = syscall.EPIPE
	}
	return n, err
}

// TestShortBy looks at the last bytes: without the dot it is proof, with the
// dot it is not.
func TestShortBy(t *testing.T) {
	for missing, want := range map[int]verdict{
		0: unknown, 1: unknown, 2: unknown, 3: relayTrouble, 4: relayTrouble, 20: relayTrouble,
	} {
		for _, size := range []int{100, 4095, 4096, 9000} { // around the size of bufio's buffer
			script := greeting("PIPELINING") + mailLine + rcptLine + dataLine + "< 250 ok\n< 250 ok\n< 354 go\n! stall\n"
			s := dial(t, config(smtptest.Serve(t, script)))
			s.config.Timeouts.Final = 50 * time.Millisecond
			body := content{body: strings.Repeat("x", size-2) + "\r\n"}
			out, err := s.Deliver(t.Context(), parcel(func() ([]byte, error) {
				s.conn.Conn = &breaking{Conn: s.conn.Conn, missing: missing}
				return body.call()
			}), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := (verdict{out.Status, out.Cause, out.Mood}); got != want {
				t.Errorf("%d bytes missing of %d: %v, want %v", missing, size, got, want)
			}
		}
	}
}
