// Package notice compiles a campaign's templates and turns a recipient into
// the bytes of a message. It is pure: the same input gives the same bytes.
//
// A notice is one Markdown file with Go template actions. Compile makes two
// templates of it, one for plain text and one for HTML, in each language that
// is offered. Which of them somebody gets is their variant; where their state's
// law asks for something, the variant names the state, and the template has what
// the law data say about it (see Law). Render executes the templates for one
// recipient and is the reference. Compose gives the same bodies inside a
// message, but faster: notices that differ only in the recipient's own values
// have one shape, which is rendered once (see shape). Guard looks at the bytes
// again before they leave.
//
// From the same facts come the texts for everybody: what stands on the website
// and what the call center says (see Publications). ComposeTest makes the
// messages that reviewers get.
package notice

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"breachmail/notifier"
	"breachmail/notifier/jurisdiction"
)

// Name is the template every campaign has.
const Name = "notice"

// Options is what a campaign's notices are made from.
type Options struct {
	Campaign  string // the campaign's name; the first half of every Message-ID
	Templates fs.FS  // notice.LANG.md and layout.html at its root; perhaps texts for everybody
	Incident  Incident
	Sender    Sender

	// Translations are the incident's facts in further languages, by language:
	// those of campaign.yaml's incident.translations. A language is offered where
	// there are such facts and a template.
	Translations map[string]Translation

	// Law is what the states' laws ask of a notice. Without it there is the base
	// notice for all.
	Law *jurisdiction.Law

	// Extra names the further columns of the export that templates may use as
	// .Extra.NAME: exports.extra of campaign.yaml.
	Extra []string

	// Draft lets the incident be incomplete: what is missing reads "TODO". It is
	// for looking at; nothing that was compiled so may be sent.
	Draft bool
}

// Sender is who the notices come from.
type Sender struct {
	From       string // "Name <address>"
	ReplyTo    string // a bare ASCII address; may be empty
	ReturnPath string // the address bounces go to, before the key is added
	Hostname   string // the right-hand side of every Message-ID
	Subject    string
}

// Address returns the address of From without its name.
func (s Sender) Address() string {
	from, err := mail.ParseAddress(s.From)
	if err != nil {
		return "" // Compile refuses it
	}
	return from.Address
}

// Notice is a campaign's compiled templates. Many goroutines may use one.
type Notice struct {
	campaign  string
	extra     []string // the names of further columns, sorted
	languages []string // those offered, English first
	editions  map[string]*edition
	bounces   [2]string // what stands before and behind the key in a return path
	pages     map[pageName]*page

	published []*page // the texts for everybody, in their order
	laws      Laws    // what they say of states

	// By state, for those whose notices have a wording of their own.
	law       map[string]*Law
	templates map[string]string // may be empty

	approvals sync.Map // of *findings, by variant; see Guard
}

// pageName names one compiled template.
type pageName struct{ template, language string }

// Compile reads the templates and renders each of them with stand-in values,
// so that a template that cannot be rendered is found here and not in the
// middle of a wave. An error names file and line, or the key in campaign.yaml.
func Compile(o Options) (*Notice, error) {
	if o.Draft {
		o.Incident = o.Incident.filled()
	}
	if err := o.Incident.check(o.Draft); err != nil {
		return nil, err
	}
	n := &Notice{
		campaign: o.Campaign, extra: slices.Sorted(slices.Values(o.Extra)), editions: map[string]*edition{}, pages: map[pageName]*page{},
		law: map[string]*Law{}, templates: map[string]string{},
	}
	var err error
	if n.bounces, err = o.Sender.check(o.Campaign); err != nil {
		return nil, err
	}
	e := &edition{incident: o.Incident, sender: o.Sender}
	if e.frame, err = newFrame(o.Campaign, o.Sender, "sender.subject"); err != nil {
		return nil, err
	}
	n.editions[english] = e
	if err := n.compilePages(&o); err != nil {
		return nil, err
	}
	return n, nil
}

// compilePages compiles the templates of all languages that are offered. Of
// others it only checks what they are written like.
func (n *Notice) compilePages(o *Options) error {
	there, public, err := sources(o.Templates)
	if err != nil {
		return err
	}
	if err := n.addLanguages(o, there); err != nil {
		return err
	}
	if err := n.addLaw(o.Law, there); err != nil {
		return err
	}
	layout, err := readSource(o.Templates, layoutFile)
	if err != nil {
		return err
	}
	for _, name := range slices.SortedFunc(maps.Keys(there), pageName.compare) {
		p := &page{name: name, file: "templates/" + there[name], edition: n.editions[name.language]}
		if err := n.compilePage(p, o.Templates, unixLines(layout)); err != nil {
			return err
		}
		if p.edition != nil {
			n.pages[name] = p
		}
	}
	if err := n.tryOut(); err != nil {
		return err
	}
	return n.compilePublications(o.Templates, public)
}

// sources returns the files that notices are made from, and those that texts
// for everybody are made from.
func sources(files fs.FS) (notices, public map[pageName]string, err error) {
	list, err := fs.Glob(files, "*.*.md")
	if err != nil {
		return nil, nil, err
	}
	notices, public = map[pageName]string{}, map[pageName]string{}
	for _, file := range list {
		parts := strings.Split(file, ".")
		name := pageName{strings.Join(parts[:len(parts)-2], "."), parts[len(parts)-2]}
		if isPublication(name.template) {
			public[name] = file
		} else {
			notices[name] = file
		}
	}
	if notices[pageName{Name, english}] == "" {
		return nil, nil, fmt.Errorf("templates/%s.%s.md is missing", Name, english)
	}
	return notices, public, nil
}

func (p pageName) compare(q pageName) int {
	return cmp.Or(strings.Compare(p.template, q.template), strings.Compare(p.language, q.language))
}

// Render returns the two bodies of r's notice.
func (n *Notice) Render(r *notifier.Recipient) (text, html []byte, err error) {
	p, d, err := n.prepare(r, nil)
	if err != nil {
		return nil, nil, err
	}
	return p.render(&d)
}

// prepare returns the page that r's notice is rendered from, and with what.
func (n *Notice) prepare(r *notifier.Recipient, accounts []Account) (*page, Data, error) {
	p := n.pages[pageName{r.Variant.Template, r.Variant.Language}]
	if p == nil {
		return nil, Data{}, fmt.Errorf("there is no template for %s", r.Variant)
	}
	d, err := n.newData(p, r, accounts)
	return p, d, err
}

// Envelope returns what SMTP is told about r's notice.
func (n *Notice) Envelope(r *notifier.Recipient) notifier.Envelope {
	to := wireAddress(r.Address.Reveal())
	return notifier.Envelope{From: n.ReturnPath(r.Key), To: notifier.NewAddress(to), UTF8: !isASCII(to), ID: r.Key.String()}
}

// wireAddress returns the form of an address that any mail server takes: with
// the domain in ASCII (RFC 5891) where the local part is, which is the same
// address. Where the local part is not, SMTPUTF8 is needed anyway.
func wireAddress(s string) string {
	at := strings.LastIndexByte(s, '@')
	if isASCII(s) || at < 0 || !isASCII(s[:at]) || !utf8.ValidString(s) {
		return s
	}
	domain, err := idna.Lookup.ToASCII(s[at+1:])
	if err != nil || slices.Contains(strings.Split(domain, "."), "") {
		return s // no name of a host
	}
	return s[:at+1] + domain
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c > unicode.MaxASCII })
}

// ReturnPath returns the envelope sender of the notice with key k:
// bounces@example.com gives bounces+KEY@example.com.
func (n *Notice) ReturnPath(k notifier.Key) string {
	return n.bounces[0] + "+" + k.String() + n.bounces[1]
}
