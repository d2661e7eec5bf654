package bundle

import (
	"fmt"
	"strings"
	"testing"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
	"breachmail/notifier/notice"
	"breachmail/notifier/review"
)

// largePage is a page as a large company would have it: every wording of the
// built-in templates in two languages, every state, and something under each
// heading. Where n is more than that, wordings are repeated under other names.
func largePage(t testing.TB, n int) PageData {
	t.Helper()
	law, err := jurisdiction.Parse("law.csv", jurisdiction.BuiltIn())
	if err != nil {
		t.Fatal(err)
	}
	notices := compile(t, largeOptions(law))
	samples, err := review.Samples(notices, notices.Variants(), made)
	if err != nil {
		t.Fatal(err)
	}
	p := testPage(t)
	p.Samples = nil
	for i := range n {
		s := samples[i%len(samples)]
		if round := i / len(samples); round > 0 {
			s.Variant.Template = fmt.Sprintf("%s%d", s.Variant.Template, round)
		}
		people := 700000 / (1 + i)
		if i%5 == 4 {
			people = 0
		}
		p.Samples = append(p.Samples, PageSample{Sample: s, People: people})
	}
	p.States, p.Checklist = largeLaw(law, samples[0])
	p.Reading.Languages = []review.LanguageReading{largeReading(samples[1], 1650311), largeReading(samples[4], 311990)}
	p.Reading.Languages[0].Groups[0].States = nil
	for i, s := range p.States[:31] {
		p.Reading.Languages[0].Groups[0].States = append(p.Reading.Languages[0].Groups[0].States, review.StatePeople{State: s.Code, Name: s.Name, People: 200000 / (i + 1)})
	}
	p.Findings = testFindings()
	p.Changes = testChanges()
	p.Approvals = testApprovals(p)
	p.Needed = 2
	return p
}

func largeOptions(law *jurisdiction.Law) notice.Options {
	o := testOptions()
	o.Law = law
	i := &o.Incident
	i.Affected, i.LawEnforcementDelay, i.Parent = "2,000,000", "no", "Northwind Holdings"
	i.Services = "We pay for one year of credit monitoring for everyone who wants it."
	i.Contact.Post = "Northwind Mobile, Privacy, 1 Example Street, Springfield"
	o.Translations = map[string]notice.Translation{"es": {
		Subject: "Aviso de violación de datos", SignerTitle: "Directora ejecutiva", Hours: "todos los días, de 8 a. m. a 8 p. m.",
		WhatHappened:   "Alguien ajeno a la empresa usó mal una de nuestras interfaces y leyó información sobre las cuentas de algunos clientes.",
		WhatWeAreDoing: "Cerramos la entrada, y ahora se revisa cada solicitud.",
		WhatYouCanDo:   "Puede cambiar el PIN de su cuenta en cualquier tienda o por teléfono.",
		Services:       "Pagamos un año de vigilancia de crédito a quien lo quiera.",
		Involved:       []string{"nombre", "código postal", "número de teléfono", "correo electrónico", "número de cuenta", "tipo de cuenta"},
	}}
	return o
}

// largeReading takes a sample's text apart, well enough for a page to show.
func largeReading(s review.Sample, people int) review.LanguageReading {
	r := testReading().Languages[0]
	r.Language, r.People, r.Base = s.Variant.Language, people, review.BaseText{Variant: s.Variant}
	for i, part := range strings.Split(strings.TrimSpace(string(s.Text)), "\n\n") {
		lines := strings.Split(part, "\n")
		switch {
		case strings.HasPrefix(part, "- "):
			for j, l := range lines {
				r.Base.Blocks = append(r.Base.Blocks, block("item", 0, 1+10*i+j, strings.TrimPrefix(l, "- ")))
			}
		case len(lines) > 1 && strings.Trim(lines[1], "=-") == "":
			level := 1 + strings.Count(lines[1][:1], "-")
			r.Base.Blocks = append(r.Base.Blocks, block("heading", level, 1+10*i, lines[0]))
		default:
			r.Base.Blocks = append(r.Base.Blocks, block("paragraph", 0, 1+10*i, strings.Split(part, ". ")...))
		}
	}
	return r
}

// largeLaw makes a state and a checklist of each that the law data know.
func largeLaw(law *jurisdiction.Law, s review.Sample) (states []State, list []review.StateChecklist) {
	sentences := strings.Split(string(s.Text), ". ")
	for i, code := range law.States() {
		people := review.StatePeople{State: code, Name: law.Name(code), People: 402112 / (1 + i)}
		c := review.StateChecklist{StatePeople: people, Variant: s.Variant, Voluntary: i%11 == 3}
		for j, f := range law.Facts(code) {
			block, is := strings.CutPrefix(f.Fact, jurisdiction.BlockPrefix)
			if !is {
				c.Facts = append(c.Facts, f)
				continue
			}
			item := review.CheckItem{Block: block, Words: strings.ReplaceAll(block, "_", " "), Asks: f.Value, Fact: f}
			switch {
			case f.Value == jurisdiction.Forbidden:
			case (i+j)%23 == 5:
				item.Lacks = []string{"the telephone number"}
			default:
				item.Stands = []string{strings.Join(strings.Fields(sentences[(i+j)%len(sentences)]), " ")}
			}
			c.Items = append(c.Items, item)
		}
		list = append(list, c)
		if code != jurisdiction.Federal {
			states = append(states, State{Code: code, Name: people.Name, People: people.People, Deadline: Deadline{On: made.AddDate(0, 0, 15*(i%4)), Text: "without unreasonable delay", Source: "the state's code", SourceDate: "2024-01-01"}})
		}
	}
	states = append(states, State{Code: notifier.UnknownState, Name: "State not known", People: 1412})
	return states, list
}

func testFindings() []review.Finding {
	return []review.Finding{
		{File: "templates/notice.en.md", Line: 1, Rule: review.RuleRequiredBlock, State: "NY", Level: review.Error, Text: "New York requires how to reach the attorney general: this wording lacks the telephone number (N.Y. Gen. Bus. Law § 899-aa, 2024)", Variant: "notice-en-prepaid", Variants: 3, Waivable: true},
		{File: "templates/notice.en.md", Line: 31, Rule: review.RuleUrgency, Level: review.Warning, Text: "“right now” presses the reader", Variant: "notice-en-both-MD", Variants: 1, Waivable: true},
		{File: "templates/website.en.md", Line: 9, Rule: review.RuleDate, Level: review.Warning, Text: "a day that the incident does not know", Variant: "website.en", Variants: 1, Waivable: true},
		{File: "campaign.yaml", Rule: review.RuleDate, Level: review.Error, Text: "another day than incident.occurred says", Waivable: true, Waived: "the police gave it"},
	}
}

func testChanges() *review.Changes {
	return &review.Changes{
		By: "Alex Rivera, outside counsel", At: made.AddDate(0, 0, -1),
		Files: []string{"campaign.yaml: incident: what_happened was changed", "templates/notice.en.md was changed (3 lines)"},
		Wordings: []review.WordingChange{
			{
				Variants: []notifier.Variant{english("prepaid", ""), english("postpaid", ""), english("both", ""), english("both", "MD")}, People: 1650311, Part: "text",
				Places: []review.PlaceChange{{Under: "What Happened", Words: []review.WordEdit{
					{Op: review.Kept, Text: "… and read information about"}, {Op: review.Removed, Text: "all"}, {Op: review.Added, Text: "some"}, {Op: review.Kept, Text: "customers’ accounts. We shut …"},
				}}},
			},
			{Variants: []notifier.Variant{english("both", "")}, People: 80782, Part: "Subject", Places: []review.PlaceChange{{Words: []review.WordEdit{{Op: review.Kept, Text: "Notice of"}, {Op: review.Added, Text: "Data"}, {Op: review.Kept, Text: "Breach"}}}}},
			{Publication: "website.en", Part: "text", Places: []review.PlaceChange{{Words: []review.WordEdit{{Op: review.Added, Text: "Somebody"}, {Op: review.Removed, Text: "Someone"}, {Op: review.Kept, Text: "outside the company"}}}}},
		},
		Added: []notifier.Variant{english("both", "MD")}, Removed: []string{"notice-en-both-NV"},
		People: []review.StatePeople{{State: "TX", Name: "Texas", People: 1200}, {State: "CA", People: 3}},
	}
}

func testApprovals(p PageData) []Approval {
	return []Approval{
		{
			Number: 4, By: "Alex Rivera, outside counsel", At: made.AddDate(0, 0, -1), Code: p.TextDigest, Note: "by mail of August 22", Proof: strings.Repeat("9f86d081", 8),
			Waived: []string{"date: the police gave it"},
		},
		{
			Number: 9, By: "Robin Chen, general counsel", At: made, Code: p.Code, Principal: "robin.chen@example.com", Signed: "SHA256:uNiVztksCsDhcc0u9e8BrVXqu1N3ulxR1bMJhQ2vGkQ", Current: true,
			Statement: []byte("breachmail approval, version 1\n"), Signature: []byte("-----BEGIN SSH SIGNATURE-----\n"),
		},
	}
}
