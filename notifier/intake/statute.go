package intake

import (
	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

// Why somebody with a usable address is told by post where only those are told
// by email whom the law of their state allows to be.
const (
	ReasonConsent = "the state's law asks for consent to email"
	ReasonPrimary = "the state's law allows email only where it is the usual channel"
	ReasonNoLaw   = "no state whose law is known to allow email"
)

// Statute says by which law people may be told by email. It looks at what is
// known when a person is first planned: see Merge.
type Statute struct {
	Law     *jurisdiction.Law
	Primary bool // the company mostly deals with its customers by email
}

// settle gives the channel postal to a recipient by email whom the law does not
// allow to be told so. A nil Statute allows everybody.
func (s *Statute) settle(r *notifier.Recipient) {
	if s == nil || r.Channel != notifier.Email {
		return
	}
	if r.Reason = s.forbids(r); r.Reason != "" {
		r.Channel = notifier.Postal
	}
}

// forbids returns why the law does not allow email to a recipient, or "". Who
// agreed to it may be told by email in every state.
func (s *Statute) forbids(r *notifier.Recipient) (reason string) {
	if r.Consent {
		return ""
	}
	switch s.Law.Email(r.State) {
	case jurisdiction.EmailAllowed:
		return ""
	case jurisdiction.EmailPrimary:
		if s.Primary {
			return ""
		}
		return ReasonPrimary
	case jurisdiction.EmailConsent:
		return ReasonConsent
	}
	return ReasonNoLaw
}
