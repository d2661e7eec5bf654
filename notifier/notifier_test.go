package notifier

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// masked are values of each masked type, with what they hide.
var masked = []struct {
	value any
	clear string
	shown string
}{
	{NewName("Renée O'Hara"), "Renée O'Hara", "R*** O***"},
	{NewAddress("renee.ohara@example.com"), "renee.ohara", "r***@example.com"},
	{NewAddress("no address"), "no address", "***"},
	{NewPhone("+12065550142"), "+12065550142", "***42"},
	{NewAccountNumber("900123456"), "900123456", "***3456"},
	{NewAccountNumber("1234"), "1234", "***34"},
	{NewLine("Renée,98101,900123456"), "900123456", hidden},
	{NewCell("Pike Street 900123456"), "900123456", hidden},
}

func TestMaskedTypesNeverPrint(t *testing.T) {
	for _, m := range masked {
		if got := fmt.Sprint(m.value); got != m.shown {
			t.Errorf("%T prints %q, want %q", m.value, got, m.shown)
		}
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%T"} {
			fmt.Fprintf(&out, verb, m.value)
			fmt.Fprintf(&out, verb, []any{m.value})
			fmt.Fprintf(&out, verb, struct{ Field any }{m.value})
		}
		for _, h := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
			slog.New(h).Info("x", "value", m.value, "list", []any{m.value}, "struct", struct{ Field any }{m.value})
		}
		b, err := json.Marshal([]any{m.value, map[string]any{"k": m.value}})
		out.Write(b)
		if err != nil {
			t.Error(err)
		}
		b, err = xml.Marshal(struct {
			XMLName xml.Name `xml:"x"`
			Field   any
		}{Field: m.value})
		out.Write(b)
		if err != nil {
			t.Error(err)
		}
		if strings.Contains(out.String(), m.clear) || strings.Contains(out.String(), fmt.Sprintf("%x", m.clear)) {
			t.Errorf("%T was printed in clear:\n%s", m.value, out.String())
		}
	}
}

func TestKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := Key(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "key"))
		s := k.String()
		if len(s) != 26 || strings.ContainsAny(s, "ilou") {
			t.Fatalf("key %q", s)
		}
		for _, form := range []string{s, strings.ToUpper(s)} {
			back, err := ParseKey(form)
			if err != nil || back != k {
				t.Fatalf("ParseKey(%q) = %v, %v", form, back, err)
			}
		}
		if ref := k.Reference(); len(ref) != 11 || strings.ToLower(ref[:5]+ref[6:]) != s[:10] {
			t.Fatalf("reference %q of %q", ref, s)
		}
	})
	for _, bad := range []string{"", "abc", strings.Repeat("u", 26), strings.Repeat("0", 25) + "z", strings.Repeat("0", 27)} {
		if _, err := ParseKey(bad); err == nil {
			t.Errorf("ParseKey(%q) is taken", bad)
		}
	}
}

func TestKeysTellPeopleApart(t *testing.T) {
	a, b := []byte("secret a"), []byte("secret b")
	keys := map[Key]bool{
		KeyByEmail(a, "x@example.com", "ann"):   true,
		KeyByEmail(a, "x@example.com", "anna"):  true,
		KeyByEmail(a, "x@example.coma", "nn"):   true,
		KeyByEmail(b, "x@example.com", "ann"):   true,
		KeyByAccount(a, "x@example.com", "ann"): true,
		KeyByAccount(a, "1", "ann"):             true,
	}
	if len(keys) != 6 {
		t.Errorf("%d keys for 6 people", len(keys))
	}
	if KeyByEmail(a, "x", "y") != KeyByEmail(a, "x", "y") {
		t.Error("the same person has two keys")
	}
}

func TestCanonicalFormBindsEveryField(t *testing.T) {
	base := Recipient{
		Key: Key{1}, Name: NewName("a"), Address: NewAddress("b"), State: "CA", Language: "en", Channel: Email,
		Accounts: []Held{{NewAccountNumber("1"), Prepaid}}, Variant: Variant{"notice", "en", "prepaid", ""},
	}
	digest := func(change func(*Recipient)) Digest {
		r := base
		r.Accounts = append([]Held(nil), base.Accounts...)
		change(&r)
		return BlockDigest([]Recipient{r})
	}
	seen := map[Digest]int{digest(func(*Recipient) {}): -1}
	for i, change := range []func(*Recipient){
		func(r *Recipient) { r.Key[15] = 1 },
		func(r *Recipient) { r.Name = NewName("c") },
		func(r *Recipient) { r.Address = NewAddress("c") },
		func(r *Recipient) { r.Name, r.Address = NewName("b"), NewAddress("a") },
		func(r *Recipient) { r.State = "NY" },
		func(r *Recipient) { r.Language = "es" },
		func(r *Recipient) { r.Channel = Postal },
		func(r *Recipient) { r.Accounts[0].Number = NewAccountNumber("2") },
		func(r *Recipient) { r.Accounts[0].Type = Postpaid },
		func(r *Recipient) { r.Accounts = append(r.Accounts, Held{NewAccountNumber("2"), Prepaid}) },
		func(r *Recipient) { r.Accounts = nil },
		func(r *Recipient) { r.Variant.Template = "other" },
		func(r *Recipient) { r.Variant.Language = "es" },
		func(r *Recipient) { r.Variant.Types = "both" },
		func(r *Recipient) { r.Variant.State = "MA" },
	} {
		d := digest(change)
		if was, twice := seen[d]; twice {
			t.Errorf("change %d gives the digest of %d", i, was)
		}
		seen[d] = i
	}
}

func TestCleanLine(t *testing.T) {
	for s, want := range map[string]bool{"Ann": true, "Ünal 😀": true, "a\rb": false, "a\nb": false, "\x00": false, "\x7f": false, "\u0085": false, "": true} {
		if CleanLine(s) != want {
			t.Errorf("CleanLine(%q) = %v", s, !want)
		}
	}
}

func TestConceal(t *testing.T) {
	r := Recipient{
		Name: NewName("Zoë Ruiz"), Phone: NewPhone("+12065550101"), Address: NewAddress("zoe@example.com"),
		Accounts: []Held{{Number: NewAccountNumber("900121234")}, {Number: NewAccountNumber("55")}},
	}
	for text, want := range map[string]string{
		"ok": "ok", "": "",
		"no mailbox of zoë ruiz here":               "no mailbox of <recipient> here",
		"ZOË RUIZ, ZOË RUIZ":                        "<recipient>, <recipient>",
		"call +12065550101 or 2065550101":           "call <recipient> or <recipient>",
		"550 5.5.1 account 900121234 is closed, 55": "550 5.5.1 account <recipient> is closed, 55",
		"Zoë Rui":                     "Zoë Rui",
		"<recipient> Ruiz is unknown": "<recipient> is unknown",
	} {
		if got := r.Conceal(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	nobody := Recipient{}
	if got := nobody.Conceal("as it is"); got != "as it is" {
		t.Error(got)
	}
}

func FuzzConceal(f *testing.F) {
	f.Add("Zoë Ruiz", "of zoë ruiz", "900121234")
	f.Fuzz(func(t *testing.T, name, text, number string) {
		r := Recipient{Name: NewName(name), Accounts: []Held{{Number: NewAccountNumber(number)}}}
		got := r.Conceal(text)
		if len(name) >= 5 && strings.Contains(got, name) && !strings.Contains(Concealed, name) && !strings.Contains(text, Concealed) && !strings.Contains(name, "<") && !strings.Contains(name, ">") {
			t.Errorf("%q holds %q", got, name)
		}
	})
}
