//go:build linux

package inbox

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"breachmail/notifier/internal/service"
	"breachmail/notifier/internal/smtptest"
)

// dovecot is a Dovecot on loopback, with directories of its own.
type dovecot struct {
	program string
	dir     string
	port    int
	running *exec.Cmd
}

const dovecotConf = `base_dir = DIR/run
state_dir = DIR/state
log_path = DIR/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <DIR/cert.pem
ssl_key = <DIR/key.pem
mail_location = maildir:~/Maildir
passdb {
  driver = static
  args = password={PLAIN}correct-horse
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=DIR/home
}
namespace inbox {
  inbox = yes
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = PORT
    ssl = yes
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
`

// newDovecot lays out a Dovecot with an empty Maildir. It needs root, and
// Debian's package dovecot-imapd.
func newDovecot(t *testing.T) *dovecot {
	t.Helper()
	d := &dovecot{program: service.Need(t, "dovecot"), dir: t.TempDir()}
	if os.Getuid() != 0 {
		t.Skip("Dovecot needs root")
	}
	for _, open := range []string{d.dir, filepath.Dir(d.dir)} { // it reads mail as nobody
		if err := os.Chmod(open, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d.port = ln.Addr().(*net.TCPAddr).Port
	_ = ln.Close()
	pair := smtptest.ServerTLS().Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	written(t, d.dir, "cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})))
	written(t, d.dir, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
	written(t, d.dir, "dovecot.conf", strings.NewReplacer("DIR", d.dir, "PORT", strconv.Itoa(d.port)).Replace(dovecotConf))
	for _, box := range []string{"new", "cur", "tmp"} {
		if err := os.MkdirAll(filepath.Join(d.dir, "home/Maildir", box), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { d.stop(t) })
	return d
}

// deliver puts messages into the Maildir, as a delivery does.
func (d *dovecot) deliver(t *testing.T, subjects ...string) {
	t.Helper()
	for _, s := range subjects {
		written(t, d.dir, "home/Maildir/new/1535115600."+s+".host", mail(s))
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(nobody.Uid)
	gid, _ := strconv.Atoi(nobody.Gid)
	err = filepath.WalkDir(filepath.Join(d.dir, "home"), func(path string, _ os.DirEntry, err error) error {
		return errors.Join(err, os.Chown(path, uid, gid))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (d *dovecot) start(t *testing.T) {
	t.Helper()
	d.running = exec.Command(d.program, "-F", "-c", filepath.Join(d.dir, "dovecot.conf"))
	out := &strings.Builder{}
	d.running.Stdout, d.running.Stderr = out, out
	if err := d.running.Start(); err != nil {
		t.Fatal(err)
	}
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for range 400 {
		<-ticker.C
		if conn, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", d.port)); err == nil {
			_ = conn.Close()
			return
		}
	}
	said, _ := os.ReadFile(filepath.Join(d.dir, "log"))
	t.Fatalf("Dovecot does not start: %s %s", out, said)
}

func (d *dovecot) stop(t *testing.T) {
	t.Helper()
	if d.running == nil {
		return
	}
	if err := d.running.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	_ = d.running.Wait()
	d.running = nil
}

func (d *dovecot) open(t *testing.T) Source {
	return opened(t, fmt.Sprintf("imaps://bounces%%40example.com@127.0.0.1:%d/INBOX", d.port), Options{Getenv: withPassword, TLS: smtptest.ClientTLS()})
}

// take reads all that is due, and marks it.
func take(t *testing.T, s Source) []string {
	t.Helper()
	var done []Message
	var subjects []string
	err := s.Each(t.Context(), func(m Message) error {
		done = append(done, Message{uid: m.uid, validity: m.validity})
		subjects = append(subjects, subject(m))
		return nil
	})
	if err := errors.Join(err, s.Mark(t.Context(), done)); err != nil {
		t.Fatal(err)
	}
	slices.Sort(subjects)
	return subjects
}

// TestDovecot holds that messages are read once, stay where they are, are not
// marked as seen by anybody, and bear the keyword.
func TestDovecot(t *testing.T) {
	d := newDovecot(t)
	d.deliver(t, "a", "b", "c")
	d.start(t)
	same(t, take(t, d.open(t)), "a", "b", "c")
	s := d.open(t)
	same(t, take(t, s))
	d.deliver(t, "d")
	same(t, take(t, s), "d")
	same(t, take(t, d.open(t)))
	files, err := filepath.Glob(filepath.Join(d.dir, "home/Maildir/cur/*"))
	if err != nil || len(files) != 4 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		if _, flags, _ := strings.Cut(f, ":2,"); flags != "a" { // the first keyword of the mailbox
			t.Errorf("%s has other flags", filepath.Base(f))
		}
	}
	if keywords, err := os.ReadFile(filepath.Join(d.dir, "home/Maildir/dovecot-keywords")); err != nil || !strings.Contains(string(keywords), string(keyword)) {
		t.Errorf("%q, %v", keywords, err)
	}
	same(t, each(t, opened(t, filepath.Join(d.dir, "home/Maildir"), Options{})),
		"1535115600.a.host:2,a a", "1535115600.b.host:2,a b", "1535115600.c.host:2,a c", "1535115600.d.host:2,a d")
}

// TestDovecotGoesAway holds that a server which goes away in the middle is said,
// and that the run after it gives the rest.
func TestDovecotGoesAway(t *testing.T) {
	d := newDovecot(t)
	var subjects []string
	for i := range 200 {
		subjects = append(subjects, fmt.Sprint(1000+i))
	}
	d.deliver(t, subjects...)
	d.start(t)
	s := d.open(t)
	var got []string
	err := s.Each(t.Context(), func(m Message) error {
		if got = append(got, subject(m)); len(got) == 60 {
			d.stop(t)
		}
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "connection was lost") || strings.Contains(err.Error(), "bounces@") {
		t.Fatalf("%d messages, %v", len(got), err)
	}
	if err := s.Each(t.Context(), func(Message) error { return nil }); err == nil || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("without a server: %v", err)
	}
	d.start(t)
	got = append(got, take(t, s)...)
	slices.Sort(got)
	same(t, got, subjects...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Each(ctx, func(Message) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}
