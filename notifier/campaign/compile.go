package campaign

import (
	"time"

	"breachmail/notifier/intake"
	"breachmail/notifier/notice"
	"breachmail/notifier/report"
)

// compile makes the notices as they read when sent on day; draft allows an
// incident that is not complete yet.
func (c *Campaign) compile(day time.Time, draft bool) (*notice.Notice, error) {
	return notice.Compile(c.noticeOptions(day, draft))
}

// noticeOptions is what the notices are made from.
func (c *Campaign) noticeOptions(day time.Time, draft bool) notice.Options {
	s := &c.Config.Sender
	return notice.Options{
		Campaign:  c.Config.Campaign,
		Templates: c.templates,
		Law:       c.Law,
		Draft:     draft,
		Extra:     sortedKeys(c.Config.Exports.Extra),
		Sender: notice.Sender{
			From: s.From.String(), ReplyTo: s.ReplyTo, ReturnPath: s.ReturnPath,
			Hostname: s.Hostname, Subject: s.Subject,
		},
		Incident:     c.Config.Incident.facts(day),
		Translations: c.Config.Incident.translations(),
	}
}

// facts are the incident as notices state it; day is the date they bear where
// campaign.yaml names none.
func (i *IncidentConfig) facts(day time.Time) notice.Incident {
	if !i.NoticeDate.IsZero() {
		day = i.NoticeDate.Time()
	}
	affected := ""
	if i.Affected > 0 {
		affected = report.Number(int64(i.Affected))
	}
	return notice.Incident{
		Company:             i.Company,
		Parent:              i.ParentCompany,
		SignedBy:            notice.Signer{Name: i.SignedBy.Name, Title: i.SignedBy.Title},
		Occurred:            notice.Range{From: i.Occurred.From.Time(), To: i.Occurred.To.Time()},
		Discovered:          i.Discovered.Time(),
		NoticeDate:          day,
		Affected:            affected,
		LawEnforcementDelay: i.LawEnforcementDelay,
		WhatHappened:        i.WhatHappened,
		WhatWeAreDoing:      i.WhatWeAreDoing,
		WhatYouCanDo:        i.WhatYouCanDo,
		Services:            i.Services,
		Involved:            i.DataInvolved,
		NotInvolved:         i.DataNotInvolved,
		Contact:             notice.Contact{Phone: i.Contact.Phone, Hours: i.Contact.Hours, Web: i.Contact.Web, Post: i.Contact.Post},
	}
}

// translations are the incident in further languages.
func (i *IncidentConfig) translations() map[string]notice.Translation {
	all := map[string]notice.Translation{}
	for language, t := range i.Translations {
		all[language] = notice.Translation{
			Subject: t.Subject, SignerTitle: t.SignerTitle, Hours: t.Hours,
			WhatHappened: t.WhatHappened, WhatWeAreDoing: t.WhatWeAreDoing, WhatYouCanDo: t.WhatYouCanDo,
			Services: t.Services, Involved: t.DataInvolved, NotInvolved: t.DataNotInvolved,
		}
	}
	return all
}

// statute is the law by which people are told by email, and nil where the
// company tells everyone so.
func (c *Campaign) statute() *intake.Statute {
	if c.Config.Email.Basis != BasisStatute {
		return nil
	}
	return &intake.Statute{Law: c.Law, Primary: c.Config.Email.PrimaryChannel}
}
