//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// exim is an instance of its own: configuration, spool and mail are below dir,
// and it listens on loopback only. What it takes stays in its spool until it is
// told to deliver: a new process for each message would take most of the time.
type exim struct {
	*testing.T
	maildirs
	addr    string
	conf    string // the configuration file
	spool   string
	program string
}

// eximID is the message id in Exim's Received header.
var eximID = regexp.MustCompile(`(?s)\sid\s+([0-9A-Za-z]+-[0-9A-Za-z]+-[0-9A-Za-z]+)`)

// needExim returns the path of Exim, or ends the test. Debian's packages of Exim
// and Postfix cannot both be installed, so .ci/run unpacks Exim elsewhere and
// names it in the environment.
func needExim(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("BREACHMAIL_TEST_EXIM"); path != "" {
		return path
	}
	return need(t, "exim4")
}

// eximOwner is the user that Debian's Exim was built to run as.
const eximOwner = "Debian-exim"

// startExim starts an instance that delivers to the first n recipients.
func startExim(t *testing.T, n int) *exim {
	t.Helper()
	needRoot(t)
	x := &exim{T: t, program: needExim(t)}
	u, err := user.Lookup(eximOwner)
	if err != nil {
		t.Fatal(err)
	}
	dir := mtaDir(t, `test ! -s "$dir/pid" || kill -s KILL -- "-$(cat "$dir/pid")" 2>/dev/null`)
	x.addr, x.conf, x.spool = quietPort(t), filepath.Join(dir, "conf"), filepath.Join(dir, "spool")
	x.maildirs = maildirs{filepath.Join(dir, "mail"), eximID}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	for _, path := range []string{x.spool, x.dir, filepath.Join(dir, "log")} {
		if err := os.Mkdir(path, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(path, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	_, port, _ := net.SplitHostPort(x.addr)
	x.write(x.conf, strings.NewReplacer("$DIR", dir, "$PROGRAM", x.program, "$PORT", port, "$OWNER", eximOwner).Replace(eximConf))
	x.write(filepath.Join(dir, "mailboxes"), eximMailboxes(n))
	logTail(t, filepath.Join(dir, "log", "mainlog"))
	x.start()
	return x
}

func (x *exim) write(path, text string) {
	x.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		x.Fatal(err)
	}
}

// eximMailboxes maps each recipient to a Maildir of the recipient's number.
func eximMailboxes(n int) string {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "%s: %d\n", recipientAddress(i), i)
	}
	return b.String()
}

func (x *exim) start() {
	x.Helper()
	command(x.T, x.program, "-C", x.conf, "-bd")
	awaits(x.T, "Exim greets", func() bool { return greets(x.addr) })
}

// stop kills the daemon and every process that it has started, with whatever
// they have in hand: told to end, those would first serve their connections.
func (x *exim) stop() {
	x.Helper()
	file := filepath.Join(filepath.Dir(x.conf), "pid")
	text, err := os.ReadFile(file)
	if err != nil {
		x.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid < 2 {
		x.Fatalf("its pid is %q", text)
	}
	if err := errors.Join(syscall.Kill(-pid, syscall.SIGKILL), os.Remove(file)); err != nil {
		x.Fatal(err)
	}
	awaits(x.T, "Exim has ended", func() bool { return !greets(x.addr) })
}

// held lets Exim deliver all that it has taken, and reads it. Two queue runners
// share the work; one passes by a message that the other has in hand.
func (x *exim) held(t *testing.T) held {
	t.Helper()
	for end := time.Now().Add(mtaTime); x.queued() > 0; {
		if time.Now().After(end) {
			t.Fatalf("%d files stay in Exim's spool", x.queued())
		}
		other := exec.CommandContext(t.Context(), x.program, "-C", x.conf, "-qf")
		if err := other.Start(); err != nil {
			t.Fatal(err)
		}
		command(t, x.program, "-C", x.conf, "-qf")
		if err := other.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	return x.maildirs.held(t)
}

// queued counts messages that were taken: their headers are in the spool.
func (x *exim) queued() int {
	files, err := filepath.Glob(filepath.Join(x.spool, "input", "*-H"))
	if err != nil {
		x.Fatal(err)
	}
	return len(files)
}

// eximConf takes mail for the recipients of the test, and delivers it into
// Maildirs.
const eximConf = `exim_path = $PROGRAM
exim_user = $OWNER
exim_group = $OWNER
never_users =
deliver_drop_privilege
spool_directory = $DIR/spool
log_file_path = $DIR/log/%slog
pid_file_path = $DIR/pid
primary_hostname = mx.example.net
daemon_smtp_ports = $PORT
local_interfaces = 127.0.0.1
disable_ipv6
host_lookup =
tls_advertise_hosts =
pipelining_advertise_hosts = *
smtp_enforce_sync
queue_only
smtp_accept_max = 100
acl_smtp_rcpt = recipient
acl_smtp_data = accept
domainlist ours = example.com : example.net : example.org : mail.example

begin acl

recipient:
  deny domains = ! +ours
  require verify = recipient
  accept

begin routers

mailbox:
  driver = accept
  domains = +ours
  address_data = ${lookup{$local_part@$domain}lsearch{$DIR/mailboxes}{$value}fail}
  transport = maildir

begin transports

maildir:
  driver = appendfile
  maildir_format
  directory = $DIR/mail/$address_data
  create_directory
  return_path_add
  user = $OWNER
  group = $OWNER

begin retry

* * F,1h,1s
`
