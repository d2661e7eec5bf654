// Command breachmail tells the people affected by a data breach, by email,
// once each, and can prove it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, abort, stop := signals()
	defer stop()
	code := run(ctx, abort, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

// signals returns two contexts: the first ends with the first SIGINT, SIGTERM
// or (a terminal that went away) SIGHUP, the second with the second. A closed
// pipe ends nothing: whoever reads our words may go, the notices on the wire
// have to be settled all the same.
func signals() (ctx, abort context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	abort, cancelAbort := context.WithCancel(context.Background())
	c := make(chan os.Signal, 2)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		signal.Notify(c, syscall.SIGHUP)
	}
	signal.Ignore(syscall.SIGPIPE)
	done := make(chan struct{})
	go func() {
		for _, f := range []func(){cancel, cancelAbort} {
			select {
			case <-c:
				f()
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
