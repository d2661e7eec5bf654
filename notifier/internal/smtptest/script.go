package smtptest

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

// step is one line of a script.
type step struct {
	line int
	verb string // "<", ">" or what follows "!"
	text string
}

func parse(t testing.TB, script string) []step {
	t.Helper()
	var steps []step
	for i, l := range strings.Split(script, "\n") {
		l = strings.TrimSpace(l)
		if l == "" || l[0] == '#' {
			continue
		}
		verb, text, _ := strings.Cut(l, " ")
		if verb == "!" {
			verb, text, _ = strings.Cut(text, " ")
		}
		st := step{line: i + 1, verb: verb, text: text}
		if _, ok := plays[verb]; !ok {
			t.Fatalf("smtptest: line %d: %q is no step", st.line, l)
		}
		if verb == "send" {
			raw, err := strconv.Unquote(text)
			if err != nil {
				t.Fatalf("smtptest: line %d: send wants a Go string: %v", st.line, err)
			}
			st.text = raw
		}
		steps = append(steps, st)
	}
	return steps
}

// player follows a script on one connection.
type player struct {
	server *server
	raw    net.Conn
	r      *bufio.Reader
	w      *bufio.Writer
}

// errDone ends a script early, as it should be.
var errDone = errors.New("done")

func (p *player) use(c net.Conn) {
	p.r, p.w = bufio.NewReader(c), bufio.NewWriter(c)
}

func (p *player) run(steps []step) {
	for i := 0; i < len(steps); i++ {
		st := steps[i]
		if st.verb == "repeat" {
			p.repeat(steps[i+1:])
			return
		}
		if !p.step(st) {
			return
		}
	}
	_ = p.w.Flush()
}

// repeat follows steps until the client leaves, with QUIT or without, before the
// first of them.
func (p *player) repeat(steps []step) {
	for {
		_ = p.w.Flush()
		next, err := p.r.Peek(len("QUIT"))
		if err != nil {
			return
		}
		if string(next) == "QUIT" {
			_ = p.say("221 bye")
			_ = p.w.Flush()
			return
		}
		for _, st := range steps {
			if !p.step(st) {
				return
			}
		}
	}
}

// step runs one step and reports whether the script goes on.
func (p *player) step(st step) bool {
	if st.verb != "<" && st.verb != "send" {
		if err := p.w.Flush(); err != nil && st.verb != "stall" {
			p.server.t.Errorf("smtptest: line %d: before %s: %v", st.line, st.verb, err)
			return false
		}
	}
	err := plays[st.verb](p, st.text)
	if err != nil && !errors.Is(err, errDone) {
		p.server.t.Errorf("smtptest: line %d: %s %s: %v", st.line, st.verb, st.text, err)
	}
	return err == nil
}

// plays says how each step is done.
var plays = map[string]func(*player, string) error{
	"<":        (*player).say,
	"send":     (*player).send,
	">":        (*player).expect,
	"content":  (*player).content,
	"starttls": (*player).starttls,
	"gone":     (*player).gone,
	"close":    func(*player, string) error { return errDone },
	"reset":    (*player).reset,
	"stall":    (*player).stall,
	"deaf":     (*player).deaf,
	"pause":    (*player).pause,
	"drip":     (*player).drip,
	"await":    (*player).await,
	"repeat":   nil, // run does it
}

func (p *player) say(text string) error {
	_, err := p.w.WriteString(text + "\r\n")
	return err
}

// send is for faults: a client that leaves meanwhile is no surprise.
func (p *player) send(text string) error {
	if _, err := p.w.WriteString(text); err != nil {
		return errDone
	}
	return nil
}

// read reads one line, without its end.
func (p *player) read() ([]byte, error) {
	line, err := p.r.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	if len(line) < 2 || line[len(line)-2] != '\r' {
		return nil, errors.New("a line ended without CR: " + strconv.Quote(string(line)))
	}
	return line[:len(line)-2], nil
}

func (p *player) expect(want string) error {
	got, err := p.read()
	if err != nil {
		return err
	}
	prefix, open := strings.CutSuffix(want, "*")
	if string(got) == want || open && strings.HasPrefix(string(got), prefix) {
		return nil
	}
	return errors.New("the client said " + strconv.Quote(string(got)))
}

func (p *player) content(string) error {
	for {
		line, err := p.read()
		if err != nil || string(line) == "." {
			return err
		}
	}
}

func (p *player) starttls(string) error {
	c := tls.Server(p.raw, p.server.tls)
	p.use(c)
	if c.Handshake() != nil {
		return errDone // a client that refuses is no fault of the script
	}
	return nil
}

func (p *player) gone(string) error {
	rest, err := p.r.Peek(1)
	if len(rest) > 0 {
		all, _ := p.r.Peek(p.r.Buffered())
		return errors.New("the client said " + strconv.Quote(string(all)))
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return err
	}
	return errDone
}

func (p *player) reset(string) error {
	if tcp, ok := p.raw.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	return errDone
}

func (p *player) stall(string) error {
	_, _ = io.Copy(io.Discard, p.r)
	return errDone
}

func (p *player) deaf(string) error {
	<-p.server.ended
	return errDone
}

func (p *player) pause(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil {
		return err
	}
	select {
	case <-p.server.ended:
		return errDone
	case <-time.After(d):
		return nil
	}
}

// drip says a line a byte at a time. A client that leaves meanwhile is no
// surprise.
func (p *player) drip(text string) error {
	every, line, _ := strings.Cut(text, " ")
	for _, b := range []byte(line + "\r\n") {
		if err := p.pause(every); err != nil {
			return err
		}
		if p.w.WriteByte(b) != nil || p.w.Flush() != nil {
			return errDone
		}
	}
	return nil
}

// await waits until the client says something, and leaves it unread.
func (p *player) await(string) error {
	_, err := p.r.Peek(1)
	return err
}
