package relay

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"breachmail/notifier"
)

// TLSMode says how a relay's connection is protected.
type TLSMode string

// The modes.
const (
	TLSImplicit TLSMode = "implicit" // TLS from the first byte (RFC 8314, 3.3)
	TLSStart    TLSMode = "starttls" // STARTTLS, and an error where it is not offered (RFC 3207)
	TLSNone     TLSMode = "none"     // in the clear: loopback only, unless Insecure
)

// Config says how to reach one relay.
type Config struct {
	Name      string      // the relay's name in campaign.yaml
	Address   string      // host:port
	TLS       TLSMode     // no default
	TLSConfig *tls.Config // nil: the system's roots; ServerName and TLS 1.2 are filled in where missing
	Insecure  bool        // allows TLSNone beyond loopback, but never AUTH there
	Hello     string      // the name EHLO gives; empty: "localhost"
	Auth      *Auth       // nil: no login
	Timeouts  Timeouts

	// NoPipelining leaves PIPELINING unused where the relay offers it.
	NoPipelining bool
}

// Timeouts bound what is waited for. Zero fields take the default, which is
// what RFC 5321, 4.5.3.2, asks for at least.
type Timeouts struct {
	Dial     time.Duration // connecting, and the TLS handshake where it is implicit; 30 s
	Greeting time.Duration // 5 min
	Command  time.Duration // one command and its reply, or writing the content; 5 min
	Final    time.Duration // the reply to the final dot; 10 min
}

// quitTimeout bounds the politeness of Close.
const quitTimeout = 3 * time.Second

// Check says what is wrong with the configuration, as far as that can be known
// without connecting. Its errors never hold credentials.
func (c Config) Check() error {
	host, _, err := net.SplitHostPort(c.Address)
	if err != nil {
		return fmt.Errorf("address %q is not host:port", c.Address)
	}
	switch c.TLS {
	case TLSImplicit, TLSStart, TLSNone:
	default:
		return fmt.Errorf("tls is %q: it is one of implicit, starttls, none", string(c.TLS))
	}
	if !notifier.CleanLine(c.Hello) {
		return errors.New("the hello name has control characters")
	}
	if c.TLS == TLSNone && !loopbackHost(host) {
		if c.Auth != nil {
			return errNoClearAuth
		}
		if !c.Insecure {
			return errNoClear
		}
	}
	return c.Auth.check()
}

var (
	errNoClear     = errors.New("tls none is for loopback only, unless insecure is set")
	errNoClearAuth = errors.New("a login never leaves in the clear: set tls to implicit or starttls")
)

// withDefaults fills in what was left out.
func (c Config) withDefaults() Config {
	fill := func(d *time.Duration, otherwise time.Duration) {
		if *d <= 0 {
			*d = otherwise
		}
	}
	fill(&c.Timeouts.Dial, 30*time.Second)
	fill(&c.Timeouts.Greeting, 5*time.Minute)
	fill(&c.Timeouts.Command, 5*time.Minute)
	fill(&c.Timeouts.Final, 10*time.Minute)
	if c.Hello == "" {
		c.Hello = "localhost"
	}
	return c
}

// tlsConfig returns the TLS configuration for a connection to host.
func (c Config) tlsConfig(host string) *tls.Config {
	t := &tls.Config{}
	if c.TLSConfig != nil {
		t = c.TLSConfig.Clone()
	}
	if t.ServerName == "" {
		t.ServerName = host
	}
	t.MinVersion = max(t.MinVersion, tls.VersionTLS12)
	// Small first records would cost a notice several writes.
	t.DynamicRecordSizingDisabled = true
	return t
}

// loopbackHost reports whether host names this machine without asking anyone.
func loopbackHost(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// loopbackAddr reports whether a is on this machine.
func loopbackAddr(a net.Addr) bool {
	t, ok := a.(*net.TCPAddr)
	return ok && t.IP.IsLoopback()
}
