package relay

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/smtp"
	"strings"
	"unicode/utf8"

	"breachmail/notifier"
)

// Mechanism is a way to log in (RFC 4954).
type Mechanism string

// The mechanisms.
const (
	AuthPlain Mechanism = "plain" // RFC 4616
	AuthLogin Mechanism = "login" // draft-murchison-sasl-login

	// AuthXOAUTH2 is for access tokens (RFC 6749), which expire. See
	// https://developers.google.com/workspace/gmail/imap/xoauth2-protocol
	AuthXOAUTH2 Mechanism = "xoauth2"
)

// Auth is a login at a relay.
type Auth struct {
	Mechanism Mechanism
	Username  string
	Password  Secret // for plain and login

	// Token returns the access token for xoauth2. It is asked for every session,
	// for whichever token there is, and once more with fresh set when the relay
	// has refused that one. ctx ends with the time that one command may take, or
	// when nobody waits for the session any more.
	Token func(ctx context.Context, fresh bool) (Secret, error)
}

// Secret is a password or a token. No way of printing shows it, not even from within a
// field that is not exported; Reveal is the one call that does.
type Secret struct{ clear *string }

const hiddenSecret = "<hidden>"

// NewSecret wraps s.
func NewSecret(s string) Secret { return Secret{&s} }

// Reveal returns the secret in clear.
func (s Secret) Reveal() string {
	if s.clear == nil {
		return ""
	}
	return *s.clear
}

// String hides the secret.
func (s Secret) String() string { return hiddenSecret }

// Format hides the secret from every verb of fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hiddenSecret)) }

// MarshalText hides the secret from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hiddenSecret), nil }

// LogValue hides the secret from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hiddenSecret) }

// check says what is wrong with a login. A nil login is right.
func (a *Auth) check() error {
	switch {
	case a == nil:
		return nil
	case a.Mechanism != AuthPlain && a.Mechanism != AuthLogin && a.Mechanism != AuthXOAUTH2:
		return fmt.Errorf("auth mechanism is %q: it is plain, login or xoauth2", string(a.Mechanism))
	case a.Username == "":
		return errors.New("auth username is empty")
	case !notifier.CleanLine(a.Username):
		return errors.New("auth username has control characters")
	case a.Mechanism == AuthXOAUTH2:
		if a.Token == nil {
			return errors.New("auth has no token")
		}
	case a.Password.Reveal() == "":
		return errors.New("auth password is empty")
	case strings.ContainsRune(a.Password.Reveal(), 0):
		return errors.New("auth password holds a NUL")
	}
	return nil
}

// login is an Auth in the shape net/smtp wants. safe says that the connection
// may carry credentials although net/smtp sees no TLS: it is on loopback.
type login struct {
	auth  *Auth
	safe  bool
	asked int // challenges answered
}

// Start names the mechanism, and carries PLAIN's credentials.
func (l *login) Start(server *smtp.ServerInfo) (string, []byte, error) {
	if !server.TLS && !l.safe {
		return "", nil, errNoClearAuth
	}
	if l.auth.Mechanism == AuthPlain {
		return "PLAIN", l.plain(), nil
	}
	return "LOGIN", nil, nil
}

// Next answers a challenge: for LOGIN first the username, then the password,
// whatever words the relay asks in.
func (l *login) Next(_ []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	l.asked++
	switch {
	case l.auth.Mechanism == AuthLogin && l.asked == 1:
		return []byte(l.auth.Username), nil
	case l.auth.Mechanism == AuthLogin && l.asked == 2:
		return []byte(l.auth.Password.Reveal()), nil
	}
	return nil, errors.New("the relay asks for more than the mechanism has")
}

func (l *login) plain() []byte {
	return []byte("\x00" + l.auth.Username + "\x00" + l.auth.Password.Reveal())
}

// scrub takes the credentials out of s, as they may come back in a reply, also as
// base64. A username may be short, or part of a word that says what is wrong: it
// goes only where it stands as a whole token. A nil login has none.
func (a *Auth) scrub(s string) string {
	if a == nil {
		return s
	}
	encode := base64.StdEncoding.EncodeToString
	s = scrub(s, []string{encode((&login{auth: a}).plain()), encode([]byte(a.Password.Reveal())), a.Password.Reveal()})
	for _, name := range []string{encode([]byte(a.Username)), a.Username} {
		s = scrubToken(s, name)
	}
	return s
}

// scrub takes the secrets out of s.
func scrub(s string, secrets []string) string {
	for _, secret := range secrets {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, hiddenSecret)
		}
	}
	return s
}

// scrubToken takes name out of s where no letter or digit stands beside it.
func scrubToken(s, name string) string {
	if name == "" {
		return s
	}
	var b strings.Builder
	for done := 0; ; {
		i := strings.Index(s[done:], name)
		if i < 0 {
			b.WriteString(s[done:])
			return b.String()
		}
		start, end := done+i, done+i+len(name)
		before, _ := utf8.DecodeLastRuneInString(s[:start])
		after, _ := utf8.DecodeRuneInString(s[end:])
		b.WriteString(s[done:start])
		if wordRune(before) || wordRune(after) {
			_, n := utf8.DecodeRuneInString(s[start:])
			end = start + n // the name may begin again inside itself
			b.WriteString(s[start:end])
		} else {
			b.WriteString(hiddenSecret)
		}
		done = end
	}
}
