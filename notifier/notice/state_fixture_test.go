package notice

import (
	"strings"
	"sync"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

// builtInLaw is the law data that breachmail brings along.
func builtInLaw(t testing.TB) *jurisdiction.Law {
	t.Helper()
	law, err := jurisdiction.Parse("law.csv", jurisdiction.BuiltIn())
	if err != nil {
		t.Fatal(err)
	}
	return law
}

// lawFrom reads law data of which only state, fact and value are given.
func lawFrom(t testing.TB, lines ...string) *jurisdiction.Law {
	t.Helper()
	var b strings.Builder
	b.WriteString("state,fact,value,source,source_date,checked_on,confidence\n")
	for _, l := range lines {
		b.WriteString(l + ",counsel,,,counsel\n")
	}
	law, err := jurisdiction.Parse("law.csv", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return law
}

// stateOptions are the test's options with everything that makes a variant.
func stateOptions(t testing.TB) Options {
	t.Helper()
	return withLaw(builtInLaw(t))
}

func withLaw(law *jurisdiction.Law) Options {
	o := testOptions()
	o.Law = law
	o.Incident.Affected, o.Incident.LawEnforcementDelay = "2,000,000", "no"
	o.Translations = map[string]Translation{"es": spanish()}
	return o
}

func spanish() Translation {
	return Translation{
		Subject:        "Aviso de filtración de datos",
		SignerTitle:    "Directora general",
		Hours:          "todos los días, de 8 a. m. a 8 p. m.",
		WhatHappened:   "Alguien ajeno a la empresa usó indebidamente una de nuestras interfaces y leyó\ninformación sobre las cuentas de algunos clientes. Cerramos ese acceso el mismo día.",
		WhatWeAreDoing: "Cerramos la vía de entrada, y *cada* solicitud a esa interfaz se comprueba ahora.\nHemos avisado a las autoridades.",
		WhatYouCanDo:   "Tal vez quiera cambiar el PIN de su cuenta, en cualquier tienda o por teléfono.",
		Involved:       []string{"nombre", "código postal de facturación", "número de teléfono", "correo electrónico", "número de cuenta", "tipo de cuenta (prepago o pospago)"},
	}
}

// stateNotice is compiled once for all tests, which change nothing in it but
// the shapes it keeps.
var stateNotice = sync.OnceValues(func() (*Notice, error) {
	law, err := jurisdiction.Parse("law.csv", jurisdiction.BuiltIn())
	if err != nil {
		return nil, err
	}
	return Compile(withLaw(law))
})

func testStateNotice(t testing.TB) *Notice {
	t.Helper()
	n, err := stateNotice()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// ofVariant returns r as somebody who gets that variant.
func ofVariant(r notifier.Recipient, v notifier.Variant) notifier.Recipient {
	from := sample(v)
	r.State, r.Language, r.Variant = from.State, v.Language, v
	return r
}
