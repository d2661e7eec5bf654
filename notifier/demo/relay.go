package demo

import (
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-maildir"
	"github.com/emersion/go-smtp"
)

// mailRelay is an SMTP server on loopback that writes what it takes to a
// Maildir, as the relay of a company would keep it until it is delivered.
type mailRelay struct {
	addr   string
	dir    maildir.Dir
	taken  atomic.Int64
	listen net.Listener
	server *smtp.Server
	done   sync.WaitGroup
}

// thinking is how long the relay takes to answer for a message.
const thinking = 15 * time.Millisecond

func startRelay(dir string) (*mailRelay, error) {
	r := &mailRelay{dir: maildir.Dir(filepath.Join(dir, "relay"))}
	if err := r.dir.Init(); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r.addr, r.listen = l.Addr().String(), l
	r.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{relay: r}, nil }))
	r.server.Domain = "relay.example.com"
	r.server.MaxRecipients = 1
	r.server.ErrorLog = quiet{} // the sender is killed on purpose
	r.done.Go(func() { _ = r.server.Serve(l) })
	return r, nil
}

// stop ends the relay. The listener is closed here as well: where stop comes
// before Serve has noted it, the server would not close it.
func (r *mailRelay) stop() {
	_ = r.listen.Close()
	_ = r.server.Close()
	r.done.Wait()
}

// quiet logs nothing.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// mailSession is one client's session.
type mailSession struct{ relay *mailRelay }

func (s *mailSession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *mailSession) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *mailSession) Reset()                               {}
func (s *mailSession) Logout() error                        { return nil }

// Data keeps a message, then says so: once it answers 250 the message is there.
func (s *mailSession) Data(from io.Reader) error {
	d, err := maildir.NewDelivery(string(s.relay.dir))
	if err != nil {
		return err
	}
	if _, err := io.Copy(d, from); err != nil {
		return errors.Join(err, d.Abort())
	}
	if err := d.Close(); err != nil {
		return err
	}
	n := s.relay.taken.Add(1)
	time.Sleep(thinking)
	return &smtp.SMTPError{Code: 250, EnhancedCode: smtp.EnhancedCode{2, 0, 0}, Message: fmt.Sprintf("queued as DEMO%06d", n)}
}
