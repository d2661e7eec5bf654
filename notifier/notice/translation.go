package notice

import (
	"fmt"
	"strings"

	"breachmail/notifier"
)

// Translation is what the incident and the sender say in another language. What
// it has no field for is the same in all languages.
type Translation struct {
	Subject string

	// Empty, they are as in English.
	SignerTitle, Hours string

	WhatHappened, WhatWeAreDoing, WhatYouCanDo string // Markdown, as in Incident

	Services              string // Markdown, where the incident has any
	Involved, NotInvolved []string
}

// edition is what all notices in one language say and are sent with.
type edition struct {
	incident Incident
	sender   Sender
	frame    frame
}

// newEdition returns what notices in a language other than English say. A
// draft reads TODO for what is not translated.
func (o *Options) newEdition(language string) (*edition, error) {
	t := o.Translations[language]
	key := "incident.translations." + language
	if o.Draft {
		t = t.filled(&o.Incident)
	}
	if err := t.check(key, &o.Incident); err != nil {
		return nil, err
	}
	e := &edition{incident: o.Incident, sender: o.Sender}
	i := &e.incident
	i.WhatHappened, i.WhatWeAreDoing, i.WhatYouCanDo = t.WhatHappened, t.WhatWeAreDoing, t.WhatYouCanDo
	i.Involved, i.NotInvolved, i.Services = t.Involved, t.NotInvolved, t.Services
	if t.SignerTitle != "" {
		i.SignedBy.Title = t.SignerTitle
	}
	if t.Hours != "" {
		i.Contact.Hours = t.Hours
	}
	if err := i.checkMarkdown(key); err != nil {
		return nil, err
	}
	e.sender.Subject = t.Subject
	var err error
	e.frame, err = newFrame(o.Campaign, e.sender, key+".subject")
	return e, err
}

// check reports the first thing that a translation lacks.
func (t *Translation) check(key string, english *Incident) error {
	for _, r := range []struct {
		key   string
		there bool
	}{
		{"subject", strings.TrimSpace(t.Subject) != ""},
		{"what_happened", strings.TrimSpace(t.WhatHappened) != ""},
		{"data_involved", len(t.Involved) > 0},
		{"what_we_are_doing", strings.TrimSpace(t.WhatWeAreDoing) != ""},
		{"what_you_can_do", strings.TrimSpace(t.WhatYouCanDo) != ""},
		{"services", t.Services != "" || english.Services == ""},
	} {
		if !r.there {
			return fmt.Errorf("campaign.yaml: %s.%s is empty", key, r.key)
		}
	}
	if !notifier.CleanLine(t.Subject) {
		return fmt.Errorf("campaign.yaml: %s.subject holds control characters", key)
	}
	if t.Services != "" && english.Services == "" {
		return fmt.Errorf("campaign.yaml: %s.services says what incident.services does not (write both, or neither)", key)
	}
	if got, want := len(t.NotInvolved), len(english.NotInvolved); got != want {
		return fmt.Errorf("campaign.yaml: %s.data_not_involved has %d entries, but incident.data_not_involved has %d (translate each of them)", key, got, want)
	}
	return nil
}

// filled returns t with TODO for what is missing.
func (t Translation) filled(english *Incident) Translation {
	for _, s := range []*string{&t.Subject, &t.WhatHappened, &t.WhatWeAreDoing, &t.WhatYouCanDo} {
		if strings.TrimSpace(*s) == "" {
			*s = missing
		}
	}
	if t.Services == "" && english.Services != "" {
		t.Services = missing
	}
	if len(t.Involved) == 0 {
		t.Involved = []string{missing}
	}
	t.NotInvolved = t.NotInvolved[:len(t.NotInvolved):len(t.NotInvolved)]
	for len(t.NotInvolved) < len(english.NotInvolved) {
		t.NotInvolved = append(t.NotInvolved, missing)
	}
	return t
}
