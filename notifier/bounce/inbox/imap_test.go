package inbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// secret is the password of the mailboxes in the tests.
const secret = "correct-horse"

func withPassword(name string) string {
	if name == PasswordEnv {
		return secret
	}
	return ""
}

// server is an IMAP server in this process.
type server struct {
	user *imapmemserver.User
	at   string // 127.0.0.1:PORT

	mu    sync.Mutex
	conns []net.Conn
}

// cuttable notes the connections, so that a test can cut them.
type cuttable struct {
	net.Listener
	s *server
}

func (c cuttable) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err == nil {
		c.s.mu.Lock()
		c.s.conns = append(c.s.conns, conn)
		c.s.mu.Unlock()
	}
	return conn, err
}

func (s *server) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		_ = c.Close()
	}
}

func newServer(t *testing.T, secure *tls.Config) *server {
	t.Helper()
	s := &server{user: imapmemserver.NewUser("bounces@example.com", secret)}
	if err := s.user.Create("Returned/2018", nil); err != nil {
		t.Fatal(err)
	}
	users := imapmemserver.New()
	users.AddUser(s.user)
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.at = ln.Addr().String()
	srv := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return users.NewSession(), nil, nil
		},
		InsecureAuth: secure == nil, Logger: log.New(io.Discard, "", 0),
	})
	var serving net.Listener = cuttable{ln, s}
	if secure != nil {
		serving = tls.NewListener(serving, secure)
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(serving) }()
	t.Cleanup(func() {
		_ = srv.Close()
		<-done
		s.cut()
	})
	return s
}

func (s *server) add(t *testing.T, text string) {
	t.Helper()
	r := bytes.NewReader([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	if _, err := s.user.Append("Returned/2018", literal{r}, &imap.AppendOptions{}); err != nil {
		t.Fatal(err)
	}
}

type literal struct{ *bytes.Reader }

func (s *server) where() string {
	return "imap://bounces%40example.com@" + s.at + "/Returned/2018"
}

func TestMailbox(t *testing.T) {
	s := newServer(t, nil)
	s.add(t, mail("a"))
	s.add(t, mail("b"))
	o := Options{Getenv: withPassword}
	first := opened(t, s.where(), o)
	var given []Message
	err := first.Each(t.Context(), func(m Message) error {
		given = append(given, Message{Name: m.Name, uid: m.uid, validity: m.validity})
		return nil
	})
	if err != nil || len(given) != 2 || given[0].Name != "Returned/2018 UID 1" {
		t.Fatalf("%v, %v", given, err)
	}
	same(t, each(t, first)) // given, though not marked
	same(t, each(t, opened(t, s.where(), o)), "2018 UID 1 a", "2018 UID 2 b")
	if err := first.Mark(t.Context(), given[:1]); err != nil {
		t.Fatal(err)
	}
	same(t, each(t, opened(t, s.where(), o)), "2018 UID 2 b")
	s.add(t, mail("c"))
	same(t, each(t, first), "2018 UID 3 c")
}

// TestCut holds that a lost connection says so, and that the same Source goes on
// with the next call.
func TestCut(t *testing.T) {
	s := newServer(t, nil)
	for i := range 120 {
		s.add(t, mail(fmt.Sprint(i)))
	}
	source := opened(t, s.where(), Options{Getenv: withPassword})
	n := 0
	err := source.Each(t.Context(), func(Message) error {
		if n++; n == 10 {
			s.cut()
		}
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "the connection was lost") || n >= 120 {
		t.Fatalf("%d: %v", n, err)
	}
	if rest := each(t, source); len(rest) != 120-n {
		t.Errorf("%d after %d", len(rest), n)
	}
}

// TestCancel holds that waiting for the server ends with the context.
func TestCancel(t *testing.T) {
	ln, err := net.Listen("tcp4", "127.0.0.1:0") // takes connections, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	for _, scheme := range []string{"imap", "imaps"} {
		if _, err := Open(ctx, scheme+"://u@"+ln.Addr().String()+"/x", Options{Getenv: withPassword}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", scheme, err)
		}
	}
}

// TestNoMailbox holds that every way in which a mailbox does not open says what
// to do, and neither password nor user.
func TestNoMailbox(t *testing.T) {
	s := newServer(t, nil)
	closed := newServer(t, nil)
	wrong := func(string) string { return "battery staple" }
	for _, c := range []struct {
		where  string
		getenv func(string) string
		want   string
	}{
		{s.where(), wrong, "refused the login"},
		{s.where(), func(string) string { return "" }, PasswordEnv + "_127_0_0_1"},
		{s.where() + "x", withPassword, "does not open the mailbox"},
		{"imaps://bounces%40example.com@" + s.at + "/x", withPassword, "cannot be reached"},
		{"imap://bounces%40example.com@127.0.0.1:1/x", withPassword, "cannot be reached"},
		{"imap://bounces%40example.com:battery staple@" + closed.at + "/x", withPassword, "mailbox"},
		{"imap://bounces%40example.com:battery%20staple@" + closed.at + "/x", withPassword, "a password stands in the address"},
		{"imap://" + closed.at + "/x", withPassword, "names no user"},
		{"imap://u@/x", withPassword, "names no host"},
		{s.where() + "?x=1", withPassword, "ends with its name"},
		{"imap://u@[::1/x", withPassword, "cannot be read"},
	} {
		_, err := Open(t.Context(), c.where, Options{Getenv: c.getenv})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.where, err, c.want)
			continue
		}
		for _, hidden := range []string{"battery", "bounces%40", "bounces@", secret} {
			if strings.Contains(err.Error(), hidden) {
				t.Errorf("quotes %q: %v", hidden, err)
			}
		}
	}
}

func TestPasswordOfAHost(t *testing.T) {
	a, err := parseAddress("IMAPS://u@Imap-2.Example.com")
	if err != nil || a.String() != "imaps://imap-2.example.com/INBOX" || a.port != "993" {
		t.Fatalf("%v %v", a, err)
	}
	env := map[string]string{PasswordEnv: "all"}
	if got, err := a.password(func(s string) string { return env[s] }); got != "all" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	env[PasswordEnv+"_IMAP_2_EXAMPLE_COM"] = "own"
	if got, err := a.password(func(s string) string { return env[s] }); got != "own" || err != nil {
		t.Errorf("%q %v", got, err)
	}
}

func TestMarkOf(t *testing.T) {
	for _, c := range []struct {
		permanent []imap.Flag
		want      imap.Flag
	}{
		{[]imap.Flag{imap.FlagSeen, anyFlag}, keyword},
		{[]imap.Flag{imap.FlagSeen, keyword}, keyword},
		{[]imap.Flag{imap.FlagSeen, imap.FlagDeleted}, imap.FlagSeen},
		{[]imap.Flag{imap.FlagDeleted}, ""},
		{nil, ""},
	} {
		if got := markOf(c.permanent); got != c.want {
			t.Errorf("%v: %q, want %q", c.permanent, got, c.want)
		}
	}
}
