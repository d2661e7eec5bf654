// Command pool sends messages with the Pool of github.com/jordan-wright/email,
// as .ci/bench compares it: a notice, read from a file and taken apart by the
// same library, to one made-up customer after another.
//
//	pool -connections 50 -messages 100000 -notice FILE ADDRESS
//
// It prints the size of a message in bytes.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/jordan-wright/email"
)

func main() {
	connections := flag.Int("connections", 50, "how many connections the pool may open")
	messages := flag.Int("messages", 100000, "how many messages to send")
	notice := flag.String("notice", "", "an .eml `file` with the message")
	flag.Parse()
	if flag.NArg() != 1 || *notice == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := send(flag.Arg(0), *notice, *connections, *messages); err != nil {
		fmt.Fprintln(os.Stderr, "pool:", err)
		os.Exit(1)
	}
}

// sendTime is how long one message may wait for a connection.
const sendTime = time.Minute

// send has one sender for each connection.
func send(address, notice string, connections, messages int) error {
	first, err := read(notice)
	if err != nil {
		return err
	}
	if b, err := first.Bytes(); err == nil {
		fmt.Println(len(b))
	}
	pool, err := email.NewPool(address, connections, nil)
	if err != nil {
		return err
	}
	numbers := make(chan int)
	failed := make([]error, connections)
	var senders sync.WaitGroup
	for i := range connections {
		senders.Go(func() {
			for n := range numbers {
				if err := pool.Send(to(first, n), sendTime); err != nil {
					failed[i] = fmt.Errorf("message %d: %w", n, err)
				}
			}
		})
	}
	for n := range messages {
		numbers <- n
	}
	close(numbers)
	senders.Wait()
	pool.Close()
	return errors.Join(failed...)
}

// read takes a notice apart.
func read(name string) (*email.Email, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return email.NewEmailFromReader(f)
}

// to is the notice to customer n, as an email of its own.
func to(e *email.Email, n int) *email.Email {
	one := *e
	one.To = []string{fmt.Sprintf("Ana Ruiz <customer%06d@example.com>", n)}
	one.Headers = make(map[string][]string, len(e.Headers))
	for name, values := range e.Headers {
		one.Headers[name] = values
	}
	one.Headers.Set("Message-Id", fmt.Sprintf("<bench.%06d@mail.example.com>", n))
	return &one
}
