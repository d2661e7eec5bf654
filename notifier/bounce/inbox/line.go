package inbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// silence is how long a server may say nothing while it owes an answer. A
// search in a large mailbox may take minutes.
const silence = 5 * time.Minute

// line is a connection to an IMAP server.
type line struct {
	client *imapclient.Client
	conn   *heard
}

// heard is a connection that notes when it last brought something.
type heard struct {
	net.Conn
	last atomic.Int64
}

// Read implements io.Reader.
func (h *heard) Read(b []byte) (int, error) {
	n, err := h.Conn.Read(b)
	if n > 0 {
		h.last.Store(time.Now().UnixNano())
	}
	return n, err
}

// dial connects and logs in.
func dial(ctx context.Context, a address, o Options) (*line, error) {
	password, err := a.password(o.Getenv)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: 30 * time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(a.host, a.port))
	if err != nil {
		return nil, a.reached(ctx, err)
	}
	l := &line{conn: &heard{Conn: conn}}
	defer l.watch(ctx)()
	if err := l.greet(ctx, a, o.TLS); err != nil {
		_ = conn.Close()
		return nil, err
	}
	if l.client.Caps().Has(imap.CapLoginDisabled) {
		l.close()
		return nil, fmt.Errorf("%v: the server takes no passwords over this connection (use imaps://)", a)
	}
	if err := l.client.Login(a.user, password).Wait(); err != nil {
		l.close()
		return nil, a.failed(ctx, "the server refused the login (check the user in the address, and the password in "+PasswordEnv+")", err)
	}
	return l, nil
}

// greet makes the connection one that nobody else can read, and waits until the
// server is ready.
func (l *line) greet(ctx context.Context, a address, config *tls.Config) error {
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	config = config.Clone()
	if config.ServerName == "" {
		config.ServerName = a.host
	}
	config.MinVersion = max(config.MinVersion, tls.VersionTLS12)
	switch {
	case a.scheme == "imaps":
		secure := tls.Client(l.conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			return a.reached(ctx, err)
		}
		l.client = imapclient.New(secure, nil)
	case a.onLoopback():
		l.client = imapclient.New(l.conn, nil)
	default:
		client, err := imapclient.NewStartTLS(l.conn, &imapclient.Options{TLSConfig: config})
		if err != nil {
			return a.failed(ctx, "the server does not offer STARTTLS, without which no password is sent (use imaps://)", err)
		}
		l.client = client
	}
	if err := l.client.WaitGreeting(); err != nil {
		l.close()
		return a.failed(ctx, "the server does not let us in", err)
	}
	return nil
}

// watch ends the connection when ctx is done, or when the server is silent for
// too long, until the function it returns is called.
func (l *line) watch(ctx context.Context) (stop func()) {
	l.conn.last.Store(time.Now().UnixNano())
	done := context.AfterFunc(ctx, func() { _ = l.conn.Close() })
	var timer *time.Timer
	timer = time.AfterFunc(silence, func() {
		if left := silence - time.Since(time.Unix(0, l.conn.last.Load())); left > 0 {
			timer.Reset(left)
			return
		}
		_ = l.conn.Close()
	})
	return func() { done(); timer.Stop() }
}

// close ends the connection at once.
func (l *line) close() {
	_ = l.conn.Close()
	if l.client != nil {
		_ = l.client.Close()
	}
}

// logout says so, and waits a little for the answer.
func (l *line) logout() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	defer l.watch(ctx)()
	_ = l.client.Logout().Wait()
	l.close()
}

// reached is an error of a connection that does not come about.
func (a address) reached(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) {
		return fmt.Errorf("%v: the server's certificate cannot be trusted (%w)", a, certificate.Err)
	}
	return fmt.Errorf("%v: the server cannot be reached (%w)", a, err)
}

// failed is an error of a command. What the server says in words is not quoted:
// it may hold the user's name, or somebody's address.
func (a address) failed(ctx context.Context, refused string, err error) error {
	var answer *imap.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &certificate):
		return a.reached(ctx, err)
	case errors.As(err, &answer) && refused != "":
		if answer.Code != "" {
			return fmt.Errorf("%v: %s; it says %s", a, refused, answer.Code)
		}
		return fmt.Errorf("%v: %s", a, refused)
	}
	return fmt.Errorf("%v: the connection was lost (what was taken in until then is kept; run it again)", a)
}
