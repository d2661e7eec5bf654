package review

import (
	"testing"

	"breachmail/notifier/jurisdiction"
)

// What laws require is said by a statement, not by its words alone.
func TestStatements(t *testing.T) {
	for _, c := range []struct {
		block, language string
		says, lacks     []string
	}{
		{jurisdiction.BlockDelay, "en", []string{
			"Law enforcement asked us to wait before telling you.", "This notice was not delayed by a law enforcement investigation.", "The police did not ask us to hold this letter.",
		}, []string{"Do not wait to call the police.", "This notice was delayed."}},
		{jurisdiction.BlockDelay, "es", []string{
			"Las autoridades nos pidieron que esperáramos antes de avisarle.", "Este aviso no se retrasó por una investigación de las autoridades.",
		}, []string{"No espere para llamar a la policía."}},
		{jurisdiction.BlockDataHeld, "en", []string{"You can ask us about the information we keep about you."}, []string{"You cannot ask about the information we keep."}},
		{jurisdiction.BlockVigilance, "en", []string{
			"Please remain vigilant for incidents of fraud and identity theft.", "While we have no evidence of misuse, we encourage you to stay alert.",
			"Review your account statements.", "We recommend reading your bank and card statements with care.", "You do not know who calls, so be vigilant.",
		}, []string{
			"There is no need to read your account statements or to stay alert.", "You do not have to review your account statements.", "We review your account statements.",
			"Statements are sent by post.", "It is not necessary, in our opinion, to monitor your account statements.",
		}},
		{jurisdiction.BlockVigilance, "es", []string{"Manténgase alerta.", "Revise sus estados de cuenta.", "Le recomendamos que revise sus facturas."}, []string{
			"No hace falta que revise sus estados de cuenta.", "No es necesario revisar sus facturas.", "Enviamos estados de cuenta.",
		}},
		{jurisdiction.BlockCreditReports, "en", []string{
			"Read your account statements with care, and look at your credit reports.", "Please obtain a free copy of your credit report.", "We suggest reviewing account statements and monitoring free credit reports.",
		}, []string{"The bureaus keep credit reports.", "There is no need to look at your credit reports.", "There is no need to read your statements, or to check your credit reports."}},
		{jurisdiction.BlockCreditReports, "es", []string{"Consulte sus informes de crédito.", "Revise sus reportes de crédito.", "Pida una copia gratuita de su reporte crediticio."}, []string{
			"Las agencias llevan sus informes de crédito.", "No es necesario consultar sus reportes de crédito.",
		}},
		{jurisdiction.BlockNoDataRequest, "en", []string{"Do not give personal information to anyone who writes to you.", "Never reply to such an email with a password."}, []string{
			"Give personal information to nobody.", "We do not share your personal information.", "We will never give anybody your password.",
		}},
		{jurisdiction.BlockNoDataRequest, "es", []string{"No dé información personal a nadie que le escriba.", "Nunca responda con su contraseña."}, []string{"Guardamos su información personal."}},
		{jurisdiction.BlockOfficesInform, "en", []string{
			"This office has information on how to avoid identity theft, and on fraud alerts and security freezes:",
			"You can obtain information from these sources about steps to avoid identity theft.", "The Federal Trade Commission tells you more about fraud alerts and security freezes.",
		}, []string{"Write to the offices below.", "If you suspect identity theft, call these offices.", "The Attorney General has no information on identity theft."}},
		{jurisdiction.BlockOfficesInform, "es", []string{"Esta oficina tiene información sobre cómo evitar el robo de identidad."}, []string{
			"Escriba a estas oficinas.", "Estas oficinas no tienen información sobre el robo de identidad.",
		}},
		{jurisdiction.BlockFraudAlert, "en", []string{"You can place a fraud alert on your credit report."}, []string{"Fraud alerts exist.", "You cannot place a fraud alert."}},
		{jurisdiction.BlockFraudAlert, "es", []string{"Puede poner gratis una alerta de fraude."}, []string{"No puede poner una alerta de fraude."}},
		{jurisdiction.BlockFreeze, "en", []string{
			"You have the right to a security freeze. It makes it harder for others. There is no charge to place it. To ask for one, write to each credit bureau below.",
			"To place a free security freeze, contact Equifax, Experian or TransUnion.",
		}, []string{
			"A security freeze is free.", "To ask for a security freeze, write to each credit bureau.", "A security freeze is not free of charge. To ask for one, write to each credit bureau.",
			"You do not have the right to a security freeze. It would be free of charge. Write to each credit bureau.", "Ask each credit bureau for a security freeze. Credit monitoring is free of charge.",
		}},
		{jurisdiction.BlockFreeze, "es", []string{
			"Tiene derecho a un congelamiento de seguridad. Ponerlo y quitarlo no cuesta nada. Para pedirlo, escriba a cada una de las agencias de crédito.",
		}, []string{"El congelamiento es gratis.", "Para pedir un congelamiento, escriba a las agencias de crédito."}},
		{jurisdiction.BlockPoliceReport, "en", []string{"You have the right to obtain any police report about this.", "You are entitled to get a copy of the police report."}, []string{
			"There is a police report.", "You have no right to a police report.", "You do not have the right to file a police report.",
		}},
		{jurisdiction.BlockPoliceReport, "es", []string{"Usted tiene derecho a presentar una denuncia ante la policía."}, []string{"No tiene derecho a un informe policial.", "Hay una denuncia."}},
		{jurisdiction.BlockReportTheft, "en", []string{
			"If you suspect identity theft, report it to your local police and to the offices named below.", "You may suspect identity theft. Report it to the Attorney General.",
		}, []string{"Our annual report mentions identity theft.", "We report identity theft to the police.", "You need not report identity theft to the police."}},
		{jurisdiction.BlockReportTheft, "es", []string{"Si sospecha un robo de identidad, denúncielo ante la policía local."}, []string{
			"Estas oficinas tienen información sobre cómo evitar el robo de identidad.", "No denuncie el robo de identidad ante la policía.",
		}},
		{jurisdiction.BlockFCRA, "en", []string{"The federal Fair Credit Reporting Act gives you rights. Among them: to see what is in your credit file."}, []string{
			"There is a Fair Credit Reporting Act.", "The Fair Credit Reporting Act gives you no rights. You have a credit file.",
		}},
		{jurisdiction.BlockFCRA, "es", []string{"La ley (Fair Credit Reporting Act) le da derechos. Entre ellos: ver qué hay en su historial de crédito."}, []string{"Existe el Fair Credit Reporting Act."}},
		{jurisdiction.BlockBureausByPhone, "en", []string{
			"When you call us at 1-800-555-0100, we also tell you how to reach the credit bureaus.", "You can call us free of charge. There you can also learn how to reach the credit bureaus.",
		}, []string{"Call us.", "To ask for one, write to each credit bureau below, call it, or use its web site.", "When you call us, we cannot tell you how to reach the credit bureaus."}},
		{jurisdiction.BlockBureausByPhone, "es", []string{"Cuando nos llame al 1-800-555-0100, también le diremos cómo comunicarse con las agencias de crédito."}, []string{
			"Escriba o llame a cada una de las agencias de crédito.",
		}},
	} {
		l := incidentLinter()
		for _, s := range c.says {
			if len(l.said(textOf(c.language, s), c.block)) == 0 {
				t.Errorf("%s does not see: %s", c.block, s)
			}
		}
		for _, s := range c.lacks {
			if len(l.said(textOf(c.language, s), c.block)) > 0 {
				t.Errorf("%s sees: %s", c.block, s)
			}
		}
	}
}

// Every statement is known in every language.
func TestStatementsOfLanguages(t *testing.T) {
	for block := range english().blocks {
		if len(spanish().blocks[block].words) == 0 || blockWords[block] == "" {
			t.Errorf("%s is not known in Spanish", block)
		}
	}
	if len(english().blocks) != len(spanish().blocks) || len(blockWords) != len(jurisdiction.Blocks) {
		t.Errorf("there are %d and %d statements, %d of %d blocks have words", len(english().blocks), len(spanish().blocks), len(blockWords), len(jurisdiction.Blocks))
	}
}

func TestTellsDiscovery(t *testing.T) {
	l := incidentLinter()
	for _, c := range []struct {
		language, text string
		want           bool
	}{
		{"en", "We discovered this on August 21, 2026.", true},
		{"en", "This happened on August 20, 2026, and we learned of it on August 21, 2026.", true},
		{"en", "On August 21, 2026, we found out about it and stopped it.", true},
		{"en", "We discovered and closed it on August 21, 2026.", true},
		{"en", "It ended on August 21, 2026. We discovered it on the same day.", true},
		{"en", "It happened between August 20, 2026 and August 21, 2026.", false},
		{"en", "We told the police on August 21, 2026. We discovered it earlier.", false},
		{"en", "It happened on August 20, 2026, and we discovered it on the same day.", false},
		{"en", "It happened on August 21, 2026, and we discovered it later.", false},
		{"es", "Lo descubrimos el 21 de agosto de 2026.", true},
		{"es", "Terminó el 21 de agosto de 2026, y lo descubrimos el mismo día.", true},
		{"es", "Esto sucedió el 21 de agosto de 2026.", false},
		{"fr", "2026-08-21.", true},
	} {
		w := textOf(c.language, c.text)
		w.days = daysIn(c.language, folded(c.text))
		if got := l.tellsDiscovery(w); got != c.want {
			t.Errorf("%s: got %v", c.text, got)
		}
	}
}

// All that is known of an office has to be said.
func TestLacksOf(t *testing.T) {
	o := jurisdiction.Office{Name: "Kansas Attorney General", Address: "1 Example Street", Phone: "555-555-0101 / 800-555-0102", Web: "ag.example.org"}
	for text, want := range map[string]int{
		"Kansas Attorney General, 1 Example Street, 555-555-0101 / 800-555-0102, ag.example.org":      0,
		"Kansas Attorney General, 1 Example Street, (555) 555-0101 or (800) 555-0102, ag.example.org": 0,
		"Kansas Attorney General, 1 Example Street, 555-555-0101, ag.example.org":                     1,
		"Kansas Attorney General, ag.example.org":                                                     2,
		"1 Example Street": 1,
	} {
		if got := textOf("en", text).lacksOf(o); len(got) != want {
			t.Errorf("%s: got %q", text, got)
		}
	}
	if got := textOf("en", "Kansas Consumers").lacksOf(jurisdiction.Office{Name: "Kansas Consumers"}); len(got) > 0 {
		t.Errorf("of what nobody knows: got %q", got)
	}
}
