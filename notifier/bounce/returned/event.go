package returned

import (
	"crypto/sha256"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/bounce"
)

// ParseEvent reads one event of SES (with what SNS or EventBridge puts around
// it) or of SendGrid, as a JSON object. It gives a report for each recipient;
// none for what says nothing about a notice that did not arrive, such as a
// delivery or an open. It is an error when it is no event.
func ParseEvent(object []byte, o Options) ([]Report, error) {
	e, ok, err := bounce.ParseEvent(object)
	if err != nil || !ok {
		return nil, err
	}
	var reports []Report
	for _, recipient := range e.Recipients {
		r := diagnosed(recipient.Status, recipient.Diagnostic)
		switch e.Provider {
		case bounce.SES:
			r.Class = ofSES(e, recipient)
		case bounce.SendGrid:
			r.Class = ofSendGrid(e)
		}
		if r.Class == "" {
			continue
		}
		r.Address, r.At = addressIn(recipient.Address.Reveal()), sensible(e.At)
		r.Keys = cluesOf(e, o)
		if r.Reporter = domain(e.Reporter); r.Reporter == "" {
			r.Reporter, _, _ = strings.Cut(string(e.Provider), " ")
		}
		r.ID = eventIdentity(e, r)
		reports = append(reports, r)
	}
	return reports, nil
}

// ofSES says what an event of SES means; nothing where it is none about a notice
// that did not arrive.
//
// https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html, "Bounce
// types": SES tries again by itself and bounces when it has given up, so a
// Transient bounce is final too where it says why. General is what is left, and
// SES puts the answers of absent people there: Hard only with the status of a
// server that gave the message up. A complaint, or a bounce, whose sub type is
// OnAccountSuppressionList is about a notice that SES did not try to send.
func ofSES(e bounce.Event, r bounce.EventRecipient) Class {
	switch e.Kind {
	case "complaint":
		switch {
		case e.SubType == "OnAccountSuppressionList":
			return Hard
		case e.Feedback == "not-spam" || e.Feedback == "auth-failure":
			return ""
		}
		return Complaint
	case "deliverydelay":
		return Soft
	case "reject", "renderingfailure":
		return Hard
	case "bounce":
		if e.Type == "Permanent" || finalSubTypes[e.SubType] {
			return Hard
		}
		if strings.EqualFold(r.Action, "failed") && bounce.IsEnhanced(r.Status) && r.Diagnostic != "" {
			return classOf("failed", r.Status, 0)
		}
		return Soft
	}
	return ""
}

// finalSubTypes say why SES gave up a Transient bounce.
var finalSubTypes = map[string]bool{
	"MailboxFull": true, "MessageTooLarge": true, "ContentRejected": true, "AttachmentRejected": true, "CustomTimeoutExceeded": true,
}

// ofSendGrid says what an event of SendGrid means.
//
// https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event: a
// bounce is final, also one of type blocked: it is about the message or the
// sender's address and not about the recipient's, but it is not tried again. A
// dropped message was never tried.
func ofSendGrid(e bounce.Event) Class {
	switch e.Kind {
	case "bounce", "blocked", "dropped":
		return Hard
	case "deferred":
		return Soft
	case "spamreport":
		return Complaint
	}
	return ""
}

// cluesOf finds the recipient's keys in an event.
func cluesOf(e bounce.Event, o Options) []Clue {
	m := &reading{o: o}
	var found clueList
	m.senders(&found, []string{e.Sender})
	found.parsed(ByHeader, e.Key)
	m.ids(&found, e.MessageID)
	return found
}

// eventIdentity is made from the provider's own id of the event, and where it
// gives none (a delay, of which there may be several) from what it is about.
func eventIdentity(e bounce.Event, r Report) notifier.Digest {
	h := sha256.New()
	part(h, "event", string(e.Provider), e.Kind)
	if e.ID != "" {
		part(h, "id", e.ID)
	} else {
		part(h, "about", e.RelayID, e.At.String())
	}
	part(h, strings.ToLower(r.Address.Reveal()))
	return notifier.Digest(h.Sum(nil))
}
