package notice

import (
	"bytes"
	"fmt"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"breachmail/notifier"
)

// withColumns returns the test's options with one template changed and two
// columns configured.
func withColumns(t testing.TB, markdown string) Options {
	t.Helper()
	o := withTemplate(t, markdown)
	o.Extra = []string{"store", "plan"}
	return o
}

// What stands in a column is text and nothing else, in both bodies.
func TestExtra(t *testing.T) {
	n, err := Compile(withColumns(t, "a "+ifThere(".Extra.store")+" **z**{{if .Extra.plan}} on {{.Extra.plan}}{{end}}"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ store, text, html string }{
		{"Springfield Mall", "a Springfield Mall z\n", "<p>a Springfield Mall <strong>z</strong></p>"},
		{"", "a  z\n", "<p>a  <strong>z</strong></p>"},
		{"<script>x</script>", "a <script>x</script> z\n", "<p>a &lt;script&gt;x&lt;/script&gt; <strong>z</strong></p>"},
		{"**bold** *i* `c`", "a **bold** *i* `c` z\n", "<p>a **bold** *i* `c` <strong>z</strong></p>"},
		{"[x](http://evil.example)", "a [x](http://evil.example) z\n", "<p>a [x](http://evil.example) <strong>z</strong></p>"},
		{"{{.Name}}", "a {{.Name}} z\n", "<p>a {{.Name}} <strong>z</strong></p>"},
		{`O'Brien "&" + Co`, "a O'Brien \"&\" + Co z\n", "<p>a O&#39;Brien &#34;&amp;&#34; &#43; Co <strong>z</strong></p>"},
		{"&amp; &#60;", "a &amp; &#60; z\n", "<p>a &amp;amp; &amp;#60; <strong>z</strong></p>"},
		{"x\u202Egnp.exe\u200f\u2066y", "a xgnp.exey z\n", "<p>a xgnp.exey <strong>z</strong></p>"},
		{"\u200f\u202e", "a  z\n", "<p>a  <strong>z</strong></p>"},
		{" a \u2028 b\u00a0\u2029", "a a b z\n", "<p>a a b <strong>z</strong></p>"},
		{"\xffé", "a \uFFFDé z\n", "<p>a \uFFFDé <strong>z</strong></p>"},
		{"bm7act0zz" + mark(valueName), "a bm7act0zz" + mark(valueName) + " z\n", "<p>a bm7act0zzbm7q&lt;&amp;&#34;&#39;&#43; =&gt;`0zz <strong>z</strong></p>"},
	} {
		r := sample(variant("prepaid"))
		setExtra(&r, "", tt.store)
		m, err := n.Compose(&r, sent)
		if err != nil {
			t.Errorf("%q: %v", tt.store, err)
			continue
		}
		checkMessage(t, n, &r, m.Bytes)
		text, html := read(t, m)
		if text != tt.text {
			t.Errorf("%q\n got %q\nwant %q", tt.store, text, tt.text)
		}
		if !strings.Contains(html, tt.html+"\n") {
			t.Errorf("%q\n got %s\nwant %s", tt.store, html, tt.html)
		}
	}
}

// read returns a message's two bodies.
func read(t testing.TB, m Message) (text, html string) {
	t.Helper()
	msg, err := mail.ReadMessage(bytes.NewReader(m.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	return bodies(t, msg)
}

// A column that is empty, or that holds nothing to be seen, is not there.
func TestExtraIf(t *testing.T) {
	n, err := Compile(withColumns(t, "{{if .Extra.plan}}P{{.Extra.plan}}{{else}}no{{end}} {{if .Extra.store}}S{{.Extra.store}}{{else}}no{{end}}"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range [][3]string{
		{"a", "b", "Pa Sb\n"}, {"", "b", "no Sb\n"}, {"a", "", "Pa no\n"}, {"", "", "no no\n"},
		{" ", "\u200e", "no no\n"}, {"c", "d", "Pc Sd\n"},
	} {
		r := sample(variant("prepaid"))
		setExtra(&r, tt[0], tt[1])
		m, err := n.Compose(&r, sent)
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := read(t, m); text != tt[2] {
			t.Errorf("%q: got %q", tt, text)
		}
	}
}

// What a column must not hold is an error that does not quote it.
func TestExtraRefuses(t *testing.T) {
	n, err := Compile(withColumns(t, ifThere(".Extra.store")))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"secret\nx", "secret\r\nBcc: b@example.com", "secret\x00", "secret\t", "secret\u0085x", "secret\x7f"} {
		r := sample(variant("prepaid"))
		setExtra(&r, "", text)
		_, _, renderErr := n.Render(&r)
		_, composeErr := n.Compose(&r, sent)
		for _, err := range []error{renderErr, composeErr} {
			if err == nil || err.Error() != "the column store holds control characters" {
				t.Errorf("%q: got %v", text, err)
			}
		}
		setExtra(&r, text, "a column that no template uses does not matter")
		if _, err := n.Compose(&r, sent); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	r := sample(variant("prepaid"))
	r.Extra = []notifier.Extra{{Name: "plan", Text: notifier.NewCell("secret")}}
	if _, err := n.Compose(&r, sent); err == nil || !strings.Contains(err.Error(), "the recipient has no column store") || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

// Nobody's texts stand in another's notice, whoever's came first and however
// many are made at once.
func TestExtraStaysWithItsRecipient(t *testing.T) {
	for _, markdown := range []string{
		ifThere(".Extra.store") + " " + ifThere(".Extra.plan"),
		"{{printf `%s` .Extra.store}} {{with .Extra.plan}}{{.}}{{end}}", // without a shape
	} {
		n, err := Compile(withColumns(t, markdown))
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for worker := range 4 {
			wg.Go(func() {
				for i := range 100 {
					r := sample(variant("prepaid"))
					own := fmt.Sprintf("own-%d-%d-", worker, i)
					plan, want := own, 4 // two texts in two bodies
					if i%3 == 0 {
						plan, want = "", 2
					}
					setExtra(&r, plan, own)
					m, err := n.Compose(&r, sent)
					if err != nil {
						t.Error(err)
						return
					}
					if its, all := bytes.Count(m.Bytes, []byte(own)), bytes.Count(m.Bytes, []byte("own-")); its != want || all != want {
						t.Errorf("%s: %d texts of %d are its own, want %d:\n%s", own, its, all, want, m.Bytes)
					}
				}
			})
		}
		wg.Wait()
	}
}

// Long texts leave the lines of a message as short as quoted-printable makes
// them: 76 characters (RFC 2045, section 6.7).
func TestExtraLong(t *testing.T) {
	n := extraNotice(t)
	for _, c := range []string{"x", "é", "=", "<", "😀", "word "} {
		r := sample(variant("both"))
		setExtra(&r, repeat(c, 256), repeat(c, 256))
		m, err := n.Compose(&r, sent)
		if err != nil {
			t.Fatal(err)
		}
		checkMessage(t, n, &r, m.Bytes)
		for line := range bytes.SplitSeq(m.Bytes, []byte("\r\n")) {
			if len(line) > 76 {
				t.Errorf("%q: a line has %d characters: %q", c, len(line), line)
			}
		}
		if text, _ := read(t, m); !strings.Contains(text, strings.TrimSpace(repeat(c, 256))) {
			t.Errorf("%q: the text is broken", c)
		}
	}
}

// Columns that a shape cannot tell apart any more are rendered as rightly.
func TestExtraMany(t *testing.T) {
	var src strings.Builder
	var names []string
	for i := range maxShapeExtra + 1 {
		names = append(names, fmt.Sprintf("c%02d", i))
		fmt.Fprintf(&src, "{{if .Extra.%s}}{{.Extra.%s}}{{else}}none{{end}} ", names[i], names[i])
	}
	for used := maxShapeExtra - 1; used <= len(names); used++ {
		o := withTemplate(t, strings.Join(strings.SplitAfter(src.String(), "{{end}} ")[:used], ""))
		o.Extra = names
		n, err := Compile(o)
		if err != nil {
			t.Fatal(err)
		}
		for empty := range used + 1 {
			r := n.Sample(variant("both"))
			if full := empty == 0; !full {
				r.Extra[empty-1].Text = notifier.Cell{}
			}
			m, err := n.Compose(&r, sent)
			if err != nil {
				t.Fatal(err)
			}
			checkMessage(t, n, &r, m.Bytes)
		}
	}
}

// The order in which columns are named changes nothing that is approved.
func TestExtraSampleRepeats(t *testing.T) {
	var digests [2]notifier.Digest
	for i, names := range [][]string{{"store", "plan"}, {"plan", "store"}} {
		o := withTemplate(t, ifThere(".Extra.store")+" "+ifThere(".Extra.plan"))
		o.Extra = names
		n, err := Compile(o)
		if err != nil {
			t.Fatal(err)
		}
		r := n.Sample(variant("both"))
		if len(r.Extra) != 2 || r.Extra[0].Name != "plan" || r.Extra[1].Name != "store" {
			t.Errorf("%q: the stand-in's columns are not in the order of their names", names)
		}
		m, err := n.Compose(&r, sent)
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := read(t, m); text != "[store] [plan]\n" {
			t.Errorf("got %q", text)
		}
		digests[i] = m.Digest
	}
	if digests[0] != digests[1] {
		t.Error("the samples differ")
	}
}
