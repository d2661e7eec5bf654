package intake

import (
	"slices"

	"breachmail/notifier"
)

// Why the channel is postal where neither the address nor the law (see Statute)
// is the reason. ReasonNoEmail is that of people on Options.NoEmail.
const (
	reasonNoState = "the ZIP code gives no state"
	ReasonNoEmail = "on the list of those not to be told by email"
)

// Group is one recipient, and the rows that were grouped into it.
type Group struct {
	Recipient notifier.Recipient
	Rows      int // at least one; all but the first were merged

	// First is the ordinal of the first row: how many accounts had been taken
	// for grouping before it. Accounts that were set aside or told already have
	// no ordinal. Whoever knows how many of each export were taken knows in which
	// one the recipient was first seen.
	First int64

	Source notifier.Source // of the row that state, ZIP and phone come from
	States []string        // sorted, where the rows give more than one known state, be it of one account
	Typo   string          // the domain that was probably meant, where the address has a slip
}

// group returns what the rows gathered come to.
func (in *Intake) group(g *gathering) Group {
	from, states := g.decide()
	return Group{
		Recipient: in.recipient(g, from),
		Rows:      g.rows, First: g.first.ordinal, States: states,
		Source: notifier.Source{File: in.files[min(from.file, len(in.files)-1)], Line: from.line},
		Typo:   typoIn(g.first.email),
	}
}

// recipient returns the person these rows are about, who lives where the row
// from says.
func (in *Intake) recipient(g *gathering, from *judged) notifier.Recipient {
	r := notifier.Recipient{
		Key:      g.first.key,
		Name:     notifier.NewName(g.first.name),
		Address:  notifier.NewAddress(g.first.email),
		Phone:    notifier.NewPhone(from.phone),
		ZIP:      from.zip,
		State:    from.state,
		Language: in.spoken(g.language).template,
		Channel:  notifier.Email,
		Accounts: g.accounts(),
		Consent:  g.consent == agreed,
	}
	switch {
	case r.Address.IsZero():
		r.Channel, r.Reason = notifier.Postal, reasonText(g.first.reason)
	case g.noEmail:
		r.Channel, r.Reason = notifier.Postal, ReasonNoEmail
	}
	for i, name := range in.opts.Extra {
		r.Extra = append(r.Extra, notifier.Extra{Name: name, Text: notifier.NewCell(g.extra[i])})
	}
	in.opts.settle(&r)
	return r
}

// reasonText returns the text of one of reasons.
func reasonText(i byte) string {
	if int(i) >= len(reasons) || reasons[i] == nil {
		return errNotAddress.Error()
	}
	return reasons[i].Error()
}

// Merge adds the accounts of b to a, who has the same key, and reports whether
// any was new. What a's notice says beside them stays: name, address, phone,
// ZIP, state, language and channel; of its variant only the account types
// change. The channel that a Statute gave stays, too: consent to email that comes
// with b, or is denied there, changes nothing. Who is to be told by post after
// all stands in Options.NoEmail.
func Merge(a, b notifier.Recipient) (merged notifier.Recipient, changed bool) {
	accounts := slices.Clone(a.Accounts)
	for _, held := range b.Accounts {
		if !slices.Contains(accounts, held) {
			accounts = append(accounts, held)
		}
	}
	if len(accounts) == len(a.Accounts) {
		return a, false
	}
	notifier.SortHeld(accounts)
	a.Accounts = accounts
	a.Variant.Types = notifier.TypesOf(accounts)
	return a, true
}
