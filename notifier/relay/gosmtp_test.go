package relay

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"breachmail/notifier"
	"breachmail/notifier/internal/smtptest"
)

// mailbox is a go-smtp server's end: it keeps what it takes.
type mailbox struct {
	mu    sync.Mutex
	taken map[string]string // recipient: message
}

func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &visit{mailbox: m}, nil }

type visit struct {
	*mailbox
	to string
}

func (*visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (*visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, u, p string) error {
		if u != user || p != password {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (*visit) Mail(string, *smtp.MailOptions) error { return nil }

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no user " + to}
	}
	v.to = to
	return nil
}

func (v *visit) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.taken[v.to] = string(b)
	return nil
}

func (*visit) Reset()        {}
func (*visit) Logout() error { return nil }

// TestGoSMTP delivers over one session to a server that was not written for
// this package, refusals in between, and compares the bytes.
func TestGoSMTP(t *testing.T) {
	box := &mailbox{taken: map[string]string{}}
	server := smtp.NewServer(box)
	server.Domain = "localhost"
	server.TLSConfig = smtptest.ServerTLS()
	server.ReadTimeout = 10 * time.Second
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var work sync.WaitGroup
	work.Go(func() { _ = server.Serve(listener) })
	defer work.Wait()
	defer func() { _ = server.Close() }()

	c := config(listener.Addr().String())
	c.TLS, c.TLSConfig, c.Auth = TLSStart, smtptest.ClientTLS(), login64(AuthPlain)
	s := dial(t, c)
	for i := range 50 {
		to, want := fmt.Sprintf("account%d@example.net", i), accepted
		if i%5 == 0 {
			to, want = "nobody"+to, refused
		}
		body := fmt.Sprintf("Subject: %d\r\n\r\n.\r\n..\r\n%s\r\n", i, strings.Repeat(".", i))
		out, err := s.Deliver(t.Context(), &notifier.Parcel{
			Envelope: notifier.Envelope{From: "b@example.com", To: notifier.NewAddress(to)}, Content: (&content{body: body}).call,
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		wantVerdict(t, out, want)
		if want == accepted && box.taken[to] != body {
			t.Errorf("got %q, want %q", box.taken[to], body)
		}
	}
	if err := s.Close(); err != nil || len(box.taken) != 40 || s.Messages() != 40 {
		t.Errorf("%v, %d taken, %d messages", err, len(box.taken), s.Messages())
	}
}
