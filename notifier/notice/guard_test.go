package notice

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"breachmail/notifier"
)

// guarded composes r's notice and has it guarded.
func guarded(t testing.TB, n *Notice, r *notifier.Recipient) error {
	t.Helper()
	m, err := n.Compose(r, sent)
	if err != nil {
		t.Fatal(err)
	}
	return n.Guard(r, n.Envelope(r), m)
}

// wantFinding fails unless err is a finding of that kind that quotes nothing of
// what it found.
func wantFinding(t *testing.T, err error, r *notifier.Recipient, want string) {
	t.Helper()
	var finding *GuardError
	if !errors.As(err, &finding) {
		t.Errorf("got %v, want %q", err, want)
		return
	}
	if finding.Key != r.Key || finding.What != want || err.Error() != "guard: the notice of "+r.Key.String()+": "+want {
		t.Errorf("got  %q\nwant %q", finding.What, want)
	}
}

// Awkward people are no reason to stop.
func TestGuardPasses(t *testing.T) {
	for name, n := range map[string]*Notice{"base": testNotice(t), "states": testStateNotice(t)} {
		for i, r := range recipients() {
			if err := guarded(t, n, &r); err != nil {
				t.Errorf("%s: %d: %v", name, i, err)
			}
		}
	}
	n := testStateNotice(t)
	for _, v := range n.Variants() {
		for _, r := range recipients() {
			r = ofVariant(r, v)
			if err := guarded(t, n, &r); err != nil {
				t.Errorf("%s: %v", v, err)
			}
		}
	}
}

// What is wrong with a message that is somebody's own, but not as it should be.
func TestGuardMessage(t *testing.T) {
	n := testStateNotice(t)
	r, other := sample(variant("both")), sample(variant("both"))
	other.Name, other.Address = notifier.NewName("Omar Twin"), notifier.NewAddress("omar.twin@example.org")
	other.Key = notifier.KeyByEmail([]byte("sample"), "omar.twin@example.org", "Omar Twin")
	other.Accounts[0].Number = notifier.NewAccountNumber("9900001593")
	theirs, err := n.Compose(&other, sent)
	if err != nil {
		t.Fatal(err)
	}
	// swap puts the other's line that begins so in the place of the recipient's.
	swap := func(prefix string) func(string) string {
		return func(m string) string {
			return strings.Replace(m, line(m, prefix), line(string(theirs.Bytes), prefix), 1)
		}
	}
	change := func(from, to string) func(string) string {
		return func(m string) string { return strings.Replace(m, from, to, 1) }
	}
	for _, tt := range []struct {
		name   string
		change func(string) string
		want   string
	}{
		{"the whole message is another's", func(string) string { return string(theirs.Bytes) }, wrongTo},
		{"To is another's", swap("To: "), wrongTo},
		{"To has a second address", change("\r\nTo: ", "\r\nTo: <b@example.org>, "), wrongTo},
		{"To has another name", change(`"Maria Sample"`, `"Omar Twin"`), wrongTo},
		{"a second To", change("Subject: ", "To: <b@example.org>\r\nSubject: "), "it has more than one To header"},
		{"a second To in small letters", change("Subject: ", "to: <b@example.org>\r\nSubject: "), "it has more than one To header"},
		{"no To", change("\r\nTo: ", "\r\nX-To: "), "it has no To header"},
		{"a second From", change("From: ", "From: <b@example.org>\r\nFrom: "), "it has more than one From header"},
		{"Bcc", change("Subject: ", "Bcc: <b@example.org>\r\nSubject: "), wrongHeader},
		{"the subject", change("Data Breach\r\n", "Data Breech\r\n"), wrongHeader},
		{"Date", change("Date: Fri, 24", "Date: Fri, c4"), "its Date is no date"},
		{"the key is another's", swap("X-Breachmail-Key: "), "its X-Breachmail-Key is not its key"},
		{"Message-ID is another's", swap("Message-ID: "), "its Message-ID does not hold its key"},
		{"the greeting is another's", swap("Dear "), wrongOwn},
		{"an account is another's", swap("- Prepaid account"), wrongOwn},
		{"the reference is another's", swap("Your reference: "), wrongOwn},
		{"one byte of the text", change("I am sorry", "I am s0rry"), wrongStatic},
		{"one byte of the page", change("<h1>Notice", "<h1>notice"), wrongStatic},
		{"one encoded byte", change("=3D", "=3E"), wrongStatic},
		{"a foreign address", change("I am sorry", "omar.twin@example.org"), "its text holds " + foreignAddress},
		{"a foreign phone", change("I am sorry", "206-555-0199"), "its text holds " + foreignNumber},
		{"a foreign phone behind a reference", change("Dear Maria", "(206) 555.0199 Maria"), "its text holds " + foreignNumber},
		{"an action", change("Dear Maria", "{{.Name}}"), "its text holds " + rawAction},
		{"a mark", change("Dear Maria", "bm7act12zz"), "its text holds " + rawAction},
		{"cut off", func(m string) string { return m[:len(m)-30] }, wrongStatic},
		{"cut off within a value", func(m string) string { return m[:strings.Index(m, "Dear ")+7] }, wrongOwn},
		{"longer", func(m string) string { return m + "x" }, wrongStatic},
		{"empty", func(string) string { return "" }, "it has no From header"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := n.Compose(&r, sent)
			if err != nil {
				t.Fatal(err)
			}
			changed := tt.change(string(m.Bytes))
			if changed == string(m.Bytes) {
				t.Fatal("nothing was changed")
			}
			m.Bytes = []byte(changed)
			wantFinding(t, n.Guard(&r, n.Envelope(&r), m), &r, tt.want)
		})
	}
}

// line returns the line of m that begins with prefix, and its end.
func line(m, prefix string) string {
	_, rest, _ := strings.Cut(m, "\r\n"+prefix)
	rest, _, _ = strings.Cut(rest, "\r\n")
	return prefix + rest
}

func TestGuardEnvelope(t *testing.T) {
	n := testNotice(t)
	r := sample(variant("both"))
	m, err := n.Compose(&r, sent)
	if err != nil {
		t.Fatal(err)
	}
	other := notifier.KeyByEmail([]byte("sample"), "b@example.com", "B")
	for _, tt := range []struct {
		change func(*notifier.Envelope)
		want   string
	}{
		{func(e *notifier.Envelope) { e.To = notifier.NewAddress("omar@example.org") }, "its envelope does not go to the recipient's address"},
		{func(e *notifier.Envelope) { e.To = notifier.Address{} }, "its envelope does not go to the recipient's address"},
		{func(e *notifier.Envelope) { e.From = n.ReturnPath(other) }, "the sender of its envelope does not hold its key"},
		{func(e *notifier.Envelope) { e.From = "bounces@example.com" }, "the sender of its envelope does not hold its key"},
		{func(e *notifier.Envelope) { e.From = "" }, "the sender of its envelope does not hold its key"},
		{func(e *notifier.Envelope) { e.UTF8 = true }, "its envelope is wrong about whether the address needs SMTPUTF8"},
	} {
		e := n.Envelope(&r)
		tt.change(&e)
		wantFinding(t, n.Guard(&r, e, m), &r, tt.want)
	}
}

// What stands in a row and is not the recipient's, where the notice has a shape
// and where it has none.
func TestGuardValues(t *testing.T) {
	for _, markdown := range []string{
		"Dear " + ifThere(".Name") + ", " + ifThere(".Extra.store") + " 1-800-555-0100 help@example.com",
		"{{printf `%s %s` .Name .Extra.store}} 1-800-555-0100 help@example.com",
		"{{printf `*%s* \"%s\"` .Name .Extra.store}} 1-800-555-0100 help@example.com",
	} {
		n, err := Compile(withColumns(t, markdown))
		if err != nil {
			t.Fatal(err)
		}
		shaped := n.pages[pageName{Name, "en"}].plain
		for _, tt := range []struct{ name, store, want string }{
			{"Maria", "Mall", ""},
			{"Maria maria.sample@example.com", "Maria.Sample@Example.com", ""},
			{"<maria.sample@example.com>", "'maria.sample@example.com'.", ""},
			{"Maria (206) 555-0100", "+1 206.555.0100", ""},
			{"Maria 9900004821", "0000 1111 2222", ""},
			{"Maria 1111 2222", "0000 1111 2222", ""},
			{"Maria help@example.com", "1-800-555-0100 18005550100", ""},
			{"Maria 800-555-0100", "", ""},
			{"Maria @ Home", "a@b", ""},
			{"Maria 123456", "98101", ""},
			{"Maria 123456", "654321", ""},
			{"@example.org", "@example.net", ""},
			{"bm7act Smith", "x bm7q0zz", ""},
			{"Pat cut-text", "cut-html", ""},
			{"Maria omar@example.org", "", "name " + foreignAddress},
			{"Maria \"omar@example.org\"", "", "name " + foreignAddress},
			{"omar@exämple.org", "", "name " + foreignAddress},
			{"Maria xmaria.sample@example.com", "", "name " + foreignAddress},
			{"Maria 206-555-0199", "", "name " + foreignNumber},
			{"Maria (206) 555 0199", "", "name " + foreignNumber},
			{"Maria 5550199", "", "name " + foreignNumber},
			{"Maria 2.0.6.5.5.5.0", "", "name " + foreignNumber},
			{"Maria 1-800-555-0100 206-555-0199", "", "name " + foreignNumber},
			{"Maria {{.Name}} bm7act", "bm7act", "name " + rawAction},
			{"@example.org", "ask omar@example.org", "column store " + foreignAddress},
			{"Maria ٢٠٦-٥٥٥-٠١٩٩", "", "name " + foreignNumber},
			{"Maria \"o m\"@example.org", "", "name " + foreignAddress},
			{"Maria {{.Name}}", "", "name " + rawAction},
			{"Maria <no value>", "", "name " + rawAction},
			{"Maria", "{{", "column store " + rawAction},
			{"Maria", "ask omar@example.org", "column store " + foreignAddress},
			{"Maria", "pay at https://www.example.org/x", "column store " + foreignLink},
			{"Maria WWW.example.org", "", "name " + foreignLink},
		} {
			r := sample(variant("both"))
			r.Name = notifier.NewName(tt.name)
			setExtra(&r, "a plan that no template uses: omar@example.org", tt.store)
			err := guarded(t, n, &r)
			if tt.want == "" {
				if err != nil {
					t.Errorf("%q, %q (shape: %v): %v", tt.name, tt.store, shaped, err)
				}
				continue
			}
			where, what, _ := strings.Cut(tt.want, " ")
			if c, rest, ok := strings.Cut(what, "store "); where == "column" && ok && c == "" {
				where, what = "column store", rest
			}
			if !shaped && what != foreignLink {
				where = "text"
			}
			wantFinding(t, err, &r, "its "+where+" holds "+what)
		}
	}
}

// Values that must stop a run are found in columns, and nothing else is.
func TestGuardExtra(t *testing.T) {
	n := extraNotice(t)
	for _, r := range recipients() {
		texts := r.Extra[0].Text.Reveal() + r.Extra[1].Text.Reveal()
		raw := strings.Contains(texts, "{") || strings.Contains(texts, "://")
		err := guarded(t, n, &r)
		if got := errors.As(err, new(*GuardError)); got != raw {
			t.Errorf("%q %q: got %v", r.Extra[0].Text.Reveal(), r.Extra[1].Text.Reveal(), err)
		}
	}
}

// Without a shape, another's words are found even where they hold no number.
func TestGuardRendered(t *testing.T) {
	n, err := Compile(withTemplate(t, "Dear {{printf `%s` .Name}}\n\n{{.Reference}} {{range .Accounts}}{{if .LastFour}}{{.LastFour}} {{end}}{{end}}1-800-555-0100"))
	if err != nil {
		t.Fatal(err)
	}
	r := sample(variant("both"))
	for range 6 {
		r.Accounts = append(r.Accounts, r.Accounts...) // their last digits stand side by side
	}
	m, err := n.Compose(&r, sent)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Guard(&r, n.Envelope(&r), m); err != nil {
		t.Error(err)
	}
	for from, want := range map[string]string{
		"Dear Maria": wrongOwn, "Dear Maria Sample": wrongOwn, "<p>Dear ": wrongOwn,
	} {
		changed := Message{Bytes: bytes.Replace(m.Bytes, []byte(from), []byte("Dear Omar"), 1)}
		wantFinding(t, n.Guard(&r, n.Envelope(&r), changed), &r, want)
	}
}

// Finding out whether digits are known is quick, whatever stands in a row.
func TestGuardManyNumbers(t *testing.T) {
	n, err := Compile(withColumns(t, "{{printf `%s %s` .Name .Extra.store}}"))
	if err != nil {
		t.Fatal(err)
	}
	r := sample(variant("both"))
	r.Name = notifier.NewName(repeat("1 ", 5000) + "7654321")
	setExtra(&r, "", "1 1 1 1 1 1 1 1")
	wantFinding(t, guarded(t, n, &r), &r, "its text holds "+foreignNumber)
}
