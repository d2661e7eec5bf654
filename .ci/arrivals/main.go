// Command arrivals is a relay that takes every message and notes when: an SMTP
// server with PIPELINING on a free port of loopback, whose address it prints.
// When its stdin ends it prints one line: how many messages came, the most in
// any ten seconds, and how many a second from the first to the last.
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// window is what the bound on a burst is said about (DESIGN.md, section 9).
const window = 10 * time.Second

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, "arrivals:", err)
		os.Exit(1)
	}
	fmt.Println(l.Addr())
	r := &record{}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c, r)
		}
	}()
	_, _ = io.Copy(io.Discard, os.Stdin) // it ends, and that is all there is to know
	times := r.sorted()
	fmt.Println(len(times), most(times), average(times))
}

// record is when messages came.
type record struct {
	mu    sync.Mutex
	times []time.Time
}

func (r *record) note() {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.times = append(r.times, now)
}

func (r *record) sorted() []time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortFunc(r.times, time.Time.Compare)
	return r.times
}

// most is the largest number of times within any window.
func most(times []time.Time) (n int) {
	first := 0
	for i, t := range times {
		for t.Sub(times[first]) >= window {
			first++
		}
		n = max(n, i-first+1)
	}
	return n
}

// average is how many followed each other in a second.
func average(times []time.Time) float64 {
	if len(times) < 2 {
		return 0
	}
	return float64(len(times)-1) / times[len(times)-1].Sub(times[0]).Seconds()
}

// serve answers one client. Replies leave when the client has said all it has
// to say for now.
func serve(c net.Conn, r *record) {
	defer func() { _ = c.Close() }()
	in, out := bufio.NewReaderSize(c, 64<<10), bufio.NewWriter(c)
	say := func(line string) error {
		_, err := out.WriteString(line + "\r\n")
		if err == nil && in.Buffered() == 0 {
			err = out.Flush()
		}
		return err
	}
	err := say("220 relay.example.net ESMTP")
	content := false
	for err == nil {
		var b []byte
		if b, err = in.ReadSlice('\n'); err != nil {
			return
		}
		line := strings.TrimRight(string(b), "\r\n")
		switch {
		case content && line != ".":
		case content:
			content = false
			r.note()
			err = say("250 2.0.0 taken")
		default:
			content = strings.EqualFold(line, "DATA")
			err = say(answer(line))
		}
	}
}

// answer is the reply to a command.
func answer(line string) string {
	verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
	switch verb {
	case "EHLO":
		return "250-relay.example.net\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME"
	case "DATA":
		return "354 go on"
	case "QUIT":
		return "221 2.0.0 bye"
	case "MAIL", "RCPT", "RSET", "NOOP", "HELO":
		return "250 2.0.0 ok"
	}
	return "500 5.5.2 what?"
}
