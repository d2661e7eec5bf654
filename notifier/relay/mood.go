package relay

import (
	"errors"
	"io"
	"net"
	"net/textproto"
	"syscall"

	"breachmail/notifier"
)

// Mood returns what a failed opening says about the relay:
//
//	what happened                                            mood
//	the hour's or day's quota is used up, in the relay's     quota
//	own words
//	any other 4xx                                            soft
//	5xx to greeting or EHLO that speaks of abuse             policy
//	any other 5xx, a refused login among them                setup
//	the configuration forbids it; a certificate that is not  setup
//	trusted, or not for that name; no common TLS; STARTTLS,
//	AUTH or the mechanism not offered; bytes in the clear
//	behind STARTTLS; no token
//	no connection, no reply in time, a connection lost, a    fine
//	reply that is none, a context that ended
func (e *DialError) Mood() notifier.Mood {
	if e.Code == 0 {
		return e.silentMood()
	}
	text := e.Err.Error()
	switch {
	case quotaWords.MatchString(text), quotaShort.MatchString(text):
		return notifier.MoodQuota
	case e.Code < 400:
		return notifier.MoodFine // no answer to what was asked
	case e.Code < 500:
		return notifier.MoodSoft
	case (e.Stage == StageGreeting || e.Stage == StageEHLO) && policyWords.MatchString(text):
		return notifier.MoodPolicy
	}
	return notifier.MoodSetup
}

// silentMood is that of a failure without a reply: in the network or out of
// it. What TLS and AUTH have to say beyond the network is lasting. An alert, for
// example for want of our certificate, comes in TLS 1.3 only with the greeting.
func (e *DialError) silentMood() notifier.Mood {
	lasting := e.Stage == StageConfig || alerted(e.Err)
	switch e.Stage {
	case StageTLS, StageSTARTTLS, StageAuth:
		lasting = lasting || !inNetwork(e.Err)
	}
	if lasting && !e.cancelled {
		return notifier.MoodSetup
	}
	return notifier.MoodFine
}

// alerted reports whether err is an alert that the relay sent in TLS.
func alerted(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "remote error"
}

// inNetwork reports whether err is that of a connection which may fare better
// the next time.
func inNetwork(err error) bool {
	var timeout net.Error
	var garbage textproto.ProtocolError
	return errors.As(err, &timeout) && timeout.Timeout() || errors.As(err, &garbage) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errTalkative) || errors.Is(err, errTurn) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
