// Command distance is a relay that is far away: a TCP proxy on a free port of
// loopback, whose address it prints, that passes on what it is sent after a
// while, in both directions, in order and as much at once as there is. It lives
// until its stdin ends.
//
//	distance -way 25ms ADDRESS
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

func main() {
	way := flag.Duration("way", 25*time.Millisecond, "how long one direction takes; a round trip is twice that")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, "distance:", err)
		os.Exit(1)
	}
	fmt.Println(l.Addr())
	go accept(l, flag.Arg(0), *way)
	_, _ = io.Copy(io.Discard, os.Stdin) // it ends, and that is all there is to know
}

// accept joins every connection with one of its own to address.
func accept(l net.Listener, address string, way time.Duration) {
	for {
		near, err := l.Accept()
		if err != nil {
			return
		}
		go join(near, address, way)
	}
}

// join carries between near and address until both have said all they have.
func join(near net.Conn, address string, way time.Duration) {
	defer func() { _ = near.Close() }()
	far, err := net.Dial("tcp", address)
	if err != nil {
		fmt.Fprintln(os.Stderr, "distance:", err)
		return
	}
	defer func() { _ = far.Close() }()
	var both sync.WaitGroup
	both.Go(func() { carry(far, near, way) })
	both.Go(func() { carry(near, far, way) })
	both.Wait()
}

// piece is what was read at once, and when it arrives at the other end.
type piece struct {
	bytes []byte
	due   time.Time
}

// underWay is how many pieces may be on the way: more than any sender has out
// in one round trip.
const underWay = 4096

// carry passes on what comes from from, each piece way after it was read, and
// then its end.
func carry(to, from net.Conn, way time.Duration) {
	pieces := make(chan piece, underWay)
	var deliver sync.WaitGroup
	deliver.Go(func() {
		for p := range pieces {
			time.Sleep(time.Until(p.due))
			if _, err := to.Write(p.bytes); err != nil {
				_ = from.Close() // and the reader finds out
			}
		}
	})
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			pieces <- piece{append([]byte(nil), buf[:n]...), time.Now().Add(way)}
		}
		if err != nil {
			break
		}
	}
	close(pieces)
	deliver.Wait()
	if c, ok := to.(*net.TCPConn); ok {
		_ = c.CloseWrite()
	}
}
