package campaign

import (
	"fmt"
	"net/url"
)

const plainSentences = "plain sentences, Markdown allowed"

func (v configCheck) incident(i *IncidentConfig) {
	if !v.need("incident", "the facts that every notice states, see the key table in the README") {
		return
	}
	v.line("incident.company", i.Company, "the company's name as its customers know it")
	v.line("incident.signed_by.name", i.SignedBy.Name, "the person whose name stands under the notice")
	v.optionalLine("incident.signed_by.title", i.SignedBy.Title)
	v.dates(i)
	v.optionalLine("incident.parent_company", i.ParentCompany)
	if d := i.LawEnforcementDelay; d != "" && d != delayYes && d != delayNo {
		v.fail("incident.law_enforcement_delay", "is %s (write yes or no, or leave it out where nothing is to be said)", quoted(d))
	}
	v.text("incident.what_happened", i.WhatHappened, plainSentences)
	v.text("incident.what_we_are_doing", i.WhatWeAreDoing, plainSentences)
	v.text("incident.what_you_can_do", i.WhatYouCanDo, plainSentences)
	if i.Services != "" {
		v.text("incident.services", i.Services, plainSentences)
	}
	v.involved("incident", i.DataInvolved, i.DataNotInvolved)
	v.contact(&i.Contact)
	v.translations(i)
}

func (v configCheck) kindsOfData(key string, kinds []string) {
	for i, kind := range kinds {
		at := fmt.Sprintf("%s[%d]", key, i)
		v.optionalLine(at, kind)
		if kind == "" {
			v.fail(at, "is empty (name a kind of data, or take the entry out)")
		}
	}
}

// dates checks that things happened in an order in which they can happen. Days
// that are missing or TODO are not compared.
func (v configCheck) dates(i *IncidentConfig) {
	v.need("incident.occurred.from", "the first day of the incident: 2018-08-20")
	v.need("incident.discovered", "the day the incident was discovered: 2018-08-20")
	const occurred, discovered = "incident.occurred.from", "incident.discovered"
	v.notBefore("incident.occurred.to", i.Occurred.To, occurred, i.Occurred.From)
	v.notBefore(discovered, i.Discovered, occurred, i.Occurred.From)
	v.notBefore("incident.determined", i.Determined, discovered, i.Discovered)
	v.notBefore("incident.scope_ended", i.ScopeEnded, discovered, i.Discovered)
	v.notBefore("incident.notice_date", i.NoticeDate, discovered, i.Discovered)
}

func (v configCheck) notBefore(key string, d Date, earlierKey string, earlier Date) {
	if !d.IsZero() && !earlier.IsZero() && d.Time().Before(earlier.Time()) {
		v.fail(key, "is %s, before %s on %s (one of them is wrong)", d, earlierKey, earlier)
	}
}

func (v configCheck) contact(c *ContactConfig) {
	v.optionalLine("incident.contact.phone", c.Phone)
	v.optionalLine("incident.contact.hours", c.Hours)
	if c.Post != "" {
		v.text("incident.contact.post", c.Post, "a postal address")
	}
	if c.Phone == "" && c.Web == "" && c.Post == "" {
		v.fail("incident.contact", "gives readers nowhere to ask (write at least one of phone, web, post)")
	}
	if c.Web == "" || c.Web == "TODO" {
		return
	}
	if u, err := url.Parse(c.Web); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || !isASCIILine(c.Web) {
		v.fail("incident.contact.web", "is not a link people can trust (write it in full, as https://www.example.com/notice)")
	}
}
