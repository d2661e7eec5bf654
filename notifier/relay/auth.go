package relay

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/smtp"
	"strings"
)

// Mechanism is a way to log in (RFC 4954).
type Mechanism string

// The mechanisms.
const (
	AuthPlain Mechanism = "plain" // RFC 4616
	AuthLogin Mechanism = "login" // draft-murchison-sasl-login
)

// Auth is a login at a relay.
type Auth struct {
	Mechanism Mechanism
	Username  string
	Password  Secret
}

// Secret is a password. No way of printing shows it, not even from within a
// field that is not exported; Reveal is the one call that does.
type Secret struct{ clear *string }

const hiddenSecret = "<hidden>"

// NewSecret wraps s.
func NewSecret(s string) Secret { return Secret{&s} }

// Reveal returns the password in clear.
func (s Secret) Reveal() string {
	if s.clear == nil {
		return ""
	}
	return *s.clear
}

// String hides the password.
func (s Secret) String() string { return hiddenSecret }

// Format hides the password from every verb of fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hiddenSecret)) }

// MarshalText hides the password from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hiddenSecret), nil }

// LogValue hides the password from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hiddenSecret) }

// check says what is wrong with a login. A nil login is right.
func (a *Auth) check() error {
	switch {
	case a == nil:
		return nil
	case a.Mechanism != AuthPlain && a.Mechanism != AuthLogin:
		return fmt.Errorf("auth mechanism is %q: it is plain or login", string(a.Mechanism))
	case a.Username == "":
		return errors.New("auth username is empty")
	case a.Password.Reveal() == "":
		return errors.New("auth password is empty")
	case strings.ContainsRune(a.Username+a.Password.Reveal(), 0):
		return errors.New("auth username or password holds a NUL")
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

// scrub takes the credentials, also as base64, out of s.
func (a *Auth) scrub(s string) string {
	if a == nil {
		return s
	}
	encode := base64.StdEncoding.EncodeToString
	for _, secret := range []string{
		encode((&login{auth: a}).plain()),
		encode([]byte(a.Password.Reveal())), a.Password.Reveal(),
		encode([]byte(a.Username)), a.Username,
	} {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, hiddenSecret)
		}
	}
	return s
}
