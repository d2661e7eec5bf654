package review

import (
	"slices"
	"strings"
	"testing"
	"time"

	"breachmail/notifier/notice"
)

// textOf is a wording that says nothing but some text.
func textOf(language, text string) *wording {
	w := &wording{language: language, doc: &document{}, text: text, sentences: sentences(text)}
	w.words = " " + plainWords(text) + " "
	return w
}

// incidentLinter knows an incident that happened on August 20 and was
// discovered on August 21, 2026.
func incidentLinter() *linter {
	on := time.Date(2026, 8, 20, 0, 0, 0, 0, time.UTC)
	return newLinter(Material{Incident: notice.Incident{
		Occurred: notice.Range{From: on, To: on}, Discovered: on.AddDate(0, 0, 1), NoticeDate: on.AddDate(0, 0, 4), Affected: "51,007",
		Contact: notice.Contact{Phone: "617-555-0100"},
	}, Translations: map[string]notice.Translation{"es": {}}})
}

func TestNature(t *testing.T) {
	for _, c := range []struct {
		language string
		tells    bool
		list     []string
	}{
		{"en", true, []string{
			"A criminal gained entry to our servers and copied the records of our customers.",
			"Your information was sent by mistake to another customer on August 20, 2026.",
			"The people who got in through our web site saw account PINs, so please change yours.",
			"Hackers did it.",
			"A laptop was taken from a car.",
			"An employee lost a device with your information on it.",
			"Someone entered our building and took records.",
			"Thieves broke into one of our offices.",
			"It was ransomware.",
			"An unauthorised person looked at your account.",
			"A former employee used your information without permission.",
			"Criminals stole your name, if you want to know.",
			"Your information was involved when an attacker copied a file.",
			"Phishing is how a scammer accessed our systems.",
			"Due to a mistake, your bill was visible to others.",
			"It concerns what we found on August 21, 2026.",
			"This is about the 20th of August.",
			"It goes back to 2026-08-20.",
			"We discovered it on August 21.",
			"This happened in August 2026.",
			"It happened last week.",
			"Our systems were compromised.",
			"An email with your details went to the wrong person.",
			"Your records were posted on the internet.",
			"They were able to see your name.",
			"A software bug showed your bill to other customers.",
		}},
		{"en", false, []string{
			"I am writing because information you trusted us with was involved in a data breach at Northwind Mobile.",
			"August 24, 2026",
			"If you are the victim of identity theft, you also have the right to file a police report and to get a copy of it.",
			"It makes it harder for criminals to open accounts in your name, since most lenders cannot see your report while it lasts.",
			"Criminals may pretend to be us.",
			"Criminals who have such information may call you.",
			"Report a lost or stolen phone to us.",
			"If someone opened an account in your name, close it.",
			"Be careful with calls, texts and emails from scammers.",
			"You may want to change the PIN of your account, in any store or on our web site.",
			"If your information was stolen, you can report it to the police.",
			"If you received this in error, tell us.",
			"Nobody can change it without your permission.",
			"Look for charges you did not authorize, and dispute what is wrong.",
			"To ask for one, write to each credit bureau below, call it, or use its web site.",
			"You can enroll by November 30, 2026.",
			"A copy of this notice was mailed to you, and has been posted on our web site.",
			"We pay for one year of credit monitoring for everyone who wants it.",
		}},
		{"es", true, []string{
			"Unos ladrones entraron en nuestros servidores y se llevaron sus datos.",
			"Enviamos su información por error a otro cliente.",
			"Copiaron los registros de nuestros clientes.",
			"Robaron una computadora portátil.",
			"Alguien leyó sus datos sin permiso.",
			"Fue el 20 de agosto de 2026.",
			"Lo descubrimos el 21 de agosto.",
			"Fue un ataque a una de nuestras redes.",
			"Una persona no autorizada vio su cuenta.",
			"Sucedió en agosto de 2026.",
			"Nuestros sistemas fueron atacados.",
			"Mandamos sus datos a otra persona.",
		}},
		{"es", false, []string{
			"Le escribo porque información que usted nos confió estuvo involucrada en una filtración de datos en Northwind Mobile.",
			"24 de agosto de 2026",
			"Si es víctima de un robo de identidad, también tiene derecho a presentar una denuncia ante la policía.",
			"Hace más difícil que los delincuentes abran cuentas a su nombre.",
			"Los estafadores pueden hacerse pasar por nosotros.",
			"Los ladrones de identidad suelen esperar.",
			"Protéjase de los ladrones de identidad.",
			"Nadie puede cambiarlo sin su permiso.",
			"Si recibió este aviso por error, avísenos.",
			"Pagamos un año de vigilancia de crédito a quien lo quiera.",
			"Puede cambiar el PIN de su cuenta en cualquier tienda o por teléfono.",
		}},
	} {
		l := incidentLinter()
		for _, s := range c.list {
			if got := len(l.nature(textOf(c.language, s))) > 0; got != c.tells {
				t.Errorf("%s: got %v", s, got)
			}
		}
	}
}

// The date of the notice stays the date of the notice where the breach was
// discovered on that day.
func TestNatureOnOneDay(t *testing.T) {
	l := incidentLinter()
	l.Incident.Discovered = l.Incident.NoticeDate
	for s, want := range map[string]int{"August 24, 2026": 0, "We discovered it on August 24, 2026.": 1, "August 20, 2026": 1} {
		if got := l.nature(textOf("en", s)); len(got) != want {
			t.Errorf("%s: got %q", s, got)
		}
	}
}

func TestCounts(t *testing.T) {
	for _, c := range []struct {
		language string
		tells    bool
		list     []string
	}{
		{"en", true, []string{
			"About 3 percent of our customers are affected.", "It was three percent.", "That is 0.5% of all accounts.", "100 percent of our customers are affected.",
			"This concerns you and 41 others in Massachusetts.", "Of these, 41 live in Illinois.", "There were 41 in Illinois.", "There were 8 from Illinois.",
			"About two million of our customers are affected.", "It concerns 51,007 people.", "In all: 51,007.", "Forty-one residents are affected.", "Three customers are affected.",
			"Dozens of subscribers are affected.", "Half of our customers are affected.", "One in ten customers is affected.", "We sent 2,000 emails to 1,900 Illinois residents.",
			"The number of residents affected is 41.", "Residents affected: 41", "You are among 2 million.",
			"Roughly 2M customers are affected.", "Roughly 2M customers",
		}},
		{"en", false, []string{
			"Our 300 customer service people can help you.", "A team of 300 people answers your calls.", "The 300 people who answer our telephones can help.",
			"We are 100% sorry.", "Customers have trusted us since 1999.", "In 2018 customers could choose.", "You have two rights as a consumer.",
			"Call us 24 hours a day.", "Your two accounts are listed above.", "500 South Second Street, Springfield IL 62701, Illinois", "It lasts 12 months for customers.",
			"Each of the three credit bureaus has one.", "One of our people calls you.",
			"For customers: 1-800-555-0100", "For our customers: 24 hours a day", "Call between 9 and 5 in Illinois.", "It pays up to $1,000,000 of losses for members.",
			"On 18 November 2026 an unauthorized person read customer records.", "On November 18 2026 an unknown person read customer records.", "Call 206 555 0177 or account services for customers.",
			"Have your 206 555 0177 or account number ready.",
		}},
		{"es", true, []string{
			"Cerca del 3 por ciento de nuestros clientes están afectados.", "Fue el tres por ciento.", "Esto le concierne a usted y a otras 41 personas.", "Usted y 41 más están afectados.",
			"De ellos, 41 viven en Illinois.", "Hubo 41 en Illinois.", "Unos dos millones de clientes están afectados.", "Cuarenta y un residentes están afectados.", "La mitad de nuestros clientes están afectados.",
		}},
		{"es", false, []string{
			"Nuestras 300 personas de servicio al cliente pueden ayudarle.", "Un equipo de 300 personas contesta sus llamadas.", "Los clientes confían en nosotros desde 1999.",
			"Llámenos las 24 horas.", "Cada una de las tres agencias de crédito tiene uno.", "Sus dos cuentas están en la lista.",
		}},
	} {
		l := incidentLinter()
		l.Law = mustParse(t, lawOf("US", "IL"))
		for _, s := range c.list {
			if got := len(l.counts(textOf(c.language, s), "IL")) > 0; got != c.tells {
				t.Errorf("%s: got %v", s, got)
			}
		}
	}
}

func TestTollFree(t *testing.T) {
	for _, c := range []struct {
		language string
		claims   bool
		list     []string
	}{
		{"en", true, []string{
			"You can call us free of charge at 617-555-0100.", "Our toll-free number is 617-555-0100.", "You can call us toll-free.", "Calls are free at 617-555-0100.",
			"Call us for free at 617-555-0100, or write to us.", "Reach our toll free line.",
		}},
		{"en", false, []string{
			"You can call us free of charge at 1-800-555-0100.", "Call 617-555-0100.", "You may place a security freeze, free of charge; we are at 617-555-0100.",
			"The number 617-555-0100 is not toll-free.", "Attorney General, 410-555-0101; toll-free 888-555-0102", "Call 888-555-0102 (toll-free), 410-555-0101.",
			"Call the credit bureaus toll-free.", "Toll-free since 2026-08-20: 800-555-0100.",
		}},
		{"es", true, []string{"Puede llamarnos gratis al 617-555-0100.", "Nuestro número gratuito es 617-555-0100.", "Llámenos sin costo."}},
		{"es", false, []string{"Puede llamarnos gratis al 1-800-555-0100.", "Ponerlo es gratis; estamos en el 617-555-0100."}},
	} {
		l := incidentLinter()
		for _, s := range c.list {
			if got := tollFreeProblems(l, c.language, s); len(got) > 0 != c.claims {
				t.Errorf("%s: got %+v", s, got)
			}
		}
	}
}

// Counsel is asked once for each line of campaign.yaml, and never by an error.
func TestNatureQuestions(t *testing.T) {
	c := newCampaign(t)
	c.Incident.WhatYouCanDo = "Change the PIN of your account. Shut that door.\n\nAsk in any store."
	c.config = "campaign: aug-2018\nincident:\n  what_you_can_do: |\n    Change the PIN of your account. Shut that door.\n\n    Ask in any store.\n  services: " + c.Incident.Services + "\n"
	c.toState("MA")
	var at []string
	for _, f := range c.lint(t) {
		at = append(at, f.At()+" "+string(f.Level)+" "+f.Name())
		if !strings.Contains(f.Text, `Massachusetts forbids describing what happened (`) || !strings.Contains(f.Text, `whether this does: "`) {
			t.Errorf("got %s", f.Text)
		}
	}
	want := []string{"campaign.yaml:4 warning forbidden-block:MA", "campaign.yaml:6 warning forbidden-block:MA", "campaign.yaml:7 warning forbidden-block:MA"}
	if !slices.Equal(at, want) {
		t.Errorf("got %q", at)
	}
	c.Incident.WhatYouCanDo = "The people who got in through our web site saw account PINs, so change yours."
	c.config = "incident:\n  what_you_can_do: " + c.Incident.WhatYouCanDo + "\n"
	list := c.lint(t)
	if len(list) == 0 || list[0].Level != Error || list[0].Name() != "forbidden-block:MA" || list[0].At() != "campaign.yaml:2" {
		t.Errorf("got\n%s", lines(list))
	}
}
