package review

import (
	"strings"
	"time"

	"breachmail/notifier/notice"
)

// fact is something that campaign.yaml says and notices print.
type fact struct {
	key  string
	text string    // as it is printed; empty for a day
	on   time.Time // the day
	list []string  // where it is one

	markdown bool // sentences, of which any may be printed
}

// factsIn returns what campaign.yaml says to readers of a language, the longest
// texts first, so that a short one inside them is not taken for itself.
func (m *Material) factsIn(language string) []fact {
	i := &m.Incident
	key := "incident."
	texts := notice.Translation{
		WhatHappened: i.WhatHappened, WhatWeAreDoing: i.WhatWeAreDoing, WhatYouCanDo: i.WhatYouCanDo, Services: i.Services,
		Involved: i.Involved, NotInvolved: i.NotInvolved,
	}
	title, hours := fact{key: key + "signed_by.title", text: i.SignedBy.Title}, fact{key: key + "contact.hours", text: i.Contact.Hours}
	if t, ok := m.Translations[language]; ok {
		texts, key = t, key+"translations."+language+"."
		if t.SignerTitle != "" {
			title = fact{key: key + "signer_title", text: t.SignerTitle}
		}
		if t.Hours != "" {
			hours = fact{key: key + "hours", text: t.Hours}
		}
	}
	return append([]fact{
		{key: key + "what_happened", text: texts.WhatHappened, markdown: true},
		{key: key + "what_we_are_doing", text: texts.WhatWeAreDoing, markdown: true},
		{key: key + "what_you_can_do", text: texts.WhatYouCanDo, markdown: true},
		{key: key + "services", text: texts.Services, markdown: true},
		{key: key + "data_involved", list: texts.Involved},
		{key: key + "data_not_involved", list: texts.NotInvolved},
		title, hours,
	}, m.factsOfAll()...)
}

// factsOfAll returns what is said in the same way in all languages.
func (m *Material) factsOfAll() []fact {
	i := &m.Incident
	return []fact{
		{key: "incident.contact.post", text: i.Contact.Post},
		{key: "incident.contact.web", text: i.Contact.Web},
		{key: "incident.contact.phone", text: i.Contact.Phone},
		{key: "incident.signed_by.name", text: i.SignedBy.Name},
		{key: "incident.company", text: i.Company},
		{key: "incident.parent_company", text: i.Parent},
		{key: "incident.affected", text: i.Affected},
		{key: "sender.from", text: m.From},
		{key: "sender.reply_to", text: m.ReplyTo},
		{key: "incident.occurred.from", on: i.Occurred.From},
		{key: "incident.occurred.to", on: i.Occurred.To},
		{key: "incident.discovered", on: i.Discovered},
		{key: "incident.notice_date", on: i.NoticeDate},
	}
}

// takeFrom looks for a fact in a sentence of a block of that kind, and returns
// the words of it that stand there.
func (f *fact) takeFrom(c *clause, kind string) (string, bool) {
	switch {
	case f.markdown:
		return f.sentenceIn(c)
	case f.list != nil:
		return f.itemIn(c, kind)
	}
	return f.text, f.text != "" && c.has(f.text) && c.take(f.text)
}

// sentenceIn looks for a sentence of Markdown. One of few words could be
// anybody's, unless it is all there is.
func (f *fact) sentenceIn(c *clause) (string, bool) {
	const fewWords = 3
	words := strings.Join(c.words, " ")
	if len(c.words) >= fewWords && strings.Contains(" "+plainWords(f.text)+" ", " "+words+" ") {
		return c.raw, c.take(c.raw)
	}
	all := sentences(joined(f.text))
	for _, s := range all {
		p := plainWords(s)
		if n := strings.Count(p, " ") + 1; p == words || n >= fewWords && c.has(s) {
			return s, c.take(s)
		}
	}
	return "", false
}

// itemIn looks for the items of a list, such as the kinds of data. A single one
// has to be most of what is said, because its words are everywhere; several may
// stand in one sentence.
func (f *fact) itemIn(c *clause, kind string) (string, bool) {
	const articles = 2 // "the"
	longest, found := "", 0
	for _, item := range f.list {
		if !c.has(item) {
			continue
		}
		found++
		if len(item) > len(longest) {
			longest = item
		}
	}
	whole := kind == ListItem && len(c.words)-len(strings.Fields(plainWords(longest))) <= articles
	switch {
	case found == 0:
		return "", false
	case whole:
		return longest, c.take(longest)
	case found > 1 && found == len(f.list):
		for _, item := range f.list {
			c.take(item)
		}
		return longest, true
	}
	return "", false
}
