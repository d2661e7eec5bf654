package export

import (
	"fmt"
	"slices"
	"strings"

	"breachmail/notifier"
)

// row is what gocsv fills. Its tags are the names that binding gives to the
// columns.
type row struct {
	Name      string `csv:"name"`
	FirstName string `csv:"first_name"`
	LastName  string `csv:"last_name"`
	ZIP       string `csv:"zip"`
	Phone     string `csv:"phone"`
	Email     string `csv:"email"`
	Number    string `csv:"account_number"`
	Type      string `csv:"account_type"`
	Language  string `csv:"language"`
	State     string `csv:"state"`
	Consent   string `csv:"email_consent"`
}

// account puts the fields of w into acc.
func (w *row) account(acc *notifier.Account) {
	name := clean(w.Name)
	if w.FirstName != "" || w.LastName != "" {
		name = strings.TrimSpace(clean(w.FirstName) + " " + clean(w.LastName))
	}
	acc.Number = notifier.NewAccountNumber(clean(w.Number))
	acc.Type = clean(w.Type)
	acc.Name = notifier.NewName(name)
	acc.Email = notifier.NewAddress(clean(w.Email))
	acc.Phone = notifier.NewPhone(clean(w.Phone))
	acc.ZIP = clean(w.ZIP)
	acc.Language = clean(w.Language)
	acc.State = clean(w.State)
	acc.Consent = clean(w.Consent)
}

// field returns what was read for a field.
func (w *row) field(name string) string {
	for _, f := range []struct{ name, text string }{
		{FieldName, w.Name}, {FieldFirstName, w.FirstName}, {FieldLastName, w.LastName}, {FieldZIP, w.ZIP},
		{FieldPhone, w.Phone}, {FieldEmail, w.Email}, {FieldAccountNumber, w.Number}, {FieldAccountType, w.Type},
		{FieldLanguage, w.Language}, {FieldState, w.State}, {FieldConsent, w.Consent},
	} {
		if f.name == name {
			return f.text
		}
	}
	return ""
}

// nameColumns gives each column the name under which gocsv finds it: a tag of
// row, or a name of its own where row has no field for it.
func (b *binding) nameColumns() {
	b.keys = slices.Clone(b.fields)
	own := func(i int) {
		if b.keys[i] == "" {
			b.keys[i] = fmt.Sprintf("column %d", i+1)
		}
	}
	for _, e := range b.extras {
		own(e.column)
	}
	for _, i := range b.origin {
		own(i)
	}
}

// more reports whether columns are read that row has no field for.
func (b *binding) more() bool { return len(b.extras) > 0 || b.origin != nil }

// rest puts into acc what row has no field for: others, by the names of
// nameColumns.
func (b *binding) rest(acc *notifier.Account, w *row, others map[string]string) {
	for _, e := range b.extras {
		text, ok := others[b.keys[e.column]]
		if !ok {
			text = w.field(b.fields[e.column])
		}
		acc.Extra = append(acc.Extra, notifier.NewCell(clean(text)))
	}
	if b.origin != nil {
		acc.Origin = originOf(func(i int) string { return others[b.keys[b.origin[i]]] })
	}
}
