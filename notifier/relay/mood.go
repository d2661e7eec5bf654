package relay

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/textproto"
	"strings"
	"syscall"

	"breachmail/notifier"
)

// moodOf returns what a failed opening says about the relay:
//
//	what happened                                            mood
//	the hour's or day's quota is used up, in the relay's     quota
//	own words
//	any other 4xx; 5xx to greeting or EHLO that speaks of    soft
//	too much at once
//	5xx to greeting or EHLO that speaks of abuse             policy
//	any other 5xx, a refused login among them                setup
//	the configuration forbids it; a certificate, the         setup
//	relay's or ours, that is not trusted, or not for that
//	name; no TLS there, or no version in common; STARTTLS,
//	AUTH or the mechanism not offered; bytes in the clear
//	behind STARTTLS
//	no token to be had; one refused, and the connection      fine
//	lost before a fresh one was judged
//	no connection, no reply in time, a connection lost, any  fine
//	other alert, a reply that is none, a context that ended
//
// Fine is tried again, after waits that grow.
func moodOf(stage Stage, err error) notifier.Mood {
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		return silentMood(stage, err)
	}
	text := string(appendClean(nil, []byte(reply.Msg)))
	early := stage == StageGreeting || stage == StageEHLO
	switch {
	case quotaWords.MatchString(text), quotaShort.MatchString(text):
		return notifier.MoodQuota
	case reply.Code < 400, errors.Is(err, errUnjudged):
		return notifier.MoodFine // no answer to what was asked
	case reply.Code < 500, early && rateWords.MatchString(text):
		return notifier.MoodSoft
	case early && policyWords.MatchString(text):
		return notifier.MoodPolicy
	}
	return notifier.MoodSetup
}

// silentMood is that of a failure without a reply. What a login has to say
// beyond the network is lasting.
func silentMood(stage Stage, err error) notifier.Mood {
	lasting := stage == StageConfig || errors.Is(err, errNoSTARTTLS) || errors.Is(err, errInClear) || lastingTLS(err)
	if stage == StageAuth {
		lasting = lasting || !inNetwork(err) && !errors.Is(err, errNoToken)
	}
	if lasting {
		return notifier.MoodSetup
	}
	return notifier.MoodFine
}

// lastingTLS reports whether err says that TLS with the relay fails alike the next
// time. An alert for want of our certificate comes in TLS 1.3 only with the
// greeting, so no stage is asked for.
func lastingTLS(err error) bool {
	var distrust *tls.CertificateVerificationError
	var clear tls.RecordHeaderError
	if errors.As(err, &distrust) || errors.As(err, &clear) {
		return true
	}
	// crypto/tls has no type for a relay that insists on an older version.
	return strings.HasPrefix(err.Error(), "tls: server selected unsupported protocol version") || lastingAlert(err)
}

// lastingAlerts are those by which the relay refuses our certificate, or the want
// of one, or the version of TLS, or finds it too weak (RFC 8446, 6.2).
var lastingAlerts = []tls.AlertError{42, 43, 44, 45, 46, 48, 49, 70, 71, 116}

// lastingAlert reports whether err is one of those. crypto/tls hands alerts of the
// other side on as a type of its own, which says the same words.
func lastingAlert(err error) bool {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" {
		return false
	}
	for _, alert := range lastingAlerts {
		if op.Err.Error() == alert.Error() {
			return true
		}
	}
	return false
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
