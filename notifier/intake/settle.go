package intake

import "breachmail/notifier"

// Settle returns a planned recipient with the channel, the reason and the
// variant that these options, which New takes, give it now, and reports whether
// anything became different. So does plan with everybody whose notice is
// neither approved nor claimed, since law data, templates and campaign.yaml may
// have changed.
//
// Who is told by post for want of a usable address, or is on Options.NoEmail,
// stays so. Back to email comes only who was told by post because of a law, or
// because the state is not known. A state that UnknownState once gave stays, as
// it looks like any other. What a row asked for as its language is not kept:
// where Variant falls back to another language, the recipient has that one from
// then on, and a language that came after plan is given to nobody.
func (o *Options) Settle(r notifier.Recipient) (settled notifier.Recipient, changed bool) {
	settled = r
	if isByOptions(r.Reason) && !r.Address.IsZero() {
		settled.Channel, settled.Reason = notifier.Email, ""
	}
	o.settle(&settled)
	return settled, settled.Channel != r.Channel || settled.Reason != r.Reason || settled.State != r.State ||
		settled.Variant != r.Variant || settled.Language != r.Language
}

// isByOptions reports whether a reason for the channel postal is one that other
// options may take back.
func isByOptions(reason string) bool {
	switch reason {
	case ReasonConsent, ReasonPrimary, ReasonNoLaw, reasonNoState:
		return true
	}
	return false
}

// settle gives a recipient what does not follow from its rows alone: the state
// where they give none, the channel that law and options allow, the variant.
func (o *Options) settle(r *notifier.Recipient) {
	if r.State == notifier.UnknownState {
		o.settleUnknown(r)
	}
	o.Statute.settle(r)
	o.choose(r)
}

// settleUnknown applies email.unknown_state to a recipient whose ZIP codes
// give no state.
func (o *Options) settleUnknown(r *notifier.Recipient) {
	switch o.UnknownState {
	case "", UnknownBase:
	case UnknownPostal:
		if r.Channel == notifier.Email {
			r.Channel, r.Reason = notifier.Postal, reasonNoState
		}
	default:
		r.State = o.UnknownState
	}
}

// choose gives a recipient the variant of the notice and its language.
func (o *Options) choose(r *notifier.Recipient) {
	choose, state := o.Variant, r.State
	if choose == nil {
		choose = baseVariant
	}
	if state == notifier.UnknownState {
		state = ""
	}
	r.Variant = choose(state, r.Language, notifier.TypesOf(r.Accounts))
	r.Language = r.Variant.Language
}

// baseVariant is Options.Variant where that is nil.
func baseVariant(_, language, types string) notifier.Variant {
	return notifier.Variant{Template: "notice", Language: language, Types: types}
}
