package review

import (
	"testing"
	"time"

	"breachmail/notifier/notice"
)

func TestDeniesData(t *testing.T) {
	for _, c := range []struct {
		language string
		denies   bool
		list     []string
	}{
		{"en", true, []string{
			"Only your name and phone number were involved.", "The incident was limited to names and phone numbers.",
			"There is no indication that your Social Security number was used.", "We found no evidence that passwords were misused.",
			"We have not found any evidence that your information was read.",
			"It does not include your Social Security number.", "Payment data was not part of this incident.",
			"The attacker did not gain access to payment cards.", "They could not see your PIN.", "Your bank account was not part of this incident.",
			"It contained neither passwords nor card numbers.", "At no point was your credit card data in danger.",
			"We do not think that passwords were read.", "Call contents were not visible to them.", "We do not store card numbers in this system.",
			"Your payment details are safe.", "An outsider was unable to reach your bank account.",
		}},
		{"en", false, []string{
			"Your account is protected by a new safeguard that we added.", "We changed the locks, so your information is secure again.",
			"Our customer data is now encrypted, and access to it is protected by two factors.", "We will never ask for your password.",
			"Do not read out any account data: no account number, no address.", "Please do not copy account numbers.",
			"At no time will we ask for your password.", "If you did not access your account, call us.", "Please do not include your PIN in an email.", "Only you can change it.", "Most lenders cannot see your report while accounts are frozen.",
		}},
		{"es", true, []string{
			"No se filtraron contraseñas.", "No pudieron ver su PIN.", "Sus datos bancarios no formaban parte de los registros.",
			"No hay indicios de que se hayan obtenido números de seguro social.", "No robaron información financiera.",
			"Entre los datos no figuran contraseñas.", "Solo su nombre y su número de teléfono estuvieron involucrados.",
		}},
		{"es", false, []string{
			"Su cuenta está protegida con un PIN: cámbielo.", "Nunca le pediremos su contraseña.", "No dé información personal a nadie.", "Si no usó su tarjeta, avísenos.",
		}},
	} {
		for _, s := range c.list {
			if got := deniesData(c.language, s); got != c.denies {
				t.Errorf("%s: got %v", s, got)
			}
		}
	}
}

// The breach happened on November 18, 2026 and was discovered on the 20th.
func TestDateProblems(t *testing.T) {
	on := time.Date(2026, 11, 18, 0, 0, 0, 0, time.UTC)
	i := &notice.Incident{Occurred: notice.Range{From: on, To: on}, Discovered: on.AddDate(0, 0, 2)}
	for _, c := range []struct {
		language, text string
		want           bool
	}{
		{"en", "Our system was introduced on March 3, 2021.", false},
		{"en", "We have known of it since March 3, 2021.", true},
		{"en", "On November 18, 2026 we found that somebody had been in our systems.", true},
		{"en", "On November 20, 2026 we found that somebody had been in our systems.", false},
		{"en", "On November 19, 2026, an outsider copied records.", true},
		{"en", "On November 18, 2026, an outsider copied records.", false},
		{"en", "We discovered on November 20, 2026 that someone had read this on November 18, 2026.", false},
		{"en", "Please read this notice by November 30, 2026.", false},
		{"es", "El sistema fue introducido el 3 de marzo de 2021.", false},
		{"es", "El 19 de noviembre de 2026, alguien copió registros.", true},
		{"es", "El 18 de noviembre de 2026, alguien copió registros.", false},
	} {
		if got := dateProblems(i, c.language, c.text); len(got) > 0 != c.want {
			t.Errorf("%s: got %+v", c.text, got)
		}
	}
}
