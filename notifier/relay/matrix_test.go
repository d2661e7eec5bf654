package relay

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/internal/smtptest"
)

// The matrix puts each fault at each step of the first and of the second of
// three notices. What has to come of them is said by expect, from DESIGN.md
// section 4, and by nothing else.

// fault is what the relay does instead of its reply.
type fault string

const (
	closes  fault = "close"
	resets  fault = "reset"
	stalls  fault = "stall"
	garbles fault = "garbage"
	drips   fault = "drip"   // the right reply, slower than there is time
	defers  fault = "4xx"    // the relay's own trouble
	rejects fault = "5xx"    // this recipient
	invites fault = "354"    // where it has no place
	repeats fault = "repeat" // the right reply, and one too many
)

var allFaults = []fault{closes, resets, stalls, garbles, drips, defers, rejects, invites, repeats}

// steps are those of a transaction, with the right reply to each.
var steps = []struct{ name, reply string }{
	{"MAIL", "250 2.1.0 Ok"}, {"RCPT", "250 2.1.5 Ok"}, {"DATA", "354 go on"}, {"dot", "250 2.0.0 Ok: queued as A1"},
}

const dot = 3 // its place in steps

// trial is one cell of the matrix.
type trial struct {
	fault      fault
	step       int // in steps
	notice     int // 1 or 2
	pipelining bool
}

// fate is what a notice has to meet with.
type fate struct {
	status notifier.Status
	cause  notifier.Cause
	asked  bool // its content was asked for
}

// expect says what has to become of the three notices.
func (c trial) expect() [3]fate {
	taken := fate{notifier.Accepted, notifier.CauseNone, true}
	lost := fate{notifier.Deferred, notifier.CauseRelay, false}
	victim, ended := lost, true
	switch c.fault {
	case defers:
		ended = false
	case rejects:
		ended = false
		if c.step > 0 { // at MAIL nobody has been named yet
			victim = fate{notifier.Refused, notifier.CauseRecipient, false}
		}
	case repeats:
		if c.step == dot { // the dot has its reply; the one too many falls to the next
			victim = taken
		}
	default:
		if c.step == dot { // 4.3: the dot left, and no reply was read
			victim = fate{notifier.Unknown, notifier.CauseNoReply, true}
		}
	}
	victim.asked = c.step == dot
	fates := [3]fate{taken, taken, taken}
	if c.pipelining && c.notice == 2 && c.fault == invites && c.step < 2 {
		// The 354 comes sooner behind the first dot's reply than it can: that reply,
		// or this one, is another's, and nobody can tell whether the first was taken.
		fates[0] = fate{notifier.Unknown, notifier.CauseNoReply, true}
	}
	fates[c.notice-1] = victim
	for i := c.notice; i < 3 && ended; i++ {
		fates[i] = lost
	}
	return fates
}

// lines is the dialogue for the fault, and whether the relay says no more
// after it.
func (c trial) lines() (lines string, last bool) {
	right := steps[c.step].reply
	switch c.fault {
	case closes, resets, stalls:
		return "! " + string(c.fault) + "\n", true
	case garbles:
		return "! send \"\\x00\\xff\\x16\\x03 GET /\\r\\n\"\n! stall\n", true
	case drips:
		return "! drip 60ms " + right + "\n! stall\n", true
	case defers:
		return "< 451 4.3.2 not now\n", false
	case rejects:
		return "< 550 5.1.1 nobody\n", false
	case invites:
		return "< 354 go on\n! stall\n", true
	}
	return "< " + right + "\n< 250 2.0.0 once more\n", false
}

// script is the dialogue of the cell from MAIL on.
func (c trial) script() string {
	s := &strings.Builder{}
	flew, reset := false, false
	for n := 1; n <= 3; n++ {
		if !flew {
			c.open(s, n, reset)
		}
		refused, last := c.envelope(s, n)
		if last {
			return s.String()
		}
		if reset, flew = refused, false; refused {
			continue
		}
		s.WriteString("! content\n")
		if flew = c.pipelining && n < 3; flew {
			s.WriteString(names(n + 1))
		}
		if n != c.notice || c.step != dot {
			s.WriteString(dotOK)
			continue
		}
		lines, last := c.lines()
		if s.WriteString(lines); last {
			return s.String()
		}
		if c.fault == repeats {
			if flew {
				s.WriteString(goAhead)
			}
			return s.String() + "! stall\n"
		}
	}
	return s.String() + farewell
}

// open begins a transaction that did not fly.
func (c trial) open(s *strings.Builder, n int, reset bool) {
	if reset {
		s.WriteString("> RSET\n")
	}
	if c.pipelining {
		s.WriteString(names(n))
	}
	if reset {
		s.WriteString("< 250 2.0.0 Ok\n")
	}
}

// envelope is the dialogue of notice n up to DATA: whether it was refused, and
// whether it was the last.
func (c trial) envelope(s *strings.Builder, n int) (refused, last bool) {
	commands := strings.SplitAfter(names(n), "\n")
	stray := false
	for i := range dot {
		if !c.pipelining {
			if refused {
				break
			}
			s.WriteString(commands[i])
		}
		switch {
		case n == c.notice && i == c.step:
			lines, last := c.lines()
			if s.WriteString(lines); last {
				return false, true
			}
			refused = c.fault == defers || c.fault == rejects
			if stray = c.fault == repeats; stray && !c.pipelining {
				s.WriteString("! stall\n")
				return false, true
			}
		case refused:
			s.WriteString("< 503 5.5.1 out of order\n")
		default:
			s.WriteString("< " + steps[i].reply + "\n")
		}
	}
	if stray {
		s.WriteString("! stall\n")
	}
	return refused, stray
}

// cells calls f with all of the matrix.
func cells(f func(c trial)) {
	for _, pipelining := range []bool{true, false} {
		for notice := 1; notice <= 2; notice++ {
			for step := range steps {
				for _, fault := range allFaults {
					if steps[step].name != "DATA" || fault != invites { // there it is right
						f(trial{fault, step, notice, pipelining})
					}
				}
			}
		}
	}
}

// short is the time a reply has where it does not come.
const short = 150 * time.Millisecond

// modes are those of the matrix.
func modes() []TLSMode {
	if testing.Short() {
		return []TLSMode{TLSStart} // it has both halves
	}
	return []TLSMode{TLSNone, TLSStart, TLSImplicit}
}

// TestMatrix runs it in the clear, with STARTTLS and with implicit TLS.
func TestMatrix(t *testing.T) {
	for _, mode := range modes() {
		cells(func(c trial) {
			name := fmt.Sprintf("%s/pipelining %v/notice %d/%s/%s", mode, c.pipelining, c.notice, steps[c.step].name, c.fault)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c.run(t, mode)
			})
		})
	}
}

// session opens one in that mode, with a script from MAIL on.
func session(t *testing.T, mode TLSMode, pipelining bool, script string) *Session {
	t.Helper()
	var offer []string
	if pipelining {
		offer = append(offer, "PIPELINING")
	}
	opening, serve := greeting(offer...), smtptest.Serve
	switch mode {
	case TLSImplicit:
		serve = smtptest.ServeTLS
	case TLSStart:
		opening = greeting("STARTTLS") + "> STARTTLS\n< 220 go\n! starttls\n" + afterTLS(offer...)
	}
	c := config(serve(t, opening+script))
	c.TLS, c.TLSConfig = mode, smtptest.ClientTLS()
	return dial(t, c)
}

func (c trial) run(t *testing.T, mode TLSMode) {
	s := session(t, mode, c.pipelining, c.script())
	usual := s.config.Timeouts
	letters := []*letter{newLetter(1), newLetter(2), newLetter(3)}
	parcels := []*notifier.Parcel{letters[0].parcel(), letters[1].parcel(), letters[2].parcel()}
	for i, want := range c.expect() {
		s.config.Timeouts = usual
		if i+1 == c.notice && (c.fault == stalls || c.fault == drips) {
			s.config.Timeouts.Command, s.config.Timeouts.Final = short, short
		}
		start := time.Now()
		out, err := s.Deliver(t.Context(), parcels[i], func() *notifier.Parcel {
			if i == 2 {
				return nil
			}
			return parcels[i+1]
		})
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("notice %d took %v", i+1, took)
		}
		got := fate{out.Status, out.Cause, letters[i].calls > 0}
		if got != want || letters[i].calls > 1 || out.Reply == "" {
			t.Errorf("notice %d: got %v, want %v (%d %q, %d calls)", i+1, got, want, out.Code, out.Reply, letters[i].calls)
		}
	}
	if ended := c.expect()[2].status != notifier.Accepted; s.Usable() == ended {
		t.Errorf("usable is %v", s.Usable())
	}
}
