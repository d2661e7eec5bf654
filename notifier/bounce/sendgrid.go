package bounce

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"breachmail/notifier"
)

// sendGridEvent is an event of SendGrid's event webhook.
type sendGridEvent struct {
	Event     string    `json:"event"`
	Email     string    `json:"email"`
	Timestamp flexible  `json:"timestamp"` // seconds since 1970
	SMTPID    string    `json:"smtp-id"`   // the Message-ID it was handed over with
	MessageID string    `json:"sg_message_id"`
	ID        flexible  `json:"sg_event_id"`
	Type      string    `json:"type"` // of a bounce
	Status    string    `json:"status"`
	Reason    string    `json:"reason"`
	Response  string    `json:"response"`
	Key       flexible  `json:"X-Breachmail-Key"` // where it was set as a custom argument
	Args      *struct { // where those are kept apart
		Key flexible `json:"X-Breachmail-Key"`
	} `json:"unique_args"`
}

// flexible is a text or a number, as text; null is none.
type flexible string

// UnmarshalJSON implements json.Unmarshaler.
func (f *flexible) UnmarshalJSON(b []byte) error {
	*f = ""
	if b[0] != '"' {
		if string(b) != "null" {
			*f = flexible(b)
		}
		return nil
	}
	var s string
	err := json.Unmarshal(b, &s)
	*f = flexible(s)
	return err
}

// sendGridKinds says what events mean. That a message was opened, or complained
// about, shows that it was taken.
var sendGridKinds = map[string]Kind{
	"processed": Taken, "delivered": Taken, "open": Taken, "click": Taken, "spamreport": Taken,
	"unsubscribe": Taken, "group_unsubscribe": Taken, "group_resubscribe": Taken,
	"deferred": Deferred, "bounce": Bounced, "blocked": Returned, "dropped": Bounced,
}

// sendGridObject reads one event of SendGrid.
func (w *walk) sendGridObject(object []byte, line int) error {
	var e sendGridEvent
	if err := json.Unmarshal(object, &e); err != nil {
		w.unreadable(line, "is no JSON object of SendGrid")
		return nil
	}
	kind, ok := sendGridKinds[e.Event]
	if !ok {
		w.unreadable(line, "has no event of SendGrid that is known")
		return nil
	}
	if e.Event == "bounce" && e.Type == "blocked" {
		kind = Returned
	}
	at := unixTime(string(e.Timestamp))
	w.stamp(at)
	who := w.sendGridMessage(&e)
	if who.keyed {
		w.seen(at)
	}
	if !w.asked(who) {
		return nil
	}
	f := Fact{Kind: kind, Arrived: e.Event == "processed", At: at, To: notifier.NewAddress(e.Email), RelayID: e.MessageID}
	f.replied(e.Reason+e.Response, e.Status)
	return w.fact(f, who, line)
}

func (w *walk) sendGridMessage(e *sendGridEvent) who {
	found := w.messageID([]byte(e.SMTPID))
	if found.keyed {
		return found
	}
	key, ok := parseKey([]byte(e.Key))
	if !ok && e.Args != nil {
		key, ok = parseKey([]byte(e.Args.Key))
	}
	found.key, found.keyed = key, ok
	return found
}

// replied fills in what a server said, and a status given beside it.
func (f *Fact) replied(said, enhanced string) {
	f.Code, f.Enhanced = status([]byte(said))
	if isEnhanced([]byte(enhanced)) {
		f.Enhanced = enhanced
	}
	f.Reply = notifier.NewLine(shortened([]byte(said)))
}

// unixTime reads seconds since 1970; zero where it is no such number.
func unixTime(s string) time.Time {
	seconds, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(seconds > 0 && seconds < 1<<36) {
		return time.Time{}
	}
	whole, part := math.Modf(seconds)
	return time.Unix(int64(whole), int64(part*1e9)).UTC()
}
