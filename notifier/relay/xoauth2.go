package relay

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/textproto"
)

var (
	// errNoToken says that no token was to be had that can be put into a login.
	errNoToken = errors.New("no access token")

	// errUnjudged says that the connection was lost before the relay has judged a
	// fresh token. That one is presented the next time.
	errUnjudged = errors.New("the relay has not judged a fresh access token")
)

// xoauth2 logs in with an access token, and when that is refused once more with
// a fresh one, on the same session. net/smtp would end the session at the
// first refusal.
func (s *Session) xoauth2(ctx context.Context) error {
	refusal := s.present(ctx, false)
	var reply *textproto.Error
	if !errors.As(refusal, &reply) || reply.Code != 535 {
		return refusal
	}
	err := s.present(ctx, true)
	if err != nil && !errors.As(err, &reply) && inNetwork(err) {
		return fmt.Errorf("%w: %w", errUnjudged, refusal) // it has hung up, which says less
	}
	return err
}

// present presents a token.
func (s *Session) present(ctx context.Context, fresh bool) error {
	token, err := s.token(ctx, fresh)
	if err != nil {
		return err
	}
	s.arm(s.config.Timeouts.Command)
	code, msg, err := s.ask("AUTH XOAUTH2 " + token)
	if err == nil && code == 334 {
		// A refusal, with the reason as JSON in base64. An empty answer asks for
		// the reply that ends the exchange.
		code, msg, err = s.ask("")
	}
	if err == nil && code != 235 {
		err = &textproto.Error{Code: code, Msg: msg}
	}
	return err
}

// token returns what XOAUTH2 says of the token, in base64.
func (s *Session) token(ctx context.Context, fresh bool) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeouts.Command)
	defer cancel()
	secret, err := s.config.Auth.Token(ctx, fresh)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errNoToken, err)
	}
	clear := secret.Reveal()
	if clear == "" || !printable(clear) {
		return "", fmt.Errorf("%w: it is empty, or holds other than printable ASCII", errNoToken)
	}
	said := base64.StdEncoding.EncodeToString([]byte("user=" + s.config.Auth.Username + "\x01auth=Bearer " + clear + "\x01\x01"))
	s.tokens = append(s.tokens, said, base64.StdEncoding.EncodeToString([]byte(clear)), clear)
	return said, nil
}

// ask says a line and returns the reply.
func (s *Session) ask(line string) (code int, msg string, err error) {
	if err := s.client.Text.PrintfLine("%s", line); err != nil {
		return 0, "", err
	}
	return s.client.Text.ReadResponse(0)
}
