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

// opening is one cell of the matrix of opening a session: a fault at a stage.
// A second EHLO, in TLS, is part of STARTTLS.
type opening struct {
	mode  TLSMode
	stage Stage
	again bool // the EHLO in TLS
	fault fault
}

// expect says what the relay is taken for. Where it did not speak SMTP any more
// that is a matter of the network; a login or STARTTLS that is refused for good,
// and anything odd about the step to TLS, is one of the configuration.
func (o opening) expect() notifier.Mood {
	switch o.fault {
	case defers:
		return notifier.MoodSoft
	case rejects:
		return notifier.MoodSetup
	case repeats:
		if o.stage == StageSTARTTLS && !o.again {
			return notifier.MoodSetup // bytes in the clear behind the 220
		}
	}
	return notifier.MoodFine
}

// lines is what the relay says at the stage instead of right, and what follows.
func (o opening) lines(right string) string {
	switch o.fault {
	case drips:
		return "! drip 60ms " + right + "\n! stall\n"
	case repeats:
		return "< " + right + "\n< 250 2.0.0 once more\n! stall\n"
	case defers, rejects:
		reply := map[fault]string{defers: "< 451 4.3.2 not now\n", rejects: "< 554 5.3.2 never\n"}[o.fault]
		if o.stage == StageEHLO {
			reply += "> HELO client.example.com\n" + reply // net/smtp tries the older word
		}
		return reply + "! stall\n"
	}
	lines, _ := trial{fault: o.fault}.lines()
	return lines
}

// script is the dialogue up to the fault.
func (o opening) script() string {
	s := &strings.Builder{}
	say := func(stage Stage, again bool, command, right string) bool {
		s.WriteString(command)
		if o.stage != stage || o.again != again {
			s.WriteString("< " + right + "\n")
			return true
		}
		s.WriteString(o.lines(right))
		return false
	}
	ehlo := "> EHLO client.example.com\n"
	offer := "250-relay.example.com\n< 250 AUTH PLAIN"
	if o.mode == TLSStart {
		offer = "250-relay.example.com\n< 250 STARTTLS"
	}
	if o.stage == StageEHLO {
		offer = "250 relay.example.com" // one line, for the faults
	}
	if !say(StageGreeting, false, "", "220 relay.example.com") {
		return s.String()
	}
	if !say(StageEHLO, false, ehlo, offer) {
		return s.String()
	}
	if o.mode == TLSStart {
		if !say(StageSTARTTLS, false, "> STARTTLS\n", "220 go") {
			return s.String()
		}
		s.WriteString("! starttls\n")
		inside := "250-relay.example.com\n< 250 AUTH PLAIN"
		if o.again {
			inside = "250 relay.example.com"
		}
		if !say(StageSTARTTLS, true, ehlo, inside) {
			return s.String()
		}
	}
	say(StageAuth, false, "> AUTH PLAIN *\n", "235 2.7.0 ok")
	return s.String()
}

// TestOpeningMatrix puts each fault at each stage of opening a session.
func TestOpeningMatrix(t *testing.T) {
	for _, mode := range modes() {
		stages := []opening{{stage: StageGreeting}, {stage: StageEHLO}, {stage: StageAuth}}
		if mode == TLSStart {
			stages = append(stages, opening{stage: StageSTARTTLS}, opening{stage: StageSTARTTLS, again: true})
		}
		for _, o := range stages {
			for _, fault := range allFaults {
				o := opening{mode, o.stage, o.again, fault}
				t.Run(fmt.Sprintf("%s/%s/again %v/%s", mode, o.stage, o.again, fault), func(t *testing.T) {
					t.Parallel()
					o.run(t)
				})
			}
		}
	}
}

func (o opening) run(t *testing.T) {
	serve := smtptest.Serve
	if o.mode == TLSImplicit {
		serve = smtptest.ServeTLS
	}
	c := config(serve(t, o.script()))
	c.TLS, c.TLSConfig, c.Auth = o.mode, smtptest.ClientTLS(), login64(AuthPlain)
	// After a broken EHLO net/smtp tries HELO, and waits for that reply; so it does
	// for the one to its farewell after AUTH, and for the handshake.
	if o.fault != closes && o.fault != resets && (o.fault == stalls || o.fault == drips || o.stage != StageGreeting) {
		c.Timeouts.Greeting, c.Timeouts.Command = 2*short, 2*short
	}
	start := time.Now()
	_, err := Dial(t.Context(), c)
	var e *DialError
	if !errors.As(err, &e) {
		t.Fatalf("error is %v", err)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
	early := o.stage == StageGreeting && (o.fault == closes || o.fault == resets) // it may be seen before
	if e.Stage != o.stage && !early || e.Mood() != o.expect() {
		t.Errorf("failed at %s with mood %q, want %s with %q: %v", e.Stage, e.Mood(), o.stage, o.expect(), e)
	}
}
