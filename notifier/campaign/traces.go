package campaign

import (
	"breachmail/notifier"
	"breachmail/notifier/intake"
	"breachmail/notifier/ledger"
)

// tracer returns what tells the ledger by what each recipient can be found: their
// address, phone and account numbers in the forms in which a caller's are looked
// up. It is not safe for concurrent use.
func tracer(secret []byte) func(*notifier.Recipient) ledger.Traces {
	k := notifier.NewKeyer(secret)
	return func(r *notifier.Recipient) ledger.Traces {
		t := ledger.Traces{
			Address:  k.Trace(notifier.TraceAddress, canonicalAddress(r.Address)),
			Phone:    k.Trace(notifier.TracePhone, canonicalPhone(r.Phone)),
			Accounts: make([]notifier.Trace, len(r.Accounts)),
		}
		for i := range r.Accounts {
			t.Accounts[i] = k.Trace(notifier.TraceAccount, canonicalAccount(r.Accounts[i].Number))
		}
		return t
	}
}

// tracerOf is a tracer of one kind alone, which takes less time where many people
// are looked at.
func tracerOf(secret []byte, of notifier.TraceOf) func(*notifier.Recipient) ledger.Traces {
	all := tracer(secret)
	return func(r *notifier.Recipient) ledger.Traces {
		switch of {
		case notifier.TraceAddress:
			r = &notifier.Recipient{Address: r.Address}
		case notifier.TracePhone:
			r = &notifier.Recipient{Phone: r.Phone}
		case notifier.TraceAccount:
			r = &notifier.Recipient{Accounts: r.Accounts}
		}
		return all(r)
	}
}

// canonicalAddress is the form in which addresses are looked up; empty where there
// is none.
func canonicalAddress(a notifier.Address) string {
	if a.IsZero() {
		return ""
	}
	canonical, err := intake.CanonicalEmail(a.Reveal())
	if err != nil { // no intake of ours has let it in
		return ""
	}
	return canonical
}

// canonicalPhone is the same for the phone number of a recipient, which intake has
// put into its canonical form.
func canonicalPhone(p notifier.Phone) string { return intake.CanonicalNumber(p.Reveal()) }

// canonicalAccount is the same for an account number.
func canonicalAccount(n notifier.AccountNumber) string { return intake.CanonicalNumber(n.Reveal()) }
