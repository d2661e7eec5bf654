package campaign

import (
	"strings"
	"testing"

	"breachmail/notifier"
)

func TestReadWho(t *testing.T) {
	key := notifier.KeyByEmail(make([]byte, 32), "maria@example.com", "Maria").String()
	ref := key[:10]
	for _, c := range []struct{ in, as string }{
		{key, "key account_number phone"}, {strings.ToUpper(key), "key account_number phone"},
		{"<aug." + key + "@mail.example.com>", "key address"}, {"bounces+" + key + "@example.com", "key address"},
		{ref, "reference account_number phone"}, {strings.ToUpper(ref[:5] + "-" + ref[5:]), "reference account_number phone"},
		{strings.ToUpper(ref[:5] + " " + ref[5:]), "reference account_number phone"},
		{"Maria@Example.com", "address"}, {" <maria@example.com> ", "address"}, {"maria@localhost", ""}, {"@", ""}, {"a@b@c.example", ""},
		{"206-555-0101", "reference phone account_number"}, {"+1 (206) 555-0101", "phone account_number"}, {"+44 20 7946 0958", "phone account_number"},
		{"900121234", "phone account_number"}, {"AB-12", "phone account_number"}, {"Maria Okonkwo", "account_number"},
		{"7K3FQ-9QXP", "phone account_number"}, {"7K3FQ-9QXPU", "phone account_number"}, {"oil3f-9qxpa", "reference phone account_number"},
		{"", ""}, {"  ", ""}, {strings.Repeat("9", 200), ""},
	} {
		w := readWho(c.in)
		got := map[string]bool{}
		for _, as := range w.as() {
			got[as] = true
		}
		want := strings.Fields(c.as)
		if len(got) != len(want) {
			t.Errorf("%q can be %v, want %s", c.in, w.as(), c.as)
		}
		for _, as := range want {
			if !got[as] {
				t.Errorf("%q cannot be a %s", c.in, as)
			}
		}
	}
	// What it can be, in the form that recipients are compared in.
	for in, want := range map[string]who{
		"MARIA@EXAMPLE.com": {address: "maria@example.com"},
		"(206) 555 0101":    {phone: "12065550101", dialled: true, account: "2065550101"},
		"00-12 a":           {phone: "0012a", account: "0012a"},
	} {
		got := readWho(in)
		got.low, got.high = notifier.Key{}, notifier.Key{}
		if got != want {
			t.Errorf("%q is %+v, want %+v", in, got, want)
		}
	}
	w := readWho(ref)
	if k, _ := notifier.ParseKey(key); string(w.low[:]) > string(k[:]) || string(w.high[:]) < string(k[:]) {
		t.Error("a reference does not find its key")
	}
}
