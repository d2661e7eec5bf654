package relay

import (
	"context"
	"strings"
	"testing"
	"time"

	"breachmail/notifier/internal/smtptest"
)

// faults are what may happen instead of a reply.
var faults = map[string]string{
	"close":          "! close\n",
	"reset":          "! reset\n",
	"stall":          "! stall\n",
	"half a reply":   "! send \"250-2.0.0 O\"\n! close\n",
	"no reply code":  "< what?\n! stall\n",
	"binary":         "! send \"\\x00\\xff\\x16\\x03\\r\\n\"\n! stall\n",
	"code mixed":     "< 250-yes\n< 550 no\n! stall\n",
	"code 199":       "< 199 hm\n! stall\n",
	"code 354 twice": "< 354 go on\n! stall\n",
	"endless line":   "! send \"250 " + strings.Repeat("x", 5000) + "\"\n! stall\n",
	"endless reply":  strings.Repeat("< 250-x\n", 200) + "! stall\n",
}

// TestFaults puts each fault at each step.
func TestFaults(t *testing.T) {
	steps := map[string]replies{
		"MAIL": {},
		"RCPT": {mail: takes.mail},
		"DATA": {mail: takes.mail, rcpt: takes.rcpt},
		"dot":  {mail: takes.mail, rcpt: takes.rcpt, data: takes.data},
	}
	for step, before := range steps {
		for name, fault := range faults {
			if step == "DATA" && name == "code 354 twice" {
				continue // that is how it should be
			}
			t.Run(step+"/"+name, func(t *testing.T) {
				bothWays(t, func(t *testing.T, pipelining bool, greeting string) {
					script := greeting + before.transaction(pipelining, false) + fault
					c := config(smtptest.Serve(t, script))
					c.Timeouts.Command, c.Timeouts.Final = 150*time.Millisecond, 150*time.Millisecond
					s := dial(t, c)
					out, calls := deliver(t, s)
					want, wantCalls := relayTrouble, 0
					if step == "dot" {
						want, wantCalls = unknown, 1
					}
					wantVerdict(t, out, want)
					if calls != wantCalls || s.Usable() || out.Reply == "" {
						t.Errorf("%d calls, usable %v, reply %q", calls, s.Usable(), out.Reply)
					}
				})
			})
		}
	}
}

// TestRefusalThenLost: what was decided stays, though the connection went.
func TestRefusalThenLost(t *testing.T) {
	script := greeting("PIPELINING") + mailLine + rcptLine + dataLine + "< 250 ok\n< 550 5.1.1 nobody\n! close\n"
	s := dial(t, config(smtptest.Serve(t, script)))
	out, _ := deliver(t, s)
	wantVerdict(t, out, refused)
	if s.Usable() {
		t.Error("usable")
	}
}

// TestDropped: the relay closed the idle connection.
func TestDropped(t *testing.T) {
	for name, test := range map[string]struct {
		end  string
		want verdict
	}{
		"silently":        {"! close\n", relayTrouble},
		"with a farewell": {"! pause 20ms\n< 421 4.4.2 idle too long\n! close\n", relaySoft},
	} {
		t.Run(name, func(t *testing.T) {
			bothWays(t, func(t *testing.T, pipelining bool, greeting string) {
				s := dial(t, config(smtptest.Serve(t, greeting+test.end)))
				time.Sleep(100 * time.Millisecond) // the close arrives; nothing observable tells
				out, calls := deliver(t, s)
				wantVerdict(t, out, test.want)
				if calls != 0 || s.Usable() {
					t.Errorf("%d calls, usable %v", calls, s.Usable())
				}
			})
		})
	}
}

// TestSlowDrip: a reply a byte at a time does not outlast its deadline.
func TestSlowDrip(t *testing.T) {
	script := greeting("PIPELINING") + mailLine + rcptLine + dataLine + strings.Repeat("! pause 40ms\n! send \"2\"\n", 50)
	c := config(smtptest.Serve(t, script+"! stall\n"))
	c.Timeouts.Command = 200 * time.Millisecond
	s := dial(t, c)
	start := time.Now()
	out, _ := deliver(t, s)
	wantVerdict(t, out, relayTrouble)
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v", took)
	}
}

// TestCancelDeliver cancels at each step.
func TestCancelDeliver(t *testing.T) {
	steps := map[string]struct {
		before replies
		want   verdict
	}{
		"MAIL": {replies{}, relayTrouble},
		"RCPT": {replies{mail: takes.mail}, relayTrouble},
		"DATA": {replies{mail: takes.mail, rcpt: takes.rcpt}, relayTrouble},
		"dot":  {replies{mail: takes.mail, rcpt: takes.rcpt, data: takes.data}, unknown},
	}
	for name, step := range steps {
		t.Run(name, func(t *testing.T) {
			bothWays(t, func(t *testing.T, pipelining bool, greeting string) {
				s := dial(t, config(smtptest.Serve(t, greeting+step.before.transaction(pipelining, false)+"! stall\n")))
				ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
				defer cancel()
				start := time.Now()
				c := content{body: message}
				out, err := s.Deliver(ctx, parcel(c.call), nil)
				if err != nil {
					t.Fatal(err)
				}
				wantVerdict(t, out, step.want)
				if took := time.Since(start); took > 2*time.Second || s.Usable() {
					t.Errorf("took %v, usable %v", took, s.Usable())
				}
			})
		})
	}
}

// TestCancelInContent: cancelled while the claim was made durable. Nothing of
// the content left, and that is known.
func TestCancelInContent(t *testing.T) {
	script := strings.Replace(greeting("PIPELINING")+takes.transaction(true, false), "! content", "! gone", 1)
	s := dial(t, config(smtptest.Serve(t, script)))
	ctx, cancel := context.WithCancel(t.Context())
	out, err := s.Deliver(ctx, parcel(func() ([]byte, error) {
		cancel()
		for !s.conn.isCut() {
			time.Sleep(time.Millisecond)
		}
		return []byte(message), nil
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	wantVerdict(t, out, relayTrouble)
}

// TestCancelBefore: nothing is sent for a context that is over.
func TestCancelBefore(t *testing.T) {
	s := dial(t, config(smtptest.Serve(t, greeting("PIPELINING")+farewell)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := content{body: message}
	out, err := s.Deliver(ctx, parcel(c.call), nil)
	wantVerdict(t, out, relayTrouble)
	if err != nil || c.calls != 0 || !s.Usable() {
		t.Errorf("error %v, %d calls, usable %v", err, c.calls, s.Usable())
	}
}

// TestOutOfTurn: a reply too many is never taken for the next one.
func TestOutOfTurn(t *testing.T) {
	bothWays(t, func(t *testing.T, pipelining bool, greeting string) {
		script := greeting + mailLine + "< 250 Ok\n< 250 Ok\n! gone\n"
		if pipelining {
			script = greeting + mailLine + rcptLine + dataLine + "< 250 Ok\n< 250 Ok\n< 354 go on\n< 250 2.0.0 Ok\n! gone\n"
		}
		s := dial(t, config(smtptest.Serve(t, script)))
		out, calls := deliver(t, s)
		wantVerdict(t, out, relayTrouble)
		if calls != 0 || s.Usable() {
			t.Errorf("%d calls, usable %v", calls, s.Usable())
		}
	})
}

// TestCancelAfter: a context cancelled after the delivery does nothing to the
// session.
func TestCancelAfter(t *testing.T) {
	script := greeting("PIPELINING") + takes.transaction(true, false) + takes.transaction(true, false) + farewell
	s := dial(t, config(smtptest.Serve(t, script)))
	ctx, cancel := context.WithCancel(t.Context())
	c := content{body: message}
	if _, err := s.Deliver(ctx, parcel(c.call), nil); err != nil {
		t.Fatal(err)
	}
	cancel()
	out, _ := deliver(t, s)
	wantVerdict(t, out, accepted)
}

func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
