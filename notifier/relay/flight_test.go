package relay

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/internal/smtptest"
)

// letter is one of several notices in a test, with its dialogue.
type letter struct {
	content
	n int
}

func (l *letter) parcel() *notifier.Parcel {
	return &notifier.Parcel{
		Envelope: notifier.Envelope{From: fmt.Sprintf("b+%d@example.com", l.n), To: notifier.NewAddress(fmt.Sprintf("p%d@example.net", l.n))},
		Content:  l.call,
	}
}

func newLetter(n int) *letter { return &letter{n: n, content: content{body: message}} }

// names are the lines of the letter's envelope.
func names(n int) string {
	return fmt.Sprintf("> MAIL FROM:<b+%d@example.com>\n> RCPT TO:<p%d@example.net>\n> DATA\n", n, n)
}

const (
	goAhead = "< 250 2.1.0 Ok\n< 250 2.1.5 Ok\n< 354 go on\n"
	dotOK   = "< 250 2.0.0 Ok: queued as A1\n"
)

// flight delivers the letters 1 to n over s, each asking for the next one.
func flight(t *testing.T, s *Session, n int) (outs []notifier.Outcome, letters []*letter) {
	t.Helper()
	parcels := make([]*notifier.Parcel, n)
	for i := range n {
		letters = append(letters, newLetter(i+1))
		parcels[i] = letters[i].parcel()
	}
	for i := range n {
		asked := 0
		out, err := s.Deliver(t.Context(), parcels[i], func() *notifier.Parcel {
			asked++
			if letters[i].calls != 1 {
				t.Error("next was asked before the content was there")
			}
			if i+1 == n {
				return nil
			}
			return parcels[i+1]
		})
		if err != nil || asked > 1 {
			t.Fatalf("letter %d: error %v, asked %d times", i+1, err, asked)
		}
		outs = append(outs, out)
	}
	return outs, letters
}

// TestFlight: one notice a round trip. The relay sees the next envelope before
// it answers the dot, and answers all of it at once.
func TestFlight(t *testing.T) {
	script := greeting("PIPELINING") + names(1) + goAhead +
		"! content\n" + names(2) + dotOK + goAhead +
		"! content\n" + names(3) + dotOK + goAhead +
		"! content\n" + dotOK + farewell
	s := dial(t, config(smtptest.Serve(t, script)))
	outs, letters := flight(t, s, 3)
	for i, out := range outs {
		wantVerdict(t, out, accepted)
		if letters[i].calls != 1 || out.RelayID != "A1" {
			t.Errorf("letter %d: %d calls, %+v", i+1, letters[i].calls, out)
		}
	}
	if err := s.Close(); err != nil || s.Messages() != 3 {
		t.Errorf("%v, %d messages", err, s.Messages())
	}
}

// TestFlightReturnsAtTheDot: the first outcome does not wait for the replies
// to the envelope behind it.
func TestFlightReturnsAtTheDot(t *testing.T) {
	script := greeting("PIPELINING") + names(1) + goAhead + "! content\n" + names(2) + dotOK + "! stall\n"
	c := config(smtptest.Serve(t, script))
	s := dial(t, c)
	s.config.Timeouts.Command = 100 * time.Millisecond
	outs, letters := flight(t, s, 2)
	wantVerdict(t, outs[0], accepted)
	wantVerdict(t, outs[1], relayTrouble)
	if letters[1].calls != 0 || s.Usable() || !strings.Contains(outs[1].Reply, "pipelining: false") {
		t.Errorf("%d calls, usable %v, %q", letters[1].calls, s.Usable(), outs[1].Reply)
	}
}

// TestFlightHalfAnswered: a relay that has answered MAIL has lost nothing, and
// is merely slow.
func TestFlightHalfAnswered(t *testing.T) {
	script := greeting("PIPELINING") + names(1) + goAhead + "! content\n" + names(2) + dotOK + "< 250 2.1.0 Ok\n! stall\n"
	s := dial(t, config(smtptest.Serve(t, script)))
	s.config.Timeouts.Command = 100 * time.Millisecond
	outs, _ := flight(t, s, 2)
	wantVerdict(t, outs[1], relayTrouble)
	if outs[1].Reply != noReply {
		t.Errorf("%q", outs[1].Reply)
	}
}

// TestPatience: only the first reply to what flew is waited for less long, and
// never longer than the configuration says.
func TestPatience(t *testing.T) {
	for _, test := range []struct {
		flew    bool
		at      stage
		command time.Duration
		want    time.Duration
	}{
		{true, atMail, 5 * time.Minute, 30 * time.Second}, {true, atMail, time.Second, time.Second},
		{true, atRcpt, 5 * time.Minute, 5 * time.Minute}, {false, atMail, 5 * time.Minute, 5 * time.Minute},
	} {
		d := delivery{Session: &Session{config: Config{Timeouts: Timeouts{Command: test.command}}}, flew: test.flew}
		if got := d.patience(test.at); got != test.want {
			t.Errorf("%+v: got %v", test, got)
		}
	}
}

// TestFlightReplies: what is said to the first content and to the envelope
// behind it are told apart.
func TestFlightReplies(t *testing.T) {
	noRecipient := "> .\n< 554 5.5.1 no valid recipients\n"
	third := "> RSET\n" + names(3) + "< 250 2.0.0 Ok\n" + goAhead + "! content\n" + dotOK + farewell
	tests := []struct {
		name, replies, rest string
		want                [3]notifier.Status
		calls               [3]int
		closed              bool
	}{
		{"MAIL refused", dotOK + "< 451 4.3.2 later\n< 503 5.5.1 no\n< 503 5.5.1 no\n", third,
			[3]notifier.Status{notifier.Accepted, notifier.Deferred, notifier.Accepted}, [3]int{1, 0, 1}, false},
		{"RCPT refused", dotOK + "< 250 ok\n< 550 5.1.1 nobody\n< 554 5.5.1 no\n", third,
			[3]notifier.Status{notifier.Accepted, notifier.Refused, notifier.Accepted}, [3]int{1, 0, 1}, false},
		{"RCPT refused, 354", dotOK + "< 250 ok\n< 550 5.1.1 nobody\n< 354 go on\n", noRecipient + third,
			[3]notifier.Status{notifier.Accepted, notifier.Refused, notifier.Accepted}, [3]int{1, 0, 1}, false},
		{"MAIL refused, RCPT taken, 354", dotOK + "< 451 4.3.2 later\n< 250 ok\n< 354 go on\n", "! gone\n",
			[3]notifier.Status{notifier.Accepted, notifier.Deferred, notifier.Deferred}, [3]int{1, 0, 0}, true},
		{"DATA refused", dotOK + "< 250 ok\n< 250 ok\n< 451 4.3.0 later\n", third,
			[3]notifier.Status{notifier.Accepted, notifier.Deferred, notifier.Accepted}, [3]int{1, 0, 1}, false},
		{"dot refused", "< 554 5.6.0 no\n" + goAhead, "! content\n" + names(3) + dotOK + goAhead + "! content\n" + dotOK + farewell,
			[3]notifier.Status{notifier.Refused, notifier.Accepted, notifier.Accepted}, [3]int{1, 1, 1}, false},
		{"dot 421", "< 421 4.3.2 closing\n" + goAhead, "! gone\n",
			[3]notifier.Status{notifier.Deferred, notifier.Deferred, notifier.Deferred}, [3]int{1, 0, 0}, true},
		{"dot answered twice", dotOK + dotOK + goAhead, "! gone\n",
			[3]notifier.Status{notifier.Accepted, notifier.Deferred, notifier.Deferred}, [3]int{1, 0, 0}, true},
		{"dot answered twice, MAIL refused", dotOK + dotOK + "< 550 no\n< 503 no\n< 503 no\n", "! gone\n",
			[3]notifier.Status{notifier.Accepted, notifier.Deferred, notifier.Deferred}, [3]int{1, 0, 0}, true},
		{"dot answered twice, RCPT refused", dotOK + dotOK + "< 250 ok\n< 550 no\n< 503 no\n", "! gone\n",
			[3]notifier.Status{notifier.Accepted, notifier.Deferred, notifier.Deferred}, [3]int{1, 0, 0}, true},
		{"a reply too many", dotOK + goAhead + "< 250 ok\n", "! gone\n",
			[3]notifier.Status{notifier.Accepted, notifier.Deferred, notifier.Deferred}, [3]int{1, 0, 0}, true},
		{"dot not answered", goAhead, "! gone\n",
			[3]notifier.Status{notifier.Unknown, notifier.Deferred, notifier.Deferred}, [3]int{1, 0, 0}, true},
		{"dot not answered, RCPT refused", "< 250 2.1.0 Ok\n< 550 5.1.1 no\n< 354 go on\n", "! gone\n",
			[3]notifier.Status{notifier.Unknown, notifier.Deferred, notifier.Deferred}, [3]int{1, 0, 0}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			script := greeting("PIPELINING") + names(1) + goAhead + "! content\n" + names(2) + test.replies + test.rest
			s := dial(t, config(smtptest.Serve(t, script)))
			outs, letters := flight(t, s, 3)
			for i, out := range outs {
				if out.Status != test.want[i] || letters[i].calls != test.calls[i] {
					t.Errorf("letter %d: %s %s (%d %q), %d calls", i+1, out.Status, out.Cause, out.Code, out.Reply, letters[i].calls)
				}
				if out.Status == notifier.Deferred && out.Cause != notifier.CauseRelay && out.Code != 451 {
					t.Errorf("letter %d: cause is %s", i+1, out.Cause)
				}
			}
			if s.Usable() == test.closed {
				t.Errorf("usable is %v", s.Usable())
			}
		})
	}
}

// TestFlightSplit: the replies to one flight may come in any pieces.
func TestFlightSplit(t *testing.T) {
	split := strings.NewReplacer("< 250 2.1.0 Ok\n", "! send \"250 2.1\"\n! pause 2ms\n! send \".0 Ok\\r\\n25\"\n! pause 2ms\n! send \"0 2.1.5 Ok\\r\\n354\"\n! pause 2ms\n! send \" go on\\r\\n\"\n",
		"< 250 2.1.5 Ok\n", "", "< 354 go on\n", "").Replace(goAhead)
	script := greeting("PIPELINING") + names(1) + split + "! content\n" + names(2) + dotOK + split + "! content\n" + dotOK + farewell
	outs, _ := flight(t, dial(t, config(smtptest.Serve(t, script))), 2)
	wantVerdict(t, outs[0], accepted)
	wantVerdict(t, outs[1], accepted)
}

// TestNoFlight: without PIPELINING, or with it switched off, nobody is asked.
func TestNoFlight(t *testing.T) {
	oneByOne := func(n int) string {
		lines := strings.SplitAfter(names(n), "\n")
		return lines[0] + "< 250 ok\n" + lines[1] + "< 250 ok\n" + lines[2] + "< 354 go on\n! content\n" + dotOK
	}
	for name, offer := range map[string][]string{"not offered": nil, "switched off": {"PIPELINING"}} {
		t.Run(name, func(t *testing.T) {
			c := config(smtptest.Serve(t, greeting(offer...)+oneByOne(1)+oneByOne(2)+farewell))
			c.NoPipelining = offer != nil
			s := dial(t, c)
			for n := range 2 {
				out, err := s.Deliver(t.Context(), newLetter(n+1).parcel(), func() *notifier.Parcel {
					t.Error("asked")
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				wantVerdict(t, out, accepted)
			}
		})
	}
}

// TestFlightUnfit: who cannot be goAhead does not fly, and stands in nobody's way.
func TestFlightUnfit(t *testing.T) {
	unfit := map[string]*notifier.Parcel{
		"address":     {Envelope: notifier.Envelope{From: "b@example.com", To: notifier.NewAddress("jürgen@example.net")}},
		"return path": {Envelope: notifier.Envelope{From: "b\r\n@example.com", To: notifier.NewAddress("a@example.net")}},
		"size":        {Envelope: notifier.Envelope{From: "b@example.com", To: notifier.NewAddress("a@example.net"), Size: 1001}},
	}
	for name, next := range unfit {
		t.Run(name, func(t *testing.T) {
			script := greeting("PIPELINING", "SIZE 1000") + names(1) + goAhead + "! content\n" + dotOK + names(2) + goAhead + "! content\n" + dotOK + farewell
			s := dial(t, config(smtptest.Serve(t, script)))
			out, err := s.Deliver(t.Context(), newLetter(1).parcel(), func() *notifier.Parcel { return next })
			if err != nil {
				t.Fatal(err)
			}
			wantVerdict(t, out, accepted)
			if out, err := s.Deliver(t.Context(), next, nil); err == nil && out.Status == notifier.Accepted {
				t.Error("accepted")
			}
			out, err = s.Deliver(t.Context(), newLetter(2).parcel(), nil)
			if err != nil {
				t.Fatal(err)
			}
			wantVerdict(t, out, accepted)
		})
	}
}

// flown is a session with the envelope of second in the air. The relay wants
// the connection to end there.
func flown(t *testing.T) (s *Session, second *notifier.Parcel, l *letter) {
	t.Helper()
	s = dial(t, config(smtptest.Serve(t, greeting("PIPELINING")+names(1)+goAhead+"! content\n"+names(2)+dotOK+goAhead+"! gone\n")))
	l = newLetter(2)
	second = l.parcel()
	out, err := s.Deliver(t.Context(), newLetter(1).parcel(), func() *notifier.Parcel { return second })
	if err != nil {
		t.Fatal(err)
	}
	wantVerdict(t, out, accepted)
	return s, second, l
}

// TestCloseInFlight: an envelope that will not be used ends with the connection,
// without QUIT and without a dot, and its notice is deferred.
func TestCloseInFlight(t *testing.T) {
	s, second, l := flown(t)
	if err := s.Close(); err != nil || s.Usable() {
		t.Error(err, s.Usable())
	}
	out, err := s.Deliver(t.Context(), second, nil)
	if err != nil || l.calls != 0 {
		t.Error(err, l.calls)
	}
	wantVerdict(t, out, relayTrouble)
}

// TestOtherInFlight: another notice than the one that flew is a mistake, and
// never gets that one's replies.
func TestOtherInFlight(t *testing.T) {
	s, second, l := flown(t)
	other := newLetter(3)
	if _, err := s.Deliver(t.Context(), other.parcel(), nil); !errors.Is(err, errOtherParcel) || other.calls != 0 || s.Usable() {
		t.Errorf("%v, %d calls, usable %v", err, other.calls, s.Usable())
	}
	out, err := s.Deliver(t.Context(), second, nil)
	if err != nil || l.calls != 0 {
		t.Error(err, l.calls)
	}
	wantVerdict(t, out, relayTrouble)
}

// TestCancelInFlight: cancelled between two notices of one flight.
func TestCancelInFlight(t *testing.T) {
	s, second, l := flown(t)
	out, err := s.Deliver(cancelled(t), second, nil)
	if err != nil || l.calls != 0 || s.Usable() {
		t.Errorf("%v, %d calls, usable %v", err, l.calls, s.Usable())
	}
	wantVerdict(t, out, relayTrouble)
}

// TestContentFailsInFlight: the claim of the second could not be made durable.
func TestContentFailsInFlight(t *testing.T) {
	s, second, l := flown(t)
	l.err = errors.New("disk full")
	if _, err := s.Deliver(t.Context(), second, nil); !errors.Is(err, l.err) || s.Usable() {
		t.Errorf("%v, usable %v", err, s.Usable())
	}
}

// TestShortInFlight: the envelope behind the dot counts in the proof that the
// dot did not leave.
func TestShortInFlight(t *testing.T) {
	envelope := len("MAIL FROM:<b+2@example.com>\r\nRCPT TO:<p2@example.net>\r\nDATA\r\n")
	for missing, want := range map[int]verdict{
		0: unknown, 1: unknown, 3: unknown, envelope: unknown, envelope + 2: unknown,
		envelope + 3: relayTrouble, envelope + 4: relayTrouble,
	} {
		for _, size := range []int{100, 4095 - envelope, 4096, 9000} {
			s := dial(t, config(smtptest.Serve(t, greeting("PIPELINING")+names(1)+goAhead+"! stall\n")))
			s.config.Timeouts.Final = 50 * time.Millisecond
			first, second := newLetter(1), newLetter(2)
			first.body = strings.Repeat("x", size-2) + "\r\n"
			next := second.parcel()
			out, err := s.Deliver(t.Context(), first.parcel(), func() *notifier.Parcel {
				s.conn.Conn = &breaking{Conn: s.conn.Conn, missing: missing}
				return next
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := (verdict{out.Status, out.Cause, out.Mood}); got != want {
				t.Errorf("%d bytes missing of %d: %v, want %v", missing, size, got, want)
			}
			out, err = s.Deliver(t.Context(), next, nil)
			if err != nil || second.calls != 0 {
				t.Error(err, second.calls)
			}
			wantVerdict(t, out, relayTrouble)
		}
	}
}
