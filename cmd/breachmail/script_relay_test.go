package main

import (
	"fmt"
	"io"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// What a relay does with the notice of one recipient.
const (
	refuse   = "refuse"     // 550 to RCPT
	postpone = "defer"      // 451 to RCPT
	drop     = "drop"       // takes the message, and closes the connection without a reply
	lose     = "lose"       // the same, but does not keep the message
	stall    = "stall"      // takes the message, and replies only when it stops
	everyone = "everyone"   // instead of an address
	domain   = "relay.test" // what the relay calls itself
)

// scriptRelay is an SMTP server inside the test. Whatever it replies quotes the
// recipient, as real relays do.
type scriptRelay struct {
	addr    string
	server  *smtp.Server
	served  sync.WaitGroup
	stopped chan struct{}

	mu       sync.Mutex
	rules    map[string]*relayRule
	slow     time.Duration
	sessions int
	mail     []relayMail
	lost     []relayMail   // what it did not keep
	more     chan struct{} // closed and made anew whenever mail grows
}

// relayRule is what is done for a recipient, and how often: below 0 always.
type relayRule struct {
	does string
	left int
}

// relayMail is a message as taken.
type relayMail struct {
	key, to, content string
	at               time.Time
}

// startScriptRelay starts a relay on a free port of loopback.
func startScriptRelay() (*scriptRelay, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &scriptRelay{addr: l.Addr().String(), rules: map[string]*relayRule{}, stopped: make(chan struct{}), more: make(chan struct{})}
	r.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.sessions++
		return &relaySession{relay: r, conn: c}, nil
	}))
	r.server.Domain = domain
	r.server.ErrorLog = silent{} // senders are killed here on purpose
	r.served.Go(func() { _ = r.server.Serve(l) })
	return r, nil
}

func (r *scriptRelay) stop() {
	close(r.stopped)
	_ = r.server.Close()
	r.served.Wait()
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

// set says what is done for a recipient from now on, n times, or always where n
// is below 0.
func (r *scriptRelay) set(to, does string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rules[strings.ToLower(to)] = &relayRule{does: does, left: n}
}

// obey forgets all rules.
func (r *scriptRelay) obey() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.rules)
}

// use returns what is to be done for a recipient, when it is one of what.
func (r *scriptRelay) use(to string, what ...string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, name := range []string{strings.ToLower(to), everyone} {
		if rule := r.rules[name]; rule != nil && rule.left != 0 && slices.Contains(what, rule.does) {
			rule.left--
			return rule.does
		}
	}
	return ""
}

// mailOf is a message as it came in.
func mailOf(to, content string) relayMail {
	key := ""
	if m, err := mail.ReadMessage(strings.NewReader(content)); err == nil {
		key = m.Header.Get("X-Breachmail-Key")
	}
	return relayMail{key, to, content, time.Now()}
}

// keep stores a message and returns its number.
func (r *scriptRelay) keep(to, content string) int {
	m := mailOf(to, content)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mail = append(r.mail, m)
	close(r.more)
	r.more = make(chan struct{})
	return len(r.mail)
}

// taken returns all messages, in the order they came.
func (r *scriptRelay) taken() []relayMail {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.mail)
}

// log writes what was taken as a table, as a relay of any kind may give it.
func (r *scriptRelay) log() string {
	var b strings.Builder
	b.WriteString("time,status,key,relay_id\n")
	r.mu.Lock()
	for _, m := range r.lost {
		fmt.Fprintf(&b, "%s,rejected,%s,\n", m.at.UTC().Format(time.RFC3339), m.key)
	}
	r.mu.Unlock()
	for i, m := range r.taken() {
		fmt.Fprintf(&b, "%s,accepted,%s,R%06d\n", m.at.UTC().Format(time.RFC3339), m.key, i+1)
	}
	return b.String()
}

// people is how many recipients have a message here.
func (r *scriptRelay) people() int {
	keys := map[string]bool{}
	for _, m := range r.taken() {
		keys[m.key] = true
	}
	return len(keys)
}

// connections is how many sessions were opened.
func (r *scriptRelay) connections() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sessions
}

// await waits until n messages were taken, or until ended is closed.
func (r *scriptRelay) await(n int, ended <-chan struct{}) bool {
	patience := time.After(time.Minute)
	for {
		r.mu.Lock()
		have, more := len(r.mail), r.more
		r.mu.Unlock()
		if have >= n {
			return true
		}
		select {
		case <-more:
		case <-ended:
			return false
		case <-patience:
			return false
		}
	}
}

// relaySession is one client's session.
type relaySession struct {
	relay *scriptRelay
	conn  *smtp.Conn
	to    string
}

func (s *relaySession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *relaySession) Reset()                               {}
func (s *relaySession) Logout() error                        { return nil }

// local is what stands before the @.
func local(address string) string { return address[:max(strings.LastIndexByte(address, '@'), 0)] }

// Rcpt refuses or defers a recipient, and quotes address and local part.
func (s *relaySession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	switch s.relay.use(to, refuse, postpone) {
	case refuse:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: fmt.Sprintf("<%s>: no mailbox %s here", to, local(to))}
	case postpone:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: fmt.Sprintf("greylisted %s (user %s), try again", to, local(to))}
	}
	return nil
}

// Data takes a message.
func (s *relaySession) Data(from io.Reader) error {
	b, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	s.relay.mu.Lock()
	slow := s.relay.slow
	s.relay.mu.Unlock()
	time.Sleep(slow)
	does := s.relay.use(s.to, drop, lose, stall)
	if does == lose {
		m := mailOf(s.to, string(b))
		s.relay.mu.Lock()
		s.relay.lost = append(s.relay.lost, m)
		s.relay.mu.Unlock()
		return s.conn.Conn().Close()
	}
	n := s.relay.keep(s.to, string(b))
	switch does {
	case drop:
		return s.conn.Conn().Close()
	case stall:
		<-s.relay.stopped
	}
	return &smtp.SMTPError{Code: 250, EnhancedCode: smtp.EnhancedCode{2, 0, 0}, Message: fmt.Sprintf("%s: queued as R%06d for user %s", s.to, n, local(s.to))}
}

// TestScriptRelayKeepsWhatItTakes holds the relay to what the scripts believe
// of it.
func TestScriptRelayKeepsWhatItTakes(t *testing.T) {
	r, err := startScriptRelay()
	if err != nil {
		t.Fatal(err)
	}
	defer r.stop()
	r.set("no@example.com", refuse, -1)
	r.set("later@example.com", postpone, 1)
	c, err := smtp.Dial(r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	send := func(to string) error {
		return c.SendMail("bounces@example.com", []string{to}, strings.NewReader("X-Breachmail-Key: k\r\n\r\nhello\r\n"))
	}
	for _, step := range []struct {
		to string
		ok bool
	}{{"yes@example.com", true}, {"no@example.com", false}, {"later@example.com", false}, {"later@example.com", true}} {
		if err := send(step.to); (err == nil) != step.ok {
			t.Errorf("%s: %v", step.to, err)
		}
	}
	if n := len(r.taken()); n != 2 || r.people() != 1 || r.connections() != 1 {
		t.Errorf("it holds %d messages for %d people from %d connections", n, r.people(), r.connections())
	}
	r.set(everyone, lose, 1)
	if err := send("yes@example.com"); err == nil || len(r.taken()) != 2 {
		t.Errorf("it kept what it was to lose, or said so: %v", err)
	}
}
