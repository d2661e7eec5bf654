package notice

import (
	"bytes"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"breachmail/notifier"
	"breachmail/templates"
)

var sent = time.Date(2018, 8, 24, 9, 30, 0, 0, time.FixedZone("", -7*3600))

// A spliced message is what jordan-wright/email composes for the same
// recipient.
func TestComposeEqualsLibrary(t *testing.T) {
	for _, n := range []*Notice{testNotice(t), extraNotice(t)} {
		for _, r := range recipients() {
			compareWithLibrary(t, n, &r)
		}
	}
}

// That holds whatever the state and the language.
func TestVariantsEqualLibrary(t *testing.T) {
	n := testStateNotice(t)
	for i, v := range n.Variants() {
		people := recipients()
		for _, r := range []notifier.Recipient{n.Sample(v), people[i%len(people)]} {
			r = ofVariant(r, v)
			compareWithLibrary(t, n, &r)
			m, err := n.Compose(&r, sent)
			if err != nil {
				t.Fatal(err)
			}
			checkMessage(t, n, &r, m.Bytes)
		}
	}
}

func compareWithLibrary(t *testing.T, n *Notice, r *notifier.Recipient) {
	t.Helper()
	m, err := n.Compose(r, sent)
	if err != nil {
		t.Errorf("%s: %v", r.Address.Reveal(), err)
		return
	}
	text, html, err := n.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	name, _ := oneLine(r.Name.Reveal())
	if len(name) > 900 {
		name = "" // does not fit into a header
	}
	to := &mail.Address{Name: name, Address: r.Address.Reveal()}
	e, err := newEmail(n.editions[r.Variant.Language].sender, to, "Fri, 24 Aug 2018 16:30:00 +0000",
		"<aug-2018."+r.Key.String()+"@mail.example.com>", r.Key.String(), text, html)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := e.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	want, err := normalize(raw)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := unfold(string(m.Bytes)), unfold(string(want)); got != want {
		t.Errorf("%s, %s\n got %s\nwant %s", r.Variant, r.Address.Reveal(), got, want)
	}
}

// A message is well formed, and says to its own recipient what Render says.
func TestComposeParses(t *testing.T) {
	for _, n := range []*Notice{testNotice(t), extraNotice(t)} {
		for _, r := range recipients() {
			m, err := n.Compose(&r, sent)
			if err != nil {
				t.Errorf("%s: %v", r.Address.Reveal(), err)
				continue
			}
			checkMessage(t, n, &r, m.Bytes)
		}
	}
}

// checkMessage parses a message and compares it with its recipient.
func checkMessage(t testing.TB, n *Notice, r *notifier.Recipient, b []byte) {
	t.Helper()
	for line := range bytes.SplitSeq(b, []byte("\r\n")) {
		if len(line) > maxLine || bytes.ContainsAny(line, "\r\n") {
			t.Errorf("line is too long or ends wrongly: %.100q", line)
		}
	}
	msg, err := mail.ReadMessage(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	if len(msg.Header) != len(headerOrder)-1 { // without that of tests
		t.Errorf("headers are %v", msg.Header)
	}
	for name, values := range msg.Header {
		if len(values) != 1 {
			t.Errorf("%s is there %d times", name, len(values))
		}
	}
	to, err := mail.ParseAddressList(msg.Header.Get("To"))
	if err != nil || len(to) != 1 || to[0].Address != wireAddress(r.Address.Reveal()) {
		t.Errorf("To is %q (%v), want %q", msg.Header.Get("To"), err, wireAddress(r.Address.Reveal()))
	}
	from, err := mail.ParseAddressList(msg.Header.Get("From"))
	if err != nil || len(from) != 1 || from[0].Address != "notices@example.com" {
		t.Errorf("From is %q", msg.Header.Get("From"))
	}
	wantText, wantHTML, err := n.Render(r)
	if err != nil {
		t.Fatal(err)
	}
	text, html := bodies(t, msg)
	if text != string(wantText) || html != string(wantHTML) {
		t.Errorf("bodies differ from what Render gives:\n%q\n%q", text, wantText)
	}
}

func bodies(t testing.TB, msg *mail.Message) (text, html string) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type is %q (%v)", msg.Header.Get("Content-Type"), err)
	}
	var parts []string
	mr := multipart.NewReader(msg.Body, params["boundary"])
	for {
		p, err := mr.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, strings.ReplaceAll(string(b), "\r\n", "\n"))
	}
	if len(parts) != 2 {
		t.Fatalf("there are %d parts", len(parts))
	}
	return parts[0], parts[1]
}

func TestComposeRefuses(t *testing.T) {
	n := testNotice(t)
	for _, tt := range []struct{ name, address, number, want string }{
		{"A\r\nBcc: b@example.com", "a@example.com", "12345678", "the name holds control characters"},
		{"A", "a@example.com\r\nBcc: b@example.com", "12345678", "the address cannot stand"},
		{"A", "a@exam>ple.com", "12345678", "the address cannot stand"},
		{"A", "@example.com", "12345678", "the address cannot stand"},
		{"A", "", "12345678", "the address cannot stand"},
		{"A", "a@example.com", "12345\n6", "an account number holds control characters"},
	} {
		r := sample(variant("prepaid"))
		r.Name, r.Address = notifier.NewName(tt.name), notifier.NewAddress(tt.address)
		r.Accounts[0].Number = notifier.NewAccountNumber(tt.number)
		if _, err := n.Compose(&r, sent); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: got %v", tt, err)
		}
	}
	r := sample(variant("prepaid"))
	r.Accounts = nil
	if _, err := n.Compose(&r, sent); err == nil {
		t.Error("a recipient without accounts was accepted")
	}
}

// The same recipient and date give the same bytes, whatever the time zone, the
// order and the number of goroutines.
func TestComposeRepeats(t *testing.T) {
	n := extraNotice(t)
	people := recipients()
	want := make([]Message, len(people))
	for i := range people {
		var err error
		if want[i], err = n.Compose(&people[i], sent); err != nil {
			t.Fatal(err)
		}
	}
	n = extraNotice(t)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for i := range people {
				m, err := n.Compose(&people[i], sent.In(time.UTC))
				if err != nil || !bytes.Equal(m.Bytes, want[i].Bytes) || m.Digest != want[i].Digest {
					t.Errorf("%d: differs (%v)", i, err)
				}
			}
		})
	}
	wg.Wait()
}

// A template that is not plain, or prints a value where HTML is escaped in
// another way, is rendered recipient by recipient, and as rightly.
func TestComposeWithoutShape(t *testing.T) {
	for _, markdown := range []string{
		"{{printf `%30s` .Name}} {{.Reference}}",
		"{{if .Name}}[{{.Name}}](https://example.com/?q={{.Name}}){{end}} {{.Reference}}",
	} {
		n, err := Compile(withTemplate(t, markdown))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range recipients() {
			m, err := n.Compose(&r, sent)
			if err != nil {
				t.Fatal(err)
			}
			checkMessage(t, n, &r, m.Bytes)
		}
	}
}

func TestShapesAreUsed(t *testing.T) {
	for name, n := range map[string]*Notice{"the built-in template": testNotice(t), "one with columns": extraNotice(t)} {
		r := n.Sample(variant("both"))
		if _, err := n.Compose(&r, sent); err != nil {
			t.Fatal(err)
		}
		p := n.pages[pageName{Name, "en"}]
		d, err := n.newData(p, &r, nil)
		if err != nil {
			t.Fatal(err)
		}
		if p.shapeOf(&d) == nil {
			t.Errorf("%s has no shape: every notice is rendered on its own", name)
		}
	}
}

// Templates written on Windows give the same bytes.
func TestComposeWindowsTemplates(t *testing.T) {
	o := testOptions()
	files := fstest.MapFS{}
	for _, file := range []string{"notice.en.md", layoutFile} {
		b, err := fs.ReadFile(templates.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		files[file] = &fstest.MapFile{Data: bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))}
	}
	o.Templates = files
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	r := n.Sample(variant("both"))
	got, err := n.Compose(&r, sent)
	if err != nil {
		t.Fatal(err)
	}
	if want, err := testNotice(t).Compose(&r, sent); err != nil || got.Digest != want.Digest {
		t.Errorf("got %v and\n%s", err, got.Bytes)
	}
}

func BenchmarkCompose(b *testing.B) { benchmarkCompose(b, testNotice(b)) }

func BenchmarkComposeExtra(b *testing.B) { benchmarkCompose(b, extraNotice(b)) }

func benchmarkCompose(b *testing.B, n *Notice) {
	r := n.Sample(variant("postpaid"))
	m, err := n.Compose(&r, sent)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(m.Bytes)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := n.Compose(&r, sent); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRender(b *testing.B) { benchmarkRender(b, testNotice(b)) }

func BenchmarkRenderExtra(b *testing.B) { benchmarkRender(b, extraNotice(b)) }

func benchmarkRender(b *testing.B, n *Notice) {
	r := n.Sample(variant("postpaid"))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := n.Render(&r); err != nil {
			b.Fatal(err)
		}
	}
}

// Where a value stands in a place that escapes it otherwise than text, the
// notice is rendered as a whole, and the recipient's value adds nothing to the
// page.
func TestUnquotedAttribute(t *testing.T) {
	o := withTemplate(t, "# Notice\n\n{{with .Name}}Dear {{.}}{{end}}\n")
	o.Templates.(fstest.MapFS)[layoutFile] = &fstest.MapFile{
		Data: []byte("<html><body><div title={{if .Name}}{{.Name}}{{else}}x{{end}}>{{template \"notice\" .}}</div></body></html>"),
	}
	n, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	r := sample(variant("prepaid"))
	r.Name = notifier.NewName("x onmouseover=alert(1) y`")
	m, err := n.Compose(&r, sent)
	if err != nil {
		t.Fatal(err)
	}
	_, html := read(t, m)
	if strings.Contains(html, "title=x onmouseover=") {
		t.Error(html)
	}
	if err := n.Guard(&r, n.Envelope(&r), m); err != nil {
		t.Error(err)
	}
}
