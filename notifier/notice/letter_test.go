package notice

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"breachmail/notifier"
)

func account(number string, kind notifier.AccountType) notifier.Held {
	return notifier.Held{Number: notifier.NewAccountNumber(number), Type: kind}
}

func TestLetterForm(t *testing.T) {
	n := testNotice(t)
	for want, c := range map[string]struct {
		name     string
		accounts []notifier.Held
		digits   []string
	}{
		"notice-en-prepaid":                   {"Ana", []notifier.Held{account("900001111", notifier.Prepaid)}, []string{"1111"}},
		"notice-en-prepaid.2":                 {"Ana", []notifier.Held{account("900001111", notifier.Prepaid), account("900002222", notifier.Prepaid)}, []string{"1111", "2222"}},
		"notice-en-both":                      {"Ana", []notifier.Held{account("900001111", notifier.Postpaid), account("900002222", notifier.Prepaid)}, []string{"2222", "1111"}},
		"notice-en-both.1-2.no-name":          {"", []notifier.Held{account("900001111", notifier.Postpaid), account("900002222", notifier.Prepaid), account("900003333", notifier.Postpaid)}, []string{"2222", "1111", "3333"}},
		"notice-en-postpaid.2.short0-1":       {"Ana", []notifier.Held{account("1", notifier.Postpaid), account("900003333", notifier.Postpaid)}, []string{"3333"}},
		"notice-en-postpaid.short0-1.no-name": {"", []notifier.Held{account("1", notifier.Postpaid)}, nil},
	} {
		r := sample(variant(notifier.TypesOf(c.accounts)))
		r.Name, r.Accounts = notifier.NewName(c.name), c.accounts
		m, err := n.Merge(&r)
		if err != nil || m.Form.String() != want || !slices.Equal(m.LastFours, c.digits) || m.Name != c.name {
			t.Errorf("%s: %q, %+v, %v", want, m.Form.String(), m, err)
		}
	}
}

var element = regexp.MustCompile(`<[^>]*>`)

// words are what a page shows, for comparing.
func words(page string) string {
	if _, after, ok := strings.Cut(page, "<main>"); ok {
		page, _, _ = strings.Cut(after, "</main>")
	} else if _, after, ok := strings.Cut(page, "<body"); ok {
		page = "<" + after
	}
	return strings.Join(strings.Fields(html.UnescapeString(element.ReplaceAllString(page, " "))), " ")
}

// Whatever a letter says, with its merge fields filled in, is what the notice
// says, word for word.
func TestLetterSaysWhatTheNoticeSays(t *testing.T) {
	n := testNotice(t)
	for _, r := range recipients() {
		m, err := n.Merge(&r)
		if err != nil {
			t.Fatal(err)
		}
		l, err := n.Letter(m.Form)
		if err != nil {
			t.Fatal(err)
		}
		got := words(string(l.HTML))
		for i, digits := range m.LastFours {
			got = strings.ReplaceAll(got, merge(FieldLastFour(i+1)), digits)
		}
		got = strings.ReplaceAll(strings.ReplaceAll(got, merge(FieldName), m.Name), merge(FieldReference), r.Key.Reference())
		r.Accounts = slices.Clone(r.Accounts)
		slices.SortStableFunc(r.Accounts, func(a, b notifier.Held) int { return strings.Compare(string(b.Type), string(a.Type)) })
		_, page, err := n.Render(&r)
		if err != nil {
			t.Fatal(err)
		}
		if want := words(string(page)); got != want {
			t.Errorf("%s says\n%s\n\nand not\n\n%s", m.Form, got, want)
		}
		if strings.Contains(got, mergeBegin) || strings.Contains(string(l.HTML), "<a ") || strings.Contains(string(l.HTML), "<script") {
			t.Errorf("%s: %s", m.Form, l.HTML)
		}
	}
}

func TestLetterExtra(t *testing.T) {
	o := withTemplate(t, "# Notice\n\n{{.Reference}}{{if .Extra.store}} in {{.Extra.store}}{{end}}\n\n{{range .Accounts}}\n- {{.Type}}{{if .LastFour}} {{.LastFour}}{{end}}\n{{end}}\n")
	o.Extra = []string{"store", "other"}
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	r := n.Sample(variant("prepaid"))
	m, err := n.Merge(&r)
	if err != nil || m.Form.String() != "notice-en-prepaid" || !slices.Equal(n.Extra(), []string{"other", "store"}) || !slices.Equal(m.Extra, []string{"", "[store]"}) {
		t.Errorf("%+v, %v", m, err)
	}
	l, err := n.Letter(m.Form)
	if err != nil || !strings.Contains(words(string(l.HTML)), "«reference» in «extra_store»") {
		t.Errorf("%s, %v", l.HTML, err)
	}
	r.Extra = []notifier.Extra{{Name: "store"}, {Name: "other"}}
	m, err = n.Merge(&r)
	if err != nil || m.Form.String() != "notice-en-prepaid.no-store" {
		t.Errorf("%+v, %v", m, err)
	}
	if l, err = n.Letter(m.Form); err != nil || strings.Contains(string(l.HTML), " in ") {
		t.Errorf("%s, %v", l.HTML, err)
	}
}

func TestLetterThatCannotBe(t *testing.T) {
	for markdown, want := range map[string]string{
		"# N\n\n{{.Reference}}{{if eq .Name \"A\"}}x{{end}}\n\n{{range .Accounts}}\n- x{{if .LastFour}} {{.LastFour}}{{end}}\n{{end}}\n":                      "templates/notice.en.md:3: it computes",
		"# N\n\n{{.Reference}} [look](https://www.example.com/?r={{.Reference}})\n\n{{range .Accounts}}\n- x{{if .LastFour}} {{.LastFour}}{{end}}\n{{end}}\n": "a link holds a value",
	} {
		n, err := Compile(withTemplate(t, markdown))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.Letter(LetterForm{Variant: variant("prepaid"), Named: true, Prepaid: 1}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", markdown, err)
		}
	}
}

func TestLetterLinks(t *testing.T) {
	for in, want := range map[string]string{
		`<a href="https://www.example.com">https://www.example.com</a>`:                      `https://www.example.com`,
		`see <a href="https://www.example.com/?a=1&amp;b=2" title="x">our <em>page</em></a>`: `see our <em>page</em> (https://www.example.com/?a=1&amp;b=2)`,
		`<a href="mailto:a@example.com">a@example.com</a>`:                                   `a@example.com`,
	} {
		if got := unlinked(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}

func TestOnScreen(t *testing.T) {
	for text, want := range map[string][]string{
		"You do not have to click on anything in this email. A number in\nan email is not sure.": {"in this email", "in an email"},
		"Do not reply to an email that asks for it. We will not text or email you.":              nil,
		"No tiene que hacer clic en nada de este correo. Un número que viene en un correo.":      {"de este correo", "en un correo"},
		"ni responda a un correo que se la pida. **Por correo postal:** 1 Example Plaza":         nil,
		"To unsubscribe, click here.": {"unsubscribe", "click here"},
	} {
		if got := onScreen(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q", text, got)
		}
	}
}
