package notice

import (
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"

	"breachmail/notifier"
	"breachmail/templates"
)

// hostileNotice is everything that a notice can be: all states and languages,
// and columns of the export in each template.
func hostileNotice(t testing.TB) *Notice {
	t.Helper()
	o := stateOptions(t)
	files := fstest.MapFS{}
	for _, file := range []string{"notice.en.md", "notice.es.md", "massachusetts.en.md", "massachusetts.es.md", layoutFile} {
		b, err := fs.ReadFile(templates.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		if file != layoutFile {
			b = append(b, "\n\n## "+ifThere(".Extra.store")+"\n\n- "+ifThere(".Extra.plan")+"\n\n**"+ifThere(".Extra.store")+"**\n"...)
		}
		files[file] = &fstest.MapFile{Data: b}
	}
	o.Templates, o.Extra = files, []string{"store", "plan"}
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// FuzzCompose puts hostile values of an account through everything that is done
// to a notice, and reads the result: it is to and from whom it should be, says
// what Render says, and is stopped by the guard only where a value holds what
// may not leave.
func FuzzCompose(f *testing.F) {
	n := hostileNotice(f)
	variants := n.Variants()
	for i, r := range recipients() {
		f.Add(uint(i*7), r.Name.Reveal(), r.Address.Reveal(), r.Accounts[0].Number.Reveal(), r.Extra[0].Text.Reveal(), r.Extra[1].Text.Reveal())
	}
	for i := range variants {
		f.Add(uint(i), "Zoë \"Z\" O'Brien, Jr.", "zoë@exämple.com", "1234", "", "a@example.org")
	}
	f.Add(uint(0), "x\r\nBcc: y@example.com", "a@example.com>, <b@example.com", "--=_breachmail--", "x\ny", "")
	f.Add(uint(9), "=?utf-8?q?x?=", "\"a\\\"b\"@example.com", "{{.Name}}", "--=_breachmail--", mark(valueExtra))
	f.Add(uint(20), "Call 206-555-0199", "a@example.com", "<no value>", "1 1 1 1 1 1 1 2 2 2", "=0D=0A=\r")
	f.Add(uint(30), "b@example.org", "a@example.com, b@example.org", "99000048219900004821", "\u2028{{", "\x00")
	f.Fuzz(func(t *testing.T, which uint, name, address, number, plan, store string) {
		v := variants[which%uint(len(variants))]
		r := n.Sample(v)
		setExtra(&r, plan, store)
		r.Name, r.Address = notifier.NewName(name), notifier.NewAddress(address)
		r.Accounts[0].Number = notifier.NewAccountNumber(number)
		m, err := n.Compose(&r, sent)
		if err != nil {
			return
		}
		checkMessage(t, n, &r, m.Bytes)
		checkGuarded(t, n, &r, m)
	})
}

func checkGuarded(t *testing.T, n *Notice, r *notifier.Recipient, m Message) {
	t.Helper()
	err := n.Guard(r, n.Envelope(r), m)
	if err == nil {
		return
	}
	if !errors.As(err, new(*GuardError)) {
		t.Fatalf("got %v", err)
	}
	values := []string{r.Name.Reveal(), r.Accounts[0].Number.Reveal()}
	for _, e := range r.Extra {
		values = append(values, e.Text.Reveal())
	}
	for _, v := range values {
		if clean, _ := oneLine(v); !isHarmless(clean) {
			return
		}
	}
	t.Errorf("%v: %q", err, values)
}
