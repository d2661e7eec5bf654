//go:build unix

package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Who may submit to the test's Postfix.
const (
	postfixUser     = "breach-notices@example.net"
	postfixPassword = "only for tests 71c5"
)

// postfix is an instance of its own: configuration, queue, passwords and mail
// are below dir, and it listens on loopback only.
type postfix struct {
	*testing.T
	maildirs
	addr    string
	conf    string // the configuration directory
	queue   string
	log     string
	policy  string // where its policy service is
	program string
	certs   certificates
}

// postfixID is the queue id in Postfix's Received header.
var postfixID = regexp.MustCompile(`with ESMTPSA\s+id (\w+)`)

// startPostfix starts an instance that delivers to the first n recipients.
func startPostfix(t *testing.T, n int, policy string) *postfix {
	t.Helper()
	needRoot(t)
	p := &postfix{T: t, program: need(t, "postfix")}
	saslpasswd := need(t, "saslpasswd2")
	dir := mtaDir(t, p.program+` -c "$dir/conf" stop >/dev/null 2>&1`)
	p.addr, p.conf, p.queue = quietPort(t), filepath.Join(dir, "conf"), filepath.Join(dir, "queue")
	p.log, p.policy = filepath.Join(dir, "log"), policy
	p.maildirs = maildirs{filepath.Join(dir, "mail"), postfixID}
	p.directories(dir)
	p.certs = makeCertificates(t, p.conf)
	p.write("main.cf", p.main(dir, policy))
	p.write("master.cf", fmt.Sprintf(postfixMaster, p.addr))
	p.write("mailboxes", mailboxes(n))
	p.write(filepath.Join("sasl", "smtpd.conf"), fmt.Sprintf("pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: %s/sasl/db\n", p.conf))
	p.password(saslpasswd)
	logTail(t, p.log)
	p.start()
	return p
}

// directories makes what Postfix does not make itself.
func (p *postfix) directories(dir string) {
	p.Helper()
	for name, owner := range map[string]string{"conf": "root", "conf/sasl": "root", "queue": "root", "data": "postfix", "mail": "nobody"} {
		u, err := user.Lookup(owner)
		if err != nil {
			p.Fatal(err)
		}
		uid, _ := strconv.Atoi(u.Uid)
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(path, 0o755); err != nil {
			p.Fatal(err)
		}
		if err := os.Chown(path, uid, -1); err != nil {
			p.Fatal(err)
		}
	}
}

func (p *postfix) write(name, text string) {
	p.Helper()
	if err := os.WriteFile(filepath.Join(p.conf, name), []byte(text), 0o644); err != nil {
		p.Fatal(err)
	}
}

// password writes the one account into SASL's database, for Postfix to read.
func (p *postfix) password(saslpasswd string) {
	p.Helper()
	local, realm, _ := strings.Cut(postfixUser, "@")
	db := filepath.Join(p.conf, "sasl", "db")
	cmd := exec.CommandContext(p.Context(), saslpasswd, "-p", "-c", "-f", db, "-u", realm, local)
	cmd.Stdin = strings.NewReader(postfixPassword)
	if out, err := cmd.CombinedOutput(); err != nil {
		p.Fatalf("saslpasswd2: %v\n%s", err, out)
	}
	u, err := user.Lookup("postfix")
	if err != nil {
		p.Fatal(err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	if err := os.Chown(db, uid, -1); err != nil {
		p.Fatal(err)
	}
}

// mailboxes maps each recipient to a Maildir of the recipient's number. It is a
// list because virtual(8) does not put parts of an address into a path.
func mailboxes(n int) string {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "%s %d/\n", recipientAddress(i), i)
	}
	return b.String()
}

func (p *postfix) start() {
	p.Helper()
	command(p.T, p.program, "-c", p.conf, "start")
	awaits(p.T, "Postfix greets", func() bool { return greets(p.addr) })
}

// stop ends all of Postfix, with whatever it has in hand.
func (p *postfix) stop() {
	p.Helper()
	command(p.T, p.program, "-c", p.conf, "stop")
	awaits(p.T, "Postfix has ended", func() bool {
		c, err := net.Dial("tcp", p.addr)
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	})
}

func (p *postfix) reload() {
	p.Helper()
	command(p.T, p.program, "-c", p.conf, "reload")
}

// held waits until all is delivered that Postfix has taken, and reads it.
func (p *postfix) held(t *testing.T) held {
	t.Helper()
	awaits(t, "Postfix has delivered everything", func() bool {
		queues := []string{"maildrop", "incoming", "active", "deferred", "hold"}
		for i, name := range queues {
			queues[i] = filepath.Join(p.queue, name)
		}
		return filesBelow(queues...) == 0
	})
	return p.maildirs.held(t)
}

func (p *postfix) main(dir, policy string) string {
	return strings.NewReplacer("$DIR", dir, "$POLICY", policy, "$CERT", p.certs.cert, "$KEY", p.certs.key).Replace(postfixMain)
}

// postfixMain is main.cf: submission over TLS, by who has logged in and to whom
// the policy has nothing against, and delivery into Maildirs.
const postfixMain = `compatibility_level = 3.6
queue_directory = $DIR/queue
data_directory = $DIR/data
maillog_file = $DIR/log
maillog_file_prefixes = $DIR
myhostname = mx.example.net
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_peername_lookup = no
disable_dns_lookups = yes
alias_maps =
alias_database =
local_transport = error:no mail is local here

smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = $CERT
smtpd_tls_key_file = $KEY

smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = $DIR/conf/sasl

smtpd_client_restrictions = permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_policy_service inet:$POLICY, permit_sasl_authenticated, reject
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000

virtual_mailbox_domains = example.com, example.net, example.org, mail.example
virtual_mailbox_base = $DIR/mail
virtual_mailbox_maps = texthash:$DIR/conf/mailboxes
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
`

// postfixMaster is master.cf: what submission and delivery into Maildirs need.
const postfixMaster = `%s inet n - n - 40 smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - 10 virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`
