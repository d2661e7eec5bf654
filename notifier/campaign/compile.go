package campaign

import (
	"sync"
	"time"

	"breachmail/notifier/intake"
	"breachmail/notifier/notice"
	"breachmail/notifier/report"
	"breachmail/notifier/review"
)

// edition is one way to read the notices: on a day, and complete or not.
type edition struct {
	day   string // empty where campaign.yaml names the day
	draft bool
}

// press makes notices and their samples once each: a campaign's files are read
// once, so that what is made of them stays the same.
type press struct {
	mu      sync.Mutex
	made    map[edition]*notice.Notice
	sampled map[sampling][]review.Sample
}

// sampling is what samples depend on.
type sampling struct {
	notices *notice.Notice
	day     time.Time
}

// samples returns one sample of each wording.
func (p *press) samples(n *notice.Notice, day time.Time) ([]review.Sample, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := sampling{n, day}
	if list := p.sampled[s]; list != nil {
		return list, nil
	}
	list, err := review.Samples(n, n.Variants(), day)
	if err != nil {
		return nil, err
	}
	if p.sampled == nil {
		p.sampled = map[sampling][]review.Sample{}
	}
	p.sampled[s] = list
	return list, nil
}

// compile makes the notices as they read when sent on day; draft allows an
// incident that is not complete yet.
func (c *Campaign) compile(day time.Time, draft bool) (*notice.Notice, error) {
	e := edition{draft: draft}
	if c.Config.Incident.NoticeDate.IsZero() {
		e.day = day.Format(time.DateOnly)
	}
	c.press.mu.Lock()
	defer c.press.mu.Unlock()
	if n := c.press.made[e]; n != nil {
		return n, nil
	}
	n, err := notice.Compile(c.noticeOptions(day, draft))
	if err != nil {
		return nil, err
	}
	if c.press.made == nil {
		c.press.made = map[edition]*notice.Notice{}
	}
	c.press.made[e] = n
	return n, nil
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
