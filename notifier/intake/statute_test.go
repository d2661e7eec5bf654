package intake

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

// lawOf is law data in which Oregon allows email, Massachusetts where it is the
// usual channel, New York with consent, and of the others nothing is known.
func lawOf(t rapid.TB) *jurisdiction.Law {
	const lines = "state,fact,value,source,source_date,checked_on,confidence\n" +
		"OR,email,allowed,made up,,,memory\nMA,email,primary,made up,,,memory\nNY,email,consent,made up,,,memory\nCA,name,California,made up,,,memory\n"
	law, err := jurisdiction.Parse("law.csv", []byte(lines))
	if err != nil {
		t.Fatal(err)
	}
	return law
}

func TestStatute(t *testing.T) {
	const byEmail = ""
	for _, c := range []struct {
		states  string // of the rows, one account each
		consent string // in them
		primary bool
		unknown string // email.unknown_state
		want    string // the reason for the channel postal
	}{
		{"OR", "", false, "", byEmail},
		{"OR", "no", false, "", byEmail},
		{"MA", "", false, "", ReasonPrimary},
		{"MA", "no", false, "", ReasonPrimary},
		{"MA", "", true, "", byEmail},
		{"MA", "yes", false, "", byEmail},
		{"NY", "", false, "", ReasonConsent},
		{"NY", "", true, "", ReasonConsent},
		{"NY", "no", true, "", ReasonConsent},
		{"NY", "maybe", true, "", ReasonConsent},
		{"NY", "yes", false, "", byEmail},
		{"NY NY", "yes,", false, "", byEmail},
		{"NY NY", "yes,no", false, "", ReasonConsent},
		{"CA", "", true, "", ReasonNoLaw},
		{"CA", "yes", false, "", byEmail},
		{"OR OR NY", ",,", false, "", byEmail},
		{"OR NY", ",", false, "", ReasonConsent}, // the state read last
		{"NY OR", ",", false, "", byEmail},
		{"?", "", true, "", ReasonNoLaw},
		{"?", "yes", false, "", byEmail},
		{"?", "", false, UnknownBase, ReasonNoLaw},
		{"?", "", false, "OR", byEmail},
		{"?", "", false, "NY", ReasonConsent},
		{"?", "yes", false, UnknownPostal, reasonNoState},
	} {
		var rows []notifier.Account
		consents := strings.Split(c.consent, ",")
		for i, state := range strings.Fields(c.states) {
			a := row("Ann", "", "1", "a@example.com", string(rune('1'+i)), "pre")
			a.State, a.Consent = strings.Trim(state, "?"), consents[i]
			rows = append(rows, a)
		}
		opts := Options{UnknownState: c.unknown, Statute: &Statute{Law: lawOf(t), Primary: c.primary}}
		groups, _ := run(t, opts, rows)
		r := groups[0].Recipient
		if len(groups) != 1 || r.Reason != c.want || (r.Channel == notifier.Email) != (c.want == byEmail) || r.Address.IsZero() {
			t.Errorf("%+v: by %s, %q", c, r.Channel, r.Reason)
		}
		opts.Statute = nil
		groups, _ = run(t, opts, rows)
		if r := groups[0].Recipient; r.Reason != "" && c.unknown != UnknownPostal {
			t.Errorf("%+v: by %s, %q, and no law is asked", c, r.Channel, r.Reason)
		}
	}
}

// Who cannot or may not be told by email for another reason keeps it.
func TestStatuteLeavesReasons(t *testing.T) {
	listed := NewList()
	listed.Add(Entry{Number: notifier.NewAccountNumber("2")})
	ny := func(email, number string) notifier.Account { return row("Ann", "10001", "1", email, number, "pre") }
	for want, a := range map[string]notifier.Account{
		errNoAddress.Error(): ny("", "1"), errPlaceholder.Error(): ny("n/a", "1"), ReasonNoEmail: ny("a@example.com", "2"), ReasonConsent: ny("a@example.com", "1"),
	} {
		groups, _ := run(t, Options{NoEmail: listed, Statute: &Statute{Law: lawOf(t)}}, []notifier.Account{a})
		if r := groups[0].Recipient; r.Channel != notifier.Postal || r.Reason != want {
			t.Errorf("by %s, %q, want %q", r.Channel, r.Reason, want)
		}
	}
}

// The notice is asked for with the state that holds in the end.
func TestVariant(t *testing.T) {
	opts := Options{Languages: []string{"en", "es"}, Variant: func(state, language, types string) notifier.Variant {
		v := notifier.Variant{Template: "notice", Language: language, Types: types}
		if state == "" {
			v.Template = "base"
		}
		if state == "MA" {
			v.Template, v.Language, v.State = "own", "en", "MA"
		}
		return v
	}}
	for _, c := range []struct{ zip, email, language, unknown, want string }{
		{"97201", "a@example.com", "", "", "notice-en-prepaid en"},
		{"97201", "a@example.com", "es", "", "notice-es-prepaid es"},
		{"02134", "a@example.com", "es", "", "own-en-prepaid-MA en"},
		{"02134", "", "", "", "own-en-prepaid-MA en"}, // a letter says the same
		{"", "a@example.com", "es", "", "base-es-prepaid es"},
		{"", "a@example.com", "", UnknownPostal, "base-en-prepaid en"},
		{"", "a@example.com", "", "MA", "own-en-prepaid-MA en"},
	} {
		opts.UnknownState = c.unknown
		groups, _ := run(t, opts, []notifier.Account{row("Ann", c.zip, "1", c.email, "1", "pre", c.language)})
		if r := groups[0].Recipient; r.Variant.String()+" "+r.Language != c.want {
			t.Errorf("%+v: %s, %s", c, r.Variant, r.Language)
		}
	}
}

// What comes later changes nothing of a notice but its accounts and their types.
func TestMergeKeepsTheNotice(t *testing.T) {
	a := notifier.Recipient{
		State: "NY", Language: "es", Channel: notifier.Postal, Reason: ReasonConsent, Accounts: []notifier.Held{{Type: notifier.Prepaid}},
		Variant: notifier.Variant{Template: "own", Language: "es", Types: "prepaid", State: "NY"},
	}
	b := notifier.Recipient{
		State: "OR", Language: "en", Channel: notifier.Email, Consent: true, Accounts: []notifier.Held{{Type: notifier.Postpaid}},
		Variant: notifier.Variant{Template: "notice", Language: "en", Types: "postpaid"},
	}
	got, changed := Merge(a, b)
	if !changed || got.Variant.String() != "own-es-both-NY" || got.State != "NY" || got.Language != "es" || got.Channel != notifier.Postal || got.Reason != ReasonConsent {
		t.Errorf("%s, %s, %s, %s, %s", got.Variant, got.State, got.Language, got.Channel, got.Reason)
	}
}
