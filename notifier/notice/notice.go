// Package notice compiles a campaign's templates and turns a recipient into
// the bytes of a message. It is pure: the same input gives the same bytes.
//
// A notice is one Markdown file with Go template actions. Compile makes two
// templates of it, one for plain text and one for HTML. Render executes them
// for one recipient and is the reference. Compose gives the same bodies inside
// a message, but faster: notices that differ only in the recipient's own
// values have one shape, which is rendered once (see shape).
package notice

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"breachmail/notifier"
)

// Name is the template every campaign has.
const Name = "notice"

// Options is what a campaign's notices are made from.
type Options struct {
	Campaign  string // the campaign's name; the first half of every Message-ID
	Templates fs.FS  // notice.LANG.md and layout.html at its root
	Incident  Incident
	Sender    Sender

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

// Notice is a campaign's compiled templates. Many goroutines may use one.
type Notice struct {
	incident Incident
	sender   Sender
	extra    []string // the names of further columns, sorted
	frame    frame
	bounces  [2]string // what stands before and behind the key in a return path
	pages    map[pageName]*page
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
	n := &Notice{incident: o.Incident, sender: o.Sender, extra: slices.Sorted(slices.Values(o.Extra)), pages: map[pageName]*page{}}
	var err error
	if n.bounces, err = o.Sender.check(o.Campaign); err != nil {
		return nil, err
	}
	if n.frame, err = newFrame(o.Campaign, o.Sender); err != nil {
		return nil, err
	}
	files, err := fs.Glob(o.Templates, "*.*.md")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		p, err := n.compilePage(o.Templates, file)
		if err != nil {
			return nil, err
		}
		n.pages[p.name] = p
	}
	if n.pages[pageName{Name, "en"}] == nil {
		return nil, fmt.Errorf("templates/%s.en.md is missing", Name)
	}
	return n, nil
}

// Languages returns the languages for which there is a notice, "en" first.
func (n *Notice) Languages() []string {
	var out []string
	for p := range n.pages {
		if p.template == Name {
			out = append(out, p.language)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if (a == "en") != (b == "en") {
			if a == "en" {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	return out
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
	return notifier.Envelope{From: n.ReturnPath(r.Key), To: notifier.NewAddress(to), UTF8: !isASCII(to)}
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
