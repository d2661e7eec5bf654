package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"breachmail/notifier"
)

// The environment of the relay process.
const (
	relayRecord = "BREACHMAIL_TEST_RECORD" // the file that keeps what was taken
	relayFaults = "BREACHMAIL_TEST_FAULTS" // the seed of its faults, and deferring or nothing behind it; empty: it takes everything
)

// relayPatience is how long the relay waits for its client, a duration; empty:
// for ever.
const relayPatience = "BREACHMAIL_TEST_PATIENCE"

// deferring, behind the seed, has a relay defer every second recipient instead.
const deferring = "deferring"

// What the record says of a message, behind its key.
const (
	wasTaken   = "taken"   // kept, then answered with 250
	wasDropped = "dropped" // kept, then the connection was closed without a word
	wasMixed   = "mixed"   // it has another recipient's key or address: never right
)

// relayServerMain is the relay as a process of its own. It says its address on
// stdout and lives until its stdin ends, so that it never outlives the test.
func relayServerMain() {
	if err := serveRelay(); err != nil {
		fmt.Fprintln(os.Stderr, "relay:", err)
		os.Exit(1)
	}
}

func serveRelay() error {
	record, err := os.OpenFile(os.Getenv(relayRecord), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	r := &faultyRelay{record: record, deferred: map[int]int{}, dropped: map[int]bool{}}
	if seed, how, _ := strings.Cut(os.Getenv(relayFaults), " "); seed != "" {
		r.faults, r.deferring = true, how == deferring
		if r.seed, err = strconv.ParseUint(seed, 10, 64); err != nil {
			return err
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := smtp.NewServer(r)
	server.Domain = "relay.example.com"
	server.MaxRecipients = 1
	server.ErrorLog = unheard{} // its clients are killed on purpose
	if text := os.Getenv(relayPatience); text != "" {
		if server.ReadTimeout, err = time.ParseDuration(text); err != nil {
			return err
		}
		server.WriteTimeout = server.ReadTimeout
	}
	fmt.Println(l.Addr())
	var work sync.WaitGroup
	work.Go(func() { err = server.Serve(l) })
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = server.Close()
	work.Wait()
	if errors.Is(err, smtp.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, record.Close())
}

type unheard struct{}

func (unheard) Printf(string, ...any) {}
func (unheard) Println(...any)        {}

// fate is what the faulty relay does with one recipient, by number.
type fate struct {
	refuse bool
	defers int  // how many times it says 451 before it takes the message
	drop   bool // the first time it takes the message, it never says so
	late   bool // refused or deferred after the message instead of at RCPT
}

// forever is more often than anybody tries.
const forever = 1 << 30

// fateOf is known to relay and test alike: one recipient in ten is refused, one
// in ten deferred (one in 250 for good), and one in a hundred is taken without
// a reply.
func fateOf(n int, seed uint64) fate {
	random := rand.New(rand.NewPCG(seed, uint64(n)))
	f := fate{late: n%20 >= 10}
	switch n % 10 {
	case 0:
		f.refuse = true
	case 1:
		f.defers = 1 + random.IntN(3)
		if n%250 == 1 {
			f.defers = forever
		}
	default:
		f.drop = random.IntN(80) == 0
	}
	return f
}

// faultyRelay is the server. What it takes is in the record before it answers.
type faultyRelay struct {
	faults    bool
	deferring bool
	seed      uint64

	mu       sync.Mutex
	record   *os.File
	deferred map[int]int  // how often by recipient
	dropped  map[int]bool // by recipient
	queued   int
}

func (r *faultyRelay) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &faultySession{faultyRelay: r, conn: c}, nil
}

// note appends one line to the record in one write.
func (r *faultyRelay) note(k notifier.Key, what string) error {
	_, err := fmt.Fprintf(r.record, "%s %s\n", k, what)
	return err
}

// fateOf is what becomes of a recipient here.
func (r *faultyRelay) fateOf(n int) fate {
	switch {
	case !r.faults:
		return fate{}
	case r.deferring:
		return fate{defers: n % 2 * (1 + n/2%4), late: n%4 == 1}
	}
	return fateOf(n, r.seed)
}

// verdict is the error that a recipient gets before the message is kept, or nil.
func (r *faultyRelay) verdict(n int, late bool) error {
	f := r.fateOf(n)
	if !r.faults || f.late != late {
		return nil
	}
	if f.refuse {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deferred[n] >= f.defers {
		return nil
	}
	r.deferred[n]++
	return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "come back later"}
}

// keep puts a message into the record and returns its number there, 0 where it
// is not to be answered.
func (r *faultyRelay) keep(n int, k notifier.Key, mixed bool) (id int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queued++
	switch {
	case mixed:
		return r.queued, r.note(k, wasMixed)
	case r.fateOf(n).drop && !r.dropped[n]:
		r.dropped[n] = true
		return 0, r.note(k, wasDropped)
	}
	return r.queued, r.note(k, wasTaken)
}

type faultySession struct {
	*faultyRelay
	conn     *smtp.Conn
	from, to string
	n        int
}

func (s *faultySession) Mail(from string, _ *smtp.MailOptions) error { s.from = from; return nil }
func (s *faultySession) Reset()                                      {}
func (s *faultySession) Logout() error                               { return nil }

func (s *faultySession) Rcpt(to string, _ *smtp.RcptOptions) error {
	var err error
	if s.n, err = numberOf(to); err != nil {
		return err
	}
	s.to = to
	return s.verdict(s.n, false)
}

// Data keeps a whole message. One that breaks off is an error of the reader
// and leaves no trace.
func (s *faultySession) Data(from io.Reader) error {
	b, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	if err := s.verdict(s.n, true); err != nil {
		return err
	}
	m, err := mail.ReadMessage(bytes.NewReader(b))
	if err != nil {
		return err
	}
	key, err := notifier.ParseKey(m.Header.Get("X-Breachmail-Key"))
	if err != nil {
		return err
	}
	to, err := mail.ParseAddress(m.Header.Get("To"))
	mixed := err != nil || to.Address != s.to || s.from != "bounces+"+key.String()+"@example.com"
	think()
	id, err := s.keep(s.n, key, mixed)
	if err != nil {
		return err
	}
	think()
	if id == 0 {
		return s.conn.Conn().Close()
	}
	return &smtp.SMTPError{Code: 250, EnhancedCode: smtp.EnhancedCode{2, 0, 0}, Message: fmt.Sprintf("queued as TEST%06d", id)}
}

// think makes a message take a while, before it is kept and after, so that a
// kill finds some on both sides of that line.
func think() { time.Sleep(rand.N(6 * time.Millisecond)) }

// recipientAddress is the address of recipient n of a test's export.
func recipientAddress(n int) string {
	return fmt.Sprintf("customer%06d@%s", n, []string{"example.com", "example.net", "example.org", "mail.example"}[n%4])
}

func numberOf(address string) (int, error) {
	local, _, _ := strings.Cut(address, "@")
	return strconv.Atoi(strings.TrimPrefix(local, "customer"))
}

// relayProcess is a running relay as its test sees it.
type relayProcess struct {
	addr   string
	record string
}

// startRelay starts a relay that lives until the test ends, with faults, and more
// in its environment.
func startRelay(t *testing.T, faults string, env ...string) *relayProcess {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r := &relayProcess{record: filepath.Join(t.TempDir(), "record")}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), actAs+"=relay", relayRecord+"="+r.record, relayFaults+"="+faults)
	cmd.Env = append(cmd.Env, env...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		last := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() })
		defer last.Stop()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the relay: %v", err)
		}
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("the relay did not say its address: %v", err)
	}
	r.addr = strings.TrimSpace(line)
	return r
}

// held is what a relay's record says.
type held struct {
	copies  map[notifier.Key]int // messages kept
	dropped int                  // of those, kept without a reply
}

// held reads the record.
func (r *relayProcess) held(t *testing.T) held {
	t.Helper()
	b, err := os.ReadFile(r.record)
	if err != nil {
		t.Fatal(err)
	}
	h := held{copies: map[notifier.Key]int{}}
	for line := range strings.Lines(string(b)) {
		word, what, _ := strings.Cut(strings.TrimSpace(line), " ")
		key, err := notifier.ParseKey(word)
		if err != nil {
			t.Fatalf("record: %q: %v", line, err)
		}
		h.copies[key]++
		switch what {
		case wasDropped:
			h.dropped++
		case wasMixed:
			t.Errorf("%s: the message is not its recipient's own", key)
		}
	}
	return h
}
