package relay

import (
	"context"
	"net"
	"net/smtp"
	"sync"
	"time"

	"breachmail/notifier"
)

// Session is one SMTP session with a relay. It is used by one goroutine at a
// time.
type Session struct {
	config Config
	conn   *conn
	client *smtp.Client

	tokens   []string // what was said of access tokens, for dialError
	usable   bool     // open and in step
	reset    bool     // a transaction was left open: RSET goes first
	messages int
	last     time.Time

	offers
	flown *notifier.Parcel // its envelope left with the last content; its replies are not read yet

	buf, text, line []byte // reused: commands and content, reply as read, reply as returned

	cut  func()         // ends the connection; made once
	stop func() bool    // takes cut off the context being watched; nil when none is
	cuts sync.WaitGroup // cut, on its way
}

func newSession(c Config, raw net.Conn) *Session {
	s := &Session{config: c, conn: &conn{Conn: raw}}
	s.conn.listen()
	s.cut = func() {
		defer s.cuts.Done()
		s.conn.cut()
	}
	return s
}

// ready ends the opening.
func (s *Session) ready() {
	s.offers = s.offered()
	s.tokens = nil
	s.usable = true
	s.last = time.Now()
}

// Usable reports whether another message can be delivered: the connection was
// not closed, cancelled, or brought out of step. Whether the relay has closed
// it meanwhile only the next Deliver finds out.
func (s *Session) Usable() bool { return s.usable }

// Idle returns how long ago the session was last used.
func (s *Session) Idle() time.Duration { return time.Since(s.last) }

// Messages returns how many messages left on this connection, whatever became
// of them.
func (s *Session) Messages() int { return s.messages }

// Close ends the session: with QUIT and a few seconds' patience for its reply
// (RFC 5321, 4.1.1.10) when it is usable, else at once. An envelope that flew
// and was not delivered ends it at once as well: the relay waits for a message,
// would take QUIT for its first line, and a dot would deliver it empty.
func (s *Session) Close() error {
	if !s.usable || s.flown != nil {
		s.drop()
		return nil
	}
	s.arm(quitTimeout)
	err := s.client.Quit()
	s.drop()
	return err
}

// drop closes the connection without another word. Closing it again is harmless.
func (s *Session) drop() {
	s.usable = false
	_ = s.conn.Close()
}

// arm gives the next step d.
func (s *Session) arm(d time.Duration) { s.conn.arm(d, d) }

// watch makes a cancellation of ctx end the connection, until unwatch.
func (s *Session) watch(ctx context.Context) {
	if ctx.Done() == nil {
		return
	}
	s.cuts.Add(1)
	s.stop = context.AfterFunc(ctx, s.cut)
}

// unwatch ends watch. When it returns, cut either never runs or has run, and
// the session is no longer usable.
func (s *Session) unwatch() {
	if s.stop == nil {
		return
	}
	if s.stop() {
		s.cuts.Done()
	}
	s.cuts.Wait()
	s.stop = nil
	if s.conn.isCut() {
		s.drop()
	}
}
