package inbox

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"breachmail/notifier/internal/smtptest"
)

func TestTLS(t *testing.T) {
	s := newServer(t, smtptest.ServerTLS())
	s.add(t, mail("a"))
	where := strings.Replace(s.where(), "imap://", "imaps://", 1)
	same(t, each(t, opened(t, where, Options{Getenv: withPassword, TLS: smtptest.ClientTLS()})), "2018 UID 1 a")
	if _, err := Open(t.Context(), where, Options{Getenv: withPassword}); err == nil || !strings.Contains(err.Error(), "certificate cannot be trusted") {
		t.Errorf("a certificate of nobody: %v", err)
	}
}

// TestSTARTTLS holds that no password leaves the machine in clear: a server that
// does not offer STARTTLS, or whose certificate is nobody's, gets none.
func TestSTARTTLS(t *testing.T) {
	away := address{scheme: "imap", user: "u", host: "mail.example.com", mailbox: "x"}
	trusted := smtptest.ClientTLS()
	trusted.ServerName = "localhost"
	for _, c := range []struct {
		server, client *tls.Config
		want           string
	}{
		{smtptest.ServerTLS(), trusted, ""},
		{smtptest.ServerTLS(), nil, "certificate cannot be trusted"},
		{nil, trusted, "does not offer STARTTLS"},
	} {
		ln, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		srv := imapserver.New(&imapserver.Options{
			NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
				return imapmemserver.New().NewSession(), nil, nil
			},
			TLSConfig: c.server, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
		})
		done := make(chan error, 1)
		go func() { done <- srv.Serve(ln) }()
		conn, err := net.Dial("tcp4", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		l := &line{conn: &heard{Conn: conn}}
		err = l.greet(t.Context(), away, c.client)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%v, want %q", err, c.want)
		}
		l.close()
		_ = srv.Close()
		<-done
	}
}
