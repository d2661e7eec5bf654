package relay

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/internal/smtptest"
)

// tokens hands out one token after the other, and keeps what it was asked for.
type tokens struct {
	left  []string
	err   error
	fresh []bool
}

func (s *tokens) token(_ context.Context, fresh bool) (Secret, error) {
	s.fresh = append(s.fresh, fresh)
	if s.err != nil || len(s.left) == 0 {
		return Secret{}, s.err
	}
	next := s.left[0]
	s.left = s.left[1:]
	return NewSecret(next), nil
}

// bearer is the line that presents a token.
func bearer(token string) string {
	return "> AUTH XOAUTH2 " + base64.StdEncoding.EncodeToString([]byte("user=notices\x01auth=Bearer "+token+"\x01\x01")) + "\n"
}

const (
	loggedIn  = "< 235 2.7.0 ok\n"
	noLogin   = "< 535 5.7.8 no\n"
	challenge = "< 334 eyJzdGF0dXMiOiI0MDAifQ==\n> \n"
)

// TestXOAUTH2: a token that is refused is fetched anew, once, on the same session.
func TestXOAUTH2(t *testing.T) {
	tests := []struct {
		name, script string
		tokens       tokens
		fresh        []bool
		code         int // of the error; 0: logged in
		mood         notifier.Mood
	}{
		{"taken", bearer("one") + loggedIn, tokens{left: []string{"one"}}, []bool{false}, 0, ""},
		{"refused, taken", bearer("one") + noLogin + bearer("two") + loggedIn, tokens{left: []string{"one", "two"}}, []bool{false, true}, 0, ""},
		{"challenged, taken", bearer("one") + challenge + noLogin + bearer("two") + loggedIn, tokens{left: []string{"one", "two"}}, []bool{false, true}, 0, ""},
		{"refused twice", bearer("one") + noLogin + bearer("two") + challenge + noLogin + "! gone\n", tokens{left: []string{"one", "two", "three"}}, []bool{false, true}, 535, notifier.MoodSetup},
		{"refused, closed", bearer("one") + noLogin + bearer("two") + "! close\n", tokens{left: []string{"one", "two"}}, []bool{false, true}, 535, notifier.MoodFine}, // the fresh one was not judged
		{"refused for now", bearer("one") + "< 454 4.7.0 later\n! gone\n", tokens{left: []string{"one", "two"}}, []bool{false}, 454, notifier.MoodSoft},
		{"a trick", bearer("one") + "< 535 5.7.8 no one " + strings.Fields(bearer("one"))[3] + "\n! close\n", tokens{left: []string{"one", "\x01"}}, []bool{false, true}, -1, notifier.MoodFine},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, mode := range []TLSMode{TLSNone, TLSImplicit} {
				serve := smtptest.Serve
				if mode == TLSImplicit {
					serve = smtptest.ServeTLS
				}
				source := test.tokens
				script := greeting("PIPELINING", "AUTH LOGIN XOAUTH2") + test.script
				if test.code == 0 {
					script += takes.transaction(true, false) + farewell
				}
				c := config(serve(t, script))
				c.TLS, c.TLSConfig = mode, smtptest.ClientTLS()
				c.Auth = &Auth{Mechanism: AuthXOAUTH2, Username: user, Token: source.token}
				if test.code == 0 {
					out, _ := deliver(t, dial(t, c))
					wantVerdict(t, out, accepted)
				} else if e := dialFails(t, c); e.Stage != StageAuth || test.code > 0 && e.Code != test.code || strings.Contains(e.Error(), "bm90aWNlc") || e.Mood() != test.mood {
					t.Error(e)
				}
				if !slices.Equal(source.fresh, test.fresh) {
					t.Errorf("asked for %v", source.fresh)
				}
			}
		})
	}
}

// TestTokenScrubbed: a relay that repeats the token does not get it printed.
func TestTokenScrubbed(t *testing.T) {
	const token = "ya29.a0-token"
	said := strings.Fields(bearer(token))[3]
	script := greeting("AUTH XOAUTH2") + bearer(token) + "< 554 5.7.0 no " + token + " nor " + said + " nor " + base64.StdEncoding.EncodeToString([]byte(token)) + "\n! gone\n"
	c := config(smtptest.Serve(t, script))
	c.Auth = &Auth{Mechanism: AuthXOAUTH2, Username: user, Token: (&tokens{left: []string{token}}).token}
	e := dialFails(t, c)
	if text := fmt.Sprintf("%v %+v %q", e, e.Err, e); strings.Contains(text, token) || strings.Contains(text, said) || strings.Count(e.Error(), hiddenSecret) != 3 {
		t.Error(text)
	}
}

// TestNoToken: without one nothing is said, and it is tried again later.
func TestNoToken(t *testing.T) {
	missing := errors.New("token_file: not there")
	for name, source := range map[string]*tokens{
		"error": {err: missing}, "empty": {left: []string{""}}, "control characters": {left: []string{"a\x01auth=Bearer b"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := config(smtptest.Serve(t, greeting("AUTH XOAUTH2")+"! gone\n"))
			c.Auth = &Auth{Mechanism: AuthXOAUTH2, Username: user, Token: source.token}
			e := dialFails(t, c)
			if e.Stage != StageAuth || e.Mood() != notifier.MoodFine || source.err != nil && !errors.Is(e, missing) || strings.Contains(e.Error(), "Bearer") {
				t.Error(e, e.Mood())
			}
		})
	}
}

// TestTokenInTime: whoever fetches a token is told when nobody waits any more.
func TestTokenInTime(t *testing.T) {
	c := config(smtptest.Serve(t, greeting("AUTH XOAUTH2")+"! gone\n"))
	c.Timeouts.Command = 50 * time.Millisecond
	c.Auth = &Auth{Mechanism: AuthXOAUTH2, Username: user, Token: func(ctx context.Context, _ bool) (Secret, error) {
		<-ctx.Done()
		return Secret{}, ctx.Err()
	}}
	if e := dialFails(t, c); e.Stage != StageAuth || !errors.Is(e, context.DeadlineExceeded) || e.Mood() != notifier.MoodFine {
		t.Error(e, e.Mood())
	}
}

// TestXOAUTH2Clear: a token never leaves in the clear.
func TestXOAUTH2Clear(t *testing.T) {
	source := &tokens{left: []string{"one"}}
	auth := &Auth{Mechanism: AuthXOAUTH2, Username: user, Token: source.token}
	e := dialFails(t, Config{Name: "primary", Address: "192.0.2.1:25", TLS: TLSNone, Insecure: true, Auth: auth})
	if e.Stage != StageConfig || len(source.fresh) != 0 {
		t.Error(e, source.fresh)
	}
	if err := (&Auth{Mechanism: AuthXOAUTH2, Username: "a\x01auth=Bearer b", Token: source.token}).check(); err == nil {
		t.Error("a username with control characters")
	}
}
