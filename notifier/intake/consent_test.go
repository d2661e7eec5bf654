package intake

import (
	"strings"
	"testing"

	"breachmail/notifier"
)

func TestJudgeConsent(t *testing.T) {
	for _, c := range []struct {
		want   consent
		unread bool
		list   string
	}{
		{agreed, false, "yes YES Y true T 1 x X agreed Opted-In opt_in si Sí consented"},
		{denied, false, "no N false F 0 Opt-Out opted_out declined revoked"},
		{noConsent, false, "- n/a unknown NULL"},
		{noConsent, true, "maybe 2018-08-20 pending yesno 2 ja prépaid ?? yes\xff"},
	} {
		for _, s := range strings.Fields(c.list) {
			in := new(Intake)
			if got := in.judgeConsent(&notifier.Account{Consent: s}); got != c.want || (codes(in) == "consent_unread") != c.unread {
				t.Errorf("judgeConsent(%q) = %v, %q", s, got, codes(in))
			}
		}
	}
	for word := range consentWords {
		q := squeeze(word)
		if string(q.bytes()) != word {
			t.Errorf("%s is never looked up", word)
		}
	}
	if in := new(Intake); in.judgeConsent(&notifier.Account{Consent: "\u200e-\u200f"}) != noConsent || codes(in) != "" {
		t.Error("marks that nobody sees are something else than consent")
	}
	if got := new(Intake).judgeConsent(&notifier.Account{}); got != noConsent {
		t.Errorf("an empty cell is %v", got)
	}
}
