//go:build unix

package relay

import (
	"syscall"
)

// listen prepares heard. A connection that is no socket hears nothing.
func (c *conn) listen() {
	socket, ok := c.Conn.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return
	}
	var b [1]byte
	var spoke bool
	peek := func(fd uintptr) bool {
		n, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		spoke = n > 0 || err != syscall.EAGAIN && err != syscall.EINTR
		return true // whatever was found, nobody waits for more
	}
	c.heard = func() bool {
		spoke = false
		return raw.Read(peek) == nil && spoke
	}
}
