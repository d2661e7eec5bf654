package relay

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"

	"breachmail/notifier"
)

// Stage is a step of opening a session.
type Stage string

// The stages, in their order.
const (
	StageConfig   Stage = "config"   // the configuration forbids the connection
	StageDial     Stage = "dial"     // the TCP connection
	StageTLS      Stage = "tls"      // the handshake of implicit TLS
	StageGreeting Stage = "greeting" // the relay's 220
	StageEHLO     Stage = "ehlo"
	StageSTARTTLS Stage = "starttls" // the command, the handshake, and EHLO again
	StageAuth     Stage = "auth"
)

// DialError says at which stage a session could not be opened. Neither its
// text nor what it wraps holds credentials.
type DialError struct {
	Relay    string // the relay's name
	Stage    Stage
	Code     int    // SMTP reply code, 0 where there was none
	Enhanced string // RFC 3463 status, empty where there was none
	Err      error

	mood notifier.Mood // judged on what the relay said, before secrets were taken out of it
}

// Error says relay, stage and what happened.
func (e *DialError) Error() string { return fmt.Sprintf("relay %s: %s", e.Relay, e.Reason()) }

// Reason says stage and what happened, for those who name the relay themselves.
func (e *DialError) Reason() string { return fmt.Sprintf("%s: %v", e.Stage, e.Err) }

// Mood returns what a failed opening says about the relay; see moodOf.
func (e *DialError) Mood() notifier.Mood { return e.mood }

// Unwrap returns what happened.
func (e *DialError) Unwrap() error { return e.Err }

// Dial opens a session: connection, greeting, EHLO, STARTTLS, AUTH. Its error
// is a *DialError, and wraps the context's error when that ended it.
func Dial(ctx context.Context, c Config) (*Session, error) {
	if err := c.Check(); err != nil {
		return nil, c.dialError(ctx, StageConfig, err, nil)
	}
	c = c.withDefaults()
	dialer := net.Dialer{Timeout: c.Timeouts.Dial}
	raw, err := dialer.DialContext(ctx, "tcp", c.Address)
	if err != nil {
		return nil, c.dialError(ctx, StageDial, err, nil)
	}
	s := newSession(c, raw)
	s.watch(ctx)
	stage, err := s.open(ctx)
	s.unwatch()
	if err == nil {
		return s, nil
	}
	s.drop()
	return nil, c.dialError(ctx, stage, err, s.tokens)
}

// open runs the stages after the TCP connection. It names the one it failed at.
func (s *Session) open(ctx context.Context) (Stage, error) {
	host, _, _ := net.SplitHostPort(s.config.Address)
	local := loopbackAddr(s.conn.RemoteAddr())
	if s.config.TLS == TLSNone && !local && (s.config.Auth != nil || !s.config.Insecure) {
		return StageConfig, errNoClear // a name that only looked local
	}
	link, err := s.handshake(host)
	if err != nil {
		return StageTLS, err
	}
	s.arm(s.config.Timeouts.Greeting)
	if s.client, err = smtp.NewClient(link, host); err != nil {
		return StageGreeting, err
	}
	if err := s.quiet(nil); err != nil {
		return StageGreeting, err
	}
	s.arm(s.config.Timeouts.Command)
	if err := s.quiet(s.client.Hello(s.config.Hello)); err != nil {
		return StageEHLO, err
	}
	if s.config.TLS == TLSStart {
		if err := s.quiet(s.startTLS(host)); err != nil {
			return StageSTARTTLS, err
		}
	}
	if s.config.Auth != nil {
		if err := s.quiet(s.authenticate(ctx, local)); err != nil {
			return StageAuth, err
		}
	}
	s.ready()
	return "", nil
}

// quiet returns err. If there is none it says that the connection ended in the
// middle of the reply, which net/smtp takes for the whole of it; or that the
// relay has said more than it was asked, which would be taken for the next one.
func (s *Session) quiet(err error) error {
	switch {
	case err != nil:
		return err
	case s.conn.ended != nil:
		return s.conn.ended
	case s.client.Text.R.Buffered() > 0:
		return errTurn
	}
	return nil
}

// handshake returns what SMTP is spoken over: the connection itself, or TLS on
// it where that is implicit.
func (s *Session) handshake(host string) (net.Conn, error) {
	if s.config.TLS != TLSImplicit {
		return s.conn, nil
	}
	s.arm(s.config.Timeouts.Dial)
	link := tls.Client(s.conn, s.config.tlsConfig(host))
	return link, link.Handshake()
}

var (
	errNoSTARTTLS = errors.New("the relay does not offer STARTTLS")
	errInClear    = errors.New("bytes followed the STARTTLS reply in the clear: someone may be tampering with the connection")
)

// startTLS turns the session to TLS (RFC 3207).
//
// What a man in the middle adds behind the 220 in the clear is never taken for
// a protected reply: net/smtp leaves its buffer behind with the old Text, and
// what arrives later breaks the handshake. But it drops those bytes silently,
// and a connection that someone writes into is not one to go on with.
func (s *Session) startTLS(host string) error {
	if ok, _ := s.client.Extension("STARTTLS"); !ok {
		return errNoSTARTTLS
	}
	s.arm(s.config.Timeouts.Command)
	clear := s.client.Text.R
	err := s.client.StartTLS(s.config.tlsConfig(host))
	if clear.Buffered() > 0 {
		return errInClear
	}
	return err
}

// authenticate logs in (RFC 4954), with a mechanism that the relay offers.
func (s *Session) authenticate(ctx context.Context, local bool) error {
	want := strings.ToUpper(string(s.config.Auth.Mechanism))
	ok, offered := s.client.Extension("AUTH")
	if !ok {
		return errors.New("the relay does not offer AUTH")
	}
	if !hasWord(offered, want) {
		return fmt.Errorf("the relay does not offer AUTH %s", want)
	}
	s.arm(s.config.Timeouts.Command)
	if s.config.Auth.Mechanism == AuthXOAUTH2 {
		return s.xoauth2(ctx)
	}
	return s.client.Auth(&login{auth: s.config.Auth, safe: local})
}

func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

// dialError makes a DialError of err: the context's error where that is the
// reason, and replies without secrets and control characters. tokens are those
// that were presented.
func (c Config) dialError(ctx context.Context, stage Stage, err error, tokens []string) *DialError {
	e := &DialError{Relay: c.Name, Stage: stage, Err: err, mood: moodOf(stage, err)}
	var reply *textproto.Error
	var malformed textproto.ProtocolError
	switch {
	case ctx.Err() != nil && stage != StageConfig:
		e.Err, e.mood = context.Cause(ctx), notifier.MoodFine
	case errors.As(err, &reply):
		e.Code = reply.Code
		e.Enhanced, _ = cutEnhanced(reply.Code, []byte(reply.Msg))
		e.Err = &textproto.Error{Code: reply.Code, Msg: c.printed(reply.Msg, tokens)}
	case errors.As(err, &malformed):
		e.Err = textproto.ProtocolError(c.printed(string(malformed), tokens))
	case errors.Is(err, io.EOF):
		e.Err = fmt.Errorf("the relay closed the connection: %w", err)
	}
	return e
}

// printed makes a reply fit to print: without control characters, tokens, and
// the credentials.
func (c Config) printed(text string, tokens []string) string {
	text = scrub(string(appendClean(nil, []byte(text))), tokens)
	return cut(c.Auth.scrub(text), maxReply)
}
