//go:build unix

package main

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
)

// policy is a server for Postfix's check_policy_service. It refuses some
// recipients, defers some at first, and knows how far the run has come.
type policy struct {
	addr string
	done chan struct{} // closed when the test ends

	mu    sync.Mutex
	asked map[string]int // by recipient
	sum   int
	marks []*mark
}

// mark is a place in the run, counted in questions. From it on, answers wait
// until pass is closed.
type mark struct {
	at      int
	reached chan struct{}
	pass    chan struct{}
}

// verdictOf says what the policy answers for recipient n, and how often it
// defers before. Far less than a fifth is deferred, which would slow the run
// down.
func verdictOf(n int) (refuse bool, defers int) {
	switch {
	case n%40 == 7:
		return true, 0
	case n%100 == 9:
		return false, 2
	case n%20 == 3:
		return false, 1
	}
	return false, 0
}

// startPolicy serves until the test ends.
func startPolicy(t *testing.T, marks ...int) *policy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &policy{addr: l.Addr().String(), done: make(chan struct{}), asked: map[string]int{}}
	for _, at := range marks {
		p.marks = append(p.marks, &mark{at, make(chan struct{}), make(chan struct{})})
	}
	var served sync.WaitGroup
	served.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			served.Go(func() { p.serve(c) })
		}
	})
	t.Cleanup(func() {
		close(p.done)
		_ = l.Close()
		served.Wait()
	})
	return p
}

// serve answers one smtpd: a request is lines of name=value and an empty one.
func (p *policy) serve(c net.Conn) {
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		select {
		case <-p.done:
		case <-stop:
		}
		_ = c.Close()
	}()
	lines, recipient := bufio.NewScanner(c), ""
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), "recipient="); ok {
			recipient = value
		}
		if lines.Text() != "" {
			continue
		}
		if _, err := fmt.Fprintf(c, "action=%s\n\n", p.answer(recipient)); err != nil {
			return
		}
	}
}

// answer is the action for a recipient.
func (p *policy) answer(recipient string) string {
	times := p.ask(recipient)
	n, err := numberOf(recipient)
	if err != nil {
		return "554 5.7.1 Not one of the test's recipients"
	}
	refuse, defers := verdictOf(n)
	switch {
	case refuse:
		return "550 5.1.1 User unknown"
	case times <= defers:
		return "450 4.7.1 Greylisted, come back in a second"
	}
	return "DUNNO"
}

// ask counts a question and waits where the run has to wait. It returns how
// often that recipient was asked for.
func (p *policy) ask(recipient string) int {
	p.mu.Lock()
	p.asked[recipient]++
	times := p.asked[recipient]
	p.sum++
	var wait []*mark
	for _, m := range p.marks {
		if p.sum == m.at {
			close(m.reached)
		}
		if p.sum > m.at {
			wait = append(wait, m)
		}
	}
	p.mu.Unlock()
	for _, m := range wait {
		select {
		case <-m.pass:
		case <-p.done:
		}
	}
	return times
}
