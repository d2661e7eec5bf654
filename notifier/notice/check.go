package notice

import (
	"fmt"
	"net/mail"
	"strings"

	"breachmail/notifier"
)

// check reports the first thing that no notice can do without, by its key in
// campaign.yaml. A draft may lack its dates.
func (i *Incident) check(draft bool) error {
	required := []struct {
		key   string
		there bool
	}{
		{"company", strings.TrimSpace(i.Company) != ""},
		{"signed_by.name", strings.TrimSpace(i.SignedBy.Name) != ""},
		{"discovered", draft || !i.Discovered.IsZero()},
		{"notice_date", draft || !i.NoticeDate.IsZero()},
		{"what_happened", strings.TrimSpace(i.WhatHappened) != ""},
		{"data_involved", len(i.Involved) > 0},
		{"what_we_are_doing", strings.TrimSpace(i.WhatWeAreDoing) != ""},
		{"what_you_can_do", strings.TrimSpace(i.WhatYouCanDo) != ""},
		{"contact", i.Contact.Phone != "" || i.Contact.Web != "" || i.Contact.Post != ""},
	}
	for _, r := range required {
		if !r.there {
			return fmt.Errorf("campaign.yaml: incident.%s is empty", r.key)
		}
	}
	if i.Occurred.To.Before(i.Occurred.From) && !i.Occurred.To.IsZero() {
		return fmt.Errorf("campaign.yaml: incident.occurred ends before it begins")
	}
	switch i.LawEnforcementDelay {
	case "", "yes", "no":
	default:
		return fmt.Errorf("campaign.yaml: incident.law_enforcement_delay is neither yes nor no")
	}
	return i.checkMarkdown("incident")
}

// filled returns a copy of i in which TODO stands for every text that no notice
// can do without.
func (i Incident) filled() Incident {
	for _, s := range []*string{
		&i.Company, &i.SignedBy.Name, &i.WhatHappened, &i.WhatWeAreDoing, &i.WhatYouCanDo,
	} {
		if strings.TrimSpace(*s) == "" {
			*s = missing
		}
	}
	if len(i.Involved) == 0 {
		i.Involved = []string{missing}
	}
	if i.Contact.Phone == "" && i.Contact.Web == "" && i.Contact.Post == "" {
		i.Contact.Phone = missing
	}
	return i
}

// missing is what a draft says where a fact is missing.
const missing = "TODO"

// checkMarkdown refuses HTML and pictures in the texts that may be Markdown and
// stand under key in campaign.yaml.
func (i *Incident) checkMarkdown(key string) error {
	for _, t := range []struct{ key, text string }{
		{"what_happened", i.WhatHappened},
		{"what_we_are_doing", i.WhatWeAreDoing},
		{"what_you_can_do", i.WhatYouCanDo},
		{"services", i.Services},
	} {
		if tokenPattern.MatchString(t.text) {
			return fmt.Errorf("campaign.yaml: %s.%s: %q may not stand in it", key, t.key, tokenPattern.FindString(t.text))
		}
		if err := refuseUnsafe(parseMarkdown(t.text)); err != nil {
			return fmt.Errorf("campaign.yaml: %s.%s: %w", key, t.key, err)
		}
	}
	return nil
}

// check validates what goes into headers and returns what stands before and
// behind the key in a return path.
func (s *Sender) check(campaign string) (bounces [2]string, err error) {
	for _, f := range []struct{ key, value string }{
		{"from", s.From}, {"reply_to", s.ReplyTo}, {"return_path", s.ReturnPath},
		{"hostname", s.Hostname}, {"subject", s.Subject},
	} {
		if !notifier.CleanLine(f.value) {
			return bounces, fmt.Errorf("campaign.yaml: sender.%s holds control characters", f.key)
		}
		if f.value == "" && f.key != "reply_to" {
			return bounces, fmt.Errorf("campaign.yaml: sender.%s is empty", f.key)
		}
	}
	from, err := mail.ParseAddress(s.From)
	if err != nil || !isBareAddress(from.Address) {
		return bounces, fmt.Errorf(`campaign.yaml: sender.from is not of the form "Name <name@example.com>"`)
	}
	if s.ReplyTo != "" && !isBareAddress(s.ReplyTo) {
		return bounces, fmt.Errorf("campaign.yaml: sender.reply_to is not a plain address such as name@example.com")
	}
	if !isBareAddress(s.ReturnPath) {
		return bounces, fmt.Errorf("campaign.yaml: sender.return_path is not a plain address such as bounces@example.com")
	}
	if !isDotAtom(s.Hostname) {
		return bounces, fmt.Errorf("campaign.yaml: sender.hostname is not a host name such as mail.example.com")
	}
	if !isDotAtom(campaign) {
		return bounces, fmt.Errorf("campaign.yaml: campaign may have letters, digits, hyphens and single dots only")
	}
	at := strings.LastIndexByte(s.ReturnPath, '@')
	return [2]string{s.ReturnPath[:at], s.ReturnPath[at:]}, nil
}

// isBareAddress reports whether s is an ASCII address with nothing around it
// and nothing in it that needs quotes.
func isBareAddress(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && isDotAtom(strings.ReplaceAll(s[:at], "+", "-")) && isDotAtom(s[at+1:])
}

// isDotAtom reports whether s is letters, digits, hyphens and underscores with
// single dots between.
func isDotAtom(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || strings.ContainsFunc(part, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
		}) {
			return false
		}
	}
	return true
}
