package relay

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"net"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/internal/smtptest"
)

// gathering is a connection that keeps what is written until flush, so that
// several TLS records leave together.
type gathering struct {
	net.Conn
	on   bool
	kept bytes.Buffer
}

func (g *gathering) Write(p []byte) (int, error) {
	if g.on {
		return g.kept.Write(p)
	}
	return g.Conn.Write(p)
}

func (g *gathering) flush() {
	g.on = false
	_, _ = g.Conn.Write(g.kept.Bytes())
}

// TestStrayRecord: over TLS a reply too many comes in a record of its own, together
// with the 354. It must not be taken for the reply to the dot.
func TestStrayRecord(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	done := make(chan struct{})
	go func() {
		defer close(done)
		raw, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = raw.Close() }()
		g := &gathering{Conn: raw}
		c := tls.Server(g, smtptest.ServerTLS())
		say := func(line string) { _, _ = c.Write([]byte(line + "\r\n")) }
		in := bufio.NewScanner(c)
		say("220 relay.example.com")
		in.Scan()
		say("250-relay.example.com\r\n250 PIPELINING")
		for range 3 {
			in.Scan()
		}
		g.on = true
		for _, line := range []string{"250 2.1.0 ok", "250 2.1.5 ok", "354 go", "250 2.0.0 stray"} {
			say(line)
		}
		g.flush()
		for in.Scan() && in.Text() != "." {
			continue
		}
		say("550 5.1.1 no such user")
	}()
	c := config(l.Addr().String())
	c.TLS, c.TLSConfig = TLSImplicit, smtptest.ClientTLS()
	s := dial(t, c)
	out, err := s.Deliver(t.Context(), parcel(func() ([]byte, error) {
		time.Sleep(20 * time.Millisecond)
		return []byte(message), nil
	}), nil)
	if err != nil || out.Status != notifier.Deferred || out.Cause != notifier.CauseRelay || s.Usable() {
		t.Errorf("%s, %s, %d %q, %v", out.Status, out.Cause, out.Code, out.Reply, err)
	}
	<-done
}
