package main

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

// cutter stands between a sender and a relay. It cuts connections at the final
// dot of some messages: right before it is handed on, or right behind it.
type cutter struct {
	addr  string
	relay string

	mu            sync.Mutex
	random        *rand.Rand
	share         float64 // of the messages that are cut
	before, after int     // how often it was
}

// startCutter cuts that share of the messages on their way to a relay, until the
// test ends.
func startCutter(t *testing.T, relay string, seed uint64, share float64) *cutter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{addr: l.Addr().String(), relay: relay, random: rand.New(rand.NewPCG(seed, 1)), share: share}
	var served sync.WaitGroup
	served.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			served.Go(func() { c.serve(conn) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		served.Wait()
	})
	return c
}

// obey has it cut nothing any more.
func (c *cutter) obey() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.share = 0
}

// counts is how often it cut.
func (c *cutter) counts() (before, after int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.before, c.after
}

// The places of a cut.
type cutAt int

const (
	nowhere cutAt = iota
	beforeDot
	behindDot
)

// draw decides about a message.
func (c *cutter) draw() cutAt {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch draw := c.random.Float64(); {
	case draw >= c.share:
		return nowhere
	case draw < c.share/3:
		c.before++
		return beforeDot
	}
	c.after++
	return behindDot
}

// serve carries one connection. It ends when either side does.
func (c *cutter) serve(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", c.relay)
	if err != nil {
		return
	}
	var back sync.WaitGroup
	back.Go(func() {
		_, _ = io.Copy(client, server)
		_ = client.Close()
	})
	_ = c.carry(server, client)
	_ = client.Close()
	_ = server.Close()
	back.Wait()
}

// errCut says that a connection is to be cut.
var errCut = errors.New("cut")

// finalDot ends a message, and stands nowhere else: a line with a dot alone is
// written with two.
const finalDot = "\r\n.\r\n"

// carry hands on what the sender says, to a cut or its end. It holds back the dot
// and what follows until it knows what that is.
func (c *cutter) carry(to io.Writer, from io.Reader) error {
	const lineEnd = len("\r\n")
	buf := make([]byte, 32<<10)
	seen := 0 // of a final dot
	for {
		n, err := from.Read(buf)
		var out []byte
		for _, b := range buf[:n] {
			if b != finalDot[seen] {
				out = append(out, finalDot[min(seen, lineEnd):seen]...) // it was none
				seen = 0
			}
			if b == finalDot[seen] {
				seen++
			}
			if seen <= lineEnd {
				out = append(out, b)
			}
			if seen < len(finalDot) {
				continue
			}
			seen = 0
			switch c.draw() {
			case beforeDot:
				_, _ = to.Write(out)
				return errCut
			case behindDot:
				_, _ = to.Write(append(out, finalDot[lineEnd:]...))
				return errCut
			}
			out = append(out, finalDot[lineEnd:]...)
		}
		if _, err := to.Write(out); err != nil {
			return err
		}
		if err != nil {
			return err
		}
	}
}

// TestCutterHandsOn holds the cutter to what it stands for.
func TestCutterHandsOn(t *testing.T) {
	const text = "DATA\r\nx\r\n\r\n..\r\n.a\r\n\r\r\n.\r\nQUIT\r\n"
	dot := strings.Index(text, "\r\n.\r\n") + 2
	for share, want := range map[float64]string{0: text, 3: text[:dot], 1.0001: ""} {
		c := &cutter{random: rand.New(rand.NewPCG(1, 1)), share: share}
		var out bytes.Buffer
		err := c.carry(&out, iotest.OneByteReader(strings.NewReader(text)))
		if share == 1.0001 { // either of them
			before, after := c.counts()
			want = text[:dot+3*after]
			if before+after != 1 {
				t.Errorf("%d and %d cuts", before, after)
			}
		}
		if share == 3 && errors.Is(err, errCut) {
			want = text[:dot]
		}
		if out.String() != want || (share == 0) != errors.Is(err, io.EOF) {
			t.Errorf("%v: %q, %v", share, out.String(), err)
		}
	}
}
