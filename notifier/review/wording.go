package review

import (
	"bytes"
	"mime"
	"net/mail"
	"slices"
	"strconv"
	"strings"

	"breachmail/notifier"
	"breachmail/notifier/notice"
)

// wording is one variant as one stand-in gets it, taken apart for the rules, or
// a text for everybody.
type wording struct {
	variant   notifier.Variant
	name      string // what findings call it
	everybody bool   // it is a text for everybody, and no notice
	language  string
	file      string // its template
	recipient notifier.Recipient
	subject   string
	message   []byte
	text      string
	html      string
	doc       *document
	twin      []string // the addresses in what another stand-in gets
	sentences []string // of the text, and what the HTML has beyond it
	words     string   // the text as plainWords gives it, with a space before and behind
	plain     plainMemo
	spoken    []string            // the sentences as plainWords gives them, with a space before, once asked for
	lacked    map[string][]string // what is missing, by block and where it matters by state
	stood     map[string][]string // what stands there, likewise
	days      []day               // dates in the text
	numbers   []string            // telephone numbers in the text, once asked for
	found     map[Finding]bool    // places of problems in the wordings of this variant so far
	rare      bool                // of a stand-in beside the first
}

// wordings returns the wordings of a variant, which are rendered once.
func (l *linter) wordings(v notifier.Variant) ([]*wording, error) {
	if list := l.rendered[v]; list != nil {
		return list, nil
	}
	list, err := l.render(v)
	if err == nil {
		l.rendered[v] = list
	}
	return list, err
}

// render makes the wordings of a variant: that of the notice's own sample, and
// what other stand-ins get instead.
func (l *linter) render(v notifier.Variant) ([]*wording, error) {
	first := l.Notices.Sample(v)
	m, err := l.Notices.Compose(&first, l.Day)
	if err != nil {
		return nil, err
	}
	var out []*wording
	found := map[Finding]bool{}
	for i, r := range append([]notifier.Recipient{first}, rareOnes(first)...) {
		text, html, err := l.Notices.Render(&r)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(w *wording) bool { return w.text == string(text) && w.html == string(html) }) {
			continue
		}
		w := &wording{
			variant: v, name: v.String(), language: v.Language, recipient: r, message: m.Bytes, subject: subject(m.Bytes),
			text: string(text), html: string(html), found: found, rare: i > 0,
			lacked: map[string][]string{}, stood: map[string][]string{},
		}
		w.file, _ = l.Notices.Source(v)
		l.takeApart(w)
		out = append(out, w)
	}
	return out, nil
}

// takeApart reads a rendered wording.
func (l *linter) takeApart(w *wording) {
	w.doc, w.plain = readDocument([]byte(w.html)), l.plain
	w.sentences = l.merged(l.sentencesIn(w.text), l.sentencesIn(w.doc.text))
	w.words = " "
	for line := range strings.Lines(w.text) {
		if words := l.plain.words(line); words != "" {
			w.words += words + " "
		}
		w.days = append(w.days, recall(l.dated, w.language+"\n"+line, func() []day { return daysIn(w.language, folded(line)) })...)
	}
}

// addTwin finds the addresses in what the wording's twin gets.
func (l *linter) addTwin(w *wording) error {
	other := twin(w.recipient)
	text, html, err := l.Notices.Render(&other)
	if err != nil {
		return err
	}
	w.twin = l.addressesIn(string(text), readDocument(html))
	return nil
}

// rareOnes are stand-ins for whom a template may have words of its own: without
// a name, with several accounts of a type, with nothing in further columns.
func rareOnes(r notifier.Recipient) []notifier.Recipient {
	nameless, rich, bare := r, r, r
	nameless.Name = notifier.NewName("")
	rich.Accounts = nil
	for i, a := range r.Accounts {
		for j := range 3 {
			number := notifier.NewAccountNumber("99100" + strconv.Itoa(i) + strconv.Itoa(j) + "582")
			rich.Accounts = append(rich.Accounts, notifier.Held{Number: number, Type: a.Type})
		}
	}
	bare.Extra = emptied(r.Extra)
	return []notifier.Recipient{nameless, rich, bare}
}

// twin is somebody else who gets the same wording.
func twin(r notifier.Recipient) notifier.Recipient {
	r.Key = notifier.KeyByEmail([]byte("sample"), "alex.twin@example.com", "Alex Twin")
	if r.Name.Reveal() != "" {
		r.Name = notifier.NewName("Alex Twin")
	}
	r.Address, r.Phone = notifier.NewAddress("alex.twin@example.com"), notifier.NewPhone("206-555-0199")
	r.ZIP = "98102"
	r.Accounts = slices.Clone(r.Accounts)
	for i := range r.Accounts {
		r.Accounts[i].Number = notifier.NewAccountNumber("880000" + string(rune('1'+i)) + "593")
	}
	r.Extra = slices.Clone(r.Extra)
	for i := range r.Extra {
		if r.Extra[i].Text.Reveal() != "" {
			r.Extra[i].Text = notifier.NewCell("(" + r.Extra[i].Name + ")")
		}
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
// Wordings have most of their sentences in common.
func (l *linter) merged(a, b []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range slices.Concat(a, b) {
		if w := l.plain.words(s); !seen[w] {
			seen[w] = true
			out = append(out, s)
		}
	}
	return out
}

// says reports whether the text holds the words of s, whatever stands between
// them. An empty s is nowhere.
func (w *wording) says(s string) bool {
	p := w.plain.words(s)
	return p != "" && strings.Contains(w.words, " "+p+" ")
}

// sentenceHas reports whether n sentences from the i-th on hold the words of s
// one after the other.
func (w *wording) sentenceHas(i, n int, s string) bool {
	if w.spoken == nil {
		for _, s := range w.sentences {
			spoken := w.plain.words(s)
			if spoken != "" {
				spoken = " " + spoken
			}
			w.spoken = append(w.spoken, spoken)
		}
	}
	p := w.plain.words(s)
	return p != "" && strings.Contains(strings.Join(w.spoken[i:i+n], "")+" ", " "+p+" ")
}

// withSubject returns the sentences, the subject line first.
func (w *wording) withSubject() []string {
	return append([]string{w.subject}, w.sentences...)
}

// heading reports whether one of the headings holds the words of s.
func (w *wording) heading(s string) bool {
	return slices.ContainsFunc(w.doc.headings, func(h string) bool {
		return strings.Contains(" "+w.plain.words(h)+" ", " "+w.plain.words(s)+" ")
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
