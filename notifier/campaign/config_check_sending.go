package campaign

import (
	"fmt"
	"net"
	"regexp"
	"strconv"
	"time"
)

const (
	maxConnections = 1000 // of one relay; more is a slip of the finger
	maxWait        = Duration(7 * day)
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
	if c.Connections < 1 || c.Connections > maxConnections {
		v.fail(at+".connections", "is %d (write 1 to %d)", c.Connections, maxConnections)
	}
}

var envPattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (v configCheck) auth(at string, a *AuthConfig) {
	v.oneOf(at+".mechanism", a.Mechanism, AuthPlain, AuthLogin)
	v.line(at+".username", a.Username, "the name to log in with")
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

func (v configCheck) limits(l *LimitsConfig) {
	for _, domain := range sortedKeys(l.Domains) {
		if !isDomain(domain) {
			v.fail("limits.domains."+domain, "is not a domain name (write it as gmail.com: 50/s)")
		}
	}
	if l.Ramp != nil {
		v.need("limits.ramp.from", "the rate to begin with: 20/s")
		v.need("limits.ramp.over", "how long it grows: 30m")
	}
	if l.Hours == nil {
		return
	}
	if v.need("limits.hours.from", `"08:00"`) && v.need("limits.hours.to", `"20:00"`) && l.Hours.From >= l.Hours.To {
		v.fail("limits.hours", "end before they begin (write the earlier time in from)")
	}
	if v.need("limits.hours.zone", "recipient, or a zone such as America/New_York") && l.Hours.Zone != "recipient" {
		if _, err := time.LoadLocation(l.Hours.Zone); err != nil {
			v.fail("limits.hours.zone", "is not a time zone (write recipient, or a name such as America/New_York)")
		}
	}
}

// pace checks retry, halt and retention.
func (v configCheck) pace(c *Config) {
	if c.Retry.Factor < 1 || c.Retry.Factor > 10 {
		v.fail("retry.factor", "is %s (write 1 to 10)", strconv.FormatFloat(c.Retry.Factor, 'f', -1, 64))
	}
	for _, d := range []struct {
		key   string
		value Duration
		most  Duration
	}{{"retry.first", c.Retry.First, maxWait}, {"retry.most", c.Retry.Most, maxWait}, {"retry.give_up_after", c.Retry.GiveUpAfter, Duration(30 * day)}} {
		if d.value < Duration(time.Second) || d.value > d.most {
			v.fail(d.key, "is %s (write 1s to %s)", d.value, d.most)
		}
	}
	if c.Retry.Most < c.Retry.First {
		v.fail("retry.most", "is less than retry.first (write at least %s)", c.Retry.First)
	}
	if c.Retry.GiveUpAfter < c.Retry.First {
		v.fail("retry.give_up_after", "is less than retry.first, so nothing would be tried again (write 72h)")
	}
	if c.Halt.Over < 1 {
		v.fail("halt.over", "is %d (write the number of outcomes after which the shares count, such as 500)", c.Halt.Over)
	}
	if c.Retention < Duration(day) {
		v.fail("retention", "is %s, less than a day (m means minutes; write 180d or 6y)", c.Retention)
	}
}

func (v configCheck) waves(waves []WaveConfig) {
	seen, percent := map[string]bool{}, 0.0
	for i, w := range waves {
		at := fmt.Sprintf("waves[%d]", i)
		if v.r.given("waves") {
			v.name(at+".name", w.Name, "a short name for the wave, such as pilot")
		}
		if seen[w.Name] {
			v.fail(at+".name", "is the name of another wave (give each its own)")
		}
		seen[w.Name] = true
		v.waveSize(at, w, i == len(waves)-1)
		if w.Percent < 100 { // else it is wrong by itself
			percent += w.Percent
		}
	}
	if percent >= 100 {
		v.fail("waves", "take %s%% before the last one (leave some for it)", strconv.FormatFloat(percent, 'f', -1, 64))
	}
}

func (v configCheck) waveSize(at string, w WaveConfig, last bool) {
	both := v.r.given(at+".recipients") && v.r.given(at+".percent")
	size := ".recipients"
	if v.r.given(at + ".percent") {
		size = ".percent"
	}
	switch {
	case v.r.isWrong(at+".recipients") || v.r.isWrong(at+".percent"):
	case both:
		v.fail(at, "has recipients and percent (keep one)")
	case last && (v.r.given(at+".recipients") || v.r.given(at+".percent")):
		v.fail(at+size, "is set on the last wave (take it out: the last wave takes all the rest)")
	case last && w.Then.Hold:
		v.fail(at+".then", "is set on the last wave (take it out: nothing comes after it)")
	case last:
	case !v.r.given(at+".recipients") && !v.r.given(at+".percent"):
		v.fail(at, "takes all the rest, but other waves follow (write recipients: 100 or percent: 1)")
	case size == ".recipients" && w.Recipients < 1:
		v.fail(at+size, "is 0 (write 1 or more)")
	case size == ".percent" && (w.Percent <= 0 || w.Percent >= 100):
		v.fail(at+size, "is %s (write more than 0 and less than 100)", strconv.FormatFloat(w.Percent, 'f', -1, 64))
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
