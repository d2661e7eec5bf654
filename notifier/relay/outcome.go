package relay

import (
	"strings"
	"time"

	"breachmail/notifier"
)

// decide makes a reply the outcome, unless one is decided already.
func (d *delivery) decide(at stage, r reply) {
	if d.decided {
		return
	}
	d.text = appendClean(d.text[:0], r.text)
	d.line = d.forms.appendRedacted(d.line[:0], d.text)
	text := strings.TrimSpace(string(d.line))
	d.settle(classify(at, r.code, r.enhanced, text), cut(text, maxReply))
	d.out.Code, d.out.Enhanced = r.code, r.enhanced
	if d.out.Status == notifier.Accepted {
		d.out.RelayID = relayID(text)
	}
}

// lost makes the loss of the connection the outcome, unless one is decided.
func (d *delivery) lost(at stage, err error) {
	words := d.reason(err)
	if words == noReply && d.unanswered(at) {
		words = lostBehind
	}
	d.silence(classifySilence(at, false), words)
	d.drop()
}

// What is said of a reply that does not come. Some relays, and proxies before
// them, take what comes with a message's last bytes, and forget it.
const (
	noReply    = "no reply in time"
	lostBehind = "no reply in time to what was sent behind the message; a relay or proxy that loses it needs pipelining: false"
)

// silence makes the want of a reply the outcome, unless one is decided.
func (d *delivery) silence(v verdict, words string) {
	if !d.decided {
		d.settle(v, words)
	}
}

func (d *delivery) settle(v verdict, words string) {
	d.decided = true
	d.out = notifier.Outcome{Status: v.status, Cause: v.cause, Mood: v.mood, Reply: words, At: time.Now()}
}
