package main

import (
	"bytes"
	"fmt"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/campaign"
)

// need returns the path of a program that a laptop may not have, or ends the
// test: skipped, but under CI=true failed. It is service.Need, which only
// packages below notifier may import.
func need(t *testing.T, program string) string {
	t.Helper()
	for _, name := range []string{program, "/usr/sbin/" + program, "/usr/local/sbin/" + program} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed, and under CI=true every service test must run (add it to .ci/run)", program)
	}
	t.Skipf("%s is not installed; this test runs where it is", program)
	return ""
}

// sink is Postfix's smtp-sink, which writes each message to a file of its own
// before it answers for it.
type sink struct {
	addr string
	dir  string
}

// startSink starts smtp-sink on a free port. It cannot be told to find one, and
// another program may be quicker, so it is started again until it listens.
func startSink(t *testing.T) *sink {
	t.Helper()
	program := need(t, "smtp-sink")
	s := &sink{dir: t.TempDir()}
	for range 10 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s.addr = l.Addr().String()
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if s.start(t, program) {
			return s
		}
	}
	t.Fatal("smtp-sink does not start")
	return nil
}

// start reports whether smtp-sink listens.
func (s *sink) start(t *testing.T, program string) bool {
	args := []string{"-d", "m."}
	if os.Geteuid() == 0 {
		args = append(args, "-u", "root") // it insists on being told
	}
	cmd := exec.Command(program, append(args, s.addr, "200")...)
	cmd.Dir = s.dir
	var words bytes.Buffer
	cmd.Stderr = &words
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
	})
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 500 {
		select {
		case <-ended:
			t.Logf("smtp-sink: %s", &words)
			return false
		case <-tick.C:
		}
		c, err := net.Dial("tcp", s.addr)
		if err == nil {
			_ = c.Close()
			return true
		}
	}
	return false
}

// files are the messages.
func (s *sink) files(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.dir, "m.*"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// held reads every message and counts copies by key. A message that broke off
// because its sender was killed may lie there for a moment.
func (s *sink) held(t *testing.T) held {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for try := 0; ; try++ {
		h, err := readDumps(s.files(t))
		if err == nil {
			return h
		}
		if try == 100 {
			t.Fatal(err)
		}
		<-tick.C
	}
}

func readDumps(files []string) (held, error) {
	h := held{copies: map[notifier.Key]int{}}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			return h, err
		}
		key, err := readDump(b)
		if err != nil {
			return h, fmt.Errorf("%s: %w", name, err)
		}
		h.copies[key]++
	}
	return h, nil
}

// readDump parses one message as smtp-sink wrote it, and holds its header
// against its envelope.
func readDump(b []byte) (notifier.Key, error) {
	m, err := mail.ReadMessage(bytes.NewReader(b))
	if err != nil {
		return notifier.Key{}, err
	}
	key, err := notifier.ParseKey(m.Header.Get("X-Breachmail-Key"))
	if err != nil {
		return key, err
	}
	to, err := mail.ParseAddress(m.Header.Get("To"))
	if err != nil {
		return key, err
	}
	for name, want := range map[string]string{
		"X-Mail-Args": "<bounces+" + key.String() + "@example.com> RET=HDRS ENVID=" + key.String(),
		"X-Rcpt-Args": "<" + to.Address + "> NOTIFY=FAILURE,DELAY",
		"Message-Id":  "<crash." + key.String() + "@mail.example.com>",
	} {
		if got := m.Header.Get(name); got != want {
			return key, fmt.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !bytes.Contains(b, []byte(key.Reference())) {
		return key, fmt.Errorf("the reference %s is not in the text", key.Reference())
	}
	return key, nil
}

// strictly reads messages named on stdin with the strictest policy of Python's
// email package, all headers and all parts of them, and says what is wrong.
const strictly = `
import email, email.policy, sys
wrong = 0
for path in sys.stdin.read().split("\n"):
    try:
        with open(path, "rb") as f:
            message = email.message_from_binary_file(f, policy=email.policy.strict)
        defects = []
        for part in message.walk():
            defects += part.defects
            for name in part.keys():
                for value in part.get_all(name):
                    defects += value.defects
            if not part.is_multipart():
                text = part.get_content()
                if not text.strip() or "\ufffd" in text:
                    defects.append("empty, or not in its charset")
        kinds = [part.get_content_type() for part in message.walk()]
        if kinds != ["multipart/alternative", "text/plain", "text/html"]:
            defects.append(kinds)
        if message["to"].addresses[0].display_name == "":
            defects.append("To has no name")
        message["date"].datetime.isoformat()
    except Exception as e:
        defects = [repr(e)]
    if defects:
        wrong += 1
        print(path, defects)
sys.exit(1 if wrong else 0)
`

// readStrictly lets Python read every step-th message.
func readStrictly(t *testing.T, files []string, most int) {
	t.Helper()
	python := need(t, "python3")
	var names []string
	for i := 0; i < len(files); i += max(1, len(files)/most) {
		names = append(names, files[i])
	}
	cmd := exec.CommandContext(t.Context(), python, "-c", strictly)
	cmd.Stdin = strings.NewReader(strings.Join(names, "\n"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("of %d messages: %v\n%s", len(names), err, out)
	}
	t.Logf("%d messages were read by Python's email package", len(names))
}

// TestSink sends 5,000 notices to smtp-sink as fast as it goes, and reads every
// one of them.
func TestSink(t *testing.T) {
	t.Parallel()
	s := startSink(t)
	c := newTrial(t, plan{recipients: 5000, connections: 20})
	c.prepare(s.addr)
	t.Log(c.must("-C", c.dir, "send"))
	copies, files := s.held(t).copies, s.files(t)
	c.compare(c.people(), copies)
	if len(copies) != c.recipients || len(files) != c.recipients {
		t.Errorf("smtp-sink has %d messages of %d people", len(files), len(copies))
	}
	if st := c.status(); st.Phase != campaign.PhaseComplete {
		t.Errorf("the campaign ended in phase %s", st.Phase)
	}
	c.audit()
	readStrictly(t, files, 200)
}

// TestSinkKilled is TestKilled in front of smtp-sink.
func TestSinkKilled(t *testing.T) {
	t.Parallel()
	s := startSink(t)
	c := newTrial(t, plan{recipients: 3000, connections: 20, kills: 2})
	c.prepare(s.addr)
	c.killAll(s)
	c.resumeHold()
	c.compare(c.people(), s.held(t).copies)
	again := c.resend()
	c.told(c.people(), s.held(t).copies, again)
	readStrictly(t, s.files(t), 200)
}
