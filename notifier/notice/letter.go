package notice

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	htmltemplate "html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"breachmail/notifier"
)

// LetterForm is what the text of a letter depends on. Letters of one form
// differ only in the values that stand in the place of merge fields.
type LetterForm struct {
	Variant notifier.Variant
	Named   bool

	// Accounts of each type, those apart whose number is too short for a part of
	// it to be shown.
	Prepaid, Postpaid, ShortPrepaid, ShortPostpaid int

	Empty string // the further columns that the template uses and that have no text, by name, with spaces between
}

// String returns the form's name. It is the variant's for somebody with a name,
// one account of each type and text in every column, and else says what differs:
// notice-en-prepaid.3 for three accounts, notice-en-both.2-1 for two prepaid
// ones and a postpaid one. It is safe as a file name.
func (f LetterForm) String() string {
	s := f.Variant.String()
	prepaid, postpaid := f.Prepaid+f.ShortPrepaid, f.Postpaid+f.ShortPostpaid
	switch {
	case prepaid > 0 && postpaid > 0 && prepaid+postpaid > 2:
		s += fmt.Sprintf(".%d-%d", prepaid, postpaid)
	case prepaid+postpaid > 1 && (prepaid == 0 || postpaid == 0):
		s += fmt.Sprintf(".%d", prepaid+postpaid)
	}
	if f.ShortPrepaid+f.ShortPostpaid > 0 {
		s += fmt.Sprintf(".short%d-%d", f.ShortPrepaid, f.ShortPostpaid)
	}
	if !f.Named {
		s += ".no-name"
	}
	for _, name := range strings.Fields(f.Empty) {
		s += ".no-" + name
	}
	return s
}

// The merge fields of letters, which are also the headers of the mail house's
// list. That of the first account is FieldLastFour(1), that of a further column
// FieldExtra(NAME).
const (
	FieldName      = "name"
	FieldReference = "reference"
)

// FieldLastFour is the merge field for the last four digits of account n,
// counted from 1: prepaid accounts first, then by number.
func FieldLastFour(n int) string { return "last_four_" + strconv.Itoa(n) }

// FieldExtra is the merge field for a further column.
func FieldExtra(name string) string { return "extra_" + name }

// What stands around a merge field in the text of a letter.
const (
	mergeBegin = "«"
	mergeEnd   = "»"
)

func merge(field string) string { return mergeBegin + field + mergeEnd }

// Merged is what somebody's letter says in the place of merge fields.
type Merged struct {
	Form      LetterForm
	Name      string   // may be empty
	LastFours []string // in the order of their merge fields
	Extra     []string // in the order of Notice.Extra; empty where the template does not use the column
}

// Merge returns the form of r's letter, and what it says in the place of merge
// fields.
func (n *Notice) Merge(r *notifier.Recipient) (Merged, error) {
	var room [4]Account
	_, d, err := n.prepare(r, room[:])
	if err != nil {
		return Merged{}, err
	}
	m := Merged{Form: LetterForm{Variant: r.Variant, Named: d.Name != ""}, Name: d.Name}
	for _, a := range lettered(d.Accounts) {
		m.Form.count(a, 1)
		if a.LastFour != "" {
			m.LastFours = append(m.LastFours, a.LastFour)
		}
	}
	if len(n.extra) > 0 {
		m.Extra = make([]string, len(n.extra))
	}
	var empty []string
	for i, e := range d.extra {
		if at := slices.Index(n.extra, e.name); at >= 0 {
			m.Extra[at] = d.extra[i].text
		}
		if e.text == "" {
			empty = append(empty, e.name)
		}
	}
	m.Form.Empty = strings.Join(empty, " ")
	return m, nil
}

// Extra returns the names of the further columns, sorted.
func (n *Notice) Extra() []string { return slices.Clone(n.extra) }

// lettered puts accounts into the order in which a letter lists them: by type,
// so that there are few forms, and those whose digits are not shown behind.
func lettered(list []Account) []Account {
	rank := func(a Account) int {
		at := 0
		if a.Type == string(notifier.Postpaid) {
			at = 2
		}
		if a.LastFour == "" {
			at++
		}
		return at
	}
	slices.SortStableFunc(list, func(a, b Account) int { return rank(a) - rank(b) })
	return list
}

// count adds n accounts like a.
func (f *LetterForm) count(a Account, n int) {
	switch {
	case a.Type == string(notifier.Postpaid) && a.LastFour == "":
		f.ShortPostpaid += n
	case a.Type == string(notifier.Postpaid):
		f.Postpaid += n
	case a.LastFour == "":
		f.ShortPrepaid += n
	default:
		f.Prepaid += n
	}
}

// accounts returns those of the form, with merge fields for digits.
func (f *LetterForm) accounts() []Account {
	var list []Account
	shown := 0
	add := func(n int, kind notifier.AccountType, show bool) {
		for range n {
			a := Account{Type: string(kind)}
			if show {
				shown++
				a.LastFour = merge(FieldLastFour(shown))
			}
			list = append(list, a)
		}
	}
	add(f.Prepaid, notifier.Prepaid, true)
	add(f.ShortPrepaid, notifier.Prepaid, false)
	add(f.Postpaid, notifier.Postpaid, true)
	add(f.ShortPostpaid, notifier.Postpaid, false)
	return list
}

// Letter is the text of the letters of one form.
type Letter struct {
	HTML   []byte   // a page of its own, to be printed on US Letter
	Screen []string // words in it that suit a message on a screen only
}

// letterFrame is the page around a letter's text.
var letterFrame = htmltemplate.Must(htmltemplate.New("letter").Parse(letterSource))

//go:embed letter.html
var letterSource string

// Letter returns the text of a form's letters: the words of the notice, as they
// are, with merge fields such as «name» in the place of what differs from person
// to person. It is an error where the template computes with that.
func (n *Notice) Letter(f LetterForm) (Letter, error) {
	p := n.pages[pageName{f.Variant.Template, f.Variant.Language}]
	if p == nil {
		return Letter{}, fmt.Errorf("there is no template for %s", f.Variant)
	}
	if !p.plain {
		return Letter{}, fmt.Errorf("%s: it computes with the reader's own values, so there is no letter with merge fields (write out what it says by them)", orElse(p.computed, p.file))
	}
	d := n.letterData(p, &f)
	var body bytes.Buffer
	if err := p.html.ExecuteTemplate(&body, Name, &d); err != nil {
		return Letter{}, templateError(err)
	}
	if strings.Contains(strings.ToUpper(body.String()), "%C2%AB") {
		return Letter{}, fmt.Errorf("%s: a link holds a value of the reader's own, so there is no letter with merge fields (take it out of the link)", p.file)
	}
	text, err := p.letterText(&d)
	if err != nil {
		return Letter{}, err
	}
	var page bytes.Buffer
	err = letterFrame.Execute(&page, map[string]any{
		"Language": f.Variant.Language, "Title": p.edition.sender.Subject,
		"Company": d.Incident.Company, "Post": d.Contact.Post,
		"Body": htmltemplate.HTML(unlinked(strings.TrimSpace(body.String()))), //nolint:gosec // html/template made it
	})
	return Letter{HTML: page.Bytes(), Screen: onScreen(text)}, err
}

// letterData is what the letters of a form are rendered from.
func (n *Notice) letterData(p *page, f *LetterForm) Data {
	d := Data{
		Reference: merge(FieldReference), Accounts: f.accounts(), Types: f.Variant.Types,
		State: f.Variant.State, Language: f.Variant.Language,
		Incident: &p.edition.incident, Contact: p.edition.incident.Contact, Sender: p.edition.sender, Law: n.lawOf(f.Variant.State),
	}
	if f.Named {
		d.Name = merge(FieldName)
	}
	empty := strings.Fields(f.Empty)
	for _, name := range p.extra {
		e := extra{name: name}
		if !slices.Contains(empty, name) {
			e.text = merge(FieldExtra(name))
		}
		d.extra = append(d.extra, e)
	}
	return d
}

func (p *page) letterText(d *Data) (string, error) {
	var b bytes.Buffer
	err := p.text.Execute(&b, d)
	return b.String(), templateError(err)
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

var link = regexp.MustCompile(`(?s)<a href="([^"]*)"[^>]*>(.*?)</a>`)

// unlinked writes links out, as the plain text does: on paper nobody can follow
// one.
func unlinked(body string) string {
	return link.ReplaceAllStringFunc(body, func(a string) string {
		m := link.FindStringSubmatch(a)
		to := strings.TrimPrefix(strings.TrimPrefix(html.UnescapeString(m[1]), "mailto:"), "tel:")
		if html.UnescapeString(m[2]) == to {
			return m[2]
		}
		return m[2] + " (" + html.EscapeString(to) + ")"
	})
}

// screenWords are what only a message on a screen can say of itself, in the
// languages of the built-in templates. Advice about other messages is none of it.
var screenWords = regexp.MustCompile(`(?i)\b(this|an) e-?mail (we|you|from)\b|\b(in|of|to|with) (this|an) e-?mail\b|\bthis e-?mail\b|\breply to this\b|\bunsubscrib\w*|\bclick (here|below|on (this|the))\b` +
	`|\b(este|un) correo( electrónico)? (que le|de nuestra)\b|\b(de|en|a) (este|un) correo( electrónico)?\b|\bresponda a este\b|\bhaga clic (aquí|abajo|en el)|\bdarse de baja\b`)

// paperWords look like screenWords, and speak of other messages or of paper.
var paperWords = regexp.MustCompile(`(?i)\b(reply|responda|ni responda) (to|a) (an|un) (e-?mail|correo)|correo postal`)

// onScreen returns the words of a text that suit a message on a screen only,
// each once.
func onScreen(text string) []string {
	text = strings.Join(strings.Fields(text), " ")
	text = paperWords.ReplaceAllString(text, "…")
	var list []string
	for _, words := range screenWords.FindAllString(text, -1) {
		if !slices.Contains(list, words) {
			list = append(list, words)
		}
	}
	return list
}
