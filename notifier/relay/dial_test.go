package relay

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/internal/smtptest"
)

const (
	user     = "notices"
	password = "correct horse"
	// What "correct horse" and "\0notices\0correct horse" are in base64.
	password64 = "Y29ycmVjdCBob3JzZQ=="
	plain64    = "AG5vdGljZXMAY29ycmVjdCBob3JzZQ=="
	user64     = "bm90aWNlcw=="
)

func login64(m Mechanism) *Auth {
	return &Auth{Mechanism: m, Username: user, Password: NewSecret(password)}
}

// afterTLS is EHLO once more.
func afterTLS(extensions ...string) string {
	_, ehlo, _ := strings.Cut(greeting(extensions...), "\n")
	return ehlo
}

const (
	authPlain = "> AUTH PLAIN " + plain64 + "\n< 235 2.7.0 ok\n"
	authLogin = "> AUTH LOGIN\n< 334 VXNlcm5hbWU6\n> " + user64 + "\n< 334 UGFzc3dvcmQ6\n> " + password64 + "\n< 235 2.7.0 ok\n"
)

// TestDial opens a session each way and delivers a message over it.
func TestDial(t *testing.T) {
	for _, mode := range []TLSMode{TLSNone, TLSImplicit, TLSStart} {
		for name, auth := range map[string]*Auth{"no login": nil, "plain": login64(AuthPlain), "login": login64(AuthLogin)} {
			t.Run(string(mode)+"/"+name, func(t *testing.T) {
				offer := []string{"PIPELINING", "AUTH PLAIN LOGIN"}
				script := greeting(offer...)
				if mode == TLSStart {
					script = greeting("STARTTLS") + "> STARTTLS\n< 220 go\n! starttls\n" + afterTLS(offer...)
				}
				script += map[string]string{"plain": authPlain, "login": authLogin}[name] + takes.transaction(true, false) + farewell
				serve := smtptest.Serve
				if mode == TLSImplicit {
					serve = smtptest.ServeTLS
				}
				c := config(serve(t, script))
				c.TLS, c.TLSConfig, c.Auth = mode, smtptest.ClientTLS(), auth
				s := dial(t, c)
				out, _ := deliver(t, s)
				wantVerdict(t, out, accepted)
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// dialFails dials in vain and looks for secrets in what is said about it.
func dialFails(t *testing.T, c Config) *DialError {
	t.Helper()
	s, err := Dial(t.Context(), c)
	if err == nil {
		_ = s.Close()
		t.Fatal("no error")
	}
	var e *DialError
	if !errors.As(err, &e) || e.Relay != "primary" {
		t.Fatalf("error is %#v", err)
	}
	for err := err; err != nil; err = errors.Unwrap(err) {
		for _, secret := range []string{user, password, user64, password64, plain64, "\x1b"} {
			if said := fmt.Sprintf("%v %q %+v", err, err, err); strings.Contains(said, secret) {
				t.Errorf("%q shows in %s", secret, said)
			}
		}
	}
	return e
}

// TestDialErrors says at which stage it failed, and with which reply.
func TestDialErrors(t *testing.T) {
	tls := "> STARTTLS\n< 220 go\n! starttls\n"
	tests := []struct {
		name   string
		mode   TLSMode
		auth   *Auth
		script string
		stage  Stage
		code   int
		status string
		says   string
		mood   notifier.Mood
	}{
		{"greeting 554", TLSNone, nil, "< 554 5.3.2 no service", StageGreeting, 554, "5.3.2", "no service", notifier.MoodSetup},
		{"greeting 421", TLSNone, nil, "< 421-4.7.0 too many\n< 421 4.7.0 connections", StageGreeting, 421, "4.7.0", "connections", notifier.MoodSoft},
		{"greeting closed", TLSNone, nil, "! close", StageGreeting, 0, "", "closed the connection", notifier.MoodFine},
		{"greeting garbage", TLSNone, nil, "! send \"HTTP/1.1\\x1b[2J 400\\r\\n\"\n! stall", StageGreeting, 0, "", "HTTP", notifier.MoodFine},
		{"greeting endless", TLSNone, nil, strings.Repeat("! send \"220-"+strings.Repeat("x", 500)+"\\r\\n\"\n", 1000) + "! stall", StageGreeting, 0, "", "without end", notifier.MoodFine},
		{"greeting 554 policy", TLSNone, nil, "< 554 5.7.1 client host [192.0.2.1] blocked using zen.spamhaus.org", StageGreeting, 554, "5.7.1", "blocked", notifier.MoodPolicy},
		{"greeting 554 too many", TLSNone, nil, "< 554 5.7.0 Too many\n", StageGreeting, 554, "5.7.0", "Too many", notifier.MoodSetup},
		{"greeting 554 connections", TLSNone, nil, "< 554-Too many\n< 554 connections, blocked", StageGreeting, 554, "", "connections", notifier.MoodSoft},
		{"greeting 450", TLSNone, nil, "< 450 4.3.2 try later", StageGreeting, 450, "4.3.2", "later", notifier.MoodSoft},
		{"AUTH 454", TLSNone, login64(AuthPlain), greeting("AUTH PLAIN") + "> AUTH PLAIN *\n< 454 4.7.0 not now\n> *\n< 500 what\n> QUIT\n< 221 bye", StageAuth, 454, "4.7.0", "not now", notifier.MoodSoft},
		{"AUTH out of credits", TLSNone, login64(AuthPlain), greeting("AUTH PLAIN") + "> AUTH PLAIN *\n< 451 Authentication failed: Maximum credits exceeded\n> *\n< 500 what\n> QUIT\n< 221 bye", StageAuth, 451, "", "credits", notifier.MoodQuota},
		{"AUTH blocked", TLSNone, login64(AuthPlain), greeting("AUTH PLAIN") + "> AUTH PLAIN *\n< 535 5.7.139 blocked\n> *\n< 500 what\n> QUIT\n< 221 bye", StageAuth, 535, "5.7.139", "blocked", notifier.MoodSetup},
		{"AUTH closed", TLSNone, login64(AuthPlain), greeting("AUTH PLAIN") + "> AUTH PLAIN *\n! close", StageAuth, 0, "", "closed", notifier.MoodFine},
		{"EHLO and HELO 550", TLSNone, nil, "< 220 hi\n> EHLO client.example.com\n< 502 5.5.2 no\n> HELO client.example.com\n< 550 5.7.1 no\n! gone", StageEHLO, 550, "5.7.1", "no", notifier.MoodSetup},
		{"STARTTLS not offered", TLSStart, nil, greeting("PIPELINING") + "! gone", StageSTARTTLS, 0, "", "does not offer STARTTLS", notifier.MoodSetup},
		{"STARTTLS refused", TLSStart, nil, greeting("STARTTLS") + "> STARTTLS\n< 454 4.7.0 not now\n! gone", StageSTARTTLS, 454, "4.7.0", "not now", notifier.MoodSoft},
		{"bytes after STARTTLS", TLSStart, nil, greeting("STARTTLS") + "> STARTTLS\n< 220 go\n< 250 injected\n! starttls\n" + afterTLS() + "! gone", StageSTARTTLS, 0, "", "in the clear", notifier.MoodSetup},
		{"bytes after STARTTLS, late", TLSStart, nil, greeting("STARTTLS") + "> STARTTLS\n< 220 go\n! pause 30ms\n< 250 injected\n! starttls", StageSTARTTLS, 0, "", "", "any"},
		{"AUTH not offered", TLSNone, login64(AuthPlain), greeting("PIPELINING") + "! gone", StageAuth, 0, "", "does not offer AUTH", notifier.MoodSetup},
		{"AUTH not in TLS", TLSStart, login64(AuthPlain), greeting("STARTTLS", "AUTH PLAIN") + tls + afterTLS("PIPELINING") + "! gone", StageAuth, 0, "", "does not offer AUTH", notifier.MoodSetup},
		{"AUTH LOGIN not offered", TLSNone, login64(AuthLogin), greeting("AUTH PLAIN") + "! gone", StageAuth, 0, "", "does not offer AUTH LOGIN", notifier.MoodSetup},
		{"AUTH refused", TLSNone, login64(AuthPlain), greeting("AUTH PLAIN") +
			"> AUTH PLAIN *\n< 535 5.7.8 no " + plain64 + " is notices:" + password + "\n> *\n< 500 what\n> QUIT\n< 221 bye", StageAuth, 535, "5.7.8", "<hidden>", notifier.MoodSetup},
		{"AUTH garbage", TLSNone, login64(AuthPlain), greeting("AUTH PLAIN") +
			"> AUTH PLAIN *\n< no " + plain64 + " is notices:" + password + "\n! stall", StageAuth, 0, "", "<hidden>", notifier.MoodFine},
		{"AUTH PLAIN challenged", TLSNone, login64(AuthPlain), greeting("AUTH PLAIN") +
			"> AUTH PLAIN *\n< 334 bW9yZQ==\n> *\n< 501 ok\n> QUIT\n< 221 bye", StageAuth, 0, "", "more than", notifier.MoodSetup},
		{"AUTH LOGIN challenged", TLSNone, login64(AuthLogin), greeting("AUTH LOGIN") +
			strings.TrimSuffix(authLogin, "< 235 2.7.0 ok\n") + "< 334 bW9yZQ==\n> *\n< 501 ok\n> QUIT\n< 221 bye", StageAuth, 0, "", "more than", notifier.MoodSetup},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := config(smtptest.Serve(t, test.script))
			c.TLS, c.TLSConfig, c.Auth = test.mode, smtptest.ClientTLS(), test.auth
			e := dialFails(t, c)
			if e.Stage != test.stage || e.Code != test.code || e.Enhanced != test.status || !strings.Contains(e.Error(), test.says) {
				t.Errorf("%s %d %s: %v", e.Stage, e.Code, e.Enhanced, e)
			}
			if got := e.Mood(); got != test.mood && test.mood != "any" {
				t.Errorf("mood is %q, want %q: %v", got, test.mood, e)
			}
		})
	}
}

// TestDialTLS: certificates are checked against the address, and nothing older
// than TLS 1.2 is spoken.
func TestDialTLS(t *testing.T) {
	t.Run("unknown authority", func(t *testing.T) {
		c := config(smtptest.ServeTLS(t, "! gone"))
		c.TLS = TLSImplicit
		if e := dialFails(t, c); e.Stage != StageTLS || e.Mood() != notifier.MoodSetup {
			t.Error(e)
		}
	})
	t.Run("wrong name", func(t *testing.T) {
		c := config(smtptest.Serve(t, greeting("STARTTLS")+"> STARTTLS\n< 220 go\n! starttls\n"))
		c.TLS, c.TLSConfig = TLSStart, smtptest.ClientTLS()
		c.TLSConfig.ServerName = "relay.example.com"
		if e := dialFails(t, c); e.Stage != StageSTARTTLS || e.Mood() != notifier.MoodSetup {
			t.Error(e)
		}
	})
	t.Run("no TLS there", func(t *testing.T) {
		c := config(smtptest.Serve(t, "< 220 hi\n! stall"))
		c.TLS, c.TLSConfig = TLSImplicit, smtptest.ClientTLS()
		if e := dialFails(t, c); e.Stage != StageTLS || e.Mood() != notifier.MoodSetup {
			t.Error(e)
		}
	})
	t.Run("version", func(t *testing.T) {
		c := Config{TLSConfig: &tls.Config{MinVersion: tls.VersionTLS10}}
		if got := c.tlsConfig("relay.example.com"); got.MinVersion != tls.VersionTLS12 || got.ServerName != "relay.example.com" || c.TLSConfig.ServerName != "" {
			t.Errorf("%+v", got)
		}
	})
}

// TestDialNobody: nothing listens there.
func TestDialNobody(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if e := dialFails(t, config(l.Addr().String())); e.Stage != StageDial || e.Mood() != notifier.MoodFine {
		t.Error(e)
	}
}

// TestDialStalls: each stage has an end, by its own time or by the context's.
func TestDialStalls(t *testing.T) {
	stages := map[Stage]string{
		StageTLS:      "! stall",
		StageGreeting: "! stall",
		StageEHLO:     "< 220 hi\n! stall",
		StageSTARTTLS: greeting("STARTTLS") + "> STARTTLS\n< 220 go\n! stall",
		StageAuth:     greeting("AUTH PLAIN") + "! stall",
	}
	for stage, script := range stages {
		for _, how := range []string{"time", "context"} {
			t.Run(string(stage)+"/"+how, func(t *testing.T) {
				c := config(smtptest.Serve(t, script))
				switch stage {
				case StageTLS:
					c.TLS = TLSImplicit
				case StageSTARTTLS:
					c.TLS, c.TLSConfig = TLSStart, smtptest.ClientTLS()
				case StageAuth:
					c.Auth = login64(AuthPlain)
				}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if how == "time" {
					c.Timeouts = Timeouts{100 * time.Millisecond, 100 * time.Millisecond, 100 * time.Millisecond, 0}
				} else {
					defer time.AfterFunc(50*time.Millisecond, cancel).Stop()
				}
				start := time.Now()
				_, err := Dial(ctx, c)
				var e *DialError
				if !errors.As(err, &e) || e.Stage != stage || time.Since(start) > 3*time.Second {
					t.Errorf("%v after %v", err, time.Since(start))
				}
				if how == "context" != errors.Is(err, context.Canceled) || err.(*DialError).Mood() != notifier.MoodFine {
					t.Errorf("error is %v", err)
				}
			})
		}
	}
}

// TestCheck: what the configuration may not ask for is refused before anything
// is dialled.
func TestCheck(t *testing.T) {
	auth := login64(AuthPlain)
	tests := []struct {
		name string
		c    Config
		ok   bool
	}{
		{"none, loopback", Config{Address: "127.0.0.9:25", TLS: TLSNone}, true},
		{"none, loopback 6", Config{Address: "[::1]:25", TLS: TLSNone}, true},
		{"none, localhost, login", Config{Address: "localhost:25", TLS: TLSNone, Auth: auth}, true},
		{"none", Config{Address: "192.0.2.1:25", TLS: TLSNone}, false},
		{"none, insecure", Config{Address: "192.0.2.1:25", TLS: TLSNone, Insecure: true}, true},
		{"none, insecure, login", Config{Address: "192.0.2.1:25", TLS: TLSNone, Insecure: true, Auth: auth}, false},
		{"starttls", Config{Address: "relay.example.com:587", TLS: TLSStart, Auth: auth}, true},
		{"no mode", Config{Address: "127.0.0.1:25"}, false},
		{"no port", Config{Address: "127.0.0.1", TLS: TLSNone}, false},
		{"hello", Config{Address: "127.0.0.1:25", TLS: TLSNone, Hello: "a\r\nQUIT"}, false},
		{"mechanism", Config{Address: "127.0.0.1:25", TLS: TLSNone, Auth: &Auth{Mechanism: "xoauth2", Username: user, Password: NewSecret("x")}}, false},
		{"no username", Config{Address: "127.0.0.1:25", TLS: TLSNone, Auth: &Auth{Mechanism: AuthPlain, Password: NewSecret("x")}}, false},
		{"no password", Config{Address: "127.0.0.1:25", TLS: TLSNone, Auth: &Auth{Mechanism: AuthPlain, Username: user}}, false},
		{"NUL", Config{Address: "127.0.0.1:25", TLS: TLSNone, Auth: &Auth{Mechanism: AuthPlain, Username: user, Password: NewSecret("a\x00b")}}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.c.Check()
			if (err == nil) != test.ok {
				t.Error(err)
			}
			if err != nil {
				test.c.Name = "primary"
				if e := dialFails(t, test.c); e.Stage != StageConfig || e.Mood() != notifier.MoodSetup {
					t.Error(e)
				}
			}
		})
	}
}

// TestSecretNeverPrints tries every door.
func TestSecretNeverPrints(t *testing.T) {
	type inner struct{ s Secret }
	s := NewSecret(password)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
		for _, v := range []any{s, &s, *login64(AuthPlain), inner{s}, Config{Auth: login64(AuthPlain)}} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, password) || strings.Contains(got, fmt.Sprintf("%x", password)) {
				t.Errorf("%s: %s", verb, got)
			}
		}
	}
	if text, err := s.MarshalText(); err != nil || string(text) != hiddenSecret || s.LogValue().String() != hiddenSecret || s.String() != hiddenSecret {
		t.Error("shows")
	}
	if s.Reveal() != password || (Secret{}).Reveal() != "" {
		t.Error("Reveal")
	}
}

// TestDialEOF keeps the reason for those who ask for it.
func TestDialEOF(t *testing.T) {
	if e := dialFails(t, config(smtptest.Serve(t, "! close"))); !errors.Is(e, io.EOF) {
		t.Error(e)
	}
}
