package campaign

import (
	"fmt"
	"net"
	"regexp"
	"strconv"
)

// What a relay may be given at most; more is a slip of the finger.
const (
	maxConnections = 1000
	maxMessages    = 1_000_000 // on one connection
	maxWeight      = 1000
)

func (v configCheck) relays(relays []RelayConfig) {
	if v.need("relays", "at least one SMTP server to hand notices to") && len(relays) == 0 {
		v.fail("relays", "is empty (name at least one SMTP server to hand notices to)")
	}
	seen := map[string]bool{}
	for i := range relays {
		at := fmt.Sprintf("relays[%d]", i)
		v.relay(at, &relays[i])
		if seen[relays[i].Name] {
			v.fail(at+".name", "is the name of another relay (give each its own)")
		}
		seen[relays[i].Name] = true
	}
}

func (v configCheck) relay(at string, c *RelayConfig) {
	v.name(at+".name", c.Name, "a short name for the relay, such as primary")
	host, ok := "", false
	if v.need(at+".address", "host and port: smtp.example.com:465") {
		if host, ok = hostPort(c.Address); !ok {
			v.fail(at+".address", "is not host and port (write it as smtp.example.com:465)")
		}
	}
	if v.oneOf(at+".tls", c.TLS, TLSImplicit, TLSStartTLS, TLSNone) {
		switch {
		case c.TLS == TLSNone && ok && !isLoopback(host) && !c.Insecure:
			v.fail(at+".tls", "is none, but %s is another machine: notices would cross the network in clear (write implicit or starttls, or add insecure: true if counsel agrees)", host)
		case c.TLS != TLSNone && c.Insecure:
			v.fail(at+".insecure", "goes with tls: none only (take it out: certificates are always checked)")
		}
	}
	if c.Auth != nil {
		v.auth(at+".auth", c.Auth)
	}
	v.certificates(at, c)
	v.share(at, c)
}

// certificates checks the files that TLS needs.
func (v configCheck) certificates(at string, c *RelayConfig) {
	for _, f := range []struct{ key, path string }{{".ca_file", c.CAFile}, {".cert_file", c.CertFile}, {".key_file", c.KeyFile}} {
		key := at + f.key
		if !v.r.given(key) {
			continue
		}
		v.line(key, f.path, "the path of a PEM file")
		if c.TLS == TLSNone {
			v.fail(key, "goes with TLS only (take it out, or write tls: implicit or starttls)")
		}
	}
	if cert := v.r.given(at + ".cert_file"); cert != v.r.given(at+".key_file") {
		have, miss := ".key_file", "cert_file"
		if cert {
			have, miss = ".cert_file", "key_file"
		}
		v.fail(at+have, "needs %s beside it (a client certificate and its private key go together)", miss)
	}
}

// share checks how much of the work a relay gets.
func (v configCheck) share(at string, c *RelayConfig) {
	if c.Connections < 1 || c.Connections > maxConnections {
		v.fail(at+".connections", "is %d (write 1 to %d)", c.Connections, maxConnections)
	}
	if c.MessagesPerConnection < 1 || c.MessagesPerConnection > maxMessages {
		v.fail(at+".messages_per_connection", "is %d (write 1 to %d)", c.MessagesPerConnection, maxMessages)
	}
	if c.Weight <= 0 || c.Weight > maxWeight {
		v.fail(at+".weight", "is %s (write more than 0 and at most %d)", strconv.FormatFloat(c.Weight, 'f', -1, 64), maxWeight)
	}
	v.quotas(at, c.PerHour, c.PerDay)
}

var envPattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (v configCheck) auth(at string, a *AuthConfig) {
	known := v.oneOf(at+".mechanism", a.Mechanism, AuthPlain, AuthLogin, AuthXOAUTH2)
	v.line(at+".username", a.Username, "the name to log in with")
	switch {
	case !known:
	case a.Mechanism == AuthXOAUTH2:
		v.only(at, "xoauth2 logs in with a token", ".password_env", ".password_file")
		v.token(at, a)
	default:
		v.only(at, a.Mechanism+" logs in with a password", ".token_file", ".token_command")
		v.password(at, a)
	}
}

// only fails where one of the keys of another mechanism is given.
func (v configCheck) only(at, why string, others ...string) {
	for _, key := range others {
		if v.r.given(at + key) {
			v.fail(at+key, "is of no use (%s: take it out)", why)
		}
	}
}

func (v configCheck) password(at string, a *AuthConfig) {
	switch {
	case v.r.isWrong(at+".password_env") || v.r.isWrong(at+".password_file"):
	case a.PasswordEnv == "" && a.PasswordFile == "":
		v.fail(at, "has no password (write password_env: NAME_OF_A_VARIABLE, or password_file: PATH)")
	case a.PasswordEnv != "" && a.PasswordFile != "":
		v.fail(at, "has two passwords (keep one of password_env and password_file)")
	case a.PasswordEnv != "" && !envPattern.MatchString(a.PasswordEnv):
		v.fail(at+".password_env", "is not the name of an environment variable (write the variable's name, never the password itself)")
	}
	v.optionalLine(at+".password_file", a.PasswordFile)
}

func (v configCheck) token(at string, a *AuthConfig) {
	file, command := v.r.given(at+".token_file"), v.r.given(at+".token_command")
	switch {
	case v.r.isWrong(at+".token_file") || v.r.isWrong(at+".token_command"):
	case !file && !command:
		v.fail(at, "has no token (write token_file: PATH, or token_command: [PROGRAM, ARGUMENT])")
	case file && command:
		v.fail(at, "has two tokens (keep one of token_file and token_command)")
	case file:
		v.line(at+".token_file", a.TokenFile, "the path of a file with the token")
	case len(a.TokenCommand) == 0 || a.TokenCommand[0] == "":
		v.fail(at+".token_command", "names no program (write [PROGRAM, ARGUMENT], word by word, as no shell reads it)")
	}
	for i, word := range a.TokenCommand {
		v.optionalLine(fmt.Sprintf("%s.token_command[%d]", at, i), word)
	}
}

// hostPort returns the host of an address such as smtp.example.com:465.
func hostPort(s string) (host string, ok bool) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", false
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "", false
	}
	return host, net.ParseIP(host) != nil || host == "localhost" || isHost(host)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
