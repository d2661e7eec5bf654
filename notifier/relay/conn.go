package relay

import (
	"errors"
	"net"
	"runtime"
	"sync"
	"time"
)

// maxStep is how many bytes a relay may send between two calls of arm. Its
// certificates and a long EHLO reply stay far below.
const maxStep = 256 << 10

var errTalkative = errors.New("the relay sends without end")

// conn is the raw connection, below TLS. It adds three things: deadlines that
// a cancellation cannot lose against, a bound on what is read, and a note of
// writes that fell short.
type conn struct {
	net.Conn

	mu  sync.Mutex // guards deadlines against cut
	off bool       // cut was called: every deadline stays in the past

	read  int   // bytes since arm
	ended error // the error that a Read returned
	short bool  // a Write did not take all it was given

	// heard reports, without waiting, whether something of the relay has arrived
	// that is not read yet, or it has closed the connection. It is nil where that
	// cannot be known, and false once the deadline has passed.
	heard func() bool
}

// countsWrites says that the count a failed Write returns is exact. Windows may
// have sent more of an overlapped write that was cancelled than it says.
const countsWrites = runtime.GOOS != "windows"

// past is a deadline that has been missed.
var past = time.Unix(1, 0)

// arm gives the next step its time: reads end after r, writes after w.
func (c *conn) arm(r, w time.Duration) {
	c.read = 0
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.off {
		return
	}
	// An error here means that the connection is closed, which the next
	// read or write says better.
	if r == w {
		_ = c.SetDeadline(now.Add(r))
		return
	}
	_ = c.SetReadDeadline(now.Add(r))
	_ = c.SetWriteDeadline(now.Add(w))
}

// cut ends what is being read or written, now and for good. It is safe to call
// from another goroutine.
func (c *conn) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off = true
	_ = c.SetDeadline(past)
}

// isCut reports whether cut was called.
func (c *conn) isCut() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.off
}

// Read reads within the step's bound, and notes its end. bufio hands out what
// there is of a line without saying that its end was not read.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil {
		c.ended = err
	}
	if c.read += n; c.read > maxStep {
		return 0, errTalkative
	}
	return n, err
}

// Write notes when it provably fell short.
func (c *conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if n < len(p) && countsWrites {
		c.short = true
	}
	return n, err
}
