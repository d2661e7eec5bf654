package relay

import (
	"context"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/internal/smtptest"
)

// endless is a relay that takes everything.
func endless(pipelining bool) string {
	ehlo := greeting()
	if pipelining {
		ehlo = greeting("PIPELINING")
	}
	return ehlo + "! repeat\n" + takes.transaction(pipelining, false)
}

var notice = []byte("Subject: Notice\r\n\r\n" + strings.Repeat(strings.Repeat("x", 70)+"\r\n", 50))

func BenchmarkDeliver(b *testing.B) {
	for name, script := range map[string]string{"pipelining": endless(true), "one by one": endless(false)} {
		b.Run(name, func(b *testing.B) {
			benchmark(b, config(smtptest.Serve(b, script)))
		})
	}
	b.Run("tls", func(b *testing.B) {
		c := config(smtptest.ServeTLS(b, endless(true)))
		c.TLS, c.TLSConfig = TLSImplicit, smtptest.ClientTLS()
		benchmark(b, c)
	})
}

// BenchmarkFlight is Deliver with the next envelope behind each content.
func BenchmarkFlight(b *testing.B) {
	script := greeting("PIPELINING") + mailLine + rcptLine + dataLine + "< 250 2.1.0 Ok\n< 250 2.1.5 Ok\n< 354 go on\n! repeat\n" +
		"! content\n" + mailLine + rcptLine + dataLine + "< 250 2.0.0 Ok: queued as 4WqX3y\n< 250 2.1.0 Ok\n< 250 2.1.5 Ok\n< 354 go on\n"
	for _, mode := range []TLSMode{TLSNone, TLSImplicit} {
		b.Run(string(mode), func(b *testing.B) {
			serve := smtptest.Serve
			if mode == TLSImplicit {
				serve = smtptest.ServeTLS
			}
			c := config(serve(b, script))
			c.TLS, c.TLSConfig = mode, smtptest.ClientTLS()
			s := dial(b, c)
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			parcels := [2]*notifier.Parcel{}
			for i := range parcels {
				parcels[i] = parcel(func() ([]byte, error) { return notice, nil })
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				next := func() *notifier.Parcel { return parcels[(i+1)%2] }
				if out, err := s.Deliver(ctx, parcels[i%2], next); err != nil || out.RelayID == "" {
					b.Fatal(out, err)
				}
			}
		})
	}
}

// instant is a connection to a relay that answers at once, in this goroutine:
// what is measured over it is Deliver alone.
type instant struct {
	net.Conn
	next  string
	asked int
}

func (c *instant) Write(p []byte) (int, error) {
	if c.asked++; c.asked%2 == 1 {
		c.next = "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n"
	} else {
		c.next = "250 2.0.0 Ok: queued as 4WqX3y1ZzB\r\n"
	}
	return len(p), nil
}

func (c *instant) Read(p []byte) (int, error) {
	if c.next == "" {
		return 0, io.EOF
	}
	n := copy(p, c.next)
	c.next = c.next[n:]
	return n, nil
}

func BenchmarkDeliverAlone(b *testing.B) {
	s := dial(b, config(smtptest.Serve(b, greeting("PIPELINING")+"! stall\n")))
	s.conn.Conn = &instant{Conn: s.conn.Conn}
	run(b, s)
	_ = s.conn.Close()
	s.usable = false
}

func benchmark(b *testing.B, c Config) {
	s := dial(b, c)
	run(b, s)
}

func run(b *testing.B, s *Session) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	content := func() ([]byte, error) { return notice, nil }
	b.ReportAllocs()
	for b.Loop() {
		if out, err := s.Deliver(ctx, parcel(content), nil); err != nil || out.RelayID == "" {
			b.Fatal(out, err)
		}
	}
}

// counting counts writes.
type counting struct {
	net.Conn
	writes atomic.Int64
}

func (c *counting) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

// TestCost: two writes a message, in the clear and in TLS.
func TestCost(t *testing.T) {
	for _, mode := range []TLSMode{TLSNone, TLSImplicit} {
		serve := smtptest.Serve
		if mode == TLSImplicit {
			serve = smtptest.ServeTLS
		}
		c := config(serve(t, endless(true)))
		c.TLS, c.TLSConfig = mode, smtptest.ClientTLS()
		s := dial(t, c)
		count := &counting{Conn: s.conn.Conn}
		s.conn.Conn = count
		const messages = 100
		for range messages {
			deliver(t, s)
		}
		if got := count.writes.Load(); got != 2*messages {
			t.Errorf("%s: %d writes for %d messages", mode, got, messages)
		}
	}
}
