package review

import (
	"slices"
	"strings"
	"testing"

	"breachmail/notifier/notice"
)

const baseEnglish, baseSpanish = "notice.en.md", "notice.es.md"

// Every rule, with what breaks it. That the built-in notice breaks none is
// TestEveryState.
func TestRules(t *testing.T) {
	say := func(paragraph string) func(testing.TB, *campaign) {
		return func(_ testing.TB, c *campaign) { c.add(baseEnglish, paragraph) }
	}
	spanish := func(paragraph string) func(testing.TB, *campaign) {
		return func(_ testing.TB, c *campaign) { c.add(baseSpanish, paragraph) }
	}
	page := func(markup string) func(testing.TB, *campaign) {
		return func(t testing.TB, c *campaign) { c.replace(t, "layout.html", "</body>", markup+"\n</body>") }
	}
	style := func(css string) func(testing.TB, *campaign) {
		return func(t testing.TB, c *campaign) { c.replace(t, "layout.html", "</style>", css+"\n</style>") }
	}
	for _, r := range []struct {
		name   string
		rule   string
		level  Level
		file   string
		change func(testing.TB, *campaign)
		text   string
	}{
		{"TODO", RuleTODO, Error, baseEnglish, say("We are sorry, TODO."), "TODO"},
		{"TODO of a fact", RuleTODO, Error, "campaign.yaml", func(_ testing.TB, c *campaign) {
			c.Incident.WhatHappened += " TODO: say how."
			c.config = strings.Replace(c.config, "on the same day.", "on the same day. TODO: say how.", 1)
		}, "TODO"},
		{"TODO in the subject", RuleTODO, Error, "campaign.yaml", func(_ testing.TB, c *campaign) { c.Sender.Subject = "TODO" }, "TODO"},

		{"TODO in Spanish", RuleTODO, Error, "campaign.yaml", func(_ testing.TB, c *campaign) {
			tr := c.Translations["es"]
			tr.WhatYouCanDo = "TODO"
			c.Translations["es"] = tr
			c.config += "  translations:\n    es: {what_you_can_do: TODO}\n"
		}, "TODO"},

		{"denial", RuleNotInvolved, Error, baseEnglish, say("Your passwords were not exposed."), "passwords"},
		{"denial of all else", RuleNotInvolved, Error, baseEnglish, say("Nothing else was taken."), "Nothing else"},
		{"denial by no", RuleNotInvolved, Error, baseEnglish, say("No financial data and no social security numbers were compromised."), "No financial"},
		{"denial in the past", RuleNotInvolved, Error, baseEnglish, say("The files did not contain card numbers."), "card numbers"},
		{"reassurance", RuleNotInvolved, Error, baseEnglish, say("Your payment details are safe."), "safe"},
		{"denial in the facts", RuleNotInvolved, Error, "campaign.yaml", func(_ testing.TB, c *campaign) {
			c.Incident.WhatHappened += " No passwords were compromised."
			c.config = strings.Replace(c.config, "on the same day.", "on the same day. No passwords were compromised.", 1)
		}, "No passwords"},
		{"denial by belief", RuleNotInvolved, Error, baseEnglish, say("We have no reason to believe that your Social Security number was accessed."), "Social Security"},
		{"denial with an adverb", RuleNotInvolved, Error, baseEnglish, say("Your PIN was not directly exposed."), "PIN"},
		{"denial in short", RuleNotInvolved, Error, baseEnglish, say("Passwords: not affected."), "not affected"},
		{"denial by none in Spanish", RuleNotInvolved, Error, baseSpanish, spanish("Ninguna contraseña fue obtenida."), "contraseña"},
		{"denial in Spanish", RuleNotInvolved, Error, baseSpanish, spanish("Sus contraseñas no se vieron afectadas."), "contraseñas"},

		{"toll-free", RuleTollFree, Error, baseEnglish, say("You can call us toll-free at 206-555-0123."), "not toll-free"},
		{"toll-free in the contact", RuleTollFree, Error, baseEnglish, func(t testing.TB, c *campaign) {
			c.Incident.Contact.Phone = "206-555-0123"
			c.replace(t, baseEnglish, "**By phone:**", "**By phone, free of charge:** our number is free:")
		}, "not toll-free"},
		{"toll-free in Spanish", RuleTollFree, Error, baseSpanish, spanish("Puede llamarnos gratis al 206-555-0123."), "not toll-free"},

		{"before it began", RuleDate, Error, baseEnglish, say("We have known since August 1, 2018."), "before the incident"},
		{"another discovery", RuleDate, Error, baseEnglish, say("On August 30, 2018 we learned of it."), "discovered"},
		{"discovered when it happened", RuleDate, Error, baseEnglish, say("It happened on August 20, 2018, and we noticed it on August 20, 2018."), "discovered"},
		{"happened later", RuleDate, Error, baseEnglish, say("It took place on 2018-08-24."), "happened"},
		{"a date in Spanish", RuleDate, Error, baseSpanish, spanish("Lo descubrimos el 2 de septiembre de 2018."), "discovered"},
		{"a short date", RuleDate, Error, baseEnglish, say("It occurred on 9/2/2018."), "happened"},

		{"shortener", RuleShortener, Error, baseEnglish, say("See https://bit.ly/2abc."), "bit.ly"},
		{"shortener without scheme", RuleShortener, Error, baseEnglish, say("See t.co/2abc for more."), "t.co"},
		{"tracking", RuleShortener, Error, baseEnglish, say("See <https://click.sendgrid.net/x>."), "sendgrid.net"},
		{"redirection", RuleShortener, Error, baseEnglish, say("See <https://www.example.com/go?to=https%3A%2F%2Fexample.net>."), "www.example.com/go"},
		{"redirection in a path", RuleShortener, Error, baseEnglish, say("See <https://www.example.com/out/http://example.net/x>."), "/out/"},
		{"redirection without scheme", RuleShortener, Error, baseEnglish, say("See www.example.com/go?u=//example.net for more."), "?u="},
		{"redirection escaped twice", RuleShortener, Error, baseEnglish, say("See <https://www.example.com/go?to=https%253A%252F%252Fexample.net>."), "%253A"},
		{"redirection in a fragment", RuleShortener, Error, baseEnglish, say("See <https://www.example.com/go#https://example.net>."), "#https"},
		{"link shows another", RuleLinkText, Error, baseEnglish, say("See [www.example.com](https://www.example.net/notice)."), "opens https://www.example.net"},
		{"link shows another path", RuleLinkText, Error, baseEnglish, say("See [www.example.com/a](https://www.example.com/b)."), "opens"},
		{"link shows another address", RuleLinkText, Error, baseEnglish, say("Write to [privacy@example.com](mailto:other@example.com)."), "another email"},
		{"two links", RuleOneLink, Error, baseEnglish, say("See https://www.example.com/other."), "2 links"},
		{"foreign link", RuleLinkDomain, Error, baseEnglish, say("See [our page](https://northwind.example/notice)."), "northwind.example"},
		{"regulator as a link", RuleLinkDomain, Error, baseEnglish, say("See [the FTC](https://www.ftc.gov)."), "ftc.gov"},
		{"picture", RuleRemoteContent, Error, "layout.html", page(`<img src="https://www.example.com/logo.png" alt="">`), "<img>"},
		{"style sheet", RuleRemoteContent, Error, "layout.html", page(`<link rel="stylesheet" href="https://www.example.com/a.css">`), "<link>"},
		{"style that loads", RuleRemoteContent, Error, "layout.html", style(`body{background:url(https://www.example.com/a.png)}`), "style"},
		{"import", RuleRemoteContent, Error, "layout.html", style(`@import "https://www.example.com/a.css";`), "style"},
		{"background", RuleRemoteContent, Error, "layout.html", page(`<table background="https://www.example.com/a.png"></table>`), "background"},
		{"refresh", RuleRemoteContent, Error, "layout.html", page(`<meta http-equiv="refresh" content="0">`), "elsewhere"},
		{"form", RuleForm, Error, "layout.html", page(`<form><input name="pin"></form>`), "<form>"},
		{"script", RuleScript, Error, "layout.html", page(`<script>1</script>`), "script"},
		{"script of an attribute", RuleScript, Error, "layout.html", page(`<p onclick="1">x</p>`), "onclick"},
		{"script of a link", RuleScript, Error, "layout.html", page(`<a href="javascript:1">x</a>`), "script"},
		{"data along", RuleAttachment, Error, "layout.html", page(`<a href="data:text/html,x">x</a>`), "brings along"},
		{"part along", RuleAttachment, Error, "layout.html", page(`<img src="cid:1" alt="">`), "brings"},
		{"personal link", RulePersonalLink, Error, "layout.html", page(`<a href="https://www.example.com/notice?r={{.Reference}}">our page</a>`), "same for everybody"},
		{"personal address to type", RulePersonalLink, Error, baseEnglish, func(t testing.TB, c *campaign) {
			c.replace(t, baseEnglish, "type {{.Contact.Web}} into", "type {{.Contact.Web}}?r={{.Reference}} into")
		}, "same for everybody"},
		{"personal link of the nameless", RulePersonalLink, Error, baseEnglish, say("{{if not .Name}}\nLook at www.example.com/{{.Reference}} please.\n{{end}}"), "same for everybody"},
		{"data request", RuleDataRequest, Error, baseEnglish, say("Please reply with your date of birth."), "date of birth"},
		{"confirm", RuleDataRequest, Error, baseEnglish, say("Please verify your account."), "verify your account"},
		{"confirm somebody's", RuleDataRequest, Error, baseEnglish, say("Please verify your account 9900004821 at jane@example.com."), "***21 at j***@example.com"},
		{"log in", RuleDataRequest, Error, baseEnglish, say("Log in to see more."), "Log in"},
		{"click", RuleDataRequest, Error, baseEnglish, say("If this was not you, or you do not know it, click below."), "click"},
		{"threat and request", RuleDataRequest, Error, baseEnglish, say("To avoid trouble, confirm your identity."), "confirm your identity"},
		{"click after a promise", RuleDataRequest, Error, baseEnglish, say("We never ask for a PIN, but please click below."), "click"},
		{"data request in Spanish", RuleDataRequest, Error, baseSpanish, spanish("Envíenos su fecha de nacimiento."), "fecha de nacimiento"},
		{"click in Spanish", RuleDataRequest, Error, baseSpanish, spanish("Haga clic abajo."), "clic"},
		{"urgency", RuleUrgency, Warning, baseEnglish, say("Your account will be suspended."), "your account will be suspended"},
		{"urgency in the subject", RuleUrgency, Warning, "campaign.yaml", func(_ testing.TB, c *campaign) { c.Sender.Subject = "URGENT: Notice of Data Breach" }, "urgent"},
		{"urgency in Spanish", RuleUrgency, Warning, baseSpanish, spanish("Actúe ya."), "actue ya"},

		{"text size", RuleTextSize, Error, "layout.html", style(`p{font-size:9pt}`), "9 points"},
		{"text size in pixels", RuleTextSize, Error, "layout.html", page(`<p style="font-size: 13px">x</p>`), "9.75 points"},
		{"text size in em", RuleTextSize, Error, "layout.html", style(`p{font:italic .8em/1.5 serif}`), "9.6 points"},
		{"text size in percent", RuleTextSize, Error, "layout.html", style(`p{font-size:80%}`), "9.6 points"},
		{"text size by name", RuleTextSize, Error, "layout.html", style(`p{font-size:x-small}`), "7.5 points"},
		{"text size of old", RuleTextSize, Error, "layout.html", page(`<font size="1">x</font>`), "7.5 points"},

		{"text size of calc", RuleTextSize, Error, "layout.html", style(`p{font-size:calc(8px)}`), "6 points"},
		{"text size of a sum", RuleTextSize, Error, "layout.html", style(`p{font-size:calc(1em - 4px)}`), "9 points"},
		{"text size of clamp", RuleTextSize, Error, "layout.html", style(`p{font-size:clamp(8px, 2em, 20px)}`), "6 points"},
		{"smaller text", RuleTextSize, Error, "layout.html", style(`p{font-size:smaller}`), "smaller"},
		{"small text", RuleTextSize, Error, "layout.html", page(`<small>x</small>`), "<small>"},
		{"small heading", RuleTextSize, Error, baseEnglish, say("###### Small"), "<h6>"},
		{"heading of level five", RuleTextSize, Error, baseEnglish, say("##### Small"), "<h5>"},
		{"set of pictures", RuleRemoteContent, Error, "layout.html", style(`body{background:image-set("https://www.example.com/a.png" 1x)}`), "pictures"},
		{"escaped url", RuleRemoteContent, Error, "layout.html", style(`body{background:u\72l(https://www.example.com/a.png)}`), "style"},
		{"escaped import", RuleRemoteContent, Error, "layout.html", style(`@\69mport "https://www.example.com/a.css";`), "another"},
		{"phone number", RuleFullNumber, Error, baseEnglish, say("Call Ms. Doe: 206-555-0123."), "***23"},
		{"account number", RuleFullNumber, Error, baseEnglish, say("Account 9900004821."), "***21"},
		{"foreign address", RuleForeignAddress, Error, baseEnglish, say("Write to jane.doe@example.org."), "j***@example.org"},
		{"foreign address in a link", RuleForeignAddress, Error, "layout.html", page(`<a href="mailto:jane@example.org">write</a>`), "j***@example.org"},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			c := newCampaign(t)
			if !strings.Contains(r.name, "Spanish") {
				c.base()
			}
			r.change(t, c)
			list := c.lint(t)
			i := slices.IndexFunc(list, func(f Finding) bool { return f.Rule == r.rule })
			if i < 0 {
				t.Fatalf("no finding of %s among %+v", r.rule, list)
			}
			f := list[i]
			if f.Level != r.level || !strings.HasSuffix(f.File, r.file) || f.Line == 0 || !strings.Contains(f.Text, r.text) || f.Variant == "" || f.Variants == 0 {
				t.Errorf("got %+v", f)
			}
			if strings.Contains(f.Text, "206-555-0123") || strings.Contains(f.Text, "9900004821") || strings.Contains(f.Text, "jane") {
				t.Errorf("the text shows personal data: %s", f.Text)
			}
		})
	}
}

// What reads like something a rule is after, and is not.
func TestRulesLetPass(t *testing.T) {
	for _, s := range []string{
		"We will never ask you to click a link, to log in or to confirm your account.",
		"Be careful with emails that ask you to click, log in or give a password.",
		"Give each credit bureau your Social Security number.",
		"If somebody asks for your PIN, do not give a PIN or any password.",
		"We immediately shut that access.",
		"We discovered on August 23, 2018 that someone had read this on August 21, 2018.",
		"Call 1-800-555-0100, or write to privacy@example.com.",
		"A freeze does not affect your credit score.",
		"You can also type www.example.com into your browser.",
		"We will give you a new PIN in any store.",
		"Someone who is not an employee accessed your information.",
		"No action is needed for your account to be included in the offer.",
		"We reported this to the police on August 25, 2018, and you can enroll by November 30, 2018.",
	} {
		c := newCampaign(t)
		c.base()
		c.add(baseEnglish, s)
		for _, f := range c.lint(t) {
			t.Errorf("%s: got %+v", s, f)
		}
	}
	for _, s := range []string{
		"Hubo un acceso no autorizado a la información incluida en su cuenta.",
		"Nunca le pediremos que haga clic en un enlace ni que confirme su cuenta.",
		"Tenga cuidado con los correos que le pidan hacer clic o dar una contraseña.",
		"Lo descubrimos el 23 de agosto de 2018, y sucedió el 21 de agosto de 2018.",
		"Le daremos un PIN nuevo en cualquier tienda.",
	} {
		c := newCampaign(t)
		c.add(baseSpanish, s)
		for _, f := range c.lint(t) {
			t.Errorf("%s: got %+v", s, f)
		}
	}
}

// What incident.data_not_involved says may be said.
func TestDeniedByTheIncident(t *testing.T) {
	c := newCampaign(t)
	c.Incident.NotInvolved = []string{"passwords were not accessed"}
	tr := c.Translations["es"]
	tr.NotInvolved = []string{"las contraseñas no fueron obtenidas"}
	c.Translations["es"] = tr
	if list := c.lint(t); len(list) > 0 {
		t.Errorf("got %+v", list)
	}
	c.change = func(m *Material) { m.Bare = nil }
	if list := c.lint(t); len(list) == 0 || list[0].Rule != RuleNotInvolved {
		t.Errorf("got %+v", list)
	}
}

// In a language whose words nobody wrote down, the rules about words say so,
// and the others go on.
func TestUnknownLanguage(t *testing.T) {
	c := newCampaign(t)
	c.file("notice.fr.md", func(string) string { return "# Avis\n\nBonjour {{.Reference}}. Voir https://bit.ly/a.\n" })
	c.Translations["fr"] = notice.Translation{Subject: "Avis", WhatHappened: "Un.", WhatWeAreDoing: "Deux.", WhatYouCanDo: "Trois.", Involved: []string{"nom"}}
	if tr := c.Translations["fr"]; c.Incident.Services != "" {
		tr.Services = "Quatre."
		c.Translations["fr"] = tr
	}
	var rules []string
	for _, f := range c.lint(t) {
		rules = append(rules, string(f.Level)+" "+f.Rule+" "+f.File)
	}
	want := []string{"error shortener templates/notice.fr.md", "warning language templates/notice.fr.md"}
	if !slices.Equal(rules, want) {
		t.Errorf("got %q", rules)
	}
}
