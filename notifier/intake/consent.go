package intake

import "breachmail/notifier"

// consent is what a row says about being told by email.
type consent byte

const (
	noConsent consent = iota // nothing
	agreed
	denied
)

// consentWords are the usual ways to write it, squeezed.
var consentWords = func() map[string]consent {
	set := make(map[string]consent)
	for word := range words(`yes y true t 1 on x si s agree agreed agrees accept accepted consent consented consents
		given granted optin optedin subscribed`) {
		set[word] = agreed
	}
	for word := range words(`no n false f 0 off disagree disagreed decline declined denied refuse refused revoked
		withdrawn notgiven notgranted noconsent optout optedout unsubscribed`) {
		set[word] = denied
	}
	return set
}()

// judgeConsent reads the column consent. What it cannot read is no consent.
func (in *Intake) judgeConsent(a *notifier.Account) consent {
	s := trimField(a.Consent)
	if s == "" || isMissing(s) {
		return noConsent
	}
	if s == "sí" || s == "Sí" || s == "SÍ" {
		return agreed
	}
	q := squeeze(s)
	said, ok := consentWords[string(q.bytes())]
	if !ok {
		in.warn(consentUnread, a, s)
	}
	return said
}
