package review

import (
	"bytes"
	"mime"
	"net/mail"
	"slices"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/notice"
)

// wording is one variant as a stand-in gets it, taken apart for the rules.
type wording struct {
	variant   notifier.Variant
	language  string
	file      string // its template
	recipient notifier.Recipient
	subject   string
	message   []byte
	text      string
	doc       *document
	twin      []string // where the links of another stand-in lead
	sentences []string // of the text, and what the HTML has beyond it
	words     string   // the text as plainWords gives it
	days      []day    // dates in the text
}

// render makes the wording of a variant.
func (l *linter) render(v notifier.Variant) (*wording, error) {
	r := l.Notices.Sample(v)
	text, html, err := l.Notices.Render(&r)
	if err != nil {
		return nil, err
	}
	m, err := l.Notices.Compose(&r, l.Day)
	if err != nil {
		return nil, err
	}
	other := twin(r)
	_, otherHTML, err := l.Notices.Render(&other)
	if err != nil {
		return nil, err
	}
	w := &wording{
		variant: v, language: v.Language, recipient: r, message: m.Bytes, subject: subject(m.Bytes),
		text: string(text), doc: readDocument(html), twin: destinations(readDocument(otherHTML)),
	}
	w.file, _ = l.Notices.Source(v)
	w.sentences = merged(sentences(w.text), sentences(w.doc.text))
	w.words = " " + plainWords(w.text) + " "
	for line := range strings.Lines(w.text) {
		w.days = append(w.days, daysIn(w.language, folded(line))...)
	}
	return w, nil
}

// twin is somebody else who gets the same wording.
func twin(r notifier.Recipient) notifier.Recipient {
	r.Key = notifier.KeyByEmail([]byte("sample"), "alex.twin@example.com", "Alex Twin")
	r.Name, r.Address, r.Phone = notifier.NewName("Alex Twin"), notifier.NewAddress("alex.twin@example.com"), notifier.NewPhone("206-555-0199")
	r.ZIP = "98102"
	r.Accounts = slices.Clone(r.Accounts)
	for i := range r.Accounts {
		r.Accounts[i].Number = notifier.NewAccountNumber("880000" + string(rune('1'+i)) + "593")
	}
	r.Extra = slices.Clone(r.Extra)
	for i := range r.Extra {
		r.Extra[i].Text = notifier.NewCell("(" + r.Extra[i].Name + ")")
	}
	return r
}

// subject returns a message's subject line.
func subject(message []byte) string {
	m, err := mail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		return ""
	}
	s, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return m.Header.Get("Subject")
	}
	return s
}

// merged returns the sentences of a, and those of b that say something else.
func merged(a, b []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range slices.Concat(a, b) {
		if w := plainWords(s); !seen[w] {
			seen[w] = true
			out = append(out, s)
		}
	}
	return out
}

// says reports whether the text holds the words of s, whatever stands between
// them. An empty s is nowhere.
func (w *wording) says(s string) bool {
	p := plainWords(s)
	return p != "" && strings.Contains(w.words, " "+p+" ")
}

// withSubject returns the sentences, the subject line first.
func (w *wording) withSubject() []string {
	return append([]string{w.subject}, w.sentences...)
}

// heading reports whether one of the headings holds the words of s.
func (w *wording) heading(s string) bool {
	return slices.ContainsFunc(w.doc.headings, func(h string) bool {
		return strings.Contains(" "+plainWords(h)+" ", " "+plainWords(s)+" ")
	})
}

// incidentIn returns the incident's texts in a language, and false where they
// are not known in it.
func (l *linter) incidentIn(language string) (notice.Translation, bool) {
	if t, ok := l.Translations[language]; ok {
		return t, true
	}
	i := &l.Incident
	return notice.Translation{
		WhatHappened: i.WhatHappened, WhatWeAreDoing: i.WhatWeAreDoing, WhatYouCanDo: i.WhatYouCanDo,
		Services: i.Services, Involved: i.Involved, NotInvolved: i.NotInvolved,
	}, language == "en"
}
