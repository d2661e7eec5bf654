// Command breachmail tells the people affected by a data breach, by email,
// once each, and can prove it.
package main

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

func main() {
	h := &hangups{c: make(chan struct{}, 1)}
	ctx, abort, stop := signals(h)
	defer stop()
	code := run(ctx, abort, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, hangups: h})
	stop()
	os.Exit(code)
}

// hangups are SIGHUP: somebody asks to read the configuration again, or the
// terminal went away. A verb that has a use for them takes them; else they end
// the program like an interrupt.
type hangups struct {
	c       chan struct{} // a token for each since the last was looked at
	taken   atomic.Bool
	ignored bool // as nohup has it: where no verb takes them, they end nothing
}

// take has SIGHUP come through the channel from now on.
func (h *hangups) take() <-chan struct{} {
	if h == nil {
		return nil
	}
	h.taken.Store(true)
	return h.c
}

// pass reports whether a signal is a SIGHUP that ends nothing.
func (h *hangups) pass(s os.Signal) bool {
	if s != syscall.SIGHUP || !h.taken.Load() {
		return s == syscall.SIGHUP && h.ignored
	}
	select {
	case h.c <- struct{}{}:
	default:
	}
	return true
}

// signals returns two contexts: the first ends with the first SIGINT, SIGTERM
// or SIGHUP that no verb takes, the second with the second. A closed pipe ends
// nothing: whoever reads our words may go, the notices on the wire have to be
// settled all the same.
func signals(h *hangups) (ctx, abort context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	abort, cancelAbort := context.WithCancel(context.Background())
	c := make(chan os.Signal, 2)
	h.ignored = signal.Ignored(syscall.SIGHUP)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	signal.Ignore(syscall.SIGPIPE)
	done := make(chan struct{})
	go func() {
		ends := []func(){cancel, cancelAbort}
		for len(ends) > 0 {
			select {
			case s := <-c:
				if !h.pass(s) {
					ends[0]()
					ends = ends[1:]
				}
			case <-done:
				return
			}
		}
		signal.Stop(c) // a third one ends the program where it stands
	}()
	var stopped bool
	return ctx, abort, func() {
		if !stopped {
			stopped = true
			signal.Stop(c)
			close(done)
			cancel()
			cancelAbort()
		}
	}
}
