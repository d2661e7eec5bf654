package campaign

import (
	"testing"
	"time"

	"breachmail/notifier"
	"breachmail/notifier/bounce"
)

// TestHeardVerdict gives the verdict by what is said about several messages and
// several addresses.
func TestHeardVerdict(t *testing.T) {
	fact := func(kind bounce.Kind, seconds int, id, to string) bounce.Fact {
		return bounce.Fact{Kind: kind, At: began.Add(time.Duration(seconds) * time.Second), RelayID: id, To: notifier.NewAddress(to), Source: notifier.Source{File: "logs/mail.log", Line: seconds}}
	}
	const ann, archive, alias = "Ann@example.com", "archive@example.net", "a.berg@mail.example"
	for name, tt := range map[string]struct {
		facts []bounce.Fact
		want  notifier.Status // empty: none
		note  string
	}{
		"taken":                      {[]bounce.Fact{fact(bounce.Taken, 1, "a", ""), fact(bounce.Taken, 2, "a", ann)}, notifier.Accepted, "mail.log:1"},
		"in any order":               {[]bounce.Fact{fact(bounce.Taken, 2, "a", ann), fact(bounce.Taken, 1, "a", "")}, notifier.Accepted, "mail.log:1"},
		"deferred":                   {[]bounce.Fact{fact(bounce.Deferred, 5, "a", ann)}, notifier.Accepted, "mail.log:5"},
		"returned, maybe for a time": {[]bounce.Fact{fact(bounce.Returned, 5, "a", ann)}, notifier.Accepted, "mail.log:5"},
		"bounced":                    {[]bounce.Fact{fact(bounce.Taken, 1, "a", ""), fact(bounce.Bounced, 3, "a", "ann@example.com")}, notifier.Bounced, "mail.log:3"},
		"for an alias":               {[]bounce.Fact{fact(bounce.Taken, 1, "a", ""), fact(bounce.Bounced, 3, "a", alias)}, notifier.Bounced, "mail.log:3"},
		"for nobody named":           {[]bounce.Fact{fact(bounce.Taken, 1, "a", ""), fact(bounce.Bounced, 3, "a", "")}, notifier.Bounced, "mail.log:3"},
		"the archive's only":         {[]bounce.Fact{fact(bounce.Bounced, 3, "a", archive), fact(bounce.Taken, 4, "a", ann)}, notifier.Accepted, "mail.log:3"},
		"not the archive's":          {[]bounce.Fact{fact(bounce.Bounced, 4, "a", ann), fact(bounce.Taken, 3, "a", archive)}, notifier.Bounced, "mail.log:4"},
		"a second one was taken":     {[]bounce.Fact{fact(bounce.Bounced, 3, "a", ann), fact(bounce.Taken, 9, "b", ann)}, notifier.Accepted, "mail.log:9"},
		"both came back":             {[]bounce.Fact{fact(bounce.Bounced, 9, "b", ann), fact(bounce.Bounced, 3, "a", ann)}, notifier.Bounced, "mail.log:9"},
		"refused":                    {[]bounce.Fact{fact(bounce.Rejected, 3, "a", ann)}, "", ""},
		"begun":                      {[]bounce.Fact{fact(bounce.Begun, 3, "a", "")}, "", ""},
	} {
		var h heard
		for _, f := range tt.facts {
			h.hear(f)
		}
		v, ok := h.verdict(&notifier.Recipient{Address: notifier.NewAddress(ann)})
		if ok != (tt.want != "") || v.Status != tt.want || v.Note != tt.note {
			t.Errorf("%s: %+v, want %s by %s", name, v, tt.want, tt.note)
		}
	}
}

// TestVerdictIsNobodys keeps no address with a verdict, and none of what was said
// where nobody can tell whose address stands in it.
func TestVerdictIsNobodys(t *testing.T) {
	f := bounce.Fact{Kind: bounce.Bounced, RelayID: "4Wq", Code: 550, To: notifier.NewAddress("a.berg@mail.example"), Reply: notifier.NewLine("<a.berg@mail.example> for ann@example.com (Ann Berg): unknown")}
	ann := notifier.Recipient{Key: notifier.Key{1}, Name: notifier.NewName("Ann Berg"), Address: notifier.NewAddress("ann@example.com")}
	if v := verdictBy(notifier.Bounced, &f, &ann); v.Reply != "<recipient> for <recipient> (<recipient>): unknown" || v.RelayID != "4Wq" || v.Key != ann.Key {
		t.Errorf("%+v", v)
	}
	if v := verdictBy(notifier.Bounced, &f, &notifier.Recipient{Key: ann.Key}); v.Reply != "" || v.Code != 550 || v.Key != ann.Key {
		t.Errorf("%+v", v)
	}
}
