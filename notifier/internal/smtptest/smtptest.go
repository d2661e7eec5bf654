// Package smtptest is an SMTP server for tests that follows a script.
//
// A script is a dialogue, one step a line; empty lines and lines that begin
// with # are skipped:
//
//	< 220 mail.example.com    sends the line; lines that follow each other leave in one write
//	> EHLO localhost          expects exactly this line; a * at its end stands for any rest
//	! content                 reads a message up to and with its final dot
//	! send "220 \x00"         sends these bytes (a Go string) with no line end
//	! starttls                goes on in TLS
//	! gone                    expects the client to close the connection
//	! close                   closes the connection
//	! reset                   closes it with a TCP reset
//	! stall                   reads and says nothing more, until the client leaves
//	! deaf                    does not even read, until the test ends
//	! pause 40ms              waits
//	! await                   waits until the client begins to say something
//	! drip 40ms 250 Ok        sends the line a byte at a time, each after that wait
//	! repeat                  repeats the lines from here on until the client says QUIT or leaves
//
// At the end of the script the connection is closed. Whatever does not go by
// the script fails the test.
package smtptest

import (
	"crypto/tls"
	"net"
	"sync"
	"testing"
	"time"
)

// patience bounds a connection: no script takes longer.
const patience = 30 * time.Second

// grace is how long after a test's end a script may come to its own.
const grace = time.Second

// Serve listens on a free port of loopback until the test ends. The first
// connection follows the first script, the second the second, and so on; those
// after the last script follow that.
func Serve(t testing.TB, scripts ...string) (addr string) {
	t.Helper()
	return serve(t, false, certificate().server, scripts)
}

// ServeTLS is Serve with TLS from the first byte.
func ServeTLS(t testing.TB, scripts ...string) (addr string) {
	t.Helper()
	return serve(t, true, certificate().server, scripts)
}

// ServeClientTLS is Serve, or ServeTLS where secure is set, with a server that
// in TLS asks for the client's certificate, as PEM gives one, and takes no other.
func ServeClientTLS(t testing.TB, secure bool, scripts ...string) (addr string) {
	t.Helper()
	c := ServerTLS()
	c.ClientAuth = tls.RequireAndVerifyClientCert
	return serve(t, secure, c, scripts)
}

func serve(t testing.TB, secure bool, c *tls.Config, scripts []string) string {
	t.Helper()
	parsed := make([][]step, len(scripts))
	for i, s := range scripts {
		parsed[i] = parse(t, s)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, listener: listener, secure: secure, tls: c, ended: make(chan struct{})}
	s.work.Go(func() { s.accept(parsed) })
	t.Cleanup(s.close)
	return listener.Addr().String()
}

type server struct {
	t        testing.TB
	listener net.Listener
	secure   bool // TLS from the first byte
	tls      *tls.Config
	ended    chan struct{} // closed when the test ends
	work     sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
}

// accept runs a script for each connection until the listener closes.
func (s *server) accept(scripts [][]step) {
	for i := 0; ; i++ {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		_ = conn.SetDeadline(time.Now().Add(patience))
		s.mu.Lock()
		s.conns = append(s.conns, conn)
		s.mu.Unlock()
		steps := scripts[min(i, len(scripts)-1)]
		s.work.Go(func() { s.play(conn, steps) })
	}
}

// play follows one script.
func (s *server) play(raw net.Conn, steps []step) {
	p := &player{server: s, raw: raw}
	defer func() { _ = raw.Close() }()
	p.use(raw)
	if s.secure {
		p.use(tls.Server(raw, s.tls))
	}
	p.run(steps)
}

// close ends what is left and waits for it.
func (s *server) close() {
	close(s.ended)
	_ = s.listener.Close()
	s.mu.Lock()
	for _, c := range s.conns {
		_ = c.SetDeadline(time.Now().Add(grace))
	}
	s.mu.Unlock()
	s.work.Wait()
}
