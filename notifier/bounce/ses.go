package bounce

import (
	"encoding/json"
	"strings"
	"time"

	"breachmail/notifier"
)

// sesEvent is an event of SES, or a notification, which says notificationType in
// place of eventType.
type sesEvent struct {
	EventType        string  `json:"eventType"`
	NotificationType string  `json:"notificationType"`
	Mail             sesMail `json:"mail"`

	Bounce        sesBounce   `json:"bounce"`
	Complaint     sesReport   `json:"complaint"`
	Delivery      sesDelivery `json:"delivery"`
	DeliveryDelay sesDelay    `json:"deliveryDelay"`
	Open          sesMoment   `json:"open"`
	Click         sesMoment   `json:"click"`
	Reject        struct {
		Reason string `json:"reason"`
	} `json:"reject"`
	Failure struct {
		ErrorMessage string `json:"errorMessage"`
	} `json:"failure"`

	// What an event may be wrapped in.
	Type    string          `json:"Type"`    // SNS
	Message string          `json:"Message"` // SNS: the event as a text
	Detail  json.RawMessage `json:"detail"`  // EventBridge
}

type sesMail struct {
	sesMoment
	MessageID   string   `json:"messageId"`
	Source      string   `json:"source"`
	Destination []string `json:"destination"`
	Headers     []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"headers"`
	CommonHeaders struct {
		MessageID string `json:"messageId"`
	} `json:"commonHeaders"`
}

type sesMoment struct {
	Timestamp string `json:"timestamp"`
}

type sesBounce struct {
	sesMoment
	BounceType   string         `json:"bounceType"`
	SubType      flexible       `json:"bounceSubType"`
	FeedbackID   flexible       `json:"feedbackId"`
	ReportingMTA flexible       `json:"reportingMTA"`
	Recipients   []sesRecipient `json:"bouncedRecipients"`
}

// sesReport is a complaint.
type sesReport struct {
	sesMoment
	SubType      flexible       `json:"complaintSubType"`
	FeedbackType flexible       `json:"complaintFeedbackType"`
	FeedbackID   flexible       `json:"feedbackId"`
	Recipients   []sesRecipient `json:"complainedRecipients"`
}

type sesDelivery struct {
	sesMoment
	SMTPResponse string `json:"smtpResponse"`
}

type sesDelay struct {
	sesMoment
	Recipients []sesRecipient `json:"delayedRecipients"`
}

type sesRecipient struct {
	Address    string   `json:"emailAddress"`
	Action     flexible `json:"action"`
	Status     string   `json:"status"`
	Diagnostic string   `json:"diagnosticCode"`
}

// maxWrapped is how many wrappings are taken off.
const maxWrapped = 3

// sesObject reads one object of SES.
func (w *walk) sesObject(object []byte, line int) error {
	e, err := unwrap(object)
	switch {
	case err != nil:
		w.unreadable(line, err.Error())
		return nil
	case e == nil:
		return nil
	}
	return w.sesFact(e, line)
}

func (w *walk) sesFact(e *sesEvent, line int) error {
	f, ok := e.fact()
	if !ok {
		w.unreadable(line, "has an eventType of SES that is not known")
		return nil
	}
	f.At = e.at()
	w.stamp(f.At)
	who := w.sesMessage(&e.Mail)
	if who.keyed {
		w.seen(f.At)
	}
	if !w.asked(who) {
		return nil
	}
	f.RelayID = e.Mail.MessageID
	if f.To.IsZero() && len(e.Mail.Destination) == 1 {
		f.To = notifier.NewAddress(e.Mail.Destination[0])
	}
	return w.fact(f, who, line)
}

// sesMessage says which message it is.
func (w *walk) sesMessage(m *sesMail) who {
	found := w.messageID([]byte(m.CommonHeaders.MessageID))
	for _, h := range m.Headers {
		if found.keyed {
			break
		}
		if named := w.header([]byte(h.Name + ":" + h.Value)); named.keyed || found.id == "" {
			found = named.with(found)
		}
	}
	return found.with(w.sender([]byte(strings.TrimSuffix(m.Source, ">"))))
}

// fact says what an event means, and for whom. It reports whether it is known.
func (e *sesEvent) fact() (f Fact, ok bool) {
	switch e.kind() {
	case "send":
		f.Kind, f.Arrived = Taken, true
	case "complaint", "open", "click", "subscription":
		f.Kind = Taken
	case "delivery":
		f.Kind = Taken
		f.Code, f.Enhanced = status([]byte(e.Delivery.SMTPResponse))
		f.Reply = notifier.NewLine(shortened([]byte(e.Delivery.SMTPResponse)))
	case "bounce":
		if f.Kind = Returned; e.Bounce.BounceType == "Permanent" {
			f.Kind = Bounced
		}
		f.diagnosed(e.Bounce.Recipients)
	case "deliverydelay":
		f.Kind = Deferred
		f.diagnosed(e.DeliveryDelay.Recipients)
	case "reject":
		f.Kind, f.Reply = Bounced, notifier.NewLine(shortened([]byte(e.Reject.Reason)))
	case "renderingfailure":
		f.Kind, f.Reply = Bounced, notifier.NewLine(shortened([]byte(e.Failure.ErrorMessage)))
	default:
		return f, false
	}
	return f, true
}

// kind is the event's type; a few are written in two ways.
func (e *sesEvent) kind() string {
	return strings.ToLower(strings.ReplaceAll(e.EventType+e.NotificationType, " ", ""))
}

// diagnosed fills in what was said about the recipient. Our messages have one.
func (f *Fact) diagnosed(recipients []sesRecipient) {
	if len(recipients) == 0 {
		return
	}
	r := recipients[0]
	_, said, ok := strings.Cut(r.Diagnostic, ";") // "smtp; 550 5.1.1 …" (RFC 3464, 2.3.6)
	if !ok {
		said = r.Diagnostic
	}
	said = strings.TrimSpace(said)
	f.Code, f.Enhanced = status([]byte(said))
	if isEnhanced([]byte(r.Status)) {
		f.Enhanced = r.Status
	}
	f.To, f.Reply = notifier.NewAddress(r.Address), notifier.NewLine(shortened([]byte(said)))
}

// at is when it happened: the event's own time, or else the message's.
func (e *sesEvent) at() time.Time {
	for _, text := range []string{
		e.Bounce.Timestamp, e.Complaint.Timestamp, e.Delivery.Timestamp, e.DeliveryDelay.Timestamp,
		e.Open.Timestamp, e.Click.Timestamp, e.Mail.Timestamp,
	} {
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}
