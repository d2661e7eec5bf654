package intake

import (
	"context"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"breachmail/notifier"
)

func TestSettle(t *testing.T) {
	const byEmail, listed = "", ReasonNoEmail
	noAddress := errNoAddress.Error()
	law := lawOf(t) // Oregon: everyone, Massachusetts: primary, New York: consent, California: nothing known
	statute, primary := &Statute{Law: law}, &Statute{Law: law, Primary: true}
	for _, c := range []struct {
		state, reason string // as planned
		consent       bool
		opts          Options // now
		want          string  // the reason
		wantState     string  // empty: as planned
	}{
		{"OR", byEmail, false, Options{}, byEmail, ""},
		{"NY", byEmail, false, Options{}, byEmail, ""},
		{"NY", byEmail, false, Options{Statute: statute}, ReasonConsent, ""},
		{"NY", byEmail, true, Options{Statute: statute}, byEmail, ""},
		{"MA", byEmail, false, Options{Statute: statute}, ReasonPrimary, ""},
		{"CA", byEmail, false, Options{Statute: primary}, ReasonNoLaw, ""},
		{"MA", ReasonPrimary, false, Options{Statute: primary}, byEmail, ""},
		{"MA", ReasonPrimary, false, Options{Statute: statute}, ReasonPrimary, ""},
		{"MA", ReasonConsent, false, Options{Statute: statute}, ReasonPrimary, ""},
		{"NY", ReasonConsent, false, Options{}, byEmail, ""},
		{"OR", ReasonNoLaw, false, Options{Statute: statute}, byEmail, ""},
		{"OR", noAddress, false, Options{}, noAddress, ""},
		{"NY", noAddress, false, Options{Statute: statute}, noAddress, ""},
		{"OR", listed, false, Options{Statute: statute}, listed, ""},
		{"?", byEmail, false, Options{UnknownState: UnknownBase}, byEmail, ""},
		{"?", byEmail, false, Options{UnknownState: UnknownPostal}, reasonNoState, ""},
		{"?", byEmail, false, Options{UnknownState: "NY", Statute: statute}, ReasonConsent, "NY"},
		{"?", byEmail, false, Options{Statute: statute}, ReasonNoLaw, ""},
		{"?", reasonNoState, false, Options{UnknownState: UnknownPostal, Statute: statute}, reasonNoState, ""},
		{"?", reasonNoState, false, Options{}, byEmail, ""},
		{"?", reasonNoState, false, Options{UnknownState: "OR", Statute: statute}, byEmail, "OR"},
		{"?", listed, false, Options{UnknownState: "OR"}, listed, "OR"},
		{"OR", byEmail, false, Options{UnknownState: "NY", Statute: statute}, byEmail, ""},
	} {
		r := planned(c.state, c.reason)
		r.Consent = c.consent
		if c.wantState == "" {
			c.wantState = r.State
		}
		got, changed := c.opts.Settle(r)
		if got.Reason != c.want || (got.Channel == notifier.Email) != (c.want == byEmail) || got.State != c.wantState {
			t.Errorf("%+v: by %s, %q, in %s", c, got.Channel, got.Reason, got.State)
		}
		if changed != (c.want != c.reason || c.wantState != r.State) {
			t.Errorf("%+v: changed is %v", c, changed)
		}
	}
}

// planned is somebody in a state, told by post where there is a reason.
func planned(state, reason string) notifier.Recipient {
	r := notifier.Recipient{
		ID: 7, Name: notifier.NewName("Ann"), Address: notifier.NewAddress("a@example.com"), State: state, Language: "es",
		Channel: notifier.Email, Reason: reason, Accounts: []notifier.Held{{Type: notifier.Prepaid}},
		Variant: notifier.Variant{Template: "notice", Language: "es", Types: "prepaid"},
	}
	if state == "?" {
		r.State = notifier.UnknownState
	}
	if reason != "" {
		r.Channel = notifier.Postal
	}
	if reason == errNoAddress.Error() {
		r.Address = notifier.Address{}
	}
	return r
}

// Nobody without an address comes back to email, whatever a ledger says.
func TestSettleWithoutAddress(t *testing.T) {
	r := planned("NY", ReasonConsent)
	r.Address = notifier.Address{}
	if got, changed := new(Options).Settle(r); changed || got.Channel != notifier.Postal {
		t.Errorf("by %s", got.Channel)
	}
}

// The variant follows templates and law, and the language the variant.
func TestSettleVariant(t *testing.T) {
	opts := Options{Variant: func(state, language, types string) notifier.Variant {
		switch state {
		case "":
			return notifier.Variant{Template: "base", Language: language, Types: types}
		case "MA":
			return notifier.Variant{Template: "own", Language: "en", Types: types, State: state}
		}
		return notifier.Variant{Template: "notice", Language: language, Types: types}
	}}
	for state, want := range map[string]string{"OR": "notice-es-prepaid es", "?": "base-es-prepaid es", "MA": "own-en-prepaid-MA en"} {
		r := planned(state, "")
		got, changed := opts.Settle(r)
		if is := got.Variant.String() + " " + got.Language; is != want || changed != (state != "OR") {
			t.Errorf("%s: %s, changed is %v", state, is, changed)
		}
		again, changed := opts.Settle(got)
		if changed || again.Variant != got.Variant {
			t.Errorf("%s: %s becomes %s when it is settled again", state, got.Variant, again.Variant)
		}
	}
}

// Whoever is settled by the options they were planned with stays as they are,
// and settled by others, becomes what plan would have made of them but for what
// is not kept: the language asked for, and that there was no state.
func TestSettleIsPlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(anyAccount, 1, 20).Draw(t, "rows")
		before := anyOptions(t)
		before.UnknownState = rapid.SampledFrom([]string{"", UnknownBase, UnknownPostal}).Draw(t, "unknown state before")
		now := anyOptions(t)
		now.Told, now.NoEmail = before.Told, before.NoEmail
		want := recipientsOf(t, now, rows)
		for i, r := range recipientsOf(t, before, rows) {
			if same, changed := before.Settle(r); changed || !reflect.DeepEqual(same, r) {
				t.Fatalf("by %s, %q, %s becomes by %s, %q, %s", r.Channel, r.Reason, r.Variant, same.Channel, same.Reason, same.Variant)
			}
			got, changed := now.Settle(r)
			if !reflect.DeepEqual(got, want[i]) || changed == reflect.DeepEqual(got, r) {
				t.Fatalf("by %s, %q, %s, changed is %v, and planned anew by %s, %q, %s",
					got.Channel, got.Reason, got.Variant, changed, want[i].Channel, want[i].Reason, want[i].Variant)
			}
		}
	})
}

func recipientsOf(t *rapid.T, opts Options, rows []notifier.Account) (list []notifier.Recipient) {
	in, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	takeIn(t, in, rows)
	for g, err := range in.Recipients(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, g.Recipient)
	}
	return list
}
