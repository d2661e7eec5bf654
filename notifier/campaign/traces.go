package campaign

import (
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/intake"
	"breachmail/notifier/ledger"
)

// tracer returns what tells the ledger by what each recipient can be found. It is
// not safe for concurrent use.
func tracer(secret []byte) func(*notifier.Recipient) ledger.Traces {
	k := notifier.NewKeyer(secret)
	return func(r *notifier.Recipient) ledger.Traces {
		t := ledger.Traces{Phone: k.Trace(notifier.TracePhone, r.Phone.Reveal())}
		if canonical, err := intake.CanonicalEmail(r.Address.Reveal()); err == nil {
			t.Address = k.Trace(notifier.TraceAddress, canonical)
		}
		for _, a := range r.Accounts {
			t.Accounts = append(t.Accounts, k.Trace(notifier.TraceAccount, strings.ToLower(a.Number.Reveal())))
		}
		return t
	}
}
