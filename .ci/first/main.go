// Command first says how long a command takes until its first message is on the
// wire: from its start to the first byte of content that reaches a relay here.
//
//	first ADDRESS COMMAND…
//
// It listens on ADDRESS, runs the command, which sends there, prints the seconds,
// and kills the command.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: first ADDRESS COMMAND…")
		os.Exit(64)
	}
	took, err := run(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "first:", err)
		os.Exit(1)
	}
	fmt.Printf("%.3f\n", took.Seconds())
}

func run(address string, command []string) (time.Duration, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	content := make(chan time.Time, 1)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c, content)
		}
	}()
	cmd := exec.Command(command[0], command[1:]...) //nolint:gosec // it is told what to run
	cmd.Stderr = os.Stderr
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case at := <-content:
		err = cmd.Process.Kill()
		<-ended
		return at.Sub(start), err
	case err := <-ended:
		return 0, errors.Join(errors.New("the command ended before it sent anything"), err)
	}
}

// serve answers a client up to its first line of content.
func serve(c net.Conn, content chan<- time.Time) {
	defer func() { _ = c.Close() }()
	in := bufio.NewScanner(c)
	say := func(line string) { _, _ = c.Write([]byte(line + "\r\n")) }
	say("220 relay.example.net ESMTP")
	for in.Scan() {
		switch verb, _, _ := strings.Cut(strings.ToUpper(in.Text()), " "); verb {
		case "EHLO":
			say("250-relay.example.net\r\n250 PIPELINING")
		case "MAIL", "RCPT", "RSET":
			say("250 2.0.0 ok")
		case "DATA":
			say("354 go on")
			if in.Scan() {
				select {
				case content <- time.Now():
				default:
				}
			}
			return
		}
	}
}
