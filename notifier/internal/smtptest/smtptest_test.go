package smtptest

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// talk says every line of says to the server, and returns all it hears.
func talk(t *testing.T, addr string, says ...string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	for _, line := range says {
		_, _ = io.WriteString(c, line+"\r\n")
	}
	_ = c.(*net.TCPConn).CloseWrite()
	heard, _ := io.ReadAll(c)
	return string(heard)
}

func TestScript(t *testing.T) {
	addr := Serve(t, `
		# a comment
		< 220 hi
		! await
		> EHLO *
		< 250-one
		< 250 two
		> DATA
		! content
		! send "250 \x00\r\n"
		! gone`,
		"! close",
	)
	got := talk(t, addr, "EHLO me", "DATA", "a", "..", ".")
	if want := "220 hi\r\n250-one\r\n250 two\r\n250 \x00\r\n"; got != want {
		t.Errorf("got %q", got)
	}
	if got := talk(t, addr) + talk(t, addr); got != "" {
		t.Errorf("second script said %q", got)
	}
}

func TestRepeat(t *testing.T) {
	addr := Serve(t, "! repeat\n> NOOP\n< 250 ok")
	if got := talk(t, addr, "NOOP", "NOOP", "QUIT"); got != "250 ok\r\n250 ok\r\n221 bye\r\n" {
		t.Errorf("got %q", got)
	}
	if got := talk(t, addr, "NOOP"); got != "250 ok\r\n" {
		t.Errorf("got %q", got)
	}
}

func TestTLS(t *testing.T) {
	c, err := tls.Dial("tcp", ServeTLS(t, "< 220 hi\n! stall"), ClientTLS())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if line, err := bufio.NewReader(c).ReadString('\n'); line != "220 hi\r\n" {
		t.Error(line, err)
	}
}

// TestClientTLS: who has no certificate is not let in.
func TestClientTLS(t *testing.T) {
	addr := ServeClientTLS(t, true, "< 220 hi\n! stall")
	_, cert, key := PEM()
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, with := range []bool{true, false} {
		config := ClientTLS()
		if with {
			config.Certificates = []tls.Certificate{pair}
		}
		c, err := tls.Dial("tcp", addr, config)
		if err != nil {
			t.Fatal(err) // in TLS 1.3 the refusal comes later
		}
		line, err := bufio.NewReader(c).ReadString('\n')
		if with != (line == "220 hi\r\n") {
			t.Error(with, line, err)
		}
		_ = c.Close()
	}
}

// TestDrip: the line comes in pieces.
func TestDrip(t *testing.T) {
	c, err := net.Dial("tcp", Serve(t, "! drip 20ms 250\n! stall"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	b := make([]byte, 16)
	var heard string
	reads := 0
	for ; heard != "250\r\n"; reads++ {
		n, err := c.Read(b)
		if heard += string(b[:n]); err != nil {
			t.Fatalf("%v: %q", err, heard)
		}
	}
	if reads < 2 { // five, unless the machine is busy
		t.Error("it came at once")
	}
}

// complaints is a testing.TB that only writes down what would fail.
type complaints struct {
	testing.TB
	said []string
	done []func()
}

func (c *complaints) Helper()                   {}
func (c *complaints) Cleanup(f func())          { c.done = append(c.done, f) }
func (c *complaints) Errorf(f string, a ...any) { c.said = append(c.said, fmt.Sprintf(f, a...)) }

// TestComplains: whatever does not go by the script is said.
func TestComplains(t *testing.T) {
	for script, says := range map[string]string{
		"> NOOP":                  `line 1: > NOOP: the client said "RSET"`,
		"< 220 hi\n\n> *\n> NOOP": "line 4: > NOOP: EOF",
		"! gone":                  `the client said "RSET\r\n"`,
		"! content":               "EOF",
	} {
		c := &complaints{TB: t}
		talk(t, Serve(c, script), "RSET")
		for _, f := range c.done {
			f()
		}
		if len(c.said) != 1 || !strings.Contains(c.said[0], says) {
			t.Errorf("%q: said %q", script, c.said)
		}
	}
}
