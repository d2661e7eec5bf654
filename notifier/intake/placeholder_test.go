package intake

import "testing"

func TestPlaceholders(t *testing.T) {
	configured, err := newPlaceholders([]string{"Kunde@Example.com", "fehlt@", "@leer.example", "@bücher.example", " Keine ", "ask@ask"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		of   *placeholders
		yes  []string
		no   []string
		name string
	}{
		{new(placeholders), []string{
			"n/a", "N/A", "none", "NULL", "-", "no email", "none@none.example", "None@Example.com", "noemail@example.com", " none ",
			"No.Email@example.com", "no-email@example.com", "na@na.example", "test@test.example", "TEST@Test.example", "x@x.example",
			"not_provided@example.com", "n/a@n/a", "none@none", "test@test.test", "no-reply@example.com",
		}, []string{
			"na@example.com", "nona@example.com", "test.driver@example.com", "nullman@example.com", "noel.mail@example.com", "x@example.com",
			"test@testing.example", "kunde@example.com", "fehlt@example.com", "ann@leer.example",
		}, "built in"},
		{configured, []string{
			"none", "kunde@example.com", "KUNDE@example.com", "fehlt@example.com", "Fehlt@example.org", "ann@leer.example", "ANN@LEER.example",
			"ann@BÜCHER.example", "\u200ekeine\u200f", "keine", "KEINE", "ask@ask",
		}, []string{"kunde@example.org", "kunde1@example.com", "fehlt.nicht@example.com", "ann@mail.leer.example", "keine@example.com", "ask@example.com"}, "configured"},
	} {
		for _, s := range c.yes {
			if got, err := c.of.judgeEmail(s); err != errPlaceholder || got != "" {
				t.Errorf("%s: %q is no placeholder: %q, %v", c.name, s, got, err)
			}
		}
		for _, s := range c.no {
			if _, err := c.of.judgeEmail(s); err != nil {
				t.Errorf("%s: %q: %v", c.name, s, err)
			}
		}
	}
	for word := range placeholderLocals {
		if len(word) > longestLocal {
			t.Errorf("%s is longer than is looked at", word)
		}
	}
}
