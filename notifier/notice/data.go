package notice

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"breachmail/notifier"
)

// Data is what a template may use. The comment on top of notice.en.md says the
// same to those who write templates.
type Data struct {
	Name      string    // may be empty
	Reference string    // for example "7K3FQ-9QXPA"
	Accounts  []Account // at least one
	Types     string    // "prepaid", "postpaid" or "both"
	State     string    // the variant's: two letters where the wording depends on it, else empty
	Language  string    // the variant's, for example "en"
	Incident  *Incident
	Contact   Contact // the incident's
	Sender    Sender
	Law       *Law // of the variant's state

	extra []extra // of the columns the page uses, by name; templates see Extra
}

// Account is one account as the notice shows it.
type Account struct {
	LastFour string // may be empty for a very short number
	Type     string // "prepaid" or "postpaid"
}

// newData returns what r's notice is rendered from on p, in storage that it may
// grow. Everything that the wording depends on comes from the variant, since
// that is what was approved.
func (n *Notice) newData(p *page, r *notifier.Recipient, accounts []Account) (Data, error) {
	d := Data{
		Reference: r.Key.Reference(),
		Accounts:  accounts[:0],
		Types:     r.Variant.Types,
		State:     r.Variant.State,
		Language:  r.Variant.Language,
		Incident:  &p.edition.incident,
		Contact:   p.edition.incident.Contact,
		Sender:    p.edition.sender,
		Law:       n.lawOf(r.Variant.State),
	}
	var ok bool
	if d.Name, ok = oneLine(r.Name.Reveal()); !ok {
		return Data{}, errors.New("the name holds control characters")
	}
	if len(r.Accounts) == 0 {
		return Data{}, errors.New("the recipient has no accounts")
	}
	for _, h := range r.Accounts {
		last, ok := oneLine(h.Number.LastFour())
		if !ok {
			return Data{}, errors.New("an account number holds control characters")
		}
		d.Accounts = append(d.Accounts, Account{LastFour: last, Type: string(h.Type)})
	}
	var err error
	d.extra, err = newExtra(r, p.extra)
	return d, err
}

// oneLine returns s as it may stand within a sentence: valid UTF-8, single
// spaces, nothing that turns the direction of what follows. It reports false
// when s holds control characters.
func oneLine(s string) (string, bool) {
	if isPlain(s) {
		return s, true
	}
	if !notifier.CleanLine(s) {
		return "", false
	}
	s = strings.ToValidUTF8(s, string(utf8.RuneError))
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " "), true
}

// isPlain reports whether s is printable ASCII with single spaces inside.
func isPlain(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return len(s) == 0 || !space
}

// Sample returns the stand-in recipient for v: always the same one, with one
// account of each type, and with "[store]" in a column named store.
func (n *Notice) Sample(v notifier.Variant) notifier.Recipient {
	r := sample(v)
	for _, name := range n.extra {
		r.Extra = append(r.Extra, notifier.Extra{Name: name, Text: notifier.NewCell("[" + name + "]")})
	}
	return r
}

func sample(v notifier.Variant) notifier.Recipient {
	r := notifier.Recipient{
		Key:      notifier.KeyByEmail([]byte("sample"), "maria.sample@example.com", "Maria Sample"),
		Name:     notifier.NewName("Maria Sample"),
		Address:  notifier.NewAddress("maria.sample@example.com"),
		Phone:    notifier.NewPhone("206-555-0100"),
		State:    v.State,
		Language: v.Language,
		Channel:  notifier.Email,
		Variant:  v,
	}
	if r.State == "" {
		r.State = notifier.UnknownState
	}
	if v.Types != string(notifier.Postpaid) {
		r.Accounts = append(r.Accounts, notifier.Held{Number: notifier.NewAccountNumber("9900004821"), Type: notifier.Prepaid})
	}
	if v.Types != string(notifier.Prepaid) {
		r.Accounts = append(r.Accounts, notifier.Held{Number: notifier.NewAccountNumber("9900007364"), Type: notifier.Postpaid})
	}
	return r
}
