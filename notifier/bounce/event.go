package bounce

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"breachmail/notifier"
)

// Event is one event of SES or SendGrid as it stands there, for package
// returned, which asks other things of it than a log's reader does.
type Event struct {
	Provider Format
	Kind     string // SES's eventType in lower case without spaces, SendGrid's event
	Type     string // bounceType; SendGrid's type of a bounce
	SubType  string // bounceSubType; complaintSubType
	Feedback string // complaintFeedbackType
	ID       string // feedbackId, sg_event_id
	RelayID  string
	At       time.Time
	Reporter string // reportingMTA

	Key       string   // X-Breachmail-Key
	MessageID []string // every one that stands there
	Sender    string   // the return path

	Recipients []EventRecipient
}

// EventRecipient is what an event says about one recipient.
type EventRecipient struct {
	Address    notifier.Address
	Action     string
	Status     string
	Diagnostic string
}

// ParseEvent reads one object of SES or SendGrid. ok is false where it is no
// event, but something of SNS's own.
func ParseEvent(object []byte) (e Event, ok bool, err error) {
	switch format, _ := jsonFormat(object); format {
	case SES:
		found, err := unwrap(object)
		if err != nil || found == nil {
			return Event{}, false, err
		}
		return found.event(), true, nil
	case SendGrid:
		var found sendGridEvent
		if err := json.Unmarshal(object, &found); err != nil || found.Event == "" {
			return Event{}, false, fmt.Errorf("is no JSON object of SendGrid")
		}
		return found.event(), true, nil
	}
	return Event{}, false, fmt.Errorf("is no event of SES or SendGrid")
}

// IsEvents reports whether a file that begins like that is JSON, and whether it
// holds events of SES or SendGrid. An empty list is one.
func IsEvents(head []byte) (isJSON, isEvents bool) {
	text := strings.TrimSpace(strings.TrimPrefix(string(head), "\ufeff"))
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		return false, false
	}
	format, ok := jsonFormat([]byte(text))
	return true, ok && (format == SES || format == SendGrid || format == Empty)
}

// EachObject gives every JSON object of a stream and the line it begins on, as
// they stand in a log of events. It returns how many could not be read. The
// object is valid until f returns.
func EachObject(ctx context.Context, name string, r io.Reader, f func(object []byte, line int) error) (unreadable int, err error) {
	sum := &LogSummary{Name: name}
	w := &walk{reader: &reader{}, LogSummary: sum, ctx: ctx}
	err = w.objects(&text{name: name, r: bufio.NewReaderSize(r, lookAt)}, f)
	return sum.Unreadable, err
}

// unwrap takes off what SNS and EventBridge put around an event. It gives
// neither for something of SNS's own, such as SubscriptionConfirmation.
func unwrap(object []byte) (*sesEvent, error) {
	for range maxWrapped {
		e := &sesEvent{}
		if err := json.Unmarshal(object, e); err != nil {
			return nil, fmt.Errorf("is no JSON object of SES")
		}
		switch {
		case e.EventType+e.NotificationType != "":
			return e, nil
		case e.Message != "" && strings.HasPrefix(strings.TrimSpace(e.Message), "{"):
			object = []byte(e.Message)
		case len(e.Detail) > 0 && e.Detail[0] == '{':
			object = e.Detail
		case e.Type != "":
			return nil, nil
		}
	}
	return nil, fmt.Errorf("is no event of SES")
}

func (e *sesEvent) event() Event {
	out := Event{
		Provider: SES, Kind: e.kind(), At: e.at(), RelayID: e.Mail.MessageID, Sender: e.Mail.Source,
		Type: e.Bounce.BounceType, SubType: string(e.Bounce.SubType), ID: string(e.Bounce.FeedbackID), Reporter: string(e.Bounce.ReportingMTA),
		MessageID: []string{e.Mail.CommonHeaders.MessageID},
	}
	recipients := e.Bounce.Recipients
	switch out.Kind {
	case "complaint":
		out.SubType, out.Feedback, out.ID = string(e.Complaint.SubType), string(e.Complaint.FeedbackType), string(e.Complaint.FeedbackID)
		recipients = e.Complaint.Recipients
	case "deliverydelay":
		recipients = e.DeliveryDelay.Recipients
	case "reject":
		recipients = []sesRecipient{{Diagnostic: e.Reject.Reason}}
	case "renderingfailure":
		recipients = []sesRecipient{{Diagnostic: e.Failure.ErrorMessage}}
	}
	for _, h := range e.Mail.Headers {
		switch {
		case strings.EqualFold(h.Name, keyHeader):
			out.Key = h.Value
		case strings.EqualFold(h.Name, "Message-ID"):
			out.MessageID = append(out.MessageID, h.Value)
		}
	}
	if len(recipients) == 0 {
		recipients = []sesRecipient{{}}
	}
	for _, r := range recipients {
		if r.Address == "" && len(e.Mail.Destination) == 1 {
			r.Address = e.Mail.Destination[0]
		}
		out.Recipients = append(out.Recipients, EventRecipient{notifier.NewAddress(r.Address), string(r.Action), r.Status, r.Diagnostic})
	}
	return out
}

func (e *sendGridEvent) event() Event {
	key := string(e.Key)
	if key == "" && e.Args != nil {
		key = string(e.Args.Key)
	}
	return Event{
		Provider: SendGrid, Kind: e.Event, Type: e.Type, ID: string(e.ID), RelayID: e.MessageID, At: unixTime(string(e.Timestamp)),
		Key: key, MessageID: []string{e.SMTPID},
		Recipients: []EventRecipient{{notifier.NewAddress(e.Email), "", e.Status, e.Reason + e.Response}},
	}
}
