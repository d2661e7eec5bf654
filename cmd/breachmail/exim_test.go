//go:build unix

package main

import (
	"bufio"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestExim sends to Exim, which is killed and started again in the middle, twice.
// Then every Maildir has exactly its notice.
func TestExim(t *testing.T) {
	t.Parallel()
	size := mtaSize()
	server := startExim(t, size.recipients)
	c := newTrial(t, size)
	c.prepare(server.addr)
	c.configure(fmt.Sprintf("limits: {rate: %d/s}", c.rate()), mtaRate)

	run := c.begin("send")
	for i := range 2 {
		run.until(server.reaches(t, (i+1)*size.recipients/3), fmt.Sprintf("%d thirds were taken", i+1))
		server.stop()
		server.start()
	}
	run.finish()

	all := c.people()
	copies := server.held(t).copies
	c.compare(all, copies)
	c.counted(all)
	c.nameless(all)
	c.resendUnknown(server)
}

// reaches is closed when n messages are in the spool.
func (x *exim) reaches(t *testing.T, n int) <-chan struct{} {
	reached, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-t.Context().Done():
				return
			case <-tick.C:
			}
			if x.queued() >= n {
				close(reached)
				return
			}
		}
	}()
	t.Cleanup(func() { <-ended })
	return reached
}

// TestEximTakesTheNextEnvelope holds Exim, which watches that nobody speaks out
// of turn (smtp_enforce_sync), to RFC 2920, section 3.1: the next envelope may
// stand right behind the final dot of a message.
func TestEximTakesTheNextEnvelope(t *testing.T) {
	t.Parallel()
	takesTheNextEnvelope(t, startExim(t, 3).addr)
}

// takesTheNextEnvelope speaks as a session does: an envelope in one flight, and
// then twice a message with the envelope of the next behind it.
func takesTheNextEnvelope(t *testing.T, addr string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(mtaTime))
	lines := bufio.NewScanner(conn)
	envelope := func(n int) string {
		return "MAIL FROM:<bounces@example.com>\r\nRCPT TO:<" + recipientAddress(n) + ">\r\nDATA\r\n"
	}
	const content = "Subject: Notice\r\n\r\nhello\r\n.\r\n"
	for _, step := range []struct{ flight, replies string }{
		{"", "220"},
		{"EHLO mail.example.com\r\n", "250"},
		{envelope(0), "250 250 354"},
		{content + envelope(1), "250 250 250 354"},
		{content + envelope(2), "250 250 250 354"},
		{content + "QUIT\r\n", "250 221"},
	} {
		if _, err := conn.Write([]byte(step.flight)); err != nil {
			t.Fatal(err)
		}
		var got []string
		want := strings.Fields(step.replies)
		for len(got) < len(want) && lines.Scan() {
			if line := lines.Text(); len(line) > 3 && line[3] == ' ' {
				got = append(got, line[:3])
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q is answered with %v (the last line is %q), want %v: %v", step.flight, got, lines.Text(), want, lines.Err())
		}
	}
}
